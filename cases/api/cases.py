"""Cases in the API: listed, read, filed as drafts, changed, submitted, answered and withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from alliance.lib import clock
from alliance.lib.api.problems import Problem, answers
from cases.api import case_details, case_input, listing_input
from cases.api.case_input import CaseChange, CaseIn
from cases.api.case_schemas import CaseOut, CasePage, CaseStatus, EventPage, ProblemsOut
from cases.models import Case
from cases.queries import own_cases
from cases.services import counter_notices, filing, reopening, whole_drafts
from cases.services.drafts import DraftChanged
from members.api.auth import BearerToken, caller, check_filer, recorded, token_of
from members.api.common import (
    ALWAYS,
    MAX_ID,
    OF_ONE,
    OF_VERSION,
    PAGE,
    WRITING,
    Cursor,
    Day,
    IdempotencyKey,
    IfMatch,
    Limit,
    Strict_,
    Truth,
    UpdatedSince,
    answer,
    listed,
    once,
    sent,
    version_in,
)
from members.services.idempotency import Answer

router = Router(tags=["cases"])
READ, WRITE = BearerToken("cases:read"), BearerToken("cases:write", max_bytes=1024 * 1024)
STEP = {**ALWAYS, **OF_ONE, **WRITING, **answers(409)}

Reference = Annotated[
    str,
    Path(
        pattern="^[Aa][Pp]-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}$",
        description="The reference of the case, such as AP-7K3M-9QXD.",
    ),
]
Text = Annotated[str, Field(min_length=1, max_length=5000)]


class SubmitIn(Strict_):
    """The submission of a draft."""

    good_faith: Truth = Field(
        description="True states in good faith that, to the best of the person’s knowledge, the information in the "
        "complaint is accurate and complete."
    )


class WithdrawIn(Strict_):
    """The withdrawal of a case."""

    reason: Annotated[str, Field(max_length=1000)] = Field(
        "", description="Kept on record. A draft is discarded without it."
    )


class AnswerIn(Strict_):
    """An answer of the member. Add its files as evidence before."""

    text: Text


@router.get("/cases", response={200: CasePage, **ALWAYS}, auth=READ, url_name="cases")
def list_cases(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    status: CaseStatus | None = None,
    brand_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    marketplace: Annotated[
        str | None, Query(max_length=50, description="The short name of the seller's marketplace.")
    ] = None,
    submitted_from: Annotated[Day | None, Query(description="The first day, in UTC.")] = None,
    submitted_to: Annotated[Day | None, Query(description="The last day, in UTC.")] = None,
    updated_since: UpdatedSince = None,
) -> CasePage:
    """List the member's cases and drafts, newest first.

    With `submitted_from` or `submitted_to`, the latest submission is first.
    """
    rows = case_details.rows(request).select_related("seller__marketplace")
    if status:
        rows = rows.filter(status=status)
    if brand_id is not None:
        rows = rows.filter(brand=brand_id)
    if marketplace is not None:
        rows = rows.filter(seller__marketplace__slug=marketplace.replace("\0", ""))
    order: tuple[str, ...] = ("-created_at", "-id")
    if submitted_from or submitted_to:
        order = ("-submitted_at", "-id")
        rows = rows.filter(submitted_at__isnull=False)
    if submitted_from:
        rows = rows.filter(submitted_at__gte=clock.start_of(submitted_from, UTC))
    if submitted_to:
        rows = rows.filter(submitted_at__lt=clock.end_of(submitted_to, UTC))
    return listed(
        CasePage,
        case_details.summary,
        rows,
        cursor=cursor,
        limit=limit,
        updated_since=updated_since,
        order=order,
    )


@router.post("/cases", response={201: CaseOut, **ALWAYS, **WRITING}, auth=WRITE, url_name="cases")
def create_case(request: HttpRequest, body: CaseIn, key: IdempotencyKey = None) -> HttpResponse:
    """Create a draft. Add evidence, read its problems, and submit it.

    All listings are of one shop; otherwise the answer names the shops.
    """
    member, person = caller(request)

    def create() -> Answer:
        complaint, wrong = case_input.complaint(body, member=member, by=person)
        listings, more = listing_input.listings(Case(member=member), body)
        if complaint is None or wrong or more:
            raise Problem(422, errors=[*wrong, *more])
        case = whole_drafts.create(
            by=person, token=uuid.uuid4(), complaint=complaint, listings=listings
        )
        url = f"{request.path}/{case.reference}"
        stored = case_details.one(request, case.reference)
        return answer(case_details.details(request, stored), status=201, url=url)

    return once(request, key, create)


@router.get(
    "/cases/{reference}", response={200: CaseOut, **ALWAYS, **OF_ONE}, auth=READ, url_name="case"
)
def get_case(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Return a case with its listings, evidence and decision, and what happens next.

    Without a change of `updated_at`, the answer to why a listing is still up changes when a deadline passes, and the
    decision names the case that files it again.
    """
    return _sent(request, reference)


@router.patch(
    "/cases/{reference}",
    response={200: CaseOut, **STEP, **OF_VERSION},
    auth=WRITE,
    url_name="case",
)
def change_case(
    request: HttpRequest, reference: Reference, body: CaseChange, if_match: IfMatch
) -> HttpResponse:
    """Change a draft. A submitted case cannot be changed."""
    (member, person), case = caller(request), case_details.draft(request, reference)
    complaint, wrong = case_input.complaint(body, member=member, by=person, case=case)
    listings, more = listing_input.listings(case, body)
    if wrong or more:
        raise Problem(422, errors=[*wrong, *more])
    with recorded(request):
        try:
            whole_drafts.change(
                case=case,
                by=person,
                seen=version_in(if_match),
                complaint=complaint,
                listings=listings,
            )
        except DraftChanged as refusal:
            raise Problem(412) from refusal
    return _sent(request, reference)


@router.get(
    "/cases/{reference}/events",
    response={200: EventPage, **ALWAYS, **OF_ONE},
    auth=READ,
    url_name="case_events",
)
def list_events(
    request: HttpRequest, reference: Reference, cursor: Cursor = None, limit: Limit = PAGE
) -> EventPage:
    """List the entries of the timeline that the member sees, the latest first. A draft has none."""
    rows = case_details.events(request, case_details.one(request, reference))
    return listed(EventPage, case_details.event, rows, cursor=cursor, limit=limit)


@router.get(
    "/cases/{reference}/problems",
    response={200: ProblemsOut, **ALWAYS, **OF_ONE, **answers(409)},
    auth=READ,
    url_name="case_problems",
)
def get_problems(request: HttpRequest, reference: Reference) -> ProblemsOut:
    """Return what is missing or wrong in a draft, and which of its listings were filed before.

    For people who may file, as on the pages: it says that other members have filed listings.
    """
    check_filer(token_of(request))
    return case_details.problems(case_details.draft(request, reference))


@router.post(
    "/cases/{reference}/submit",
    response={200: CaseOut, **STEP},
    auth=WRITE,
    url_name="case_submit",
)
def submit_case(
    request: HttpRequest, reference: Reference, body: SubmitIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Submit a draft, which needs the good-faith statement. The answer 422 has every problem."""
    return _step(request, reference, key, partial(filing.submit, good_faith=body.good_faith))


@router.post(
    "/cases/{reference}/withdraw",
    response={200: CaseOut, **STEP},
    auth=WRITE,
    url_name="case_withdraw",
)
def withdraw_case(
    request: HttpRequest, reference: Reference, body: WithdrawIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Withdraw an undecided case, or discard a draft. A discarded draft is in no list any more."""

    def withdraw() -> Answer:
        case = case_details.one(request, reference)
        filing.withdraw(case=case, by=caller(request)[1], note=body.reason)
        # A discarded draft is in no list any more.
        found = own_cases.find(Case.objects.filter(member=case.member_id), reference)
        assert found is not None
        return answer(case_details.details(request, found))

    return once(request, key, withdraw)


@router.post(
    "/cases/{reference}/answer",
    response={200: CaseOut, **STEP},
    auth=WRITE,
    url_name="case_answer",
)
def answer_question(
    request: HttpRequest, reference: Reference, body: AnswerIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Answer the moderators' question. The case goes back to them."""
    return _step(request, reference, key, partial(filing.answer, note=body.text))


@router.post(
    "/cases/{reference}/counter-notice/answer",
    response={200: CaseOut, **STEP},
    auth=WRITE,
    url_name="case_counter_notice",
)
def answer_counter_notice(
    request: HttpRequest, reference: Reference, body: AnswerIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Answer the seller's counter-notice, once and before its deadline."""
    return _step(request, reference, key, partial(counter_notices.answer, note=body.text))


@router.post(
    "/cases/{reference}/reopen",
    response={200: CaseOut, **STEP},
    auth=WRITE,
    url_name="case_reopen",
)
def reopen_case(
    request: HttpRequest, reference: Reference, body: AnswerIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Reopen a rejected case for another review. Add the late evidence before; the text says what is new."""
    return _step(request, reference, key, partial(reopening.reopen, note=body.text))


def _step(
    request: HttpRequest, reference: str, key: str | None, verb: Callable[..., Any]
) -> HttpResponse:
    """Do a step of a case and answer with the case. ``verb`` takes ``case`` and ``by``."""

    def work() -> Answer:
        verb(case=case_details.one(request, reference), by=caller(request)[1])
        return answer(case_details.details(request, case_details.one(request, reference)))

    return once(request, key, work)


def _sent(request: HttpRequest, reference: str) -> HttpResponse:
    return sent(answer(case_details.details(request, case_details.one(request, reference))))
