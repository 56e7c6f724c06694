"""The triage list, and the page of a case in triage."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts, ids
from alliance.lib.keyset import paginate
from cases import visibility
from cases.forms.triage import Choices
from cases.lists.triage import DEFAULT_VIEW, VIEWS, CaseFilter, View, list_query, view_of
from cases.models import Case, CounterNotice, Decision, Listing, Strike
from cases.models.case import CaseQuerySet
from cases.views.http import require_permission
from cases.views.triage.case_page import case_page
from members.models import User


def cases_of(user: User) -> CaseQuerySet:
    """Return the submitted cases that ``user`` may read."""
    return visibility.cases(user).filter(submitted_at__isnull=False)


def get_case(user: User, reference: str) -> Case:
    """Return the case with its related rows. Raises ``Http404``."""
    found = cases_of(user).select_related(
        "brand", "member", "right", "seller__marketplace", "assignee", "created_by", "good_faith_by"
    )
    case = found.filter(reference=reference).first()
    if case is None:
        raise Http404
    return case


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show a view of the cases, filtered and paginated."""
    user = require_permission(request, "cases.read_triage")
    cases, view = cases_of(user), view_of(request.GET)
    narrowed = CaseFilter(request.GET, queryset=cases)
    rows = _with_figures(view.select(narrowed.qs, user))
    here, decided = list_query(request.GET.urlencode()), request.GET.get("decided", "")
    context = {
        "page": paginate(rows, order=view.order, cursor=request.GET.get("cursor")),
        "filter": narrowed,
        "view": view,
        "tabs": _tabs(request, cases, user, view),
        "place": here,
        "back": f"?{urlencode({'back': here})}" if here else "",
        "decided": decided if ids.is_reference(decided, "AP") else "",
        "acts": user.has_perm("cases.triage"),
        "overdue": _overdue(user),
    }
    return render(request, "triage/list.html", context)


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case with the actions that are possible now."""
    user = require_permission(request, "cases.read_triage")
    found = get_case(user, reference)
    return case_page(request, found, Choices(found), back=list_query(request.GET.get("back", "")))


def _with_figures(cases: CaseQuerySet) -> CaseQuerySet:
    """Annotate the numbers of listings and active strikes, and the deadlines of a counter-notice."""
    now = clock.now()
    strikes = Strike.objects.filter(
        Q(revoked_at=None), seller=OuterRef("seller"), issued_at__lte=now, expires_at__gt=now
    )
    listings = Listing.objects.filter(case=OuterRef("pk"))
    notices = CounterNotice.objects.filter(case=OuterRef("pk"), status=CounterNotice.Status.OPEN)
    standing = Decision.objects.filter(case=OuterRef("pk"), superseded_at=None)
    return cases.select_related("brand", "member", "seller__marketplace", "assignee").annotate(
        listing_count=counts.Number(listings.order_by().values("pk")),
        strike_count=counts.capped(strikes),
        counter_notice_due=Subquery(notices.values("due_at")[:1]),
        answer_until=Subquery(
            notices.filter(answered_at=None, answer_due_at__gt=now).values("answer_due_at")[:1]
        ),
        # The moderator who decided the case may not decide on its counter-notice; see permissions.
        decided_by_id=Subquery(standing.values("decided_by_id")[:1]),
    )


def _overdue(user: User) -> str:
    """Return the number of overdue referrals as text, "" for none."""
    late = visibility.escalations(user).open().one_for_each_referral()
    count = late.order_by()[: counts.CAP + 1].count()
    return counts.words(count) if count else ""


def _tabs(
    request: HttpRequest, cases: CaseQuerySet, user: User, here: View
) -> list[dict[str, Any]]:
    """Return the views with URLs that keep the filter, and with counts where they are cheap."""
    shown = [v for v in VIEWS.values() if user.is_moderator or v.slug != "mine"]
    numbers = {v.slug: counts.capped(v.select(cases, user)) for v in shown if v.counted}
    counted = User.objects.filter(pk=user.pk).values_list(*numbers.values()).first() or ()
    totals = dict(zip(numbers, counted, strict=True))
    tabs = []
    for view in shown:
        query = request.GET.copy()
        for name in ("cursor", "decided", "view"):
            query.pop(name, None)
        if view is not DEFAULT_VIEW:
            query["view"] = view.slug
        tabs.append(
            {
                "label": view.label,
                "url": f"?{query.urlencode()}",
                "active": view is here,
                "count": counts.words(totals[view.slug]) if view.counted else None,
            }
        )
    return tabs
