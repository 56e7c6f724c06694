"""The page of a case in triage: everything on it is put together here, for the views that show it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import clock
from cases.forms.triage import FORMS, ActionForm, Choices, Outcomes, withdrawable
from cases.models import Case, CaseEvent, Decision, Listing, ReasonCode
from cases.models.event import Audience, EventKind
from cases.queries import related
from cases.queries.proposals import propose
from cases.queries.reasons import sentence
from cases.queries.timeline import with_reasons
from cases.services import core, counter_notices, triage
from cases.states import UNDECIDED, Outcome, Priority, ReferralStatus, Status
from cases.views.timeline_looks import look_of
from members.models import User

MAX_EVENTS = 200
PROPOSALS = 5

# What opens by itself: the likeliest next step.
_FIRST = ("uphold", "uphold_again")


def case_page(
    request: HttpRequest,
    case: Case,
    choices: Choices,
    *,
    back: str,
    held: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show ``case``. ``held`` is a form as it was typed: it is shown in the place of the empty one.

    ``back`` is the query string of the list that the reader came from. If ``held`` is for an action
    that is no longer open, its words are shown for copying.
    """
    around = related.around(case)
    choices.around = around
    acts = request.user.has_perm("cases.triage")
    works = acts and request.user.has_perm("cases.work_on_case", case)
    forms = _open_forms(request, case, choices, works=works)
    events = _events(case)
    referrals = _referrals(case, choices, held, events, works=works)
    kept = None
    if held is not None:
        if held.verb in forms:
            forms[held.verb] = held
        elif any(row["form"] is held for row in referrals):
            pass  # stands at its referral
        elif held.typed or held.errors:
            kept = held
    context = {
        "case": case,
        "back": back,
        "forms": forms,
        "kept": kept,
        "problem": _("Not saved: the case has changed") if status == 409 else "",
        "opened": held.verb if held and not kept else next((v for v in _FIRST if v in forms), ""),
        "acts": acts,
        "own_side": core.own_side(case) if acts and not works else "",
        "mine": case.held_by(request.user),
        "undecided": case.status in UNDECIDED,
        "right_expired": case.right.expires_on and case.right.expires_on < clock.today(),
        "listings": _listings(around.own_listings, held),
        "evidence": around.own_evidence,
        "related": around,
        "decision": decision_of(case),
        **_counter_notice(case, around, request.user, works=works),
        "rejections": choices.reasons_to(ReasonCode.Use.REJECT) if "reject" in forms else [],
        "proposals": propose(case, choices.candidates)[:PROPOSALS] if "refer" in forms else [],
        "referrals": referrals,
        "declined": any(row["declined"] for row in referrals),
        "timeline": _timeline(events),
    }
    return render(request, "triage/case.html", context, status=status)


def _open_forms(
    request: HttpRequest, case: Case, choices: Choices, *, works: bool
) -> dict[str, Any]:
    """Return what can be done now, each with its form; nothing for those who only read.

    ``works`` says that the reader may work on this case, not only on cases in general.
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm("cases.triage"):
        return {}
    verbs = triage.open_verbs(case=case, user=user, impartial=works)
    if "reject_unanswered" in verbs:
        verbs = verbs - {"reject_unanswered"} | {"reject"}
    if works:
        verbs.add("comment")
    if works and case.is_upheld and choices.agencies_without_it:
        verbs.add("refer")
    forms: dict[str, Any] = {}
    for verb in sorted(verbs):
        forms[verb] = FORMS[verb](choices=choices) if verb in FORMS else verb
    return forms


def _listings(rows: list[Listing], held: ActionForm | None) -> dict[str, Any]:
    """Return the listings, each with the outcome saved or, on a held form, chosen."""
    chosen = held.chosen if isinstance(held, Outcomes) else {}
    for listing in rows:  # never saved: only shown
        listing.outcome = chosen.get(listing.pk, listing.outcome)
    return {
        "rows": rows,
        "all": len(rows),
        "decided": sum(bool(row.outcome) for row in rows),
        "priced": any(row.is_priced for row in rows),
    }


def decision_of(case: Case) -> Decision | None:
    """Return the decision that stands, which the page's query brought along."""
    standing: Decision | None = getattr(case, "standing", None)
    return standing


def _counter_notice(
    case: Case, around: related.Related, user: Any, *, works: bool
) -> dict[str, Any]:
    """Return the open counter-notice with its files, and why ``user`` cannot decide on it now, if so."""
    if case.status != Status.COUNTER_NOTICED:
        return {"counter_notice": None}
    notice = counter_notices.open_notice(case)
    answered = notice is not None and notice.answered_at
    return {
        "counter_notice": notice,
        "undecidable": counter_notices.undecidable(case=case, by=user) if works else "",
        "answer_files": [
            file
            for file in around.own_evidence
            if answered and notice and file.counter_notice_id == notice.pk
        ],
    }


def _referrals(
    case: Case,
    choices: Choices,
    held: ActionForm | None,
    events: list[CaseEvent],
    *,
    works: bool,
) -> list[dict[str, Any]]:
    """Return the referrals, each with the form to withdraw it where that can still be done."""
    if case.outcome in ("", Outcome.REJECTED):  # never referred
        return []
    rows = []
    declines = _declines(choices, events)
    for referral in choices.referrals:
        form = None
        if works and withdrawable(referral):
            form = FORMS["withdraw_referral"](choices=choices)
            if held and held.verb == form.verb and held["referral"].value() == str(referral.pk):
                form = held
            form.auto_id = f"withdraw-{referral.pk}-%s"  # one form for each referral
        rows.append(
            {
                "referral": referral,
                "form": form,
                "held": form is not None and form is held,
                "declined": declines.get(referral.pk),
            }
        )
    return rows


def _declines(choices: Choices, events: list[CaseEvent]) -> dict[int, dict[str, str]]:
    """Return why agencies declined the case, by the key of the referral: the reason and the note."""
    declined = {r.pk for r in choices.referrals if r.status == ReferralStatus.DECLINED}
    return {
        event.referral_id: {"reason": _reason(event), "note": event.note}
        for event in events
        if event.kind == EventKind.REFERRAL_DECLINED and event.referral_id in declined
    }


def _events(case: Case) -> list[CaseEvent]:
    """Return the latest steps, the last one first, each with the words of its reason."""
    events = with_reasons(case.events.all())
    return list(events.order_by("-sequence")[:MAX_EVENTS])


def _reason(event: CaseEvent) -> str:
    """Return the reason of a step in words; its code, if there is no such reason any more."""
    return getattr(event, "reason_label", None) or str(event.data.get("reason", ""))


def _timeline(events: list[CaseEvent]) -> list[dict[str, Any]]:
    """Return the steps in words."""
    items = []
    for event in events:
        look = look_of(event.kind)
        items.append(
            {
                "event": event,
                "icon": look.icon,
                "tone": look.tone,
                "detail": _detail(event),
                "readers": _readers(event),
            }
        )
    return items


def _readers(event: CaseEvent) -> str:
    """Say who can read the step besides moderators and admins."""
    labels = [str(Audience(a).label) for a in event.audience if a != Audience.MODERATOR]
    if not labels:
        return _("Moderators only")
    if event.referral_id and event.data.get("agency"):
        return _("Seen by %(readers)s") % {"readers": event.data["agency"]}
    return _("Seen by %(readers)s") % {"readers": ", ".join(labels)}


def _detail(event: CaseEvent) -> str:
    """Return the facts of the step that its note does not say."""
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
    parts += [str(data[name]) for name in ("agency", "operation", "name") if name in data]
    if "rule" in data:
        words = _("proposed by the rule “%(rule)s”: %(reasons)s")
        named = {"rule": data["rule"], "reasons": sentence(data.get("reasons", []))}
        parts.append(words % named)
    return " · ".join(parts)
