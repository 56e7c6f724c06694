"""What a brand discloses to agencies: of all its products in its guide, and of single products.

Every change locks the member's row, as the other changes of its products do (:mod:`members.services.products`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import fingerprint
from alliance.lib.refusals import Conflict, Refusal
from cases.liaison.models import Agency, GuideAgency, ProductAgency
from members.models import Brand, BrandGuide, DisclosedTo, Product, User
from members.services import products


class NothingChosen(Refusal):
    """The countries or the agencies are missing. ``field`` names them."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class DisclosureChanged(Conflict):
    """The disclosure has changed since the form was opened. ``current`` is the product or the guide as it is now."""

    def __init__(self, message: str, current: Product | BrandGuide) -> None:
        super().__init__(message)
        self.current = current


def guide_of(brand: Brand) -> BrandGuide:
    """Return the guide of ``brand``; an unsaved one, which discloses nothing, if it has none."""
    return BrandGuide.objects.filter(brand=brand).first() or BrandGuide(brand=brand)


def agencies_of(row: Product | BrandGuide) -> list[int]:
    """Return the keys of the chosen agencies; none for another choice."""
    if row._state.adding:
        return []
    return sorted(row.agencies.values_list("agency_id", flat=True))


def version(row: Product | BrandGuide) -> str:
    """Return a fingerprint of what ``row`` discloses, with which forms detect changes."""
    words = row.introduction if isinstance(row, BrandGuide) else ""
    countries = sorted(row.disclosed_countries)
    return fingerprint.of(words, row.disclosed_to, countries, agencies_of(row))


@transaction.atomic
def disclose(
    *,
    product: Product,
    by: User,
    seen: str,
    disclosed_to: str,
    countries: Iterable[str] = (),
    agencies: Iterable[Agency] = (),
) -> Product:
    """Set which agencies may see a product. Idempotent.

    ``countries`` and ``agencies`` count only for the choices of that name. Raises :class:`NothingChosen` without any,
    :class:`DisclosureChanged`, and ``NotAllowed``.
    """
    stored = products.lock(product, by)
    _set(stored, by, seen, disclosed_to, countries, agencies)
    return stored


@transaction.atomic
def change_guide(
    *,
    brand: Brand,
    by: User,
    seen: str,
    introduction: str = "",
    disclosed_to: str,
    countries: Iterable[str] = (),
    agencies: Iterable[Agency] = (),
) -> BrandGuide:
    """Set the introduction of a brand's guide, and which agencies see the products that follow it. Idempotent.

    Raises the errors of :func:`disclose`.
    """
    products.lock_member(brand.member, by)
    stored = guide_of(brand)
    words = products.paragraphs(introduction, 2000)
    _set(stored, by, seen, disclosed_to, countries, agencies, introduction=words)
    return stored


def _set(
    row: Product | BrandGuide,
    by: User,
    seen: str,
    disclosed_to: str,
    countries: Iterable[str],
    agencies: Iterable[Agency],
    **facts: str,
) -> None:
    """Change ``row`` and its agencies unless it is so already."""
    current, before = version(row), _facts(row)
    chosen = sorted({agency.pk for agency in agencies})
    if disclosed_to != DisclosedTo.AGENCIES:
        chosen = []
    elif not chosen:
        raise NothingChosen(_("Choose at least one agency."), "agencies")
    places = products.clean_places(countries) if disclosed_to == DisclosedTo.COUNTRIES else []
    if disclosed_to == DisclosedTo.COUNTRIES and not places:
        raise NothingChosen(_("Enter at least one country or region."), "countries")
    row.disclosed_to, row.disclosed_countries = DisclosedTo(disclosed_to).value, places
    for name, value in facts.items():
        setattr(row, name, value)
    if _facts(row) == before and agencies_of(row) == chosen:
        return
    if seen != current:
        message = _("Someone else has changed this since you opened the form.")
        raise DisclosureChanged(message, _unchanged(row))
    row.save()
    _choose(row, chosen, by)


def _unchanged(row: Product | BrandGuide) -> Product | BrandGuide:
    """Return ``row`` as it is stored. A brand may not have a guide yet."""
    if isinstance(row, BrandGuide):
        return guide_of(row.brand)
    row.refresh_from_db()
    return row


def _facts(row: Product | BrandGuide) -> tuple[Any, ...]:
    words = row.introduction if isinstance(row, BrandGuide) else ""
    return (words, row.disclosed_to, sorted(row.disclosed_countries))


def _choose(row: Product | BrandGuide, chosen: list[int], by: User) -> None:
    """Make ``chosen`` the agencies of ``row``. Those that stay keep their rows."""
    model, owner = (
        (ProductAgency, "product") if isinstance(row, Product) else (GuideAgency, "guide")
    )
    rows: Any = model._default_manager.filter(**{owner: row})
    rows.exclude(agency__in=chosen).delete()
    kept = set(rows.values_list("agency_id", flat=True))
    rows.bulk_create(
        model(**{owner: row, "agency_id": key, "chosen_by": by})
        for key in chosen
        if key not in kept
    )
