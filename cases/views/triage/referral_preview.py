"""The preview of a referral: what the agency would receive."""

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
from cases.queries.referral_previews import ReferralPreview
from cases.templatetags.deadlines import AWAITED

LISTINGS_SHOWN = 300


@dataclass(frozen=True)
class Part:
    """A part of the case: what is sent, and what the portal shows in addition."""

    label: str
    withheld: bool
    sent: list[str]
    in_portal: list[str]
    # A long list, shown collapsed: part of what is sent if ``sends_items``, else of what the portal shows.
    items: list[str]
    sends_items: bool = False


def preview_page(
    request: HttpRequest, case: Case, preview: ReferralPreview, *, back: str, changed: str = ""
) -> HttpResponse:
    """Render ``preview``. ``changed`` explains why it is shown again."""
    shown = preview.shown
    context = {
        "case": case,
        "back": back,
        "preview": preview,
        "agency": preview.agency,
        "note": preview.referral.note,
        "changed": changed,
        "parts": [_part(what, case, preview) for what in Disclosed],
        "country": shown.seller_country,
        "others": shown.other_agencies,
        "leaked_names": text.join(preview.leaked_names()),
        "channels": preview.channels,
        "channel_summary": _channel_summary(preview),
        "due": [
            (AWAITED[step], getattr(preview.referral, name))
            for step, (name, _done) in due.FIELDS.items()
        ],
    }
    return render(request, "triage/referral_preview.html", context, status=409 if changed else 200)


def _channel_summary(preview: ReferralPreview) -> str:
    """Return a summary of the channels through which the agency receives the referral."""
    count = len(preview.channels)
    if not count:
        return _("In the portal only: the agency has no active channel.")
    kinds = text.join(channel.get_kind_display() for channel in preview.channels)
    return ngettext(
        "%(n)d channel (%(kinds)s), and in the portal",
        "%(n)d channels (%(kinds)s), and in the portal",
        count,
    ) % {"n": count, "kinds": kinds}


def _part(what: Disclosed, case: Case, preview: ReferralPreview) -> Part:
    if not preview.agency.may_see(what):
        return Part(str(what.label), True, [], [], [])
    sent, in_portal, items = _CONTENTS[what](case, preview)
    sent, in_portal = [s for s in sent if s], [s for s in in_portal if s]
    return Part(str(what.label), False, sent, in_portal, items, what == Disclosed.LISTINGS)


Contents = tuple[list[str], list[str], list[str]]


def _member(case: Case, preview: ReferralPreview) -> Contents:
    return [case.member.name, case.brand.name], [case.member.name_local], []


def _right(case: Case, preview: ReferralPreview) -> Contents:
    right = case.right
    words = f"{right.get_kind_display()}, {right.office} {right.number}"
    title = preview.shown.right_title
    return [words], [f"“{title}”" if title else "", _("Territory and dates of validity")], []


def _seller(case: Case, preview: ReferralPreview) -> Contents:
    seller = case.seller
    if seller is None:
        return [], [], []
    others = text.join(agency.shown_name for agency in preview.shown.other_agencies)
    also = _("Also working on this seller: %(agencies)s") % {"agencies": others} if others else ""
    sent = [seller.name, f"{seller.marketplace}, {seller.external_id}", also]
    return sent, [seller.shop_url, _("Identifiers of the seller")], []


def _listings(case: Case, preview: ReferralPreview) -> Contents:
    urls = preview.payload["case"].get("listings", [])
    words = ngettext("%(n)d URL", "%(n)d URLs", len(urls)) % {"n": len(urls)}
    return [words], [_("Titles, prices, units sold and status")], urls[:LISTINGS_SHOWN]


def _note(case: Case, preview: ReferralPreview) -> Contents:
    note = preview.referral.note
    sent = [_("Your note: %(note)s") % {"note": note} if note else _("No note")]
    return sent, [_("The brand’s explanation and the reasons for decisions")], []


def _evidence(case: Case, preview: ReferralPreview) -> Contents:
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
