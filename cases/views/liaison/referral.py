"""The pages of officers: the list of referrals, and a referral as far as the agency may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib import counts
from alliance.lib.keyset import paginate
from cases import visibility
from cases.forms.liaison import ANSWER_FORMS
from cases.liaison.disclosure import Shown
from cases.liaison.models import Agency, Delivery, Disclosed, Referral
from cases.lists.liaison import ReferralFilter
from cases.models import CaseEvent, Listing, ReasonCode
from cases.models.event import Audience, EventKind
from cases.permissions import is_officer
from cases.queries import sent
from cases.services import referral as referrals
from cases.services.refusals import Refusal
from cases.states import REFERRAL_LIVE, REFERRAL_REPORTABLE, REFERRAL_TRANSITIONS, ReferralStatus
from cases.views.http import part_template, refusal_status, restored_data
from cases.views.timeline_looks import look_of
from members.models import User

RS = ReferralStatus
LISTINGS_AT_FIRST = 50
# Sorts after every due time.
NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)


class OfficerRequest(HttpRequest):
    """A request that :func:`officers_only` let through."""

    user: User


def officers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Raise ``PermissionDenied`` for everyone except active officers of active agencies.

    This calls the predicate, because ``has_perm`` is true for superusers, who have no agency.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_officer(request.user):
            raise PermissionDenied(_refusal(request.user))
        return view(request, *args, **kwargs)

    return wrapper


def _refusal(user: Any) -> str:
    """Return why a person may not work here: for former officers a sentence, for others nothing."""
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
    """A view of the list: its label, its statuses (none means all), and its order."""

    label: Any
    statuses: tuple[ReferralStatus, ...]
    order: tuple[str, ...] = ("-referred_at", "-pk")
    counted: bool = False


URGENT_FIRST = ("urgency", "-referred_at", "-pk")


TABS = {
    "new": Tab(gettext_lazy("New"), (RS.OFFERED,), URGENT_FIRST, counted=True),
    "in-hand": Tab(
        gettext_lazy("In progress"),
        (RS.ACKNOWLEDGED, RS.ACCEPTED, RS.INVESTIGATING),
        URGENT_FIRST,
        counted=True,
    ),
    "done": Tab(gettext_lazy("Concluded or declined"), (RS.CONCLUDED, RS.DECLINED)),
    "all": Tab(gettext_lazy("All"), ()),
}


def with_urgency(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Annotate ``urgency``: the due time of the agency's next step, or :data:`NO_DEADLINE`."""
    return rows.annotate(
        urgency=models.Case(
            When(
                status=RS.OFFERED,
                then=Least(models.Case(When(read_at=None, then=F("read_by"))), F("acknowledge_by")),
            ),
            When(status=RS.ACKNOWLEDGED, then=Coalesce(F("accept_by"), Value(NO_DEADLINE))),
            default=Value(NO_DEADLINE),
            output_field=models.DateTimeField(),
        )
    )


@require_safe
@officers_only
def referral_list(request: OfficerRequest) -> HttpResponse:
    """List the referrals to the officer's agency; open ones are ordered by due time."""
    key = request.GET.get("tab", "new")
    tab = TABS.get(key) or TABS[key := "new"]
    mine, agency = of_agency(request), request.user.officer.agency
    chosen = ReferralFilter(
        request.GET,
        mine.filter(status__in=tab.statuses) if tab.statuses else mine,
        by_seller=agency.may_see(Disclosed.SELLER),
    )
    counted = Listing.objects.filter(case=OuterRef("case")).order_by().values("case")
    rows = with_urgency(chosen.qs).select_related(
        "agency", "case__brand", "case__right", "case__seller__marketplace"
    )
    rows = rows.annotate(listings=Coalesce(Subquery(counted.annotate(n=Count("*")).values("n")), 0))
    page = paginate(rows, order=tab.order, cursor=request.GET.get("cursor"))
    context = {
        "agency": agency,
        "sees": sees(agency),
        "tabs": _tabs(request, mine, key),
        "tab": key,
        "filter": chosen,
        "page": page,
        "rows": sent.disclosed(page.rows),
        "in_hand": key == "in-hand",
    }
    part = part_template(request, {"queue-live": "liaison/_referrals_live.html"})
    return render(request, part or "liaison/referrals.html", context)


def sees(agency: Agency) -> dict[str, bool]:
    """Return by the name of each part of a case whether the agency may see it."""
    return {str(what): agency.may_see(what) for what in Disclosed}


def _tabs(request: HttpRequest, mine: QuerySet[Referral], current: str) -> list[dict[str, Any]]:
    """Return the tabs as links that keep the filter. Counts of open referrals stop at a limit."""
    query = request.GET.copy()
    query.pop("cursor", None)
    items = []
    for key, tab in TABS.items():
        query["tab"] = key
        count = None
        if tab.counted:
            found = mine.filter(status__in=tab.statuses)[: counts.CAP + 1].count()
            count = counts.words(found)
        url = f"{reverse('liaison:queue')}?{query.urlencode()}"
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


@require_http_methods(["GET", "HEAD", "POST"])
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
        return _page(request, found, verb, form, status=refusal_status(refusal))
    messages.success(request, SUCCESS_MESSAGES[verb])
    return redirect("liaison:referral", found.reference)


def _find(request: OfficerRequest, reference: str) -> Referral | None:
    """Return the agency's referral, or ``None`` if it was withdrawn. Raises ``Http404``."""
    rows = of_agency(request).exclude(status=RS.WITHDRAWN).filter(reference=reference)
    found = rows.select_related(
        "agency", "case__member", "case__brand", "case__right", "case__seller__marketplace"
    ).first()
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
    lost = [request.POST.get(name, "").strip() for name in ("file_number", "note")]
    context = {
        "reference": reference,
        "event": event,
        "note": event.note if event and agency.may_see(Disclosed.NOTE) else "",
        "lost": [text for text in lost if text],
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
    operations = referral.case.operations.filter(agency=referral.agency_id)
    context = {
        "referral": referral,
        **of_case(request, referral),
        "channels": _channels(referral),
        "operations": operations.order_by("-held_on"),
        "answers": _answers(referral, verb, form),
        "answered": form,
        "may_report": referral.status in REFERRAL_REPORTABLE,
    }
    return render(request, "liaison/referral.html", context, status=status)


def _live_case(request: OfficerRequest, referral: Referral) -> dict[str, Any]:
    """Return the context of a live referral: the case as far as the agency may see it now."""
    shown = Shown(referral.case, referral.agency)
    listings = shown.listings
    events = visibility.events(request.user).filter(case=referral.case_id)
    return {
        "case": referral.case,
        "shown": shown,
        "note": referral.note if referral.agency.may_see(Disclosed.NOTE) else "",
        "identifiers": shown.seller.identifiers.order_by("kind", "pk") if shown.seller else (),
        **_listings(request, listings, 0 if listings is None else listings.count()),
        "evidence": None if shown.evidence is None else list(shown.evidence),
        "right_details": True,
        "others": shown.other_agencies,
        "steps": _steps([(event, shown.says(event)) for event in events.order_by("-sequence")]),
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


def _listings(request: HttpRequest, listings: Any, total: int) -> dict[str, Any]:
    """Return the context of the listings: the first ones, or all if the URL says so."""
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
    codes = {event.data["reason"] for event, _readable in events if "reason" in event.data}
    reasons = ReasonCode.objects.in_bulk(codes, field_name="code") if codes else {}
    steps = []
    for event, readable in events:
        look = look_of(event.kind)
        reason = reasons.get(event.data.get("reason", ""))
        parts = [str(reason or ""), event.note] if readable else []
        text = "\n\n".join(filter(None, parts))
        # Officers are shown by name, moderators by role.
        own = event.actor_role == Audience.LIAISON
        actor = event.actor_label if own else event.get_actor_role_display()
        steps.append({"event": event, "actor": actor, "text": text, **look._asdict()})
    return steps


def _channels(referral: Referral) -> list[Any]:
    """Return for each channel of the agency when updates were sent, and how many."""
    rows = Delivery.objects.filter(update__referral=referral).values("channel__name")
    return list(
        rows.annotate(
            first=Min("sent_at"), last=Max("sent_at"), sent=Count("sent_at"), of=Count("pk")
        ).order_by("channel__name")
    )
