"""The view that splits a draft with listings of several shops."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import text
from alliance.lib.refusals import Refusal
from cases.forms.filing import ListingsForm
from cases.models import Case
from cases.queries.readiness import Step
from cases.services import split_drafts
from cases.states import Status
from cases.views.desk import draft_versions, steps
from cases.views.desk.case_page import own_case
from cases.views.http import get_or_post
from members.views.http import person


@get_or_post
def split(request: HttpRequest, reference: str) -> HttpResponse:
    """Split the draft by the shops of the submitted URLs. A GET, as after logging in again, redirects to the listings."""
    case = own_case(request, reference, permission="cases.submit_case")
    if case.status != Status.DRAFT:
        return steps.redirect_from_unchangeable(request, case)
    if request.method != "POST":
        return redirect("desk:listings", case.reference)
    # The shop may be missing: the URLs name it.
    form = ListingsForm(request.POST, case=case, lenient=True)
    status = 422
    # The errors of the URLs are about the shop, and the service checks each group.
    if not set(form.errors) - {"urls"} and len(form.groups) > 1 and _fits(form):
        try:
            further = _split(request, case, form)
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            _report(request, further)
            return redirect(f"{reverse('desk:cases')}?status={Status.DRAFT}")
    elif len(form.groups) == 1:
        form.add_error(None, _("These URLs belong to one shop. There is nothing to split."))
    case = own_case(request, reference)
    return steps.page(request, Step.LISTINGS, form, case=case, status=status)


def _fits(form: ListingsForm) -> bool:
    """Return whether the shop of the form, if any, is that of the first group; add an error otherwise.

    Its name and identifiers would be stated of another shop.
    """
    first, data = form.groups[0], form.cleaned_data
    if not data.get("shop") or _is_named(form):
        return True
    if not data.get("marketplace"):
        form.add_error("marketplace", form.fields["marketplace"].error_messages["required"])
        return False
    text = _(
        "No URL belongs to this shop. Enter the shop of the first URL, %(shop)s, or leave this empty."
    )
    form.add_error("shop", text % {"shop": first.shop or first.marketplace})
    return False


def _is_named(form: ListingsForm) -> bool:
    """Return whether the form names the shop of the first group, whose listings stay in the draft."""
    first, data = form.groups[0], form.cleaned_data
    return (data.get("marketplace"), data.get("seller_id")) == (first.marketplace, first.shop)


def _split(request: HttpRequest, case: Case, form: ListingsForm) -> list[Case]:
    data = form.cleaned_data
    return split_drafts.split(
        case=case,
        by=person(request),
        groups=form.groups,
        form_id=data["form_id"],
        seller_name=data.get("seller_name", "") if _is_named(form) else "",
        identifiers=form.identifiers,
        confirmed=bool(data.get("confirmed")),
        seen=draft_versions.seen(form),
    )


def _report(request: HttpRequest, further: list[Case]) -> None:
    count = len(further)
    sentence = ngettext(
        "%(count)d further draft was created: %(references)s. Check its shop name and add its evidence.",
        "%(count)d further drafts were created: %(references)s. Check their shop names and add their evidence.",
        count,
    )
    values = {"count": count, "references": text.join(case.reference for case in further)}
    messages.success(request, sentence % values)
