"""Identifiers of the seller in a draft, and on the seller once the case is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.marketplaces.identifiers import normalise
from cases.models import Case, SellerIdentifier, StatedIdentifier
from cases.queries.seller_history import Identifier, countries_of

# The most identifiers in a case.
MOST = 60
# Values by kind, as a form gives them.
ByKind = Mapping[str, Iterable[str]]


def replace(case: Case, given: ByKind | None, known: Iterable[Identifier]) -> list[Identifier]:
    """Set the identifiers of the locked draft, unless ``given`` is ``None``; return those that it then has, in order.

    ``known`` are those that it has now. Values are normalised. Raises :class:`Refusal` if there are too many.
    """
    if given is None:
        return sorted(known)
    countries = countries_of(case.seller) if case.seller else []
    wanted = {
        (kind, normal[:200])
        for kind, values in given.items()
        for value in values
        if (normal := normalise(kind, value, countries))
    }
    if len(wanted) > MOST:
        raise Refusal(
            _("A case can have up to %(limit)d identifiers of the seller.") % {"limit": MOST}
        )
    for kind, value in set(known) - wanted:
        case.stated_identifiers.filter(kind=kind, value=value).delete()
    new = [StatedIdentifier(case=case, kind=kind, value=value) for kind, value in wanted - {*known}]
    StatedIdentifier.objects.bulk_create(new)
    return sorted(wanted)


def record(case: Case) -> None:
    """Add the identifiers that the submitted case states to its seller. Known ones stay as they are."""
    # Normalised again, since the draft may have had no seller when they were entered.
    add_to_seller(case, case.stated_identifiers.values_list("kind", "value"))


def add(case: Case, kind: str, value: str) -> None:
    """Add an identifier to those of the locked draft. Idempotent. Raises :class:`Refusal` if there are too many."""
    known = list(case.stated_identifiers.values_list("kind", "value"))
    by_kind: dict[str, list[str]] = {kind: [value]}
    for of_kind, one in known:
        by_kind.setdefault(of_kind, []).append(one)
    replace(case, by_kind, known)


def add_to_seller(case: Case, identifiers: Iterable[Identifier]) -> None:
    """Add kinds and values to the seller of a submitted case. Known ones stay as they are."""
    stated = list(identifiers)
    if case.seller is None or not stated:
        return
    countries = countries_of(case.seller)
    SellerIdentifier.objects.bulk_create(
        [
            SellerIdentifier(seller=case.seller, kind=kind, value=normalise(kind, value, countries))
            for kind, value in stated
        ],
        ignore_conflicts=True,
    )
