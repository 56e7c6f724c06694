"""The triage list, and the page of a case in triage."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts, ids
from alliance.lib.keyset import paginate
from cases import visibility
from cases.bulk.jobs import MOST_CASES
from cases.bulk.registry import VERBS
from cases.forms.case_choices import Choices
from cases.lists.saved_views import layout_of, saved_query, tabs, url_of
from cases.lists.triage import CaseFilter, View, list_query, view_of
from cases.models import Case, CounterNotice, Decision, Listing, SavedView
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
    saved = _saved_view(request, user)
    if saved is not None and saved.query and set(request.GET) == {"saved"}:
        return redirect(url_of(saved))  # a link that has only the number of the view
    cases, view = cases_of(user), view_of(request.GET)
    narrowed = CaseFilter(request.GET, queryset=cases)
    rows = _with_figures(view.select(narrowed.qs, user))
    page: Any = paginate(rows, order=view.order, cursor=request.GET.get("cursor"))
    # Count once per seller: a page may have fifty cases of a seller with thousands of strikes.
    strikes = seller_history.strike_counts({row.seller_id for row in page.rows})
    tags = teamwork.tags_of(page.rows)
    for row in page.rows:
        row.strike_count, row.tags = strikes.get(row.seller_id, 0), tags.get(row.pk, [])
    shown_tabs, saved_tabs = tabs(narrowed, cases, user, view, saved)
    query, decided = list_query(request.GET.urlencode()), request.GET.get("decided", "")
    context = {
        "page": page,
        "filter": narrowed,
        "view": view,
        "tabs": shown_tabs,
        "saved_tabs": saved_tabs,
        "saved": saved,
        "is_changed": saved is not None and saved_query(query) != saved.query,
        "layout": layout_of(user),
        "bulk": _bulk(narrowed, view, user, page) if user.has_perm("cases.triage") else None,
        "list_query": query,
        "back": f"?{urlencode({'back': query})}" if query else "",
        "back_only": urlencode({"back": query}),
        "decided": decided if ids.is_reference(decided, "AP") else "",
        "may_act": user.has_perm("cases.triage"),
        "overdue": _overdue(user),
        "held_rows": held_decisions.to_show(user, with_second=view.slug == "mine"),
    }
    return render(request, "triage/list.html", context)


def _saved_view(request: HttpRequest, user: User) -> SavedView | None:
    """Return the saved view that the URL names. Raises ``Http404`` if the user may not see it."""
    key = request.GET.get("saved", "")
    if not key.isascii() or not key.isdecimal() or len(key) > 18:
        return None
    return get_object_or_404(visibility.saved_views(user), pk=int(key))


def _bulk(narrowed: Any, view: View, user: User, page: Any) -> dict[str, Any]:
    """Return the verbs of the bulk actions, and what "all" would select, which is counted up to the limit."""
    count = len(page.rows)
    if page.next or page.previous:
        count = counts.count(view.select(narrowed.qs, user), MOST_CASES)
    return {
        "verbs": list(VERBS.values()),
        "count": min(count, MOST_CASES),
        "is_more": count > MOST_CASES,
        "references": ",".join(row.reference for row in page.rows),
    }


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
