"""The dashboard of brand staff, the list of their cases, and the page of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts
from alliance.lib.keyset import paginate
from cases import visibility
from cases.figures import desk
from cases.lists import exports
from cases.lists.desk import FURTHER, CaseFilter, MemberChoice
from cases.models import Case, CounterNotice
from cases.models.case import CaseQuerySet
from cases.queries import purchases_due, right_state
from cases.services import storage_use
from cases.states import Status
from cases.views.desk import case_page, timeline
from members import standing
from members.models import Member, Membership, User
from members.views.http import person

# Adds annotations to roles.
Annotation = Callable[[QuerySet[Membership]], QuerySet[Membership]]

DECIDED_WITHIN = timedelta(days=7)
SHOWN = 10
PAGE_SIZE = 25
# Activity is limited to the latest cases, so that its cost does not grow with their number.
LATEST_CASES = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the cases waiting for the user, the cases by status, and recent activity."""
    user = person(request)
    chosen, roles = _narrowed(request, _annotated)
    members = chosen.members
    cases = Case.objects.filter(member__in=members).select_related("brand", "seller", "member")
    figures = desk.desk_figures(members)
    awaiting_member = _awaiting_member(cases, figures)
    context = {
        "chosen": chosen,
        "members": members,
        "ending": standing.ending(roles),
        "may_file": any(role.may_file for role in roles),
        "awaiting_member": awaiting_member[:SHOWN],
        "more_awaiting_member": len(awaiting_member) > SHOWN,
        "decided": _decided_recently(cases, figures),
        "figures": figures,
        "storage": storage_use.near_the_limit(roles),
        "expiring": right_state.expiring(roles),
        "purchases_due": purchases_due.due(roles),
        "waiting_rights": right_state.waiting(roles),
        "in_review": figures.count(Status.SUBMITTED, Status.IN_REVIEW),
        "states": [(s, figures.by_status[s]) for s in Status if s in figures.by_status],
        "activity": _activity(user, members) if figures.by_status else [],
    }
    return render(request, "cases/desk.html", context)


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases of the user's members, filtered and paginated."""
    chosen, roles, narrowed = filtered(request)
    found = narrowed.qs
    shown = found.select_related("brand", "member", "seller__marketplace")
    context = {
        "filter": narrowed,
        "filtered": any(request.GET.get(name) for name in narrowed.filters if name != "order"),
        "filtered_further": any(request.GET.get(name) for name in FURTHER),
        "page": paginate(
            shown, order=narrowed.ordering, cursor=request.GET.get("cursor"), size=PAGE_SIZE
        ),
        "count": counts.words(counts.count(found)),
        "chosen": chosen,
        "most_cases": exports.MOST_CASES,
        "most_listings": exports.MOST_LISTINGS,
        "several_members": len(chosen.members) > 1,
        "may_file": any(role.may_file for role in roles),
    }
    return render(request, "cases/list.html", context)


def filtered(request: HttpRequest) -> tuple[MemberChoice, list[Membership], CaseFilter]:
    """Return the choice of the member, the roles there, and the filter over the cases of the list.

    Raises ``PermissionDenied`` for a user without a role.
    """
    chosen, roles = _narrowed(request)
    # By the keys of the members: one member's cases are then read in the order of an index.
    cases = Case.objects.filter(member__in=chosen.members).without_discarded()
    return chosen, roles, CaseFilter(request.GET, queryset=cases, chosen=chosen)


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case to the staff of its member. Moderators and admins are redirected to triage."""
    user = person(request)
    try:
        found = case_page.fetch(Case.objects.of_member_staff(user), reference)
    except Http404:
        if user.has_perm("cases.read_triage"):
            seen = case_page.fetch(visibility.cases(user), reference)
            return redirect("triage:case", seen.reference)
        raise
    return case_page.show(request, found)


def _narrowed(
    request: HttpRequest, annotated: Annotation | None = None
) -> tuple[MemberChoice, list[Membership]]:
    """Return the choice of the member in the URL, and the user's roles at the chosen members."""
    roles = _roles(person(request), annotated)
    chosen = MemberChoice.of([role.member for role in roles], request.GET.get("member"))
    return chosen, [role for role in roles if role.member in chosen.members]


def roles_of(request: HttpRequest) -> list[Membership]:
    """Return the user's roles in force with their members. Raises ``PermissionDenied`` if there are none."""
    return _roles(person(request))


def _annotated(roles: QuerySet[Membership]) -> QuerySet[Membership]:
    roles = standing.with_ending(right_state.with_waiting(right_state.with_expiring(roles)))
    return purchases_due.with_due(roles)


def _roles(user: User, annotated: Annotation | None = None) -> list[Membership]:
    """Return the roles of ``user`` in force, each with its member and the storage that it uses.

    ``annotated`` adds annotations. Raises ``PermissionDenied`` if there are none.
    """
    in_force = user.memberships.in_force().select_related("member").order_by("member__name")
    roles = list(storage_use.with_use(annotated(in_force) if annotated else in_force))
    if not roles:
        raise PermissionDenied
    return roles


def _awaiting_member(cases: CaseQuerySet, figures: desk.DeskFigures) -> list[Case]:
    """Return the cases waiting for the member, at most one more than :data:`SHOWN`.

    Counter-notices come first, by deadline; then questions, the oldest first; then drafts, the latest
    first.
    """
    ours = (Status.INFORMATION_REQUESTED, Status.DRAFT, Status.COUNTER_NOTICED)
    if not figures.count(*ours):
        return []
    deadline = CounterNotice.objects.filter(
        case=OuterRef("pk"), status=CounterNotice.Status.OPEN
    ).values("answer_due_at")
    found = cases.awaiting_member().annotate(answer_until=Subquery(deadline[:1]))
    # "information_requested" sorts after "draft".
    order = (F("answer_until").asc(nulls_last=True), "-status", "asked_at", "-created_at")
    found = found.order_by(*order)
    # Select the keys first: sorting thousands of complete rows for a few of them is much slower.
    return list(found.filter(pk__in=found.values("pk")[: SHOWN + 1]))


def _decided_recently(cases: CaseQuerySet, figures: desk.DeskFigures) -> list[Case]:
    if not figures.decided:
        return []
    decided = cases.filter(decided_at__gte=clock.now() - DECIDED_WITHIN)
    return list(decided.order_by("-decided_at")[:SHOWN])


def _activity(user: User, members: list[Member]) -> list[timeline.Entry]:
    latest = Case.objects.filter(member__in=members).order_by("-created_at")[:LATEST_CASES]
    events = visibility.events(user).filter(case__in=latest.values("pk"))
    return timeline.entries(events.select_related("case").order_by("-at", "-pk")[:SHOWN])
