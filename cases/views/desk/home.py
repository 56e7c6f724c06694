"""The brand desk: what needs doing, the member's cases, one case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from alliance.lib import clock
from alliance.lib.keyset import paginate
from cases import visibility
from cases.figures import desk
from cases.lists.desk import CaseFilter
from cases.models import Case, CounterNotice
from cases.models.case import CaseQuerySet
from cases.services import storage_use
from cases.states import Status
from cases.views.desk import case_page, guidance, timeline
from cases.views.http import person
from members.models import Member, Membership, User

NEWS = timedelta(days=7)
SHOWN = 10
# Activity is looked for in this many of the latest cases, so that its price does not grow with the rest.
LATEST_CASES = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what needs the person, their cases by state, the acceptance rate, and what happened lately."""
    user = person(request)
    roles = _roles(user)
    members = [role.member for role in roles]
    cases = Case.objects.filter(member__in=members).select_related("brand", "seller", "member")
    figures = desk.desk_figures(members)
    needs_us = _needing_us(cases, figures)
    context = {
        "members": members,
        "may_file": any(role.may_file for role in roles),
        "needs_us": needs_us[:SHOWN],
        "needs_more": len(needs_us) > SHOWN,
        "decided": _decided_lately(cases, figures),
        "figures": figures,
        "storage": storage_use.near_the_limit(roles),
        "in_review": figures.count(Status.SUBMITTED, Status.IN_REVIEW),
        "states": [(s, figures.by_status[s]) for s in Status if s in figures.by_status],
        "activity": _activity(user, members) if figures.by_status else [],
    }
    return render(request, "cases/desk.html", context)


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases of the person's members, filtered, a page at a time."""
    user = person(request)
    roles = _roles(user)
    members = [role.member for role in roles]
    # By the keys of the members: one member's cases are then read in the order of an index.
    cases = Case.objects.filter(member__in=members).without_discarded()
    cases = cases.select_related("brand", "member", "seller__marketplace")
    narrowed = CaseFilter(request.GET, queryset=cases, members=members)
    context = {
        "filter": narrowed,
        "filtered": any(request.GET.get(name) for name in narrowed.filters),
        "page": paginate(
            narrowed.qs, order=("-created_at", "-id"), cursor=request.GET.get("cursor"), size=25
        ),
        "several": len(roles) > 1,
        "may_file": any(role.may_file for role in roles),
    }
    return render(request, "cases/list.html", context)


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one case to its member's staff; moderators and admins are sent to their own page of it."""
    user = person(request)
    try:
        found = case_page.fetch(Case.objects.of_member_staff(user), reference)
    except Http404:
        if user.has_perm("cases.read_triage"):
            seen = case_page.fetch(visibility.cases(user), reference)
            return redirect("triage:case", seen.reference)
        raise
    return case_page.show(request, found)


def _roles(user: User) -> list[Membership]:
    """Return the roles under which ``user`` works here; answer 403 to people who have none.

    Each comes with its member and what that member has stored.
    """
    in_force = user.memberships.in_force().select_related("member").order_by("member__name")
    roles = list(storage_use.with_use(in_force))
    if not roles:
        raise PermissionDenied
    return roles


def _needing_us(cases: CaseQuerySet, figures: desk.DeskFigures) -> list[Case]:
    """Return what waits for the member, one more than :data:`SHOWN` if there is more.

    Counter-notices come first, the earliest deadline first; then questions, the oldest first; then drafts,
    the latest first.
    """
    ours = (Status.INFORMATION_REQUESTED, Status.DRAFT, Status.COUNTER_NOTICED)
    if not figures.count(*ours):
        return []
    objection = CounterNotice.objects.filter(
        case=OuterRef("pk"), status=CounterNotice.Status.OPEN
    ).values("answer_due_at")
    found = cases.awaiting_member().annotate(answer_until=Subquery(objection[:1]))
    # "information_requested" sorts after "draft".
    order = (F("answer_until").asc(nulls_last=True), "-status", "asked_at", "-created_at")
    found = found.order_by(*order)
    # Which ones first: sorting thousands of whole rows, for a few of them, would cost much more.
    needing: list[Any] = list(found.filter(pk__in=found.values("pk")[: SHOWN + 1]))
    for one in needing:
        one.outlook = guidance.outlook(one)
    return needing


def _decided_lately(cases: CaseQuerySet, figures: desk.DeskFigures) -> list[Case]:
    if not figures.decided:
        return []
    decided = cases.filter(decided_at__gte=clock.now() - NEWS)
    return list(decided.order_by("-decided_at")[:SHOWN])


def _activity(user: User, members: list[Member]) -> list[timeline.Entry]:
    latest = Case.objects.filter(member__in=members).order_by("-created_at")[:LATEST_CASES]
    events = visibility.events(user).filter(case__in=latest.values("pk"))
    return timeline.entries(events.select_related("case").order_by("-at", "-pk")[:SHOWN])
