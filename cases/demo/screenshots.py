"""Drawn pictures for evidence: shop pages, comparisons and parcels of a seller's goods, each with a unique stamp."""

from __future__ import annotations

import io
import random
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageDraw, ImageFont

from alliance.lib import clock
from cases.models import Evidence

if TYPE_CHECKING:
    from cases.demo.plans import CasePlan

SIZE = (720, 480)
STAMP = 26  # height of the strip at the bottom with the stamp
# Sixteen colours keep a file within a few kilobytes.
_COLOURS = (
    "ffffff f1f3f5 ced4da 868e96 343a40 c92a2a e8590c f08c00 "
    "2f9e44 1971c2 5f3dc4 a61e4d ffe3e3 d3f9d8 d0ebff fff3bf"
)
WHITE, PALE, LINE, GREY, INK, RED = range(6)
BRIGHT = range(5, 12)
TINTS = range(12, 16)
VARIANTS = 6
# Where a seller's goods are in each kind of picture, so that only pictures of the same seller are similar.
GOODS = {
    Evidence.Kind.SCREENSHOT: ((18, 74, 318, 374),),
    Evidence.Kind.COMPARISON: ((20, 20, 350, 400), (370, 20, 700, 400)),
    Evidence.Kind.TEST_PURCHASE: ((110, 70, 330, 410), (390, 250, 610, 410)),
}

NAMES = {
    Evidence.Kind.SCREENSHOT: ("shop page", "店铺截图"),
    Evidence.Kind.COMPARISON: ("comparison", "对比图"),
    Evidence.Kind.TEST_PURCHASE: ("test purchase", "购买样品"),
}


class Studio:
    """Creates pictures. The drawings are made once; only the stamps differ."""

    def __init__(self) -> None:
        self._taken = 0
        self.stored: list[FieldFile] = []

    def take(self, kind: Evidence.Kind, plan: CasePlan) -> SimpleUploadedFile:
        """Return a PNG file as an upload."""
        return self._stamped(kind, plan.seller.external_id, NAMES[kind][1 if plan.chinese else 0])

    def parcel(self, reference: str) -> SimpleUploadedFile:
        """Return a picture of the parcel of the test purchase ``reference``."""
        return self._stamped(Evidence.Kind.TEST_PURCHASE, reference, "parcel")

    def _stamped(self, kind: Evidence.Kind, source: str, name: str) -> SimpleUploadedFile:
        """Return a picture of the goods of ``source``, a seller or a purchase, with its stamp."""
        self._taken += 1
        drawings = self._drawings[kind]
        picture = drawings[self._taken % len(drawings)].copy()
        self._goods(picture, kind, source)
        stamp = f"{clock.now():%Y-%m-%d %H:%M} UTC   {source}   no. {self._taken}"
        top = SIZE[1] - STAMP
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, top, SIZE[0], SIZE[1]), fill=INK)
        draw.text((10, top + 5), stamp, fill=WHITE, font=self._font)
        return _file(picture, f"{name} {self._taken}.png")

    def comparison(self) -> SimpleUploadedFile:
        """Return a comparison without a stamp, for the cases of a sheet."""
        return _file(self._drawings[Evidence.Kind.COMPARISON][0], "comparison.png")

    def delete_stored(self) -> None:
        """Delete :attr:`stored` files after a failed load, since a rollback does not delete them."""
        for file in self.stored:
            file.storage.delete(str(file.name))

    @cached_property
    def _font(self) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        return ImageFont.load_default(14)

    @cached_property
    def _drawings(self) -> dict[Evidence.Kind, list[Image.Image]]:
        return {
            Evidence.Kind.SCREENSHOT: [self._shop_page(n) for n in range(VARIANTS)],
            Evidence.Kind.COMPARISON: [self._comparison(n) for n in range(3)],
            Evidence.Kind.TEST_PURCHASE: [self._parcel(n) for n in range(2)],
        }

    def _goods(self, picture: Image.Image, kind: Evidence.Kind, source: str) -> None:
        draw = ImageDraw.Draw(picture)
        for left, top, right, bottom in GOODS[kind]:
            chance = random.Random(source)  # noqa: S311
            for _number in range(9):
                width, height = chance.randint(40, 150), chance.randint(40, 150)
                x, y = chance.randint(left, right - width), chance.randint(top, bottom - height)
                box = (x, y, x + width, y + height)
                draw_one = draw.ellipse if chance.random() < 0.5 else draw.rectangle
                draw_one(box, fill=chance.choice((WHITE, PALE, GREY, INK, *BRIGHT)))

    def _blank(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        picture = Image.new("P", SIZE, WHITE)
        picture.putpalette(bytes.fromhex(_COLOURS))
        draw = ImageDraw.Draw(picture)
        draw.fontmode = "1"  # no anti-aliasing, because of the palette
        return picture, draw

    def _shop_page(self, variant: int) -> Image.Image:
        picture, draw = self._blank()
        bright, tint = BRIGHT[variant % len(BRIGHT)], TINTS[variant % len(TINTS)]
        draw.rectangle((0, 0, 720, 54), fill=bright)
        draw.text(
            (18, 14),
            ("SHOP", "mega sale", "OUTLET", "*deals*", "Market", "bargains")[variant],
            fill=WHITE,
            font=ImageFont.load_default(24),
        )
        draw.rounded_rectangle((300, 13, 690, 41), 14, fill=WHITE)
        draw.rectangle((18, 74, 318, 374), fill=tint, outline=LINE)
        self._article(draw, (168, 224), 105, bright, variant)
        for n in range(4):
            draw.rectangle((18 + n * 76, 386, 84 + n * 76, 440), fill=tint, outline=LINE)
            self._article(draw, (51 + n * 76, 413), 20, bright, variant + n)
        self._lines(draw, 344, 80, (330, 250))
        draw.text((344, 128), f"{19 + variant * 13}.90", fill=RED, font=ImageFont.load_default(40))
        draw.text((344, 186), "-85%   best original quality 1:1", fill=INK, font=self._font)
        self._lines(draw, 344, 222, (300, 340, 270, 180))
        draw.rounded_rectangle((344, 340, 520, 384), 8, fill=bright)
        draw.text((388, 350), "Buy now", fill=WHITE, font=ImageFont.load_default(20))
        draw.text(
            (344, 404),
            f"{347 + variant * 211} sold    4.{variant + 3} stars",
            fill=GREY,
            font=self._font,
        )
        return picture

    def _comparison(self, variant: int) -> Image.Image:
        picture, draw = self._blank()
        for side, (word, colour) in enumerate((("genuine", 8), ("offered", RED))):
            left = 20 + side * 350
            draw.rectangle(
                (left, 20, left + 330, 400), fill=TINTS[1 - side], outline=colour, width=3
            )
            self._article(draw, (left + 165, 190), 115 - side * 8, BRIGHT[variant + 2], variant + 1)
            draw.text((left + 14, 414), word, fill=colour, font=ImageFont.load_default(22))
        draw.ellipse((560, 120, 650, 200), outline=RED, width=4)
        draw.line((520, 60, 580, 130), fill=RED, width=4)
        return picture

    def _parcel(self, variant: int) -> Image.Image:
        picture, draw = self._blank()
        draw.rectangle((110, 70, 610, 410), fill=TINTS[3], outline=GREY, width=3)
        draw.rectangle((330, 70, 390, 410), fill=LINE)
        draw.rectangle((400, 110, 590, 250), fill=WHITE, outline=INK)
        self._lines(draw, 414, 124, (150, 120, 160))
        for n in range(30):
            draw.rectangle((414 + n * 5, 200, 415 + n * 5 + (n * 7 + variant) % 3, 238), fill=INK)
        return picture

    def _article(
        self,
        draw: ImageDraw.ImageDraw,
        centre: tuple[int, int],
        radius: int,
        colour: int,
        form: int,
    ) -> None:
        """Draw something for sale: a bag, a watch, a box or a bottle."""
        x, y, r = *centre, radius
        if form % 4 == 0:
            draw.arc(
                (x - r // 2, y - r, x + r // 2, y + r // 2), 180, 360, fill=INK, width=r // 9 + 1
            )
            draw.rounded_rectangle((x - r, y - r // 3, x + r, y + r), r // 6, fill=colour)
        elif form % 4 == 1:
            draw.rectangle((x - r // 3, y - r, x + r // 3, y + r), fill=GREY)
            draw.ellipse(
                (x - r * 2 // 3, y - r * 2 // 3, x + r * 2 // 3, y + r * 2 // 3), fill=colour
            )
            draw.line((x, y, x, y - r // 2), fill=WHITE, width=r // 20 + 1)
        elif form % 4 == 2:
            draw.polygon(
                ((x - r, y - r // 3), (x, y - r), (x + r, y - r // 3), (x, y + r // 4)), fill=PALE
            )
            draw.rectangle((x - r, y - r // 3, x + r, y + r), fill=colour)
        else:
            draw.rectangle((x - r // 5, y - r, x + r // 5, y - r // 3), fill=GREY)
            draw.rounded_rectangle((x - r // 2, y - r // 2, x + r // 2, y + r), r // 5, fill=colour)

    def _lines(self, draw: ImageDraw.ImageDraw, x: int, y: int, widths: tuple[int, ...]) -> None:
        for n, width in enumerate(widths):
            draw.rectangle((x, y + n * 22, x + width, y + n * 22 + 10), fill=LINE)


def _file(picture: Image.Image, name: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    picture.save(out, "PNG", bits=4, compress_level=2)
    return SimpleUploadedFile(name, out.getvalue(), "image/png")
