"""The page of a case for the staff of its member, and the functions that load the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib import clock
from cases.forms.evidence import AnswerForm, CounterNoticeAnswerForm, LateEvidenceForm
from cases.forms.filing import WithdrawForm
from cases.models import Case, CounterNotice, Listing
from cases.models.case import CaseQuerySet
from cases.queries import (
    guidance,
    own_cases,
    refilings,
    right_state,
    same_pictures,
    stated_identifiers,
    still_up,
    watch_lists,
)
from cases.queries.timeline import open_question, removal
from cases.services import counter_notices, reopening
from cases.states import TAKES_ADDITIONS, Status, allowed
from cases.views.desk import timeline as member_timeline
from members import nice
from members.views.http import person

LISTINGS_AT_FIRST = 50


def fetch(cases: CaseQuerySet, reference: str) -> Case:
    """Return the case with its related rows and its decision in force. Raises ``Http404``."""
    # Several rows in one column, so that they take no further query.
    annotated = cases.annotate(
        pictures_are_hashed=same_pictures.are_hashed(),
        marketplace_is_listed=watch_lists.is_listed(OuterRef("seller__marketplace")),
    )
    case = own_cases.find(annotated, reference)
    if case is None:
        raise Http404
    return case


def own_case(request: HttpRequest, reference: str, *, permission: str = "") -> Case:
    """Return a case of the user's own member.

    Raises ``Http404`` for other users and ``PermissionDenied`` for colleagues without ``permission``.
    Discarded drafts are included, so that a form that is still open can be answered.
    """
    user = person(request)
    case = fetch(Case.objects.at_members_of(user), reference)
    if permission and not user.has_perm(permission, case):
        raise PermissionDenied
    return case


def show(
    request: HttpRequest,
    case: Case,
    *,
    forms: Mapping[str, AnswerForm] | None = None,
    withdraw: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a case. Pass a form to show it with its errors.

    ``forms`` can have ``answer``, ``counter_answer`` (to a counter-notice) and ``late`` (evidence).
    """
    user, given = person(request), forms or {}
    may_file = user.has_perm("cases.submit_case", case)
    listings = list(case.listings.order_by("position"))
    shows_all = request.GET.get("listings") == "all"
    answer, counter_answer = given.get("answer"), given.get("counter_answer")
    if may_file and case.status == Status.INFORMATION_REQUESTED:
        answer = answer or AnswerForm()
    notice = counter_notices.open_notice(case)
    if may_file and notice and notice.awaits_answer:
        counter_answer = counter_answer or CounterNoticeAnswerForm()
    waiting = case.status in (Status.SUBMITTED, Status.IN_REVIEW)
    timeline = member_timeline.of_case(case, user)
    question = open_question(timeline, case)
    refiled = refilings.latest(case)
    context: dict[str, Any] = {
        "case": case,
        "may_file": may_file,
        "question": question.text if question else "",
        "status_title": guidance.status_title(case, notice, may_file=may_file),
        "status_text": guidance.status_text(case, notice, may_file=may_file),
        "counter_notice": notice,
        "counter_answer": counter_answer,
        "right_problem": right_state.problem(case),
        "waiting": waiting,
        "overdue": waiting and case.due_at is not None and case.due_at < clock.now(),
        "decision": case.joined_decision,
        "refiled": refiled,
        "may_refile": may_file and refilings.is_possible(case, refiled),
        "goods_class": nice.label(case.goods_class) if case.goods_class else "",
        "listings": _explained(
            listings[: None if shows_all else LISTINGS_AT_FIRST], case, notice, timeline
        ),
        "listing_count": len(listings),
        "stated_identifiers": stated_identifiers.rows(case.stated),  # type: ignore[attr-defined]
        "marketplace_url": _marketplace_url(case),
        "priced": any(row.is_priced for row in listings),
        "may_describe": may_file and case.status in TAKES_ADDITIONS,
        "evidence": case.evidence.select_related("preview").order_by("uploaded_at", "pk"),
        "same_pictures": same_pictures.for_member(case)
        if case.pictures_are_hashed  # type: ignore[attr-defined]  # see fetch
        else same_pictures.NONE,
        "timeline": timeline,
        "answer": answer,
        "withdraw": withdraw or withdrawal(case, may_file=may_file),
        "may_add_evidence": may_file and case.status in TAKES_ADDITIONS - {Status.DRAFT},
        "breadcrumbs": [
            {"label": _("Cases"), "url": reverse("desk:cases")},
            {"label": case.reference},
        ],
    }
    context |= _reopening(case, given.get("late"), refiled, may_file=may_file)
    return render(request, "cases/case.html", context, status=status)


def _reopening(
    case: Case, form: AnswerForm | None, refiled: Case | None, *, may_file: bool
) -> dict[str, Any]:
    """Return the form that reopens a rejected case, or the obstacle, for a person who may file."""
    is_rejected = may_file and case.status == Status.REJECTED
    obstacle = reopening.obstacle(case, refiled) if is_rejected else ""
    may_reopen = is_rejected and not obstacle
    if may_reopen:
        form = form or LateEvidenceForm()
        form.fields["uploads"].required = reopening.needs_evidence(case)
    return {
        "late": form,
        "late_until": reopening.open_until(case),
        "may_reopen": may_reopen,
        "reopen_obstacle": obstacle,
    }


def _explained(
    listings: list[Listing],
    case: Case,
    notice: CounterNotice | None,
    timeline: list[member_timeline.Entry],
) -> list[Listing]:
    """Return ``listings``, each with the sentence ``why``: why it is still up. Makes no query."""
    removed = removal(timeline)
    for one in listings:
        why = still_up.explain(one, case, notice=notice, removed_at=removed.at if removed else None)
        one.why = str(why)  # type: ignore[attr-defined]
    return listings


def _marketplace_url(case: Case) -> str:
    """Return the URL of the public page of the seller's marketplace, or "". Makes no query."""
    if case.seller is None:
        return ""
    listed: bool = case.marketplace_is_listed  # type: ignore[attr-defined]  # see fetch
    return watch_lists.page_of(case.seller.marketplace, is_listed=listed)


def withdrawal(case: Case, *, may_file: bool) -> Form | None:
    """Return the form to withdraw a submitted case, or ``None`` if that is not possible."""
    if not may_file or case.status == Status.DRAFT or not allowed("withdraw", case.status):
        return None
    return WithdrawForm(prefix="withdraw")
