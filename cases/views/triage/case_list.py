"""The triage list, and the page of a case in triage."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts, ids
from alliance.lib.keyset import paginate
from cases import visibility
from cases.forms.triage import Choices
from cases.lists.triage import DEFAULT_VIEW, VIEWS, CaseFilter, View, list_query, view_of
from cases.models import Case, CounterNotice, Decision, Listing
from cases.models.case import HELD, CaseQuerySet
from cases.queries import (
    held_decisions,
    purchases_of_case,
    same_pictures,
    seller_history,
    stated_identifiers,
    teamwork,
    watch_lists,
)
from cases.views.http import require_permission
from cases.views.triage import held_display
from cases.views.triage.case_page import case_page
from members import guides
from members.models import Membership, Product, User

_PEOPLE = (
    *("assignee", "created_by", "good_faith_by"),
    *("decision_in_force__decided_by", "open_notice__answered_by"),
    *("held__by", "held__second_by"),
)


def cases_of(user: User) -> CaseQuerySet:
    """Return the submitted cases that ``user`` may read."""
    return visibility.submitted_cases(user)


def get_case(user: User, reference: str) -> Case:
    """Return the case with its related rows. Raises ``Http404``.

    The case has its ``decision_in_force``, its open counter-notice (``open_notice``), its ``held`` decision, facts about its seller, the
    beginning of its brand's ``guide``, the ``watch_lists`` with its marketplace, and whether ``user`` has a role at
    its member (``is_party``).
    """
    found: Any = cases_of(user).filter(reference=reference).with_decision()
    found = seller_history.with_seller(found).annotate(
        open_notice=FilteredRelation(
            "counter_notices", condition=Q(counter_notices__status=CounterNotice.Status.OPEN)
        ),
        held=FilteredRelation("held_decisions", condition=Q(held_decisions__state__in=HELD)),
        has_reviews=held_decisions.are_reviewed(),
        is_party=Exists(Membership.objects.in_force().filter(user=user, member=OuterRef("member"))),
    )
    # One subquery for all people: planning five more joins takes longer than running the query.
    people = User.objects.filter(pk__in=[OuterRef(name) for name in _PEOPLE])
    found = found.annotate(
        people=ArraySubquery(
            people.values_list(JSONObject(id="pk", name="name", language="language"), flat=True)
        ),
        stated=stated_identifiers.in_cases(),
        pictures_are_hashed=same_pictures.are_hashed(),
        has_purchases=purchases_of_case.support(),
        guide=ArraySubquery(guides.beginning(Product.objects.filter(brand=OuterRef("brand")))),
        watch_lists=ArraySubquery(watch_lists.latest_of(OuterRef("seller__marketplace"))),
    )
    found = found.select_related(
        "brand",
        "member",
        "right",
        "seller__marketplace",
        "follows",
        "hidden_link",
        "open_notice",
        "held",
    )
    case: Any = found.one_or_none()
    if case is None:
        raise Http404
    case.is_party_by_user = {user.pk: case.is_party}
    for name in (
        "decision_in_force",
        "open_notice",
        "held",
    ):  # Django sets the attribute only if there is a row
        setattr(case, name, getattr(case, name, None))
    _name_people(case)
    return cast("Case", case)


def _name_people(case: Any) -> None:
    """Set the related people from ``case.people``, which has only their ids, names and languages."""
    known = {person["id"]: User(**person) for person in case.people}
    for path in _PEOPLE:
        relation, _separator, name = path.rpartition("__")
        owner = getattr(case, relation) if relation else case
        if owner is not None and (key := getattr(owner, f"{name}_id")) in known:
            setattr(owner, name, known[key])


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show a view of the cases, filtered and paginated."""
    user = require_permission(request, "cases.read_triage")
    cases, view = cases_of(user), view_of(request.GET)
    narrowed = CaseFilter(request.GET, queryset=cases)
    rows = _with_figures(view.select(narrowed.qs, user))
    page: Any = paginate(rows, order=view.order, cursor=request.GET.get("cursor"))
    # Count once per seller: a page may have fifty cases of a seller with thousands of strikes.
    strikes = seller_history.strike_counts({row.seller_id for row in page.rows})
    tags = teamwork.tags_of(page.rows)
    for row in page.rows:
        row.strike_count, row.tags = strikes.get(row.seller_id, 0), tags.get(row.pk, [])
    query, decided = list_query(request.GET.urlencode()), request.GET.get("decided", "")
    context = {
        "page": page,
        "filter": narrowed,
        "view": view,
        "tabs": _tabs(request, cases, user, view),
        "list_query": query,
        "back": f"?{urlencode({'back': query})}" if query else "",
        "decided": decided if ids.is_reference(decided, "AP") else "",
        "may_act": user.has_perm("cases.triage"),
        "overdue": _overdue(user),
        "held_rows": held_decisions.to_show(user, with_second=view.slug == "mine"),
    }
    return render(request, "triage/list.html", context)


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case with the actions that are possible now."""
    user = require_permission(request, "cases.read_triage")
    found = get_case(user, reference)
    choices, back = Choices(found), list_query(request.GET.get("back", ""))
    restored = held_display.restored(request, found, choices)
    return case_page(request, found, choices, back=back, form=restored)


def _with_figures(cases: CaseQuerySet) -> CaseQuerySet:
    """Annotate the number of listings, the deadline of a counter-notice, and the moderator who upheld the case."""
    now = clock.now()
    listings = Listing.objects.filter(case=OuterRef("pk"))
    notices = CounterNotice.objects.filter(case=OuterRef("pk"), status=CounterNotice.Status.OPEN)
    in_force = Decision.objects.filter(case=OuterRef("pk"), superseded_at=None)
    return cases.select_related("brand", "member", "seller__marketplace", "assignee").annotate(
        listing_count=counts.Number(listings.order_by().values("pk")),
        counter_notice_due=Subquery(notices.values("due_at")[:1]),
        answer_until=Subquery(
            notices.filter(answered_at=None, answer_due_at__gt=now).values("answer_due_at")[:1]
        ),
        # The moderator who decided the case may not decide on its counter-notice; see permissions.
        decided_by_id=Subquery(in_force.values("decided_by_id")[:1]),
    )


def _overdue(user: User) -> str:
    """Return the number of overdue referrals as text, "" for none."""
    late = visibility.escalations(user).open().one_for_each_referral()
    count = counts.count(late)
    return counts.words(count) if count else ""


def _tabs(
    request: HttpRequest, cases: CaseQuerySet, user: User, current: View
) -> list[dict[str, Any]]:
    """Return the views with URLs that keep the filter. Views marked ``counted`` show a count."""
    shown = [v for v in VIEWS.values() if user.is_moderator or v.slug != "mine"]
    numbers = {v.slug: counts.capped(v.select(cases, user)) for v in shown if v.counted}
    numbers["second-review"] = counts.capped(visibility.held_decisions(user).awaiting_second())
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
                "active": view is current,
                "count": counts.words(totals[view.slug]) if view.counted else None,
            }
        )
    second = {
        "label": _("Second review"),
        "url": reverse("triage:second_review"),
        "active": False,
        "count": counts.words(totals["second-review"]) if totals else None,
    }
    return [*tabs[:2], second, *tabs[2:]]
