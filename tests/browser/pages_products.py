"""Visits to the pages of products and brand guides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cases.liaison.models import Referral
from members.services import products
from tests import factories
from tests.browser.visits import FormVisit, Visit
from tests.personas import Personas


def visits(cast: Personas, referral: Referral) -> list[Visit]:
    """Return the pages of products with and without parts, and the guide for each kind of reader."""
    factories.guide_for(cast.agency, of=cast.brand)
    full = cast.brand.products.get()
    picture = factories.png("label.png")
    feature = factories.feature(full, kind="fake", picture=picture, alt="A printed label")
    front = factories.product_picture(full)
    long = "Velmondra: travelling bag with a lining of silk and wool, limited edition"
    bare = factories.product(cast.brand, name=long, name_local="شركة الدر", gtin="")
    products.retire(product=bare, by=cast.owner)
    slug = cast.member.slug

    def page(name: str, *args: Any) -> str:
        return reverse(f"products:{name}", args=[slug, *args])

    guide, change = (
        reverse(f"guides:{name}", args=[cast.brand.pk]) for name in ("brand", "change")
    )
    beside = reverse("liaison:guide", args=[referral.reference])
    return [
        Visit("owner", page("list")),
        Visit("officer", reverse("products:home")),
        Visit("stranger", reverse("products:create", args=[cast.other_member.slug])),
        Visit("owner", page("detail", full.pk)),
        Visit("viewer", page("detail", bare.pk)),
        Visit("owner", page("change", full.pk)),
        Visit("owner", page("add_feature", full.pk)),
        Visit("owner", page("change_feature", full.pk, feature.pk)),
        Visit("owner", page("add_picture", full.pk)),
        Visit("owner", page("describe_picture", full.pk, front.pk)),
        Visit("moderator", guide),
        Visit("owner", change),
        Visit("owner", reverse("guides:disclose", args=[full.pk])),
        Visit("officer", beside),
        FormVisit("owner", page("create"), {"name": "x" * 300, "gtin": "6.9E+12"}),
        FormVisit("owner", page("change", full.pk), _changed(cast, full.pk), 409),
        FormVisit("owner", change, {"seen": "0", "disclosed_to": "all"}, 409),
    ]


def _changed(cast: Personas, pk: int) -> dict[str, Any]:
    return {"seen": "0", "brand": cast.brand.pk, "name": f"Another name of {pk}"}
