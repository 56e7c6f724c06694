"""The pages of officers: the list of referrals, and a referral as far as the agency may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib import counts
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.liaison import ANSWER_FORMS
from cases.liaison.disclosure import DisclosedCase
from cases.liaison.models import Agency, Delivery, Disclosed, Officer, Operation, Referral
from cases.lists.liaison import ReferralFilter
from cases.models import CaseEvent, Listing, SellerIdentifier
from cases.models.event import Audience, EventKind
from cases.permissions import is_officer
from cases.queries import guides, sent
from cases.queries.timeline import with_reasons
from cases.services import referral as referrals
from cases.states import (
    REFERRAL_IN_HAND,
    REFERRAL_LIVE,
    REFERRAL_REPORTABLE,
    REFERRAL_TRANSITIONS,
    ReferralStatus,
)
from cases.views.event_styles import style_of
from cases.views.http import get_or_post, part_template
from members.models import User
from members.views.http import restored_data

RS = ReferralStatus
# Each row shows four deadlines, so a page of fifty rows would have 150 kB.
PAGE = 25
LISTINGS_AT_FIRST = 50


class OfficerRequest(HttpRequest):
    """A request that :func:`officers_only` let through."""

    user: User


def officers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Raise ``PermissionDenied`` for everyone except active officers of active agencies.

    This calls the predicate, because ``has_perm`` is true for superusers, who have no agency.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Load the agency too: every page for officers shows it.
        user: Any = request.user
        officer = Officer.objects.select_related("agency").filter(user=user.pk).first()
        if officer is not None:
            user.officer = officer
        if not is_officer(user):
            raise PermissionDenied(_refusal(request.user))
        return view(request, *args, **kwargs)

    return wrapper


def _refusal(user: Any) -> str:
    """Return the message for a person without access: a sentence for former officers, else ``""``."""
    if not hasattr(user, "officer"):
        return ""
    text = gettext("Your access to the referrals of %(agency)s has been deactivated.")
    return text % {"agency": user.officer.agency}


def of_agency(request: OfficerRequest) -> QuerySet[Referral]:
    """Return the referrals to the officer's own agency, even if the officer is also a moderator."""
    mine = visibility.referrals(request.user)
    return mine.filter(agency=request.user.officer.agency_id)


# --- The list -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    """A tab of the list. Empty ``statuses`` means all; ``counted`` tabs show their number of rows."""

    label: Any
    statuses: tuple[ReferralStatus, ...]
    order: tuple[str, ...] = ("-referred_at", "-pk")
    counted: bool = False


URGENT_FIRST = ("urgency", "-referred_at", "-pk")


TABS = {
    "new": Tab(gettext_lazy("New"), (RS.OFFERED,), URGENT_FIRST, counted=True),
    "in-hand": Tab(
        gettext_lazy("In progress"),
        REFERRAL_IN_HAND,
        URGENT_FIRST,
        counted=True,
    ),
    "done": Tab(gettext_lazy("Concluded or declined"), (RS.CONCLUDED, RS.DECLINED)),
    "all": Tab(gettext_lazy("All"), ()),
}


@require_safe
@officers_only
def referral_list(request: OfficerRequest) -> HttpResponse:
    """List the referrals to the officer's agency. Open referrals are ordered by due time."""
    key = request.GET.get("tab", "new")
    tab = TABS.get(key) or TABS[key := "new"]
    mine, agency = of_agency(request), request.user.officer.agency
    chosen = ReferralFilter(
        request.GET,
        mine.filter(status__in=tab.statuses) if tab.statuses else mine,
        by_seller=agency.may_see(Disclosed.SELLER),
    )
    counted = Listing.objects.filter(case=OuterRef("case")).order_by().values("case")
    rows: Any = chosen.qs
    rows = rows.with_urgency().select_related(
        "agency", "case__brand", "case__right", "case__seller__marketplace"
    )
    rows = rows.annotate(listings=Coalesce(Subquery(counted.annotate(n=Count("*")).values("n")), 0))
    page = paginate(rows, order=tab.order, cursor=request.GET.get("cursor"), size=PAGE)
    context = {
        "agency": agency,
        "may_see": may_see(agency),
        "tabs": _tabs(request, mine, key),
        "tab": key,
        "filter": chosen,
        "page": page,
        "rows": sent.disclosed(page.rows),
        "in_hand": key == "in-hand",
    }
    part = part_template(request, {"queue-live": "liaison/_referrals_live.html"})
    return render(request, part or "liaison/referrals.html", context)


def may_see(agency: Agency) -> dict[str, bool]:
    """Return whether the agency may see each part of a case, by the value of :class:`Disclosed`."""
    return {str(what): agency.may_see(what) for what in Disclosed}


def _tabs(request: OfficerRequest, mine: QuerySet[Referral], current: str) -> list[dict[str, Any]]:
    """Return the tabs with URLs that keep the filter. Counts stop at a limit."""
    query = request.GET.copy()
    query.pop("cursor", None)
    numbers = {
        key: counts.capped(mine.filter(status__in=tab.statuses))
        for key, tab in TABS.items()
        if tab.counted
    }
    agency = Agency.objects.filter(pk=request.user.officer.agency_id)
    totals = dict(zip(numbers, agency.values_list(*numbers.values())[0], strict=True))
    items = []
    for key, tab in TABS.items():
        query["tab"] = key
        url = f"{reverse('liaison:queue')}?{query.urlencode()}"
        count = counts.words(totals[key]) if tab.counted else None
        items.append({"label": tab.label, "url": url, "active": key == current, "count": count})
    return items


# --- One referral ----------------------------------------------------------------------------


@require_safe
@officers_only
def referral(request: OfficerRequest, reference: str) -> HttpResponse:
    """Show a referral. The first GET by an officer of the agency records it as read."""
    found = _find(request, reference)
    if found is None:
        return _withdrawn(request, reference)
    if found.read_at is None and request.method == "GET":
        referrals.record_read(referral=found, by=request.user)
        found.refresh_from_db(fields=["read_at"])
    return _page(request, found)


SUCCESS_MESSAGES = {
    "acknowledge": gettext_lazy("Acknowledged. Next, accept or decline the case."),
    "accept": gettext_lazy("Accepted. You can now report operations in this case."),
    "decline": gettext_lazy("Declined. The moderators were notified of your reason."),
    "investigate": gettext_lazy("The investigation was recorded."),
    "conclude": gettext_lazy("The conclusion was recorded."),
}


@get_or_post
@officers_only
def answer(request: OfficerRequest, reference: str, verb: str) -> HttpResponse:
    """Record the agency's answer. A GET restores the form after an expired session."""
    if verb not in ANSWER_FORMS:
        raise Http404
    found = _find(request, reference)
    if found is None:
        return _withdrawn(request, reference)
    if request.method != "POST":
        data = restored_data(request)
        if data is None:
            return redirect("liaison:referral", found.reference)
        return _page(request, found, verb, _answer_form(verb, data))
    form = _answer_form(verb, request.POST)
    if not form.is_valid():
        return _page(request, found, verb, form, status=422)
    try:
        referrals.answer(referral=found, by=request.user, verb=verb, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        found.refresh_from_db()
        return _page(request, found, verb, form, status=refusal.http_status)
    messages.success(request, SUCCESS_MESSAGES[verb])
    return redirect("liaison:referral", found.reference)


def _find(request: OfficerRequest, reference: str) -> Referral | None:
    """Return the agency's referral, or ``None`` if it was withdrawn. Raises ``Http404``."""
    rows = of_agency(request).exclude(status=RS.WITHDRAWN).filter(reference=reference)
    identifiers = SellerIdentifier.objects.filter(seller=OuterRef("case__seller"))
    identifiers = identifiers.order_by("kind", "pk").values_list(
        JSONObject(kind="kind", value="value"), flat=True
    )
    reported = Operation.objects.filter(agency=OuterRef("agency"), cases=OuterRef("case"))
    found = (
        rows.select_related(
            *("agency", "case__member", "case__brand", "case__right"),
            *("case__seller__marketplace", "case__hidden_link"),
        )
        .annotate(identifiers=ArraySubquery(identifiers), has_operations=Exists(reported))
        .first()
    )
    if found is None:
        agency = request.user.officer.agency_id
        get_object_or_404(Referral, reference=reference, agency=agency, status=RS.WITHDRAWN)
    return found


def _withdrawn(request: OfficerRequest, reference: str) -> HttpResponse:
    """Show that the referral was withdrawn, with no more than the last update contained.

    Posted text is shown for copying.
    """
    agency = request.user.officer.agency
    withdrawn = Referral.objects.filter(reference=reference, agency=agency)
    event = CaseEvent.objects.filter(
        case__in=withdrawn.values("case"),
        referral_id__in=withdrawn.values("pk"),
        kind=EventKind.REFERRAL_WITHDRAWN,
    ).first()
    texts = [request.POST.get(name, "").strip() for name in ("file_number", "note")]
    context = {
        "reference": reference,
        "event": event,
        "note": event.note if event and agency.may_see(Disclosed.NOTE) else "",
        "unsaved_texts": [text for text in texts if text],
    }
    return render(request, "liaison/withdrawn.html", context, status=404)


def _answer_form(verb: str, data: Any = None) -> forms.Form:
    # Several of these forms are on one page, so each has its own ids.
    return ANSWER_FORMS[verb](data, auto_id=f"id_{verb}_%s")


def _page(
    request: OfficerRequest,
    referral: Referral,
    verb: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a referral. ``form`` is the submitted answer ``verb`` with its errors."""
    of_case = _live_case if referral.status in REFERRAL_LIVE else _sent_case
    operations: Any = ()
    if getattr(referral, "has_operations", True):
        operations = referral.case.operations.filter(agency=referral.agency_id)
        operations = operations.order_by("-held_on")
    context = {
        "referral": referral,
        **of_case(request, referral),
        "channels": _channels(referral),
        "operations": operations,
        "answers": _answers(referral, verb, form),
        "submitted_form": form,
        "may_report": referral.status in REFERRAL_REPORTABLE,
    }
    return render(request, "liaison/referral.html", context, status=status)


def _live_case(request: OfficerRequest, referral: Referral) -> dict[str, Any]:
    """Return the context of a live referral: the case as far as the agency may see it now."""
    shown = DisclosedCase(referral.case, referral.agency)
    events = visibility.events(request.user, case=referral.case).order_by("-sequence")
    identifiers: list[dict[str, str]] = getattr(referral, "identifiers", [])
    return {
        "case": referral.case,
        "shown": shown,
        "note": referral.note if referral.agency.may_see(Disclosed.NOTE) else "",
        "identifiers": [SellerIdentifier(**one) for one in identifiers] if shown.seller else (),
        **_live_listings(request, shown.listings),
        "evidence": None if shown.evidence is None else list(shown.evidence),
        "right_details": True,
        "guide": guides.glance(referral.agency, shown.brand),
        "other_agencies": shown.other_agencies,
        "steps": _steps([(event, shown.may_read_note(event)) for event in with_reasons(events)]),
    }


def _sent_case(request: OfficerRequest, referral: Referral) -> dict[str, Any]:
    """Return the context of an ended referral: the case as it was sent to the agency."""
    shown = sent.for_referral(referral)
    return {
        "case": shown.case,
        "shown": shown,
        "frozen": True,
        "note": shown.note,
        **_listings(request, shown.listings, len(shown.listings or ())),
        "steps": _steps(sent.events(referral)),
    }


def _live_listings(request: HttpRequest, listings: QuerySet[Listing] | None) -> dict[str, Any]:
    """Return the context of the listings of a live referral. One query reads and counts them."""
    if listings is None:
        return _listings(request, None, 0)
    counted = listings.annotate(total=Window(Count("pk")))
    if request.GET.get("listings") != "all":
        counted = counted[:LISTINGS_AT_FIRST]
    rows: list[Any] = list(counted)
    return _listings(request, rows, rows[0].total if rows else 0)


def _listings(request: HttpRequest, listings: Any, total: int) -> dict[str, Any]:
    """Return the context of the listings: the first ones, or all with ``?listings=all``."""
    if total > LISTINGS_AT_FIRST and request.GET.get("listings") != "all":
        listings = listings[:LISTINGS_AT_FIRST]
    rows = None if listings is None else list(listings)
    return {
        "listings": rows,
        "listings_total": total,
        "priced": any(row.is_priced for row in rows or ()),
    }


def _answers(referral: Referral, verb: str, form: forms.Form | None) -> list[dict[str, Any]]:
    """Return the possible answers and the submitted one, even if it is no longer possible."""
    return [
        {
            "verb": name,
            "form": form if name == verb and form else _answer_form(name),
            "open": name == verb,
        }
        for name in ANSWER_FORMS
        if name == verb or referral.status in REFERRAL_TRANSITIONS[name][0]
    ]


def _steps(events: list[tuple[CaseEvent, bool]]) -> list[dict[str, Any]]:
    """Return the entries of a timeline. Each event comes with whether the agency may read its text.

    The text consists of the reason of a decision and the note.
    """
    steps = []
    for event, readable in events:
        style = style_of(event.kind)
        parts = [getattr(event, "reason_label", None) or "", event.note] if readable else []
        text = "\n\n".join(filter(None, parts))
        # Officers are shown by name, moderators by role.
        own = event.actor_role == Audience.LIAISON
        actor = event.actor_label if own else event.get_actor_role_display()
        steps.append({"event": event, "actor": actor, "text": text, **style._asdict()})
    return steps


def _channels(referral: Referral) -> list[Any]:
    """Return the first and last delivery and the counts of this referral, by channel."""
    rows = Delivery.objects.filter(update__referral=referral).values("channel__name")
    return list(
        rows.annotate(
            first=Min("sent_at"), last=Max("sent_at"), sent=Count("sent_at"), of=Count("pk")
        ).order_by("channel__name")
    )
