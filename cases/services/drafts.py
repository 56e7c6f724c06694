"""Optimistic locking of drafts: a form cannot overwrite changes that it did not show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple

from django.utils.translation import gettext as _

from alliance.lib import fingerprint
from alliance.lib.refusals import Conflict
from cases.models import Case, Listing
from cases.queries import stated_identifiers
from cases.queries.seller_history import Identifier
from cases.services import core, hidden_links
from cases.services.hidden_links import Hidden
from cases.states import Status


class DraftChanged(Conflict):
    """The draft, or the submitted case, has been saved elsewhere since the form was opened. ``case`` is its current state."""

    def __init__(self, case: Case) -> None:
        draft = _(
            "This draft was changed in another window or by a colleague while you were editing it. "
            "Your changes are kept in the form but are not saved yet."
        )
        submitted = _(
            "This case was changed in another window or by a colleague while you were editing it. "
            "Your changes are kept in the form but are not saved yet."
        )
        super().__init__(draft if case.status == Status.DRAFT else submitted)
        self.case = case


def of_another_member(case: Case) -> str:
    """Return the message for a right that does not belong to the member of the draft."""
    text = _("This draft belongs to %(member)s. Choose one of its rights.")
    return text % {"member": case.member}


def complaint_version(case: Case) -> str:
    """Return a fingerprint of the complaint of the draft, as stored. Makes one query."""
    return _of_complaint(case, hidden_links.stated_in(case))


def _of_complaint(case: Case, hidden: Hidden | None) -> str:
    return fingerprint.of(
        case.right_id,
        case.violation,
        str(case.jurisdiction),
        case.goods_class,
        case.explanation,
        case.infringement_in,
        astuple(hidden) if hidden else None,
    )


def listings_version(
    case: Case, urls: Sequence[str] | None = None, stated: Sequence[Identifier] | None = None
) -> str:
    """Return a fingerprint of the draft's seller, the seller's identifiers and the listing URLs, in order.

    ``urls`` and ``stated`` (identifiers) are those stored, if the caller has just read or written them.
    """
    if urls is None:
        urls = list(case.listings.order_by("position").values_list("url", flat=True))
    if stated is None:
        stated = stated_identifiers.of_case(case)
    return fingerprint.of(case.seller_id, case.seller_name, case.shop_url, urls, sorted(stated))


def details_version(case: Case) -> str:
    """Return a fingerprint of the details of the listings: titles, prices, units sold, days."""
    return _of_details(case.listings.order_by("position"))


def _of_details(listings: Iterable[Listing]) -> str:
    names = ("pk", *Listing.DETAILS)
    return fingerprint.of([[str(getattr(row, name)) for name in names] for row in listings])


def version(case: Case) -> str:
    """Return a fingerprint of everything in a draft but its files, as stored. Makes three queries."""
    listings = list(case.listings.order_by("position"))
    stated = stated_identifiers.of_case(case)
    return version_of(case, hidden_links.stated_in(case), listings, stated)


def version_of(
    case: Case,
    hidden: Hidden | None,
    listings: Sequence[Listing],
    stated: Sequence[Identifier],
) -> str:
    """As :func:`version`, of what the caller has read: the listings in order, and the identifiers. Makes no query."""
    return fingerprint.of(
        _of_complaint(case, hidden),
        listings_version(case, [listing.url for listing in listings], stated),
        _of_details(listings),
    )


def check(case: Case, before: str, after: str, seen: Collection[str] | None) -> None:
    """Raise :class:`DraftChanged` if the save changed a version that its form did not show. Record when a draft changed.

    ``seen`` are the versions that the form was opened with or has saved; ``None`` disables the check. Call this
    under the case's lock and after the change, so that the exception rolls it back. The change of a submitted case is an
    event, which the caller records.
    """
    if after == before:
        return
    if seen is not None and before not in seen:
        raise DraftChanged(case)
    if case.status == Status.DRAFT:
        core.touch(case)
