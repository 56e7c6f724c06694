"""What an agency would be sent if a case were referred to it: looked at before confirming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import text
from cases.liaison import due
from cases.liaison.models import Disclosed
from cases.models import Case
from cases.queries.offers import Offer
from cases.templatetags.clocks import AWAITED

LISTINGS_SHOWN = 300


@dataclass(frozen=True)
class Part:
    """A part of the case: what is sent of it and what the desk shows besides; or that it is withheld."""

    label: str
    withheld: bool
    sent: list[str]
    at_desk: list[str]
    # Long lists are folded. They stand with what is sent, or with what the desk shows.
    items: list[str]
    sends_items: bool = False


def offer_page(
    request: HttpRequest, case: Case, offer: Offer, *, back: str, changed: str = ""
) -> HttpResponse:
    """Show ``offer`` with the button that confirms it; ``changed`` says why it is shown once more."""
    shown = offer.shown
    context = {
        "case": case,
        "back": back,
        "offer": offer,
        "agency": offer.agency,
        "note": offer.referral.note,
        "changed": changed,
        "parts": [_part(what, case, offer) for what in Disclosed],
        "country": shown.seller_country,
        "others": shown.other_agencies,
        "gives_away": offer.gives_away(),
        "channels": offer.channels,
        "ways": _ways(offer),
        "due": [
            (AWAITED[step], getattr(offer.referral, name))
            for step, (name, _done) in due.FIELDS.items()
        ],
    }
    return render(request, "triage/offer.html", context, status=409 if changed else 200)


def _ways(offer: Offer) -> str:
    """Return how the agency will hear of it, in a line."""
    count = len(offer.channels)
    if not count:
        return _("The desk only: the agency has no channel in use.")
    kinds = text.join(channel.get_kind_display() for channel in offer.channels)
    return ngettext(
        "%(n)d channel: %(kinds)s; and the desk", "%(n)d channels: %(kinds)s; and the desk", count
    ) % {"n": count, "kinds": kinds}


def _part(what: Disclosed, case: Case, offer: Offer) -> Part:
    if not offer.agency.may_see(what):
        return Part(str(what.label), True, [], [], [])
    sent, at_desk, items = _CONTENTS[what](case, offer)
    sent, at_desk = [s for s in sent if s], [s for s in at_desk if s]
    return Part(str(what.label), False, sent, at_desk, items, what == Disclosed.LISTINGS)


Contents = tuple[list[str], list[str], list[str]]


def _member(case: Case, offer: Offer) -> Contents:
    return [case.member.name, case.brand.name], [case.member.name_local], []


def _right(case: Case, offer: Offer) -> Contents:
    right = case.right
    words = f"{right.get_kind_display()}, {right.office} {right.number}"
    title = offer.shown.right_title
    return [words], [f"“{title}”" if title else "", _("Where and since when it is in force")], []


def _seller(case: Case, offer: Offer) -> Contents:
    seller = case.seller
    if seller is None:
        return [], [], []
    others = text.join(agency.shown_name for agency in offer.shown.other_agencies)
    also = _("Also working on this seller: %(agencies)s") % {"agencies": others} if others else ""
    sent = [seller.name, f"{seller.marketplace}, {seller.external_id}", also]
    return sent, [seller.shop_url, _("What identifies the people behind it")], []


def _listings(case: Case, offer: Offer) -> Contents:
    urls = offer.payload["case"].get("listings", [])
    words = ngettext("%(n)d address", "%(n)d addresses", len(urls)) % {"n": len(urls)}
    return [words], [_("Titles, prices, units sold and status")], urls[:LISTINGS_SHOWN]


def _note(case: Case, offer: Offer) -> Contents:
    note = offer.referral.note
    sent = [_("Your note: %(note)s") % {"note": note} if note else _("No note")]
    return sent, [_("The brand’s explanation, and the reasons of decisions")], []


def _evidence(case: Case, offer: Offer) -> Contents:
    files = list(case.evidence.values_list("original_name", flat=True))
    words = ngettext("%(n)d file to download", "%(n)d files to download", len(files))
    return [], [words % {"n": len(files)}], files


_CONTENTS: dict[Disclosed, Any] = {
    Disclosed.MEMBER: _member,
    Disclosed.RIGHT: _right,
    Disclosed.SELLER: _seller,
    Disclosed.LISTINGS: _listings,
    Disclosed.NOTE: _note,
    Disclosed.EVIDENCE: _evidence,
}
