"""Actions of moderators on a case. Each is a POST; a GET restores data after an expired session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib.refusals import Changed, Refusal
from cases.forms import triage as forms
from cases.forms.case_choices import Choices
from cases.lists.triage import CaseFilter, list_query
from cases.models import Case, HeldDecision
from cases.services import decisions, held, triage
from cases.services import referral as referrals
from cases.states import DecisionVerb, Status
from cases.views.http import get_or_post, require_permission
from cases.views.triage import held_display
from cases.views.triage.case_list import cases_of, get_case
from cases.views.triage.case_page import case_page
from cases.views.triage.referral_preview import preview_page
from members.models import User
from members.views.http import restored_data

# Two requests for the next case within this time are a double click.
DOUBLE_CLICK = timedelta(seconds=2)


@get_or_post
def claim_next(request: HttpRequest) -> HttpResponse:
    """Claim the most urgent case of the list that the user came from, and show it."""
    user = require_permission(request, "cases.triage")
    if request.method != "POST":
        return redirect("triage:list")
    return _open_next(request, user, list_query(request.POST.get("back", "")))


@get_or_post
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    return act(request, reference, forms.ClaimForm, triage.claim, message=_claimed_until)


@get_or_post
def release(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("%(reference)s was released to the queue.")
    return act(request, reference, forms.ReleaseForm, triage.release, message=message, leaves=True)


@get_or_post
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The note was added. Only moderators and administrators can read it.")
    return act(request, reference, forms.CommentForm, triage.comment, message=message)


@get_or_post
def request_information(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("%(reference)s is waiting for the member to reply.")
    verb = DecisionVerb.REQUEST_INFORMATION
    return _decide(
        request, reference, forms.RequestInformationForm, verb, message=message, leaves=True
    )


@get_or_post
def decide_listings(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The outcomes of the listings were saved. The case is not decided yet.")
    return act(request, reference, forms.DecideListingsForm, _decide_listings, message=message)


@get_or_post
def uphold(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("%(reference)s was upheld. The member is notified by email.")
    return _decide(
        request, reference, forms.UpholdForm, DecisionVerb.UPHOLD, message=message, leaves=True
    )


@get_or_post
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    message = _(
        "%(reference)s was rejected. The member is notified of the reason and how to fix it."
    )
    return _decide(
        request, reference, forms.RejectForm, DecisionVerb.REJECT, message=message, leaves=True
    )


@get_or_post
def record_removal(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The listings of %(reference)s were recorded as removed.")
    verb = DecisionVerb.RECORD_REMOVAL
    return _decide(request, reference, forms.RecordRemovalForm, verb, message=message)


@get_or_post
def record_counter_notice(request: HttpRequest, reference: str) -> HttpResponse:
    message = _(
        "The counter-notice was recorded. The member is notified by email and can answer it."
    )
    verb = DecisionVerb.RECORD_COUNTER_NOTICE
    return _decide(request, reference, forms.CounterNoticeForm, verb, message=message)


@get_or_post
def uphold_again(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("Counter-notice rejected; the listings stay removed.")
    verb = DecisionVerb.UPHOLD_AGAIN
    return _decide(request, reference, forms.UpholdAgainForm, verb, message=message)


@get_or_post
def reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("Counter-notice accepted; the listings are reinstated and the strike is revoked.")
    verb = DecisionVerb.REINSTATE
    return _decide(request, reference, forms.ReinstateForm, verb, message=message)


@get_or_post
def close(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("%(reference)s was closed.")
    return _decide(request, reference, forms.CloseForm, DecisionVerb.CLOSE, message=message)


@get_or_post
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """Refer the case to an agency in two steps: preview the update, then confirm it.

    ``seen`` identifies the preview. Without it, or when the update has changed, the preview is shown.
    ``change`` returns to the form with its data.
    """
    user = require_permission(request, "cases.triage")
    case = get_case(user, reference)
    choices, back = Choices(case), list_query(request.POST.get("back", ""))
    if request.method != "POST":
        return _back_from_login(request, case, choices, forms.ReferForm)
    if "change" in request.POST:
        restored = forms.ReferForm.restored(request.POST, choices)
        return case_page(request, case, choices, back=back, form=restored)
    form, status = forms.ReferForm(request.POST, choices=choices), 422
    if form.is_valid():
        try:
            return _refer(request, user, case, form, back)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
    fresh = get_case(user, reference)
    return case_page(request, fresh, Choices(fresh), back=back, form=form, status=status)


def _refer(
    request: HttpRequest, user: User, case: Case, form: forms.ReferForm, back: str
) -> HttpResponse:
    """Refer the case if its preview was confirmed, else show the preview. Raises :class:`Refusal`."""
    values, changed = dict(form.cleaned_data), ""
    seen = values.pop("seen")
    if seen:
        try:
            row = held.hold(
                case=case, verb=DecisionVerb.REFER, by=user, values=values | {"seen": seen}
            )
        except Changed as change:
            changed = str(change)
        else:
            message = _("The case was referred to the agency, which receives every further update.")
            _report(request, case, row, message)
            return _redirect(request, user, case, forms.ReferForm, back, leaves=False)
        case = get_case(user, case.reference)
    preview = referrals.prepare(case=case, by=user, **values)
    return preview_page(request, case, preview, back=back, changed=changed)


@get_or_post
def withdraw_referral(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The referral was withdrawn, and the agency is notified.")
    verb = DecisionVerb.WITHDRAW_REFERRAL
    return _decide(request, reference, forms.WithdrawReferralForm, verb, message=message)


def _decide(
    request: HttpRequest,
    reference: str,
    form_class: type[forms.ActionForm],
    verb: DecisionVerb,
    *,
    message: str,
    leaves: bool = False,
) -> HttpResponse:
    """Make a decision that is held, as :func:`act`. ``message`` is shown only if it has taken effect at once."""

    def hold(*, case: Case, by: User, **values: Any) -> HeldDecision | None:
        made = verb
        if verb == DecisionVerb.REJECT and case.status == Status.INFORMATION_REQUESTED:
            made = DecisionVerb.REJECT_UNANSWERED
        replaces = held_display.replaced(request, case)
        return held.hold(case=case, verb=made, by=by, values=values, replaces=replaces)

    return act(request, reference, form_class, hold, message=message, leaves=leaves)


def act(
    request: HttpRequest,
    reference: str,
    form_class: type[forms.ActionForm],
    service: Callable[..., Any],
    *,
    message: str | Callable[[Case], str],
    leaves: bool = False,
) -> HttpResponse:
    """Validate the form, call ``service`` and redirect; on an error show the page with the form.

    ``service`` takes ``case``, ``by`` and the fields of the form. ``message`` is shown on success.
    With ``leaves``, the redirect goes to the list or the next case instead of the same case.
    """
    user = require_permission(request, "cases.triage")
    case = get_case(user, reference)
    choices, back = Choices(case), list_query(request.POST.get("back", ""))
    if request.method != "POST":
        return _back_from_login(request, case, choices, form_class)
    form, status = form_class(request.POST, choices=choices), 422
    if form.is_valid():
        try:
            result = service(case=case, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            fresh = get_case(user, reference)
            _report(request, fresh, result, message)
            return _redirect(request, user, fresh, form_class, back, leaves=leaves)
    fresh = get_case(user, reference)
    return case_page(request, fresh, Choices(fresh), back=back, form=form, status=status)


def _report(
    request: HttpRequest, case: Case, result: Any, message: str | Callable[[Case], str]
) -> None:
    """Add the message of an action. A decision that can be undone needs none: the pages show it."""
    if not isinstance(result, HeldDecision):
        text = message(case) if callable(message) else message % {"reference": case.reference}
        messages.success(request, text)
    elif result.awaits_second:
        words = {"reference": case.reference, "rule": result.rule_name}
        text = _("%(reference)s is waiting for a second moderator, because of the rule “%(rule)s”.")
        messages.success(request, text % words)


def _redirect(
    request: HttpRequest,
    user: User,
    case: Case,
    form_class: type[forms.ActionForm],
    back: str,
    *,
    leaves: bool,
) -> HttpResponse:
    """Redirect to the case, the list or the next case. If another form has unsaved text, show that instead."""
    if leaves and request.POST.get("then") == "next":
        return _open_next(request, user, back)
    if leaves:
        query = QueryDict(back, mutable=True)
        query["decided"] = case.reference
        return redirect(f"{reverse('triage:list')}?{query.urlencode()}")
    other = forms.FORMS.get(request.POST.get("for", ""), form_class)
    if other is not form_class:
        choices = Choices(case)
        restored = other.restored(request.POST, choices)
        if restored.texts:
            return case_page(request, case, choices, back=back, form=restored)
    return redirect(case_url(case, back))


def _open_next(request: HttpRequest, user: User, back: str) -> HttpResponse:
    among = CaseFilter(QueryDict(back), queryset=cases_of(user)).qs
    case = triage.claim_next(by=user, among=among, double_click=DOUBLE_CLICK)
    if case is None:
        messages.info(request, _("No other cases in this view."))
        return redirect(f"{reverse('triage:list')}?{back}")
    # The page says until when the case is claimed. A message would push the pictures down.
    return redirect(case_url(case, back))


def _back_from_login(
    request: HttpRequest, case: Case, choices: Choices, form_class: type[forms.ActionForm]
) -> HttpResponse:
    """Show the page with the data restored after an expired session, else redirect to it."""
    data = restored_data(request)
    if data is None:
        return redirect(case_url(case, ""))
    restored = forms.FORMS.get(data.get("for", ""), form_class).restored(data, choices)
    return case_page(request, case, choices, back=list_query(data.get("back", "")), form=restored)


def case_url(case: Case, back: str) -> str:
    url = reverse("triage:case", args=[case.reference])
    return f"{url}?{urlencode({'back': back})}" if back else url


def _claimed_until(case: Case) -> str:
    assert case.lease_until is not None  # the case was just claimed
    until = date_format(timezone.localtime(case.lease_until), pgettext("time format", "H:i"))
    return _("You have claimed %(reference)s until %(time)s.") % {
        "reference": case.reference,
        "time": until,
    }


def _decide_listings(*, case: Case, by: User, every: str, outcomes: dict[int, str]) -> Case:
    if every:
        outcomes = dict.fromkeys(case.listings.values_list("pk", flat=True), every)
    return decisions.decide_listings(case=case, by=by, outcomes=outcomes)
