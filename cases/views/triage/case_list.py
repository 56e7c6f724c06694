"""The moderators' list, and the page of one case as they see it."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts, ids
from alliance.lib.keyset import paginate
from cases import visibility
from cases.forms.triage import Choices
from cases.lists.triage import DEFAULT_VIEW, VIEWS, CaseFilter, View, place, view_of
from cases.models import Case, CounterNotice, Decision, Listing
from cases.models.case import CaseQuerySet
from cases.queries import seller_history
from cases.views.http import demand
from cases.views.triage.case_page import case_page
from members.models import Membership, User

_PEOPLE = (
    *("assignee", "created_by", "good_faith_by"),
    *("standing__decided_by", "objection__answered_by"),
)


def cases_of(user: User) -> CaseQuerySet:
    """Return the cases that ``user`` reads in triage: all that were ever submitted."""
    return visibility.submitted_cases(user)


def get_case(user: User, reference: str) -> Case:
    """Return the case with what its page shows of it, or answer 404.

    It brings along the decision that stands (``standing``), the open counter-notice (``objection``), what is
    known of its seller, and whether ``user`` holds a role at its member.
    """
    found: Any = seller_history.with_seller(cases_of(user).filter(reference=reference)).annotate(
        standing=FilteredRelation("decisions", condition=Q(decisions__superseded_at=None)),
        objection=FilteredRelation(
            "counter_notices", condition=Q(counter_notices__status=CounterNotice.Status.OPEN)
        ),
        own_side=Exists(Membership.objects.in_force().filter(user=user, member=OuterRef("member"))),
    )
    # The people in one subquery: five more joins would take the database longer to plan than to run.
    people = User.objects.filter(pk__in=[OuterRef(name) for name in _PEOPLE])
    found = found.annotate(
        people=ArraySubquery(people.values_list(JSONObject(id="pk", name="name"), flat=True))
    )
    case: Any = found.select_related(
        *("brand", "member", "right", "seller__marketplace", "standing__reason", "objection")
    ).first()
    if case is None:
        raise Http404
    case.is_own_side_of = {user.pk: case.own_side}
    for name in ("standing", "objection"):  # Django sets those only that exist
        setattr(case, name, getattr(case, name, None))
    _name_people(case)
    return cast("Case", case)


def _name_people(case: Any) -> None:
    """Set the people whose names the page shows; of each, only key and name are known."""
    known = {person["id"]: User(**person) for person in case.people}
    for path in _PEOPLE:
        thing, _dot, name = path.rpartition("__")
        owner = getattr(case, thing) if thing else case
        if owner is not None and (key := getattr(owner, f"{name}_id")) in known:
            setattr(owner, name, known[key])


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show a view of the cases, filtered, a page at a time."""
    user = demand(request, "cases.read_triage")
    cases, view = cases_of(user), view_of(request.GET)
    narrowed = CaseFilter(request.GET, queryset=cases)
    rows = _with_figures(view.select(narrowed.qs, user))
    page: Any = paginate(rows, order=view.order, cursor=request.GET.get("cursor"))
    # For each seller once: a page may hold fifty cases of one that has thousands of strikes.
    strikes = seller_history.strike_counts({row.seller_id for row in page.rows})
    for row in page.rows:
        row.strike_count = strikes.get(row.seller_id, 0)
    here, decided = place(request.GET.urlencode()), request.GET.get("decided", "")
    context = {
        "page": page,
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
    """Show one case with all that bears on it, and what can be done now."""
    user = demand(request, "cases.read_triage")
    found = get_case(user, reference)
    return case_page(request, found, Choices(found), back=place(request.GET.get("back", "")))


def _with_figures(cases: CaseQuerySet) -> CaseQuerySet:
    """Add what a row shows beside the case: listings, an objection's clock, who upheld it."""
    now = clock.now()
    listings = Listing.objects.filter(case=OuterRef("pk"))
    objections = CounterNotice.objects.filter(case=OuterRef("pk"), status=CounterNotice.Status.OPEN)
    standing = Decision.objects.filter(case=OuterRef("pk"), superseded_at=None)
    return cases.select_related("brand", "member", "seller__marketplace", "assignee").annotate(
        listing_count=counts.Number(listings.order_by().values("pk")),
        objection_due=Subquery(objections.values("due_at")[:1]),
        answer_until=Subquery(
            objections.filter(answered_at=None, answer_due_at__gt=now).values("answer_due_at")[:1]
        ),
        # Who decided the case does not decide on the objection to it: see permissions.
        decided_by_id=Subquery(standing.values("decided_by_id")[:1]),
    )


def _overdue(user: User) -> str:
    """Return how many referrals are overdue at agencies, in words; empty for none."""
    late = visibility.escalations(user).open().one_for_each_referral()
    count = late.order_by()[: counts.CAP + 1].count()
    return counts.words(count) if count else ""


def _tabs(
    request: HttpRequest, cases: CaseQuerySet, user: User, here: View
) -> list[dict[str, Any]]:
    """Return the views with their addresses, the filter kept; the short ones with how many they hold."""
    shown = [v for v in VIEWS.values() if user.is_moderator or v.slug != "mine"]
    numbers = {v.slug: counts.capped(v.select(cases, user)) for v in shown if v.counted}
    counted = User.objects.filter(pk=user.pk).values_list(*numbers.values()).first() or ()
    held = dict(zip(numbers, counted, strict=True))
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
                "count": counts.words(held[view.slug]) if view.counted else None,
            }
        )
    return tabs
