"""Makes the objects of :mod:`.case_schemas` from cases. The queries are the same for each case, whatever it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from alliance.lib.api.problems import Problem
from cases import visibility
from cases.api.case_schemas import (
    CaseOut,
    CaseSummary,
    CounterNoticeOut,
    DecisionOut,
    DraftNotice,
    DraftProblem,
    EventOut,
    EvidenceOut,
    FileInEvent,
    HiddenLinkOut,
    IdentifierOut,
    ListingOut,
    NextStepOut,
    ProblemsOut,
    QuestionOut,
    ReasonOut,
    ShopOut,
)
from cases.models import Case, CaseEvent, CounterNotice, Evidence, Listing, ReasonCode
from cases.models.case import CaseQuerySet
from cases.models.event import Audience, EventKind
from cases.queries import (
    filed_already,
    filed_before,
    guidance,
    own_cases,
    readiness,
    refilings,
    still_up,
)
from cases.queries.still_up import StillUp
from cases.queries.timeline import actor_for_member, open_question, removal, with_reasons
from cases.services import counter_notices, drafts, hidden_links
from cases.services.core import wrong_status
from cases.states import Role, Status
from members.api.auth import caller, token_of

_SUMMARY = (
    *("reference", "status", "brand_id", "right_id", "violation", "created_at", "submitted_at"),
    *("due_at", "answer_due_at", "decided_at", "updated_at"),
)
# The entries of the timeline that say more of a case than its row.
_SHOWN = (EventKind.LISTINGS_REMOVED, EventKind.INFORMATION_REQUESTED)


def rows(request: HttpRequest) -> CaseQuerySet:
    """Return the cases of the caller's member, with the drafts of colleagues and without discarded drafts."""
    return Case.objects.filter(member=caller(request)[0]).without_discarded()


def one(request: HttpRequest, reference: str) -> Case:
    """Return the case of the caller's member. Raises :class:`Problem` with 404."""
    case = own_cases.find(rows(request), reference)
    if case is None:
        raise Problem(404)
    return case


def draft(request: HttpRequest, reference: str) -> Case:
    """Return the draft, as :func:`one`. Raises :class:`Conflict` for a case that is submitted."""
    case = one(request, reference)
    if case.status != Status.DRAFT:
        raise wrong_status(case)
    return case


def summary(case: Case) -> CaseSummary:
    """Return the case as lists show it. Makes no query if the seller and its marketplace are loaded."""
    return CaseSummary(**_summary(case))


def _summary(case: Case) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in _SUMMARY},
        "outcome": case.outcome or None,
        "jurisdiction": str(case.jurisdiction),
        "seller": _shop(case),
    }


def _shop(case: Case) -> ShopOut | None:
    if case.seller is None:
        return None
    return ShopOut(
        marketplace=case.seller.marketplace.slug,
        shop=case.seller.external_id,
        name=case.shop_name,
        url=case.shop_address,
    )


def details(request: HttpRequest, case: Case) -> CaseOut:
    """Return a case from :func:`own_cases.find` with everything that the member sees of it."""
    timeline = list(events(request, case).filter(kind__in=_SHOWN).order_by("-sequence"))
    notice = counter_notices.open_notice(case)
    hidden = hidden_links.stated(getattr(case, "hidden_link", None))
    listings = list(case.listings.select_related("marketplace").order_by("position"))
    stated: list[dict[str, str]] = case.stated  # type: ignore[attr-defined]  # by own_cases.find
    parts: Any = case.infringement_in
    return CaseOut(
        **_summary(case),
        explanation=case.explanation,
        goods_class=case.goods_class,
        infringement_in=parts,
        hidden_link=HiddenLinkOut(**asdict(hidden)) if hidden else None,
        identifiers=[_identifier(one) for one in stated],
        listings=_listings(case, listings, notice, timeline),
        evidence=[file(row) for row in case.evidence.order_by("uploaded_at", "pk")],
        decision=_decision(case),
        question=_question(case, timeline),
        counter_notice=_counter_notice(notice),
        next_step=_next_step(request, case, notice),
        follows=case.follows.reference if case.follows else None,
        import_id=str(case.planned.job_id) if hasattr(case, "planned") else None,
        version=drafts.version_of(
            case, hidden, listings, [(one["kind"], one["value"]) for one in stated]
        ),
    )


def _identifier(stated: dict[str, str]) -> IdentifierOut:
    kind: Any = stated["kind"]
    return IdentifierOut(kind=kind, value=stated["value"])


def events(request: HttpRequest, case: Case) -> Any:
    """Return the entries of the timeline that are for the member, also if the person sees more on the pages."""
    found = visibility.events(caller(request)[1], case=case)
    return with_reasons(found.filter(audience__contains=[Audience.MEMBER]))


def event(row: CaseEvent) -> EventOut:
    """Return an entry of the timeline."""
    count, data = row.data.get("listings"), row.data
    return EventOut(
        at=row.at,
        kind=row.kind,
        title=row.get_kind_display(),
        actor=actor_for_member(row),
        note=row.note,
        reason=_reason_of(row),
        listings=count if isinstance(count, int) else None,
        file=FileInEvent(name=data["name"], sha256=data.get("sha256", ""))
        if row.kind == EventKind.EVIDENCE_ADDED and "name" in data
        else None,
    )


def file(row: Evidence) -> EvidenceOut:
    """Return an evidence file."""
    kind: Any = row.kind
    return EvidenceOut(
        id=str(row.pk),
        name=row.original_name,
        kind=kind,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
        shows_url=row.shows_url,
        captured_at=row.captured_at,
    )


def problems(case: Case) -> ProblemsOut:
    """Return what prevents the submission of a draft, and which of its listings were filed before."""
    listings = list(case.listings.order_by("position"))
    found = readiness.problems(case=readiness.loaded(case), listings=listings)
    return ProblemsOut(
        is_complete=not found,
        problems=[DraftProblem(field=problem.field, detail=str(problem)) for problem in found],
        notices=_notices(case, listings),
    )


def _notices(case: Case, listings: Sequence[Listing]) -> list[DraftNotice]:
    found = [
        DraftNotice(
            kind="filed_already",
            url=filed.url,
            reference=filed.case.reference,
            detail=str(filed),
        )
        for filed in filed_already.of_draft(case, listings)
    ]
    found += [
        DraftNotice(
            kind="decided_before",
            url=decided.url,
            reference=decided.case.reference,
            detail=decided.label,
        )
        for decided in filed_before.decided(case, listings)
    ]
    if detail := filed_before.others(filed_before.by_other_members(case)):
        found.append(DraftNotice(kind="other_member", url="", reference=None, detail=detail))
    return found


def _listings(
    case: Case,
    listings: Sequence[Listing],
    notice: CounterNotice | None,
    timeline: Sequence[CaseEvent],
) -> list[ListingOut]:
    removed = removal(timeline)
    removed_at = removed.at if removed else None
    return [
        _listing(row, still_up.explain(row, case, notice=notice, removed_at=removed_at))
        for row in listings
    ]


def _listing(row: Listing, why: StillUp) -> ListingOut:
    status: Any = row.status
    stated: dict[str, Any] = {name: getattr(row, name) for name in Listing.DETAILS}
    return ListingOut(
        **stated,
        url=row.url,
        variant=row.variant,
        marketplace=row.marketplace.slug,
        status=status,
        still_up=why.answer.value,
        still_up_text=str(why),
    )


def _decision(case: Case) -> DecisionOut | None:
    decision = case.joined_decision
    if decision is None:
        return None
    outcome: Any = decision.outcome
    again = refilings.latest(case)
    return DecisionOut(
        outcome=outcome,
        ground=decision.ground,
        facts=decision.facts,
        reason=_reason(decision.reason),
        left_up_reason=_reason(decision.left_up_reason),
        decided_at=decision.decided_at,
        can_be_filed_again=refilings.is_possible(case, again),
        filed_again_as=again.reference if again else None,
    )


def _reason(reason: ReasonCode | None) -> ReasonOut | None:
    if reason is None:
        return None
    return ReasonOut(code=reason.code, label=str(reason), how_to_fix=reason.fix)


def _reason_of(row: Any) -> ReasonOut | None:
    if not row.reason_label:
        return None
    fix = row.reason_fix or ""
    return ReasonOut(code=row.reason_code, label=row.reason_label, how_to_fix=fix)


def _question(case: Case, timeline: Sequence[CaseEvent]) -> QuestionOut | None:
    found = open_question(timeline, case)
    if found is None:
        return None
    return QuestionOut(asked_at=found.at, reason=_reason_of(found), text=found.note)


def _counter_notice(notice: CounterNotice | None) -> CounterNoticeOut | None:
    if notice is None:
        return None
    names = ("statement", "answer_due_at", "answered_at", "due_at")
    return CounterNoticeOut(**{name: getattr(notice, name) for name in names})


def _next_step(request: HttpRequest, case: Case, notice: CounterNotice | None) -> NextStepOut:
    may_file = token_of(request).membership.may_file
    text = guidance.status_text(case, notice, may_file=may_file)
    owner = guidance.waits_for(case, notice)
    if owner == Role.FILER:
        due = notice.answer_due_at if notice else case.answer_due_at
        return NextStepOut(by="member", text=text, due_at=due)
    if owner is None:
        return NextStepOut(by=None, text=text, due_at=None)
    is_undecided = case.status in (Status.SUBMITTED, Status.IN_REVIEW)
    due = case.due_at if is_undecided else notice.due_at if notice else None
    return NextStepOut(by="moderators", text=text, due_at=due)
