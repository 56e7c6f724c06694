"""Visits to the pages of test purchases."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cases.services import filing
from tests import factories
from tests.browser.visits import FormVisit, Visit
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Return the list, the results, purchases in several statuses, and their forms with and without errors."""
    mine: dict[str, Any] = {"of": cast.brand, "by": cast.filer}
    made = {
        status: factories.purchase(status, **mine)
        for status in ("planned", "ordered", "received", "disposal_proposed", "cancelled")
    }
    supporting = factories.purchase_in_case("stored", **mine)
    stored, case = supporting.purchase, supporting.case
    factories.purchase_file(stored, kind="unboxing")
    filing.submit(case=case, by=cast.filer, good_faith=True)
    slug = cast.member.slug

    def page(name: str, *args: Any) -> str:
        return reverse(f"purchases:{name}", args=[slug, *args])

    def of(status: str, name: str = "detail", *args: Any) -> str:
        return page(name, made[status].reference, *args)

    order = {"ordered_on": "2199-01-01", "order_number": "x" * 100, "price": "1.000,5"}
    return [
        Visit("owner", page("list")),
        Visit("viewer", page("list") + "?verdict=fake&q=nothing"),
        Visit("stranger", reverse("purchases:list", args=[cast.other_member.slug])),
        Visit("officer", reverse("purchases:home")),
        Visit("owner", page("results")),
        Visit("stranger", reverse("purchases:results", args=[cast.other_member.slug])),
        Visit("filer", page("plan")),
        *(Visit("owner", of(status)) for status in made),
        Visit("filer", of("disposal_proposed")),
        Visit("viewer", of("disposal_proposed")),
        Visit("owner", page("detail", stored.reference)),
        Visit("filer", of("planned", "step", "order")),
        Visit("filer", page("step", stored.reference, "examine")),
        Visit("filer", page("propose", stored.reference)),
        Visit("filer", of("ordered", "cancel")),
        Visit("filer", page("file_case", stored.reference)),
        Visit("moderator", reverse("triage:case", args=[case.reference])),
        FormVisit("filer", page("plan"), {"listing_url": "nowhere", "seller_name": "x" * 300}),
        FormVisit("filer", of("planned", "step", "order"), order),
        FormVisit("filer", page("step", stored.reference, "plan"), {"seen": "0", "note": "y"}, 409),
        FormVisit("filer", of("ordered", "add_to_case"), {"case": "AP-0000-0000"}),
    ]
