"""Identifiers of the seller in a draft, and on the seller once the case is submitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.marketplaces.identifiers import normalise
from cases.models import Case, SellerIdentifier, StatedIdentifier
from cases.queries.seller_history import Identifier, countries_of
from cases.services import core

# The most identifiers in a case, and the most of one kind.
MOST = 60
MOST_OF_KIND = 20
# Values by kind, as a form gives them.
ByKind = Mapping[str, Iterable[str]]


def replace(case: Case, given: ByKind | None, known: Iterable[Identifier]) -> list[Identifier]:
    """Set the identifiers of the locked draft, unless ``given`` is ``None``; return those that it then has, in order.

    ``known`` are those that it has now. Values are normalised. Raises :class:`Refusal` if there are too many.
    """
    if given is None:
        return sorted(known)
    wanted = {
        (kind, normal)
        for kind, values in given.items()
        for value in values
        if (normal := _normal(case, kind, value))
    }
    _check_number(wanted)
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
    known = set(case.stated_identifiers.values_list("kind", "value"))
    new = (kind, _normal(case, kind, value))
    if new in known:
        return
    _check_number({*known, new})
    StatedIdentifier.objects.create(case=case, kind=kind, value=new[1])
    core.touch(case)


def add_to_seller(case: Case, identifiers: Iterable[Identifier]) -> None:
    """Add kinds and values to the seller of a submitted case. Known ones stay as they are."""
    stated = list(identifiers)
    if case.seller is None or not stated:
        return
    SellerIdentifier.objects.bulk_create(
        [
            SellerIdentifier(seller=case.seller, kind=kind, value=_normal(case, kind, value))
            for kind, value in stated
        ],
        ignore_conflicts=True,
    )


def _normal(case: Case, kind: str, value: str) -> str:
    """Return the normal form of an identifier of the case's seller. It may be empty."""
    return normalise(kind, value, countries_of(case.seller))[:200]


def _check_number(identifiers: Collection[Identifier]) -> None:
    """Raise :class:`Refusal` if there are too many in all, or of one kind."""
    if len(identifiers) > MOST:
        raise Refusal(
            _("A case can have up to %(limit)d identifiers of the seller.") % {"limit": MOST}
        )
    if max(Counter(kind for kind, _value in identifiers).values(), default=0) > MOST_OF_KIND:
        raise Refusal(
            _("A case can have up to %(limit)d identifiers of one kind.") % {"limit": MOST_OF_KIND}
        )
