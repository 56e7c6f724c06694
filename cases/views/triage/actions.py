"""What moderators do with a case. Each action is a POST; its GET gives back what a lost session typed."""

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
from django.views.decorators.http import require_http_methods

from cases.forms import triage as forms
from cases.liaison.models import Referral
from cases.lists.triage import CaseFilter, place
from cases.models import Case
from cases.services import decisions, triage
from cases.services import referral as referrals
from cases.services.refusals import Changed, Refusal
from cases.states import Status
from cases.views.http import demand, kept, refusal_status
from cases.views.triage.case_list import cases_of, get_case
from cases.views.triage.case_page import case_page
from cases.views.triage.offer import offer_page
from members.models import User

# Two clicks on "take the next case" this close together are one.
DOUBLE_CLICK = timedelta(seconds=2)

action = require_http_methods(["GET", "HEAD", "POST"])


@action
def claim_next(request: HttpRequest) -> HttpResponse:
    """Take the most urgent case of the list the reader stands in, and open it."""
    user = demand(request, "cases.triage")
    if request.method != "POST":
        return redirect("triage:list")
    return _open_next(request, user, place(request.POST.get("back", "")))


@action
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    return _act(request, reference, forms.Claim, triage.claim, said=_held_until)


@action
def release(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("%(reference)s was released to the queue.")
    return _act(request, reference, forms.Release, triage.release, said=said, leaves=True)


@action
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("The note was added. Only moderators and administrators can read it.")
    return _act(request, reference, forms.Comment, triage.comment, said=said)


@action
def request_information(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("%(reference)s is waiting for the member to reply.")
    service = triage.request_information
    return _act(request, reference, forms.RequestInformation, service, said=said, leaves=True)


@action
def decide_listings(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("The outcomes of the listings were saved. The case is not decided yet.")
    return _act(request, reference, forms.DecideListings, _decide_listings, said=said)


@action
def uphold(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("%(reference)s was upheld. The member is notified by email.")
    return _act(request, reference, forms.Uphold, decisions.uphold, said=said, leaves=True)


@action
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("%(reference)s was rejected. The member is notified of the reason and how to fix it.")
    return _act(request, reference, forms.Reject, _reject, said=said, leaves=True)


def _reject(*, case: Case, **values: Any) -> Case:
    asked = case.status == Status.INFORMATION_REQUESTED
    return (decisions.reject_unanswered if asked else decisions.reject)(case=case, **values)


@action
def record_removal(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("The listings of %(reference)s were recorded as removed.")
    return _act(request, reference, forms.RecordRemoval, decisions.record_removal, said=said)


@action
def record_counter_notice(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("The counter-notice was recorded. The member is notified by email and can answer it.")
    service = decisions.record_counter_notice
    return _act(request, reference, forms.CounterNotice, service, said=said)


@action
def uphold_again(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("Counter-notice rejected; the listings stay removed.")
    return _act(request, reference, forms.UpholdAgain, decisions.uphold_again, said=said)


@action
def reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("Counter-notice accepted; the listings are reinstated and the strike is revoked.")
    return _act(request, reference, forms.Reinstate, decisions.reinstate, said=said)


@action
def close(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("%(reference)s was closed.")
    return _act(request, reference, forms.Close, decisions.close, said=said)


@action
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer the case to an agency in two steps: look at what it would be sent, then confirm just that.

    What was looked at comes back as ``seen``; without it, or when it changed, it is shown. ``change`` goes
    back to the form, with all that was typed.
    """
    user = demand(request, "cases.triage")
    case = get_case(user, reference)
    choices, back = forms.Choices(case), place(request.POST.get("back", ""))
    if request.method != "POST":
        return _back_from_login(request, case, choices, forms.Refer)
    if "change" in request.POST:
        held = forms.Refer.holding(request.POST, choices)
        return case_page(request, case, choices, back=back, held=held)
    form, status = forms.Refer(request.POST, choices=choices), 422
    if form.is_valid():
        try:
            return _refer(request, user, case, form, back)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal_status(refusal)
    fresh = get_case(user, reference)
    return case_page(request, fresh, forms.Choices(fresh), back=back, held=form, status=status)


def _refer(
    request: HttpRequest, user: User, case: Case, form: forms.Refer, back: str
) -> HttpResponse:
    """Refer, if what would be sent was looked at; else show it. Raises :class:`Refusal`."""
    asked, changed = dict(form.cleaned_data), ""
    seen = asked.pop("seen")
    if seen:
        try:
            referrals.refer(case=case, by=user, seen=seen, **asked)
        except Changed as change:
            changed = str(change)
        else:
            said = _("The case was referred to the agency, which receives every further update.")
            messages.success(request, said)
            return _go_on(request, user, case, forms.Refer, back, leaves=False)
        case = get_case(user, case.reference)
    offer = referrals.prepare(case=case, by=user, **asked)
    return offer_page(request, case, offer, back=back, changed=changed)


@action
def withdraw_referral(request: HttpRequest, reference: str) -> HttpResponse:
    said = _("The referral was withdrawn, and the agency is notified.")
    return _act(request, reference, forms.WithdrawReferral, _withdraw_referral, said=said)


def _act(
    request: HttpRequest,
    reference: str,
    form_class: type[forms.ActionForm],
    service: Callable[..., Any],
    *,
    said: str | Callable[[Case], str],
    leaves: bool = False,
) -> HttpResponse:
    """Do one action: check the form, call ``service``, say so; or show the page with what was typed.

    ``service`` takes ``case``, ``by`` and the form's fields. After an action that ``leaves`` the case
    (somebody else's move is next) the reader goes back to the list, or straight to the next case.
    """
    user = demand(request, "cases.triage")
    case = get_case(user, reference)
    choices, back = forms.Choices(case), place(request.POST.get("back", ""))
    if request.method != "POST":
        return _back_from_login(request, case, choices, form_class)
    form, status = form_class(request.POST, choices=choices), 422
    if form.is_valid():
        try:
            service(case=case, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal_status(refusal)
        else:
            fresh = get_case(user, reference)
            words = said(fresh) if callable(said) else said % {"reference": fresh.reference}
            messages.success(request, words)
            return _go_on(request, user, fresh, form_class, back, leaves=leaves)
    fresh = get_case(user, reference)
    return case_page(request, fresh, forms.Choices(fresh), back=back, held=form, status=status)


def _go_on(
    request: HttpRequest,
    user: User,
    case: Case,
    form_class: type[forms.ActionForm],
    back: str,
    *,
    leaves: bool,
) -> HttpResponse:
    """Return to the case, to the list, or to the next case, as was asked; words of another form stay."""
    if leaves and request.POST.get("then") == "next":
        return _open_next(request, user, back)
    if leaves:
        query = QueryDict(back, mutable=True)
        query["decided"] = case.reference
        return redirect(f"{reverse('triage:list')}?{query.urlencode()}")
    other = forms.FORMS.get(request.POST.get("for", ""), form_class)
    if other is not form_class:
        choices = forms.Choices(case)
        held = other.holding(request.POST, choices)
        if held.typed:
            return case_page(request, case, choices, back=back, held=held)
    return redirect(_address(case, back))


def _open_next(request: HttpRequest, user: User, back: str) -> HttpResponse:
    among = CaseFilter(QueryDict(back), queryset=cases_of(user)).qs
    case = triage.claim_next(by=user, among=among, double_click=DOUBLE_CLICK)
    if case is None:
        messages.info(request, _("No other cases in this view."))
        return redirect(f"{reverse('triage:list')}?{back}")
    messages.success(request, _held_until(case))
    return redirect(_address(case, back))


def _back_from_login(
    request: HttpRequest, case: Case, choices: forms.Choices, form_class: type[forms.ActionForm]
) -> HttpResponse:
    """Show the page with what was typed before the session ended; without such words, just the page."""
    data = kept(request)
    if data is None:
        return redirect(_address(case, ""))
    held = forms.FORMS.get(data.get("for", ""), form_class).holding(data, choices)
    return case_page(request, case, choices, back=place(data.get("back", "")), held=held)


def _address(case: Case, back: str) -> str:
    address = reverse("triage:case", args=[case.reference])
    return f"{address}?{urlencode({'back': back})}" if back else address


def _held_until(case: Case) -> str:
    assert case.lease_until is not None  # it was just claimed
    until = date_format(timezone.localtime(case.lease_until), pgettext("time format", "H:i"))
    return _("You have claimed %(reference)s until %(time)s.") % {
        "reference": case.reference,
        "time": until,
    }


def _decide_listings(*, case: Case, by: User, every: str, outcomes: dict[int, str]) -> Case:
    if every:
        outcomes = dict.fromkeys(case.listings.values_list("pk", flat=True), every)
    return decisions.decide_listings(case=case, by=by, outcomes=outcomes)


def _withdraw_referral(*, case: Case, by: User, referral: Referral, note: str) -> Referral:
    return referrals.withdraw(referral=referral, by=by, note=note)
