"""The steps of a test purchase: record, correct, dispose of the goods, cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.forms.purchases import FORMS, CancelForm, DisposeForm, ProposeForm, StepForm
from cases.models import TestPurchase
from cases.services.purchases import core, ending, steps
from cases.views.desk import purchase_display
from cases.views.desk.purchases import add_refusal, breadcrumbs, filing_role, find, purchase_page
from cases.views.http import get_or_post
from members.models import Membership
from members.views.http import person, restored_data, with_seen

_VERBS: dict[str, Callable[..., TestPurchase]] = {
    "order": steps.order,
    "receive": steps.receive,
    "examine": steps.examine,
    "store": steps.store,
}


@get_or_post
def step(request: HttpRequest, slug: str, reference: str, step: str) -> HttpResponse:
    """Record the facts of the next step, or correct those of a recorded one.

    A form that shows recorded facts carries their version.
    """
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    if step not in FORMS:
        raise Http404
    if request.method != "POST":
        if not purchase.has_done(step) and step != purchase_display.next_verb(purchase):
            messages.error(request, str(core.wrong_status(purchase)))
            return redirect(purchase)
        return _step_page(request, role, FORMS[step](restored_data(request), purchase=purchase))
    form = FORMS[step](request.POST, purchase=purchase)
    if not form.is_valid():
        return _step_page(request, role, form, status=422)
    try:
        text = _save(request, purchase, form)
    except core.PurchaseChanged as refusal:
        return _changed_elsewhere(request, role, form, refusal)
    except Refusal as refusal:
        return _step_page(request, role, form, status=add_refusal(form, refusal))
    messages.success(request, text)
    return redirect(purchase)


@get_or_post
def propose(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Propose to dispose of the goods."""
    heading = _("Propose disposal")
    text = _("The disposal was proposed. Another person must confirm it.")
    return _end(request, slug, reference, ProposeForm, ending.propose_disposal, heading, text)


@get_or_post
def cancel(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Cancel a purchase whose parcel has not arrived."""
    heading, text = _("Cancel the test purchase"), _("The test purchase was cancelled.")
    return _end(request, slug, reference, CancelForm, ending.cancel, heading, text)


@get_or_post
def dispose(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Confirm a disposal that another person has proposed. A GET, as after logging in again, redirects to the page."""
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    if request.method != "POST":
        return redirect(purchase)
    form, status = DisposeForm(request.POST, purchase=purchase), 422
    if form.is_valid():
        try:
            ending.dispose(purchase=purchase, by=person(request), **form.cleaned_data)
        except Refusal as refusal:
            if isinstance(refusal, core.PurchaseChanged):  # the page shows the present proposal
                now = refusal.purchase
                form = DisposeForm(with_seen(request, ending.proposal_version(now)), purchase=now)
            status = add_refusal(form, refusal)
            if not isinstance(refusal, core.InvalidFact):  # the form may no longer be shown
                messages.error(request, str(refusal))
        else:
            messages.success(request, _("The disposal was confirmed."))
            return redirect(purchase)
    now = find(request, role, reference)
    return purchase_page(request, role, now, dispose_form=form, status=status)


@get_or_post
def keep(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Reject a proposed disposal. A GET, as after logging in again, redirects to the page."""
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    if request.method == "POST":
        try:
            ending.keep(purchase=purchase, by=person(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            now = find(request, role, reference)
            return purchase_page(request, role, now, status=refusal.http_status)
        messages.success(request, _("The goods stay in the evidence store."))
    return redirect(purchase)


def _save(request: HttpRequest, purchase: TestPurchase, form: StepForm) -> str:
    """Record or correct the step; return what to tell the user."""
    seen, by = form.cleaned_data["seen"], person(request)
    if seen or form.step not in _VERBS:
        changed = steps.correct(purchase=purchase, by=by, step=form.step, seen=seen, **form.facts)
        return _("The correction was saved.") if changed else _("Nothing was changed.")
    _VERBS[form.step](purchase=purchase, by=by, **form.facts)
    return _("The step was recorded.")


def _changed_elsewhere(
    request: HttpRequest, role: Membership, form: StepForm, refusal: core.PurchaseChanged
) -> HttpResponse:
    """Show the form with what was entered beside what is saved now. Saving it again replaces that."""
    now = refusal.purchase
    again = FORMS[form.step](with_seen(request, core.version(now, form.step)), purchase=now)
    again.is_valid()
    again.add_error(None, str(refusal))
    saved = {name: getattr(now, name) for name in form.facts}
    shown = purchase_display.shown
    differences = [
        {
            "label": purchase_display.label(name),
            "saved": shown(name, saved[name]),
            "submitted": shown(name, value),
        }
        for name, value in form.facts.items()
        if value != saved[name]
    ]
    return _step_page(request, role, again, status=409, differences=differences)


def _step_page(
    request: HttpRequest,
    role: Membership,
    form: StepForm,
    *,
    status: int = 200,
    differences: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    if form.purchase.has_done(form.step):
        heading = _("Correct: %(step)s") % {"step": purchase_display.titles()[form.step]}
    else:
        heading = purchase_display.actions()[form.step]
    return _form_page(request, role, form.purchase, form, heading, status, differences)


def _form_page(
    request: HttpRequest,
    role: Membership,
    purchase: TestPurchase,
    form: Any,
    heading: str,
    status: int = 200,
    differences: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "member": role.member,
        "purchase": purchase,
        "form": form,
        "heading": heading,
        "differences": differences or [],
        "breadcrumbs": [*breadcrumbs(role, purchase), {"label": heading}],
    }
    return render(request, "purchases/step.html", context, status=status)


def _end(
    request: HttpRequest,
    slug: str,
    reference: str,
    make: Callable[..., Any],
    service: Callable[..., Any],
    heading: str,
    done: str,
) -> HttpResponse:
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    form, status = make(restored_data(request)), 200
    if request.method == "POST":
        form, status = make(request.POST), 422
        if form.is_valid():
            try:
                service(purchase=purchase, by=person(request), **form.cleaned_data)
            except Refusal as refusal:
                status = add_refusal(form, refusal)
            else:
                messages.success(request, done)
                return redirect(purchase)
    return _form_page(request, role, purchase, form, heading, status)
