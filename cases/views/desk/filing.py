"""Views in which brand staff file a case in steps and withdraw it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from alliance.lib.refusals import Incomplete, Refusal
from cases.forms.complaint import ComplaintForm, stated_in
from cases.forms.evidence import EvidenceForm
from cases.forms.filing import GoodFaithForm, ListingsForm, WithdrawForm
from cases.models import Case
from cases.queries.readiness import Step
from cases.services import core, drafts, filed_listings, filing, sellers
from cases.services.drafts import DraftChanged
from cases.states import TAKES_ADDITIONS, Status
from cases.views.desk import case_page, draft_versions, steps, template_choice, uploads
from cases.views.desk.case_page import own_case
from cases.views.http import get_or_post
from members.models import User
from members.views.http import person, restored_data

# By step, the function that computes the version against which conflicts are detected.
VERSION_OF = {Step.COMPLAINT: drafts.complaint_version, Step.LISTINGS: drafts.listings_version}


@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Start a draft. ``?like=`` names an earlier case of the member to copy."""
    user = person(request)
    if not user.has_perm("cases.file"):
        raise PermissionDenied
    if request.method != "POST":
        return _empty_form(request, user)

    def begin(form: ComplaintForm) -> Case:
        like = _earlier(request, form.cleaned_data["like"])
        return filing.start_draft(by=user, like=like, **started(form))

    return start(request, begin)


def start(request: HttpRequest, begin: Callable[[ComplaintForm], Case]) -> HttpResponse:
    """Answer the POST of the form of a new case. ``begin`` starts the draft from the valid form."""
    make = partial(ComplaintForm, user=person(request))
    if request.POST.get("then") == "find":
        form = ComplaintForm.finding(request.POST, user=person(request))
        return steps.page(request, Step.COMPLAINT, form)
    form = make(request.POST, lenient=steps.is_saved_for_later(request))
    status = 422
    if form.is_valid():
        try:
            case = begin(form)
        except DraftChanged as changed:
            return _changed(request, Step.COMPLAINT, changed, make)
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            draft_versions.remember(form, drafts.complaint_version(case))
            return steps.redirect_to_next(request, case, Step.COMPLAINT)
    return steps.page(request, Step.COMPLAINT, form, status=status)


def started(form: ComplaintForm) -> dict[str, Any]:
    """Return the keyword arguments of the valid form of a new case for the service that starts the draft."""
    return {
        "token": form.cleaned_data["token"],
        "seen": draft_versions.seen(form),
        **form.values,
    }


def _empty_form(request: HttpRequest, user: User) -> HttpResponse:
    """Show the form of a new case, with the data restored after the session expired.

    The form posts to ``?draft=`` with its token. A GET of that URL redirects to the draft.
    """
    data, draft = restored_data(request), draft_of_form(request, user)
    if data is None and draft is not None:
        return redirect("desk:complaint", draft.reference)
    earlier = _earlier(request, request.GET.get("like", ""))
    initial: dict[str, Any] = {"like": earlier.reference} if earlier else {}
    # A template would replace the complaint that is copied, or the text that was typed.
    offers_templates = earlier is None and data is None
    context = template_choice.context(request, user) if offers_templates else {}
    if chosen := context.get("template"):
        initial |= stated_in(chosen)
    form = ComplaintForm(data, user=user, case=earlier, initial=initial)
    return steps.page(request, Step.COMPLAINT, form, **context)


def draft_of_form(request: HttpRequest, user: User) -> Case | None:
    """Return the user's draft created by the form with the token in the URL, if any."""
    try:
        token = uuid.UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    return Case.objects.filter(draft_token=token, created_by=user, status=Status.DRAFT).first()


@get_or_post
def complaint(request: HttpRequest, reference: str) -> HttpResponse:
    """Edit the complaint of a draft."""
    case, user = own_case(request, reference, permission="cases.submit_case"), person(request)
    if request.POST.get("then") == "find" and case.status == Status.DRAFT:
        form = ComplaintForm.finding(request.POST, user=user, case=case)
        return steps.page(request, Step.COMPLAINT, form, case=case)

    def save(form: ComplaintForm) -> Case:
        seen = draft_versions.seen(form)
        return filing.change_draft(case=case, by=user, seen=seen, **form.values)

    return _step(request, case, Step.COMPLAINT, partial(ComplaintForm, user=user), save)


@get_or_post
def listings(request: HttpRequest, reference: str) -> HttpResponse:
    """Edit the seller and the listings of a draft."""
    case, user = own_case(request, reference, permission="cases.submit_case"), person(request)

    def save(form: ListingsForm) -> Case:
        seen = draft_versions.seen(form)
        saved = filing.set_listings(case=case, by=user, seen=seen, **form.values)
        _report_changes(request, saved, form)
        return saved

    return _step(request, case, Step.LISTINGS, ListingsForm, save)


@get_or_post
def filed_already(request: HttpRequest, reference: str) -> HttpResponse:
    """Remove listings that are part of other cases from a draft.

    A GET, as after logging in again, redirects to the listings.
    """
    case = own_case(request, reference, permission="cases.submit_case")
    if request.method == "POST":
        try:
            count = filed_listings.remove_filed(case=case, by=person(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            text = ngettext(
                "%(count)d listing was removed from the draft.",
                "%(count)d listings were removed from the draft.",
                count,
            )
            messages.success(request, text % {"count": count})
    listings_page = reverse("desk:listings", args=[case.reference])
    return redirect(listings_page if case.status == Status.DRAFT else steps.continue_url(case))


@get_or_post
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Upload files, as a step of filing and while the case is open.

    Every button of the page uploads the chosen files first.
    """
    case = own_case(request, reference, permission="cases.submit_case")
    if request.method != "POST":
        if case.status not in TAKES_ADDITIONS:
            return steps.redirect_from_unchangeable(request, case)
        return steps.page(request, Step.EVIDENCE, EvidenceForm(restored_data(request)), case=case)
    then = request.POST.get("then", "")
    form = EvidenceForm(request.POST, request.FILES, optional=bool(then))
    if case.status not in TAKES_ADDITIONS and form.is_valid():
        form.add_error(None, str(core.wrong_status(case)))
    onward = steps.url_after_evidence(case, then)
    target = uploads.to_case(request, case, form)
    if uploads.is_scripted(request):
        return uploads.answer_script(target, form, onward=onward)
    if form.is_valid() and uploads.attach(request, target, form):
        return redirect(onward)
    return steps.page(request, Step.EVIDENCE, form, case=case, status=422)


@get_or_post
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a summary of the draft and submit it."""
    case = own_case(request, reference, permission="cases.submit_case")
    if request.method != "POST":
        if case.status != Status.DRAFT:
            return steps.redirect_from_unchangeable(request, case)
        return steps.page(request, Step.CHECK, GoodFaithForm(restored_data(request)), case=case)
    form = GoodFaithForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            filing.submit(case=case, by=person(request), good_faith=True)
        except Incomplete as refusal:
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            return redirect("desk:submitted", case.reference)
    case = own_case(request, reference)
    if case.status != Status.DRAFT:
        return steps.redirect_from_unchangeable(request, case)
    return steps.page(request, Step.CHECK, form, case=case, status=status)


@require_safe
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the submission: show the reference and what happens next."""
    case = own_case(request, reference)
    if case.submitted_at is None:
        return redirect(steps.continue_url(case))
    context = {"case": case, "listing_count": case.listings.count()}
    return render(request, "cases/submitted.html", context)


@get_or_post
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a case or discard a draft. A GET, as after logging in again, redirects to the case."""
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
        return case_page.show(request, case, withdraw=form, status=422)
    return redirect(steps.continue_url(case))


def _step(
    request: HttpRequest,
    case: Case,
    step: Step,
    make: Callable[..., Any],
    save: Callable[[Any], Case],
) -> HttpResponse:
    """Show or save a step of a draft. Autosave (htmx) gets a fragment instead of a page."""
    if request.method != "POST":
        if case.status != Status.DRAFT:
            return steps.redirect_from_unchangeable(request, case)
        return steps.page(request, step, make(restored_data(request), case=case), case=case)
    data: QueryDict = request.POST
    if data.get("then") == "both":
        data = draft_versions.with_saved_lines(request, make(None, case=case)["urls"].value())
    form = make(data, case=case, lenient=steps.is_saved_for_later(request))
    status = 422
    if form.is_valid():
        try:
            saved = save(form)
        except DraftChanged as changed:
            return _changed(request, step, changed, make)
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            version = VERSION_OF[step](saved)
            draft_versions.remember(form, version)
            return steps.redirect_to_next(request, saved, step, version=version)
    if request.htmx:  # type: ignore[attr-defined]
        # An error status, so that the browser keeps its copy of the text.
        context = {"conflict": status == 409, "form": form}
        return render(request, "cases/_saved.html", context, status=status)
    return steps.page(request, step, form, case=own_case(request, case.reference), status=status)


def _changed(
    request: HttpRequest, step: Step, changed: DraftChanged, make: Callable[..., Any]
) -> HttpResponse:
    """Show the submitted data and the saved version. Autosave only reports the conflict."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "cases/_saved.html", {"changed": True}, status=409)
    case = own_case(request, changed.case.reference)
    saved = make(None, case=case)
    data = draft_versions.replacing(request.POST, saved["base"].value())
    form = make(data, case=case, lenient=steps.is_saved_for_later(request))
    form.full_clean()
    form.add_error(None, str(changed))
    context = {"differences": draft_versions.differences(form, saved), "autosave": False}
    return steps.page(request, step, form, case=case, status=409, **context)


def _earlier(request: HttpRequest, reference: str) -> Case | None:
    """Return the submitted case to copy, if it belongs to a member of the user."""
    cases = Case.objects.at_members_of(person(request)).submitted().select_related("right")
    return cases.filter(reference=reference.replace("\0", "")).first() if reference else None


def _report_changes(request: HttpRequest, case: Case, form: ListingsForm) -> None:
    """Add a message for everything that was changed in the submitted listings."""
    if request.htmx:  # type: ignore[attr-defined]
        return
    copies, name = form.parsed.copies, form.cleaned_data.get("seller_name")
    if copies:
        text = ngettext(
            "%(count)d duplicate line was merged.",
            "%(count)d duplicate lines were merged.",
            copies,
        )
        messages.info(request, text % {"count": copies})
    if form.parsed.variants:
        text = _(
            "Variants of one listing, such as colours, are one listing. The first URL is kept."
        )
        messages.info(request, text)
    if ignored := form.parsed.ignored:
        text = ngettext(
            "%(count)d line without a URL was ignored.",
            "%(count)d lines without a URL were ignored.",
            ignored,
        )
        messages.info(request, text % {"count": ignored})
    if form.had_invisible_characters:
        text = _("Invisible control characters were removed from the shop name.")
        messages.info(request, text)
    if texts := form.parsed.texts:
        text = ngettext(
            "%(count)d line contained other text; only the URLs were kept.",
            "%(count)d lines contained other text; only the URLs were kept.",
            texts,
        )
        messages.info(request, text % {"count": texts})
    if case.seller_name and name and (known := sellers.known_name(case)):
        text = _(
            "This shop is already on record as “%(name)s”. Your name for it will be recorded with the case."
        )
        messages.info(request, text % {"name": known})
