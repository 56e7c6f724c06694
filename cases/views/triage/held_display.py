"""What the page of a case shows of its held decision: the decision in full, who can do what with it, and the chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.forms.case_choices import Choices
from cases.forms.triage import FORMS, OUTCOME, ActionForm, SendBackForm
from cases.liaison.models import Agency
from cases.models import Case, Decision, HeldDecision, Listing
from cases.queries import held_decisions
from cases.services import counter_notices
from cases.states import DecisionVerb, Status
from members.views.http import person

# The decisions that a second moderator can make instead of the colleague's.
OTHERWISE: dict[str, tuple[str, ...]] = {
    Status.IN_REVIEW: ("uphold", "reject", "request_information"),
    Status.COUNTER_NOTICED: ("uphold_again", "reinstate"),
}


@dataclass(frozen=True)
class Held:
    """The held decision of a case as its page shows it; ``decision`` is ``None`` without one.

    ``proposed`` is its form as it was sent, and ``outcomes`` says that it decides the listings. ``replacing`` says that the user decides otherwise:
    ``forms`` are then those of other decisions.
    """

    decision: HeldDecision | None = None
    details: list[tuple[str, str]] = field(default_factory=list)
    chain: list[HeldDecision] = field(default_factory=list)
    proposed: ActionForm | None = None
    outcomes: bool = False
    forms: dict[str, Any] = field(default_factory=dict)
    replacing: bool = False
    may_undo: bool = False
    may_review: bool = False
    may_decide_otherwise: bool = False


def of(
    request: HttpRequest, case: Case, choices: Choices, listings: list[Listing], *, may_work: bool
) -> Held:
    """Return what the page shows. ``may_work`` says whether the user may work on this case."""
    chain = held_decisions.chain(case) if case.has_reviews else []  # type: ignore[attr-defined]  # see get_case
    decision: HeldDecision | None = case.held  # type: ignore[attr-defined]  # see get_case
    if decision is None:
        return Held(chain=chain)
    decision.case = case
    user = person(request)
    may_review = (
        decision.awaits_second and may_work and user.has_perm("cases.confirm_decision", decision)
    )
    if may_review and case.status == Status.COUNTER_NOTICED:
        may_review = not counter_notices.undecidable(case=case, by=user)
    verbs = OTHERWISE.get(case.status, ()) if may_review else ()
    replacing = bool(verbs) and replaced(request, case) == decision
    forms: dict[str, Any] = {}
    proposed = form_of(decision, choices)
    if replacing:
        forms = {verb: FORMS[verb](choices=choices) for verb in verbs}
        if proposed and proposed.verb in forms:  # the colleague's text, to change it
            forms[proposed.verb] = proposed
    elif may_review:
        forms = {SendBackForm.verb: SendBackForm(choices=choices)}
    return Held(
        decision=decision,
        details=_details(decision, choices, listings),
        chain=chain,
        proposed=proposed,
        outcomes=decision.verb == DecisionVerb.UPHOLD,
        forms=forms,
        replacing=replacing,
        may_undo=may_undo(decision, user.pk),
        may_review=may_review,
        may_decide_otherwise=bool(verbs),
    )


def may_undo(decision: HeldDecision, user_id: int) -> bool:
    """Return whether the user made the decision, or confirmed it."""
    return user_id == decision.by_id or user_id == decision.second_by_id


def replaced(request: HttpRequest, case: Case) -> HeldDecision | None:
    """Return the decision of a colleague that the user decides otherwise, as named by the form or the URL."""
    key = request.POST.get("replaces") or request.GET.get("otherwise") or ""
    if not key.isdecimal() or len(key) > 18:
        return None
    return HeldDecision.objects.filter(case=case, pk=int(key)).first()


def restored(request: HttpRequest, case: Case, choices: Choices) -> ActionForm | None:
    """Return the form of the user's own decision that ``?restore=`` names: undone, refused or sent back."""
    key = request.GET.get("restore", "")
    if not key.isdecimal() or len(key) > 18:
        return None
    rows = HeldDecision.objects.filter(case=case, pk=int(key), by=person(request))
    decision = rows.exclude(pk__in=rows.open().values("pk")).first()
    return form_of(decision, choices) if decision else None


def form_of(decision: HeldDecision, choices: Choices) -> ActionForm | None:
    """Return the form of a decision, filled as the moderator sent it; ``None`` if its action has no form."""
    verb = decision.verb
    if verb == DecisionVerb.REJECT_UNANSWERED:
        verb = DecisionVerb.REJECT
    form = FORMS.get(verb)
    if form is None:
        return None
    data = {name: str(value) for name, value in decision.values.items() if value is not None}
    data |= {f"{OUTCOME}{pk}": one for pk, one in decision.values.get("outcomes", {}).items()}
    return form.restored(data, choices)


def _details(
    decision: HeldDecision, choices: Choices, listings: list[Listing]
) -> list[tuple[str, str]]:
    """Return the labels and values of a decision, in the order of its form."""
    values = decision.values
    found: list[tuple[str, str]] = []
    if agency := Agency.objects.filter(pk=values["agency"]).first() if "agency" in values else None:
        found.append((_("Agency"), str(agency)))
    found += [
        (_("Agency"), str(referral.agency))
        for referral in (choices.referrals if "referral" in values else ())
        if referral.pk == values["referral"]
    ]
    found += [
        (label, str(reason))
        for name, label in (
            ("reason", pgettext("decision", "Reason")),
            ("left_up_reason", _("Reason for the listings left up")),
        )
        for reason in choices.reasons
        if reason.pk == values.get(name)
    ]
    if ground := values.get("ground"):
        found.append((_("Ground"), str(Decision.Ground(ground).label)))
    if decision.verb == DecisionVerb.UPHOLD:
        outcomes = values.get("outcomes", {})
        chosen = [outcomes.get(str(listing.pk), listing.outcome) for listing in listings]
        found.append((_("Listings"), _outcomes(chosen)))
    for name, label in (
        ("facts", _("Facts and circumstances")),
        ("note", _("Note")),
        ("statement", _("Text of the counter-notice")),
    ):
        if text := values.get(name):
            found.append((label, text))
    return found


def _outcomes(chosen: list[str]) -> str:
    removed, left_up = (
        chosen.count(outcome) for outcome in (Listing.Outcome.REMOVE, Listing.Outcome.LEAVE_UP)
    )
    words = [ngettext("%(n)d to remove", "%(n)d to remove", removed) % {"n": removed}]
    if left_up:
        words.append(ngettext("%(n)d left up", "%(n)d left up", left_up) % {"n": left_up})
    return " · ".join(words)
