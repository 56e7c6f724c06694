"""Imports of sheets: one of authorised sellers that is finished, and two of rights and listings to confirm."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.lib import clock
from cases.demo import logins
from cases.demo.screenshots import Studio
from cases.demo.world import World
from cases.imports import listing_uploads
from cases.models import Evidence, Listing
from cases.states import OPEN, ListingPart, Violation
from members.imports import registry
from members.models import Brand, IPRight
from members.services import import_runs, imports

DAY = timedelta(days=1)


def load(world: World, studio: Studio) -> None:
    """Import a sheet as the member's filer did two days ago, and leave another one unconfirmed."""
    with clock.at(world.now - 2 * DAY):
        _upload(world, studio, "Authorised dealers 2026.csv", _dealers(world), confirmed=True)
    with clock.at(world.now - timedelta(hours=3)):
        _upload(world, studio, "Rights of Velmondra.csv", _rights(world), kind="rights")
    with clock.at(world.now - timedelta(hours=1)):
        _check_listings(world, studio)


def _upload(
    world: World,
    studio: Studio,
    name: str,
    rows: list[list[str]],
    *,
    kind: str = "authorised-sellers",
    confirmed: bool = False,
) -> None:
    found, by, file = registry.find(kind), world.people["filer"], _file(name, rows)
    assert found is not None
    member = world.organisation(logins.MEMBER).member
    job = imports.upload(member=member, kind=found, by=by, upload=file)
    studio.stored.append(job.file)
    import_runs.run(job.pk, until=time.monotonic())
    if confirmed:
        imports.confirm(job=job, by=by)
        import_runs.run(job.pk, until=time.monotonic())


def _file(name: str, rows: list[list[str]]) -> SimpleUploadedFile:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return SimpleUploadedFile(name, written.getvalue().encode("utf-8-sig"))


def _check_listings(world: World, studio: Studio) -> None:
    """Upload a sheet of listings, one of which is in an open case already, and let a worker check it."""
    organisation = world.organisation(logins.MEMBER)
    brand = organisation.brands[0]
    citable = IPRight.objects.citable().filter(brand=brand, kind=IPRight.Kind.TRADEMARK)
    right = citable.exclude(nice_classes=[]).order_by("pk")[0]
    job = listing_uploads.upload(
        by=world.people["filer"],
        sheet=_file("Listings found this week.csv", _listings(brand)),
        right=right,
        violation=Violation.COUNTERFEIT.value,
        jurisdiction=right.territory[0],
        goods_class=right.nice_classes[0],
        infringement_in=[ListingPart.PRODUCT.value],
        explanation="The stitching and the clasp differ from the genuine bag, and the serial number does not exist.",
        evidence=[studio.comparison()],
        evidence_kind=Evidence.Kind.COMPARISON.value,
    )
    studio.stored += [job.file, *(one.file for one in job.attachments.all())]
    import_runs.run(job.pk, until=time.monotonic())


def _listings(brand: Brand) -> list[list[str]]:
    titles = [
        "Listing URL",
        "Shop ID or shop URL",
        "Shop name",
        "Title",
        "Price",
        "Currency",
        "Units sold",
    ]
    rows = [
        [f"https://{host}/products/bag-{number}", "", name, f"Handbag {number}", "89", "USD", "40"]
        for host, name in (
            ("lune-outlet.example", "Lune Outlet"),
            ("moon-bags.example", "月光包店"),
        )
        for number in range(1, 5)
    ]
    filed = Listing.objects.filter(brand=brand, is_open=True, case__status__in=OPEN)
    known = filed.select_related("case__seller").order_by("pk").first()
    if known is not None and known.case.seller is not None:
        rows.append([known.url, known.case.seller.external_id, "", "", "", "", ""])
    rows.append(
        ["https://lune-outlet.example/products/bag-9", "", "", "Handbag 9", "89,50", "USD", ""]
    )
    return [titles, *rows]


def _dealers(world: World) -> list[list[str]]:
    brand = world.organisation(logins.MEMBER).brands[0].name
    market = min(world.markets.values(), key=lambda pair: pair[1].name)[1].name
    today = clock.today()
    return [
        ["Brand", "Marketplace", "Shop ID or shop URL", "Valid from", "Valid until", "Note"],
        [brand, market, "velmondra-flagship", "2024-01-01", "", "Own shop"],
        [brand, market, "velmondra-outlet", "", str(today - 20 * DAY), "Own shop, closed"],
        [
            brand,
            market,
            "maison-lyon",
            str(today - 90 * DAY),
            str(today + 60 * DAY),
            "Dealer, Lyon",
        ],
        [brand, market, "月光精品", str(today + 30 * DAY), "", "Dealer from next month"],
        [brand, market, "6.9E+12", "", "", "Dealer, Osaka"],
        [brand, "No such market", "maison-oslo", "", "31/12/2026", "Dealer, Oslo"],
    ]


def _rights(world: World) -> list[list[str]]:
    brand = world.organisation(logins.MEMBER).brands[0].name
    owner = world.organisation(logins.MEMBER).member.name
    titles = ["Brand", "Kind of right", "Mark or title", "Registered owner", "Office"]
    titles += ["Registration number", "Territory", "Nice classes", "Registered on"]
    return [
        titles,
        [
            brand,
            "Trademark",
            "VELMONDRA LUNE",
            owner,
            "CNIPA",
            "99095001",
            "CN",
            "18, 25",
            "2021-03-14",
        ],
        [brand, "Trademark", "月梦达", owner, "CNIPA", "99095002", "CN", "18", "2021-03-14"],
        [brand, "Design", "Buckle", owner, "EUIPO", "009909-0009", "EU", "", "2022-06-01"],
        [
            brand,
            "Trademark",
            "VELMONDRA NUIT",
            owner,
            "CNIPA",
            "9.9095E+07",
            "CN",
            "25",
            "14/03/2021",
        ],
    ]
