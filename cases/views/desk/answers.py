"""Forms on the page of a case: answers to moderators and to counter-notices, and late evidence, each with files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.forms.evidence import AnswerForm, CounterNoticeAnswerForm, LateEvidenceForm
from cases.models import Case
from cases.services import counter_notices, filing, reopening
from cases.views.desk import case_page, steps, uploads
from cases.views.desk.case_page import own_case
from cases.views.desk.filing import get_or_post
from members.views.http import person, restored_data


@get_or_post
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the moderators' question, with optional files."""
    case = own_case(request, reference, permission="cases.answer_case")
    by = person(request)

    def send(note: str) -> str:
        filing.answer(case=case, by=by, note=note)
        return _("Your answer was sent to the moderators.")

    return _answered(request, case, "answer", AnswerForm, send)


@get_or_post
def answer_counter_notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the counter-notice, with optional files."""
    case = own_case(request, reference, permission="cases.answer_counter_notice")
    by = person(request)

    def send(note: str) -> str:
        counter_notices.answer(case=case, by=by, answer=note)
        return _("Your answer was sent to the moderators.")

    return _answered(request, case, "counter_answer", CounterNoticeAnswerForm, send)


@get_or_post
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Add evidence to a rejected case and reopen it."""
    case = own_case(request, reference, permission="cases.reopen_case")
    by = person(request)

    def send(note: str) -> str:
        reopening.reopen(case=case, by=by, note=note)
        return _("The case was reopened and sent to the moderators.")

    return _answered(request, case, "late", LateEvidenceForm, send)


def _answered(
    request: HttpRequest,
    case: Case,
    name: str,
    make: type[AnswerForm],
    send: Callable[[str], str],
) -> HttpResponse:
    """Add the files of a form on the page of ``case``, then ``send`` its text, which returns a message for the user.

    ``name`` is the argument of :func:`.case_page.show` for the form, which is shown again with its errors.
    """
    if request.method != "POST":
        data = restored_data(request)
        if data is None:
            return redirect(steps.continue_url(case))
        return case_page.show(request, case, **_named(name, make(data)))
    form = make(request.POST, request.FILES)
    target = uploads.to_case(request, case, form, late=name == "late")
    status = 422
    if form.is_valid() and uploads.attach(request, target, form):
        try:
            done = send(form.cleaned_data["note"])
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect(case)
    case = own_case(request, case.reference)
    return case_page.show(request, case, **_named(name, form), status=status)


def _named(name: str, form: AnswerForm) -> dict[str, Any]:
    return {name: form}
