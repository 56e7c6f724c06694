"""The page of a case in triage. The views of the case and of its actions render it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import text
from cases import visibility
from cases.forms.case_choices import Choices
from cases.forms.triage import FORMS, ActionForm, OutcomesForm, withdrawable
from cases.lists.places import place_of
from cases.models import Case, CaseEvent, Evidence, Listing, Preview, ReasonCode, SellerIdentifier
from cases.models.event import Audience, EventKind
from cases.queries import (
    found_contacts,
    held_decisions,
    purchases_of_case,
    related,
    right_state,
    same_pictures,
    stated_identifiers,
    teamwork,
    watch_lists,
)
from cases.queries.proposals import propose
from cases.queries.reasons import sentence
from cases.queries.timeline import with_reasons
from cases.services import core, counter_notices, triage
from cases.states import UNDECIDED, Outcome, Priority, ReferralStatus, Status
from cases.views.event_styles import style_of
from cases.views.triage import held_display, letters
from members import guides
from members.models import User
from members.views.http import person

MAX_EVENTS = 200
PROPOSALS = 5

# The form that is open initially: the most likely next action.
_FIRST = ("uphold", "uphold_again")
_DECISIONS = {"uphold", "reject"}


def case_page(
    request: HttpRequest,
    case: Case,
    choices: Choices,
    *,
    back: str,
    form: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of ``case``. A submitted or restored ``form`` replaces the empty one.

    ``back`` is the query string of the list that the user came from. If the action of ``form`` is no
    longer possible, its texts are shown for copying.
    """
    user = person(request)
    found = related.find_related(case)
    choices.related = found
    same, purchases = same_pictures.NONE, []
    if case.pictures_are_hashed:  # type: ignore[attr-defined]  # see get_case
        same = same_pictures.for_moderators(case)
    if case.has_purchases:  # type: ignore[attr-defined]  # see get_case
        purchases = purchases_of_case.find(case, found.own_evidence)
    user = person(request)
    may_act = user.has_perm("cases.triage")
    may_work = may_act and user.has_perm("cases.work_on_case", case)
    held = held_display.of(request, case, choices, found.own_listings, may_work=may_work)
    if held.decision is None:
        forms = _open_forms(request, case, choices, may_work=may_work)
    else:
        forms = held.forms
    team = teamwork.of_case(case)
    letter = letters.context(request, case, choices, forms, found.own_listings, back=back)
    events = _events(case)
    is_free = may_work and held.decision is None
    referrals = _referrals(case, choices, form, events, may_work=is_free)
    stale = None
    if form is not None:
        if form.verb in forms:
            forms[form.verb] = form
        elif any(row["form"] is form for row in referrals):
            pass  # shown at its referral
        elif form.texts or form.errors:
            stale = form
    context = {
        "case": case,
        "back": back,
        "place": place_of(case, back, cases=visibility.submitted_cases(user), user=user),
        "forms": forms,
        "stale": stale,
        "problem": _("Not saved: the case has changed") if status == 409 else "",
        "opened": form.verb if form and not stale else next((v for v in _FIRST if v in forms), ""),
        **letter,
        "may_act": may_act,
        "conflict_of_interest": core.conflict_of_interest(case) if may_act and not may_work else "",
        "teamwork": team,
        "watches": any(one.pk == request.user.pk for one in team.watchers),
        "is_claimed_by_user": case.is_claimed_by(request.user),
        "undecided": case.status in UNDECIDED,
        "reopened": _reopened(case, events, found.own_evidence),
        "right_expired": case.right.has_expired,
        "right_problem": right_state.problem(case),
        "listings": _listings(found.own_listings, form or held.proposed or forms.get("uphold")),
        "evidence": found.own_evidence,
        "pictures": _pictures(found.own_evidence),
        "stated_identifiers": stated_identifiers.rows(case.stated),  # type: ignore[attr-defined]  # see get_case
        "found_contacts": found_contacts.for_moderators(case),
        "may_add_contacts": is_free,
        "purchases": purchases,
        "guide": guides.Glance.of(case.guide),  # type: ignore[attr-defined]  # see get_case
        "marketplace_url": watch_lists.page_of(
            case.seller.marketplace,  # type: ignore[union-attr]  # constraint: a submitted case names a seller
            is_listed=bool(case.watch_lists),  # type: ignore[attr-defined]  # see get_case
        ),
        "watch_lists": watch_lists.named(case.watch_lists),  # type: ignore[attr-defined]  # see get_case
        "related": found,
        "same_pictures": same,
        "same_files": [file for file in found.evidence if file.case not in same.cases],
        "decision": case.joined_decision,
        **_counter_notice(case, found, request.user, may_work=may_work),
        "standard_texts": _standard_texts(case, choices) if _DECISIONS & set(forms) else None,
        "rejections": choices.reasons_to(ReasonCode.Use.REJECT) if "reject" in forms else [],
        "proposals": propose(case, choices.candidates)[:PROPOSALS] if "refer" in forms else [],
        "referrals": referrals,
        "declined": any(row["declined"] for row in referrals),
        "timeline": _timeline(events),
        "held": held,
        "held_rows": held_decisions.to_show(user, besides=case) if may_act else [],
    }
    return render(request, "triage/case.html", context, status=status)


def _open_forms(
    request: HttpRequest, case: Case, choices: Choices, *, may_work: bool
) -> dict[str, Any]:
    """Return the possible actions with their forms; none for users without the permission.

    ``may_work`` says whether the user may work on this case, not only on cases in general.
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm("cases.triage"):
        return {}
    verbs = triage.allowed_verbs(case=case, user=user, impartial=may_work)
    if "reject_unanswered" in verbs:
        verbs = verbs - {"reject_unanswered"} | {"reject"}
    if may_work:
        verbs |= {"comment", "tag", "link"}
    if may_work and case.is_upheld and choices.agencies_without_it:
        verbs.add("refer")
    forms: dict[str, Any] = {}
    for verb in sorted(verbs):
        forms[verb] = FORMS[verb](choices=choices) if verb in FORMS else verb
    return forms


def _reopened(
    case: Case, events: list[CaseEvent], evidence: list[Evidence]
) -> dict[str, Any] | None:
    """Return the latest reopening of an undecided case, the rejection before it, and the files added since."""
    if case.status not in UNDECIDED:
        return None
    earlier = iter(events)  # the newest first
    event = next((one for one in earlier if one.kind == EventKind.REOPENED), None)
    rejection = next((one for one in earlier if one.kind == EventKind.REJECTED), None)
    if event is None or rejection is None:
        return None
    files = [file for file in evidence if file.uploaded_at > rejection.at]
    return {"event": event, "rejection": rejection, "reason": _reason(rejection), "files": files}


def _listings(rows: list[Listing], form: Any) -> dict[str, Any]:
    """Return the listings with the outcome chosen in the form, or else the saved one."""
    chosen = form.chosen if isinstance(form, OutcomesForm) else {}
    for listing in rows:  # for display only, not saved
        listing.outcome = chosen.get(listing.pk, listing.outcome)
    return {
        "rows": rows,
        "all": len(rows),
        "decided": sum(bool(row.outcome) for row in rows),
        "priced": any(row.is_priced for row in rows),
    }


def _pictures(files: list[Evidence]) -> list[Evidence]:
    """Return the files with a preview, which the viewer shows."""
    return [
        file
        for file in files
        if (preview := getattr(file, "preview", None)) and preview.state == Preview.State.MADE
    ]


def _standard_texts(case: Case, choices: Choices) -> dict[int, str]:
    """Return the texts proposed as facts, by the primary key of their reason, in the language of the filer."""
    language = case.created_by.language or settings.LANGUAGE_CODE
    texts = {reason.pk: reason.standard_text(language) for reason in choices.reasons}
    return {pk: text for pk, text in texts.items() if text}


def _counter_notice(
    case: Case, found: related.Related, user: Any, *, may_work: bool
) -> dict[str, Any]:
    """Return the open counter-notice, its files, and the reason why ``user`` may not decide on it."""
    if case.status != Status.COUNTER_NOTICED:
        return {"counter_notice": None}
    notice = counter_notices.open_notice(case)
    answered = notice is not None and notice.answered_at
    return {
        "counter_notice": notice,
        "undecidable_reason": counter_notices.undecidable(case=case, by=user) if may_work else "",
        "answer_files": [
            file
            for file in found.own_evidence
            if answered and notice and file.counter_notice_id == notice.pk
        ],
    }


def _referrals(
    case: Case,
    choices: Choices,
    submitted: ActionForm | None,
    events: list[CaseEvent],
    *,
    may_work: bool,
) -> list[dict[str, Any]]:
    """Return the referrals, each with a form to withdraw it if that is possible."""
    if case.outcome in ("", Outcome.REJECTED):  # never referred
        return []
    rows = []
    declines = _declines(choices, events)
    for referral in choices.referrals:
        form = None
        if may_work and withdrawable(referral):
            form = FORMS["withdraw_referral"](choices=choices)
            if (
                submitted
                and submitted.verb == form.verb
                and submitted["referral"].value() == str(referral.pk)
            ):
                form = submitted
            form.auto_id = f"withdraw-{referral.pk}-%s"  # there is a form for each referral
        rows.append(
            {
                "referral": referral,
                "form": form,
                "submitted": form is not None and form is submitted,
                "declined": declines.get(referral.pk),
            }
        )
    return rows


def _declines(choices: Choices, events: list[CaseEvent]) -> dict[int, dict[str, str]]:
    """Return the reason and note of each declined referral, by the id of the referral."""
    declined = {r.pk for r in choices.referrals if r.status == ReferralStatus.DECLINED}
    return {
        event.referral_id: {"reason": _reason(event), "note": event.note}
        for event in events
        if event.kind == EventKind.REFERRAL_DECLINED and event.referral_id in declined
    }


def _events(case: Case) -> list[CaseEvent]:
    """Return the latest events with the labels of their reasons, the newest first."""
    events = with_reasons(case.events.all())
    return list(events.order_by("-sequence")[:MAX_EVENTS])


def _reason(event: CaseEvent) -> str:
    """Return the label of the event's reason, or its code if the reason no longer exists."""
    return getattr(event, "reason_label", None) or str(event.data.get("reason", ""))


def _timeline(events: list[CaseEvent]) -> list[dict[str, Any]]:
    """Return the events as the page shows them."""
    items = []
    for event in events:
        style = style_of(event.kind)
        items.append(
            {
                "event": event,
                "icon": style.icon,
                "tone": style.tone,
                "detail": _detail(event),
                "readers": _readers(event),
            }
        )
    return items


def _readers(event: CaseEvent) -> str:
    """Return who can read the event besides moderators and admins."""
    labels = [str(Audience(a).label) for a in event.audience if a != Audience.MODERATOR]
    if not labels:
        return _("Moderators only")
    if event.referral_id and event.data.get("agency"):
        return _("Visible to %(readers)s") % {"readers": event.data["agency"]}
    return _("Visible to %(readers)s") % {"readers": text.join(labels)}


def _detail(event: CaseEvent) -> str:
    """Return the details of the event that are not part of its note."""
    data, parts = event.data, []
    if "reason" in data:
        parts.append(_reason(event))
    if "listings" in data:
        count = data["listings"]
        parts.append(ngettext("%(n)d listing", "%(n)d listings", count) % {"n": count})
    if "points" in data:
        count = data["points"]
        parts.append(ngettext("%(n)d point", "%(n)d points", count) % {"n": count})
    if event.kind == EventKind.PRIORITY_CHANGED:
        parts.append(" → ".join(str(Priority(data[name]).label) for name in ("from", "to")))
    parts += [
        str(data[name])
        for name in ("agency", "operation", "name", "decided_by", "review_rule")
        if name in data
    ]
    if "identifier" in data:
        parts.append(str(SellerIdentifier(**data["identifier"])))
    if "rule" in data:
        words = _("proposed by the rule “%(rule)s”: %(reasons)s")
        named = {"rule": data["rule"], "reasons": sentence(data.get("reasons", []))}
        parts.append(words % named)
    return " · ".join(parts)
