"""Products of a few brands: with drawn pictures, genuine and fake features, and what agencies see of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from alliance.lib import clock
from cases.demo import logins
from cases.demo.screenshots import Studio
from cases.demo.world import Organisation, World
from cases.services import guides
from members import gtin
from members.models import Brand, Product, User
from members.services import product_parts, products

SIZE = (640, 480)
# Drawn twice as large and then reduced, so that edges are smooth.
SCALE = 2
ADDED_DAYS_AGO = 40
PAPER, INK, GOLD, GREY, RED = "#f4f1ea", "#2b2a28", "#b8912f", "#8a8780", "#b3362b"


class Feature(NamedTuple):
    """A feature of a product; ``drawing`` names its picture."""

    kind: str
    text: str
    place: str
    drawing: str = ""
    alt: str = ""


class Entry(NamedTuple):
    """A product of the demo. ``digits`` is its GTIN without the check digit."""

    digits: str
    name: str
    name_local: str
    facts: dict[str, Any]
    drawing: str
    alt: str
    features: tuple[Feature, ...]
    disclosed_to: str = ""


class Guide(NamedTuple):
    """The guide of the first brand of a member. ``agencies`` are slugs, ``person`` is a login."""

    slug: str
    person: str
    introduction: str
    disclosed_to: str
    countries: tuple[str, ...]
    agencies: tuple[str, ...]
    entries: tuple[Entry, ...]


_GUIDES = (
    Guide(
        logins.MEMBER,
        "owner",
        "All leather goods carry a woven label and a card with a number of twelve characters, which our shops check. "
        "Our bags are sold in our own shops only.",
        "all",
        (),
        (),
        (
            Entry(
                "399999000101",
                "Velmondra Atelier handbag",
                "",
                {
                    "other_names": {"zh-Hans": "维梦黛工坊手袋", "ja": "ヴェルモンドラ アトリエ バッグ"},
                    "description": "Calfskin handbag with a clasp of solid brass, in black, chestnut and ivory.",
                    "packaging": "Cream box with a magnetic lid, a cotton dust bag and a card in an envelope.",
                    "production_places": ["FR", "IT"],
                    "nice_classes": [18],
                },
                "bag",
                "Front of the handbag with its brass clasp",
                (
                    Feature("genuine", "The label is woven, and its letters have serifs.", "Inside pocket", "label", "Woven label with serifs"),
                    Feature("genuine", "The seam has nine stitches per three centimetres and slants.", "Handle"),
                    Feature("fake", "The label is printed, and its letters have no serifs.", "Inside pocket", "printed", "Printed label without serifs"),
                    Feature("fake", "The clasp is hollow and weighs less than 30 g.", "Front"),
                ),
            ),
            Entry(
                "399999000102",
                "Velmondra Voyage wallet",
                "",
                {"production_places": ["FR"], "nice_classes": [18], "packaging": "Cream box with a ribbon."},
                "wallet",
                "The wallet, closed",
                (
                    Feature("genuine", "The gold stamp is pressed into the leather.", "Inside, below the card slots"),
                    Feature("fake", "The stamp is a film that a fingernail lifts.", "Inside, below the card slots"),
                ),
                disclosed_to="nobody",
            ),
        ),
    ),
    Guide(
        logins.CHINESE_MEMBER,
        "filer.zh",
        "正品鞋盒侧面均有一物一码标签，可在官方小程序查询首次验证时间。官方店铺以外低于零售价四成的商品请重点核查。",
        "countries",
        ("CN", "HK"),
        (),
        (
            Entry(
                "690999000201",
                "Beiyao Cloudstep running shoe",
                "北珧云步跑鞋",
                {
                    "description": "缓震跑鞋，男女同款，36 至 46 码。",
                    "packaging": "灰色鞋盒，盒盖内侧印有安装方向，侧面贴一物一码标签。",
                    "production_places": ["CN", "VN"],
                    "nice_classes": [25],
                },
                "shoe",
                "跑鞋外侧",
                (
                    Feature("genuine", "鞋舌标签的批号与鞋盒标签一致。", "鞋舌内侧"),
                    Feature("genuine", "鞋底波纹为七道，边缘无毛刺。", "鞋底", "sole", "七道波纹的鞋底"),
                    Feature("fake", "鞋底波纹为五道，胶水外溢。", "鞋底", "bad sole", "五道波纹的鞋底"),
                ),
            ),
        ),
    ),
    Guide(
        "kazemori-audio",
        "agent",
        "Every pair has a serial number on the case and in its software. Ask us, and we answer within a day.",
        "agencies",
        (),
        (logins.AGENCY,),
        (
            Entry(
                "499999000301",
                "Kazemori K-7 earphones",
                "風杜 K-7 イヤホン",
                {"production_places": ["JP", "MY"], "nice_classes": [9], "packaging": "Black box with a tear strip."},
                "earphones",
                "The earphones in their open case",
                (
                    Feature("genuine", "The serial number on the case is engraved by laser.", "Below the hinge"),
                    Feature("fake", "The serial number is the same on every pair: KZ70001188.", "Below the hinge"),
                ),
            ),
        ),
    ),
)  # fmt: skip


def describe(world: World, studio: Studio) -> None:
    """Create the products, their parts and the guides through the services."""
    with clock.at(world.now - timedelta(days=ADDED_DAYS_AGO)):
        for guide in _GUIDES:
            organisation = world.organisation(guide.slug)
            brand, by = organisation.brands[0], world.people[guide.person]
            for entry in guide.entries:
                _create(organisation, brand, by, entry, studio)
            _disclose(world, brand, by, guide)


def _create(
    organisation: Organisation, brand: Brand, by: User, entry: Entry, studio: Studio
) -> None:
    product = products.create(
        member=organisation.member,
        by=by,
        brand=brand,
        gtin=entry.digits + gtin.check_digit(entry.digits),
        name=entry.name,
        name_local=entry.name_local,
        **entry.facts,
    )
    upload = _drawing(entry.drawing)
    product_parts.add_picture(product=product, by=by, upload=upload, alt=entry.alt)
    for one in entry.features:
        product_parts.add_feature(
            product=product,
            by=by,
            kind=one.kind,
            text=one.text,
            place=one.place,
            picture=_drawing(one.drawing) if one.drawing else None,
            alt=one.alt,
        )
    pictures = product.pictures.select_related("document")
    studio.stored += [picture.document.file for picture in pictures]
    if entry.disclosed_to:
        _hide(product, by, entry.disclosed_to)


def _hide(product: Product, by: User, to: str) -> None:
    guides.disclose(product=product, by=by, seen=guides.version(product), disclosed_to=to)


def _disclose(world: World, brand: Brand, by: User, guide: Guide) -> None:
    guides.change_guide(
        brand=brand,
        by=by,
        seen=guides.version(guides.guide_of(brand)),
        introduction=guide.introduction,
        disclosed_to=guide.disclosed_to,
        countries=guide.countries,
        agencies=[world.agencies[slug][1] for slug in guide.agencies],
    )


# --- Drawings ----------------------------------------------------------------------------------


def _drawing(name: str) -> SimpleUploadedFile:
    """Return a drawing as an upload."""
    picture = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    _DRAWINGS[name](ImageDraw.Draw(picture))
    out = io.BytesIO()
    picture.resize(SIZE, Image.Resampling.BOX).quantize(32).save(out, "PNG")
    return SimpleUploadedFile(f"{name}.png", out.getvalue(), "image/png")


def _bag(draw: ImageDraw.ImageDraw) -> None:
    draw.arc((440, 120, 840, 620), 180, 360, fill=INK, width=34)
    draw.polygon([(300, 360), (980, 360), (1060, 840), (220, 840)], fill="#5b3a29")
    draw.polygon([(300, 360), (980, 360), (940, 580), (340, 580)], fill="#6d4733")
    draw.rounded_rectangle((580, 530, 700, 640), 24, fill=GOLD)
    draw.ellipse((620, 565, 660, 605), fill="#8a6a1d")


def _wallet(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((240, 260, 1040, 760), 50, fill="#6d4733")
    draw.rounded_rectangle((280, 300, 1000, 720), 36, outline="#caa98f", width=4)
    draw.rounded_rectangle((900, 440, 1090, 580), 30, fill="#5b3a29")
    draw.ellipse((960, 480, 1020, 540), fill=GOLD)


def _label(draw: ImageDraw.ImageDraw, *, serifs: bool) -> None:
    draw.rectangle((0, 0, 1280, 960), fill="#6d4733")
    draw.rounded_rectangle((240, 280, 1040, 680), 16, fill="#efe6d2" if serifs else "white")
    for at in range(6):
        left = 330 + 110 * at
        draw.rectangle((left + 24, 400, left + 44, 560), fill=INK if serifs else GREY)
        if serifs:
            draw.rectangle((left + 6, 396, left + 62, 408), fill=INK)
            draw.rectangle((left + 6, 552, left + 62, 564), fill=INK)
    for left in range(260, 1020, 40) if serifs else ():
        draw.line((left, 300, left + 20, 300), fill=GOLD, width=6)
        draw.line((left, 660, left + 20, 660), fill=GOLD, width=6)


def _shoe(draw: ImageDraw.ImageDraw) -> None:
    body = [(220, 640), (250, 380), (430, 340), (620, 500), (960, 560), (1060, 640)]
    draw.polygon(body, fill="#2f6f9f")
    draw.polygon([(500, 400), (620, 500), (560, 640), (420, 640)], fill="#3f8fc4")
    draw.rounded_rectangle((200, 640, 1090, 720), 40, fill="white", outline=GREY, width=4)
    for at in range(4):
        left = 460 + 50 * at
        draw.line((left, 400 + 36 * at, left + 70, 370 + 40 * at), fill="white", width=10)


def _sole(draw: ImageDraw.ImageDraw, *, waves: int) -> None:
    draw.rounded_rectangle((180, 330, 1100, 650), 150, fill="#3a3a3a")
    for at in range(waves):
        left = 270 + at * (760 // waves)
        for top in range(370, 560, 60):
            draw.arc((left, top, left + 60, top + 60), 90, 270, fill="#cfcfcf", width=10)
    if waves < 7:
        for left in range(300, 1000, 140):
            draw.ellipse((left, 630, left + 60, 664), fill="#e0c36a")


def _earphones(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((300, 430, 980, 820), 120, fill=INK)
    draw.rounded_rectangle((320, 180, 960, 420), 110, fill="#3b3a38")
    for left in (440, 720):
        draw.ellipse((left, 500, left + 130, 630), fill="#e9e9e9")
        draw.rounded_rectangle((left + 45, 600, left + 85, 740), 20, fill="#d5d5d5")
        draw.ellipse((left + 45, 545, left + 85, 585), fill=RED)


_DRAWINGS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "bag": _bag,
    "wallet": _wallet,
    "label": lambda draw: _label(draw, serifs=True),
    "printed": lambda draw: _label(draw, serifs=False),
    "shoe": _shoe,
    "sole": lambda draw: _sole(draw, waves=7),
    "bad sole": lambda draw: _sole(draw, waves=5),
    "earphones": _earphones,
}
