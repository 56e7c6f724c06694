"""Brand staff file a case, step by step, answer questions about it, and withdraw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from alliance.uploads import Oversized
from cases.forms.filing import (
    AnswerForm,
    ComplaintForm,
    EvidenceForm,
    GoodFaithForm,
    ListingsForm,
    WithdrawForm,
)
from cases.models import Case
from cases.services import evidence as files
from cases.services import filing
from cases.services.completeness import Step
from cases.services.refusals import Conflict, Incomplete, Refusal
from cases.states import UNDECIDED, Status

from . import member_case, steps
from .member_case import kept, own_case, person

shown_and_sent = require_http_methods(["GET", "HEAD", "POST"])


@shown_and_sent
def new(request: HttpRequest) -> HttpResponse:
    """Begin a case. ``?like=`` names an earlier one of the member that is filed again."""
    user = person(request)
    if not user.has_perm("cases.file"):
        raise PermissionDenied
    if request.method != "POST":
        earlier = _earlier(request, request.GET.get("like", ""))
        like = {"like": earlier.reference} if earlier else {}
        form = ComplaintForm(kept(request), user=user, case=earlier, initial=like)
        return steps.page(request, Step.COMPLAINT, form)
    form = ComplaintForm(request.POST, user=user, lenient=steps.later(request))
    status = 422
    if form.is_valid():
        like_case = _earlier(request, form.cleaned_data["like"])
        token = form.cleaned_data["token"]
        try:
            case = filing.start_draft(by=user, token=token, like=like_case, **form.values)
        except Refusal as refusal:
            status = steps.refuse(form, refusal)
        else:
            return steps.go_on(request, case, Step.COMPLAINT)
    return steps.page(request, Step.COMPLAINT, form, status=status)


@shown_and_sent
def complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what a draft complains of."""
    case, user = own_case(request, reference, permission="cases.submit_case"), person(request)

    def make(data: Any, **kwargs: Any) -> ComplaintForm:
        return ComplaintForm(data, user=user, case=case, **kwargs)

    def save(form: ComplaintForm) -> Case:
        return filing.change_draft(case=case, by=user, **form.values)

    return _step(request, case, Step.COMPLAINT, make, save)


@shown_and_sent
def listings(request: HttpRequest, reference: str) -> HttpResponse:
    """Name the seller and the listings of a draft."""
    case, user = own_case(request, reference, permission="cases.submit_case"), person(request)

    def make(data: Any, **kwargs: Any) -> ListingsForm:
        return ListingsForm(data, case=case, **kwargs)

    def save(form: ListingsForm) -> Case:
        saved = filing.set_listings(case=case, by=user, **form.values)
        _say_what_was_made_of_it(request, saved, form)
        return saved

    return _step(request, case, Step.LISTINGS, make, save)


@shown_and_sent
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Attach files: a step of filing, and possible until the case is decided."""
    case = own_case(request, reference, permission="cases.submit_case")
    if request.method != "POST":
        if case.status not in UNDECIDED:
            return steps.too_late(request, case)
        return steps.page(request, Step.EVIDENCE, EvidenceForm(kept(request)), case=case)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and _attach(request, case, form):
        draft = case.status == Status.DRAFT
        return redirect("desk:evidence" if draft else "desk:case", case.reference)
    return steps.page(request, Step.EVIDENCE, form, case=case, status=422)


@shown_and_sent
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything once more, and submit it."""
    case = own_case(request, reference, permission="cases.submit_case")
    if request.method != "POST":
        if case.status != Status.DRAFT:
            return steps.too_late(request, case)
        return steps.page(request, Step.CHECK, GoodFaithForm(kept(request)), case=case)
    form = GoodFaithForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            filing.submit(case=case, by=person(request), good_faith=True)
        except Incomplete as refusal:
            form.add_error(None, str(refusal))
        except Conflict as refusal:
            status = steps.refuse(form, refusal)
        else:
            return redirect("desk:submitted", case.reference)
    case = own_case(request, reference)
    if case.status != Status.DRAFT:
        return steps.too_late(request, case)
    return steps.page(request, Step.CHECK, form, case=case, status=status)


@require_safe
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm that the case was received: its reference, and what happens next."""
    case = own_case(request, reference)
    if case.submitted_at is None:
        return redirect(steps.after(case))
    context = {"case": case, "listing_count": case.listings.count()}
    return render(request, "cases/submitted.html", context)


@shown_and_sent
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the moderators' question, with files if need be. The form stands on the case's page."""
    case = own_case(request, reference, permission="cases.answer_case")
    if request.method != "POST":
        typed = kept(request)
        if typed is None:
            return redirect(steps.after(case))
        return member_case.show(request, case, answer=AnswerForm(typed))
    form = AnswerForm(request.POST, request.FILES)
    status = 422
    if form.is_valid() and _attach(request, case, form):
        try:
            filing.answer(case=case, by=person(request), note=form.cleaned_data["note"])
        except Refusal as refusal:
            status = steps.refuse(form, refusal)
        else:
            messages.success(request, _("Your answer was sent to the moderators."))
            return redirect(case)
    case = own_case(request, reference)
    return member_case.show(request, case, answer=form, status=status)


@shown_and_sent
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a case, or discard a draft. A GET, as after logging in again, leads back to the case."""
    case = own_case(request, reference, permission="cases.withdraw_case")
    form = WithdrawForm(request.POST, prefix="withdraw")
    if request.method == "POST" and form.is_valid():
        try:
            case = filing.withdraw(case=case, by=person(request), note=form.cleaned_data["note"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            draft = case.submitted_at is None
            done = _("The draft was discarded.") if draft else _("The case was withdrawn.")
            messages.success(request, done)
    elif request.method == "POST":
        messages.error(request, " ".join(map(str, form.errors["note"])))
    return redirect(steps.after(case))


def _step(
    request: HttpRequest,
    case: Case,
    step: Step,
    make: Callable[..., Any],
    save: Callable[[Any], Case],
) -> HttpResponse:
    """Show or save a step of a draft. Autosave (htmx) gets a word instead of a page."""
    if request.method != "POST":
        if case.status != Status.DRAFT:
            return steps.too_late(request, case)
        return steps.page(request, step, make(kept(request)), case=case)
    form = make(request.POST, lenient=steps.later(request))
    status = 422
    if form.is_valid():
        try:
            saved = save(form)
        except Refusal as refusal:
            status = steps.refuse(form, refusal)
        else:
            return steps.go_on(request, saved, step)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "cases/_saved.html", {"conflict": status == 409, "form": form})
    return steps.page(request, step, form, case=own_case(request, case.reference), status=status)


def _earlier(request: HttpRequest, reference: str) -> Case | None:
    """Return the earlier case that is filed again, if it is the member's own."""
    cases = Case.objects.of_member_staff(person(request)).select_related("right")
    return cases.filter(reference=reference.replace("\0", "")).first() if reference else None


def _say_what_was_made_of_it(request: HttpRequest, case: Case, form: ListingsForm) -> None:
    if request.htmx:  # type: ignore[attr-defined]
        return
    copies, name = form.reading.copies, form.cleaned_data.get("seller_name")
    if copies:
        text = ngettext(
            "%(count)d line named a listing a second time and was merged.",
            "%(count)d lines named a listing a second time and were merged.",
            copies,
        )
        messages.info(request, text % {"count": copies})
    if texts := form.reading.texts:
        text = ngettext(
            "%(count)d line held more than an address; only the addresses were kept.",
            "%(count)d lines held more than an address; only the addresses were kept.",
            texts,
        )
        messages.info(request, text % {"count": texts})
    if case.seller and name and case.shop_name != name.strip():
        text = _("This shop is known here as “%(name)s”; that name was kept.")
        messages.info(request, text % {"name": case.shop_name})


def _attach(request: HttpRequest, case: Case, form: Form) -> bool:
    """Attach each file by itself. Say which were taken and, on the form, which were not and why."""
    known = set(case.evidence.values_list("pk", flat=True))
    taken = 0
    for upload in form.cleaned_data["uploads"]:
        name = {"name": files.clean_name(upload.name or "")}
        if isinstance(upload, Oversized) and not upload.by_itself:
            form.add_error("uploads", _("“%(name)s”: send fewer files at a time.") % name)
            continue
        try:
            added = files.add(
                case=case, by=person(request), upload=upload, kind=form.cleaned_data["kind"]
            )
        except Refusal as refusal:
            form.add_error("uploads", str(refusal))
            continue
        if added.pk in known:
            messages.info(request, _("“%(name)s” was attached before.") % name)
        else:
            taken += 1
    if taken:
        text = ngettext("%(count)d file was attached.", "%(count)d files were attached.", taken)
        messages.success(request, text % {"count": taken})
    return not form.errors
