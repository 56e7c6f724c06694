"""Pages of imports and of authorised sellers."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from alliance.lib import clock
from cases.services import authorised_sellers
from members.imports import registry
from members.services import imports
from tests import factories
from tests.browser.form_pages import post
from tests.browser.visits import Visit, address
from tests.factories.listing_sheets import listing_row, listings_job
from tests.factories.sheets import right_row, sheet
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Return the lists, forms with errors, and an import in each state."""
    slug, today = cast.member.slug, clock.today()
    checked = factories.import_job(cast.member, by=cast.owner)
    running = factories.import_job(cast.member, right_row("ALDER"), right_row(), by=cast.owner)
    imports.confirm(job=running, by=cast.owner)
    cancelled = factories.import_job(cast.member, right_row("", territory="ت"), by=cast.owner)
    imports.cancel(job=cancelled, by=cast.owner)
    rows = [listing_row(factories.marketplace(), f"shop-{'velmondra' * n}") for n in range(1, 5)]
    rows.append(listing_row(factories.marketplace(), price="x"))
    listings = listings_job(cast.right, cast.filer, *rows)
    rights = registry.find("rights")
    assert rights is not None
    file = sheet(right_row("ALDER"))
    checking = imports.upload(member=cast.member, kind=rights, by=cast.owner, upload=file)
    entry = factories.authorised_seller(
        brand=cast.brand, external_id="bazaar.example/shop/" + "velmondra" * 8, note="متجر"
    )
    ended = factories.authorised_seller(brand=cast.brand, valid_until=today + timedelta(days=9))
    authorised_sellers.end(entry=ended, by=cast.owner)
    pages = [
        ("imports:job", slug, job.pk) for job in (checked, running, cancelled, listings, checking)
    ]
    pages += [("allow_list:entry", slug, one.pk) for one in (entry, ended)]
    lists = [("imports:list", slug), ("allow_list:list", slug)]
    return [
        *(Visit("owner", address(page)) for page in (*pages, *lists)),
        *(Visit("viewer", address(page)) for page in (pages[0], pages[3], pages[5], *lists)),
        *(Visit("owner", address(("imports:new", slug, kind))) for kind in ("rights", "products")),
        Visit("owner", address(("allow_list:add", slug))),
        Visit("filer", address("desk:sheet")),
        post("filer", "desk:sheet", explanation="x" * 5001),
        *(Visit("officer", address(page)) for page in ("imports:home", "allow_list:home")),
        Visit("owner", reverse("allow_list:list", args=[slug]) + "?state=upcoming"),
        Visit("stranger", address(("allow_list:list", cast.other_member.slug))),
        Visit("stranger", address(("imports:list", cast.other_member.slug))),
        post("owner", ("imports:new", slug, "authorised-sellers")),
        post("owner", ("allow_list:add", slug), note="x" * 300),
        post("owner", ("allow_list:entry", slug, entry.pk), 409, note="Own shop", seen="0"),
    ]
