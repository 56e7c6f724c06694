"""Forms on the page of a case: answers to moderators and to counter-notices, and late evidence, each with files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.lib.refusals import Refusal
from cases.forms.evidence import AnswerForm, CounterNoticeAnswerForm, LateEvidenceForm
from cases.models import Case
from cases.services import counter_notices, filing, reopening
from cases.views.desk import case_page, steps, uploads
from cases.views.desk.case_page import own_case
from cases.views.http import get_or_post
from members.views.http import person, restored_data


@dataclass(frozen=True)
class _Answer:
    """A form on the page of a case, whose files are added before its text is sent.

    ``name`` is its argument of :func:`.case_page.show`. ``send`` is the service for the text, and ``done`` the message
    after it. ``needs_files`` says whether the form is refused without a file.
    """

    name: str
    permission: str
    form: type[AnswerForm]
    send: Callable[..., Case]
    done: Promise
    needs_files: Callable[[Case], bool] = lambda _case: False


_SENT = _("Your answer was sent to the moderators.")
_TO_QUESTION = _Answer("answer", "cases.answer_case", AnswerForm, filing.answer, _SENT)
_TO_COUNTER_NOTICE = _Answer(
    "counter_answer",
    "cases.answer_counter_notice",
    CounterNoticeAnswerForm,
    counter_notices.answer,
    _SENT,
)
_LATE_EVIDENCE = _Answer(
    "late",
    "cases.reopen_case",
    LateEvidenceForm,
    reopening.reopen,
    _("The case was reopened and sent to the moderators."),
    reopening.needs_evidence,
)


@get_or_post
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the moderators' question, with optional files."""
    return _answered(request, reference, _TO_QUESTION)


@get_or_post
def answer_counter_notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the counter-notice, with optional files."""
    return _answered(request, reference, _TO_COUNTER_NOTICE)


@get_or_post
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Add evidence to a rejected case and reopen it."""
    return _answered(request, reference, _LATE_EVIDENCE)


def _answered(request: HttpRequest, reference: str, kind: _Answer) -> HttpResponse:
    """Add the files of a form on the page of a case, then send its text. A form with errors is shown again.

    A GET, as after logging in again, shows the text that was kept.
    """
    case = own_case(request, reference, permission=kind.permission)
    if request.method != "POST":
        data = restored_data(request)
        if data is None:
            return redirect(steps.continue_url(case))
        return case_page.show(request, case, forms={kind.name: kind.form(data)})
    form = kind.form(request.POST, request.FILES, optional=not kind.needs_files(case))
    status = 422
    if form.is_valid() and uploads.attach(request, uploads.to_case(request, case, form), form):
        try:
            kind.send(case=case, by=person(request), note=form.cleaned_data["note"])
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            messages.success(request, str(kind.done))
            return redirect(case)
    case = own_case(request, reference)
    return case_page.show(request, case, forms={kind.name: form}, status=status)
