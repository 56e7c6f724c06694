"""The views in which filers save complaints as templates, and rename and delete them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.refusals import Refusal
from cases.forms.complaint_templates import TemplateNameForm
from cases.models import ComplaintTemplate
from cases.queries import complaint_templates as templates
from cases.services import complaint_templates
from cases.views.desk import steps
from cases.views.desk.case_page import own_case
from cases.views.http import get_or_post
from members.models import User
from members.views.http import person, restored_data

# The list shows all: a member has up to complaint_templates.MOST, and few people file for several members.
SHOWN = 1000


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """List the templates of the members for which the user may file."""
    rows = list(templates.of_filer(_filer(request))[:SHOWN])
    context = {
        "rows": [{"template": row, "obstacle": templates.obstacle(row)} for row in rows],
        "several_members": len({row.member_id for row in rows}) > 1,
        "breadcrumbs": _breadcrumbs(),
    }
    return render(request, "cases/templates.html", context)


@get_or_post
def save(request: HttpRequest, reference: str) -> HttpResponse:
    """Save the complaint of a case as a template."""
    case, user = own_case(request, reference, permission="cases.submit_case"), person(request)
    data = request.POST if request.method == "POST" else restored_data(request)
    form, status = TemplateNameForm(data, initial={"name": str(case.right.title)[:80]}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                complaint_templates.save(case=case, by=user, **form.cleaned_data)
            except Refusal as refusal:
                status = steps.add_refusal(form, refusal)
            else:
                messages.success(request, _("The template was saved."))
                return redirect("desk:templates")
    context = {"case": case, "back": steps.continue_url(case)}
    return _name_page(request, form, _("Save as a template"), context, status)


@get_or_post
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a template."""
    template = _template(request, pk)
    data = request.POST if request.method == "POST" else restored_data(request)
    form, status = TemplateNameForm(data, initial={"name": template.name}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                complaint_templates.rename(
                    template=template, by=person(request), **form.cleaned_data
                )
            except Refusal as refusal:
                status = steps.add_refusal(form, refusal)
            else:
                messages.success(request, _("The template was renamed."))
                return redirect("desk:templates")
    context = {"back": reverse("desk:templates")}
    return _name_page(request, form, _("Rename the template"), context, status)


@get_or_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a template. A GET, as after logging in again, redirects to the list."""
    if request.method == "POST":
        # Pressing the button twice is not an error.
        template = templates.of_filer(_filer(request)).filter(pk=pk).first()
        if template is not None:
            complaint_templates.delete(template=template, by=person(request))
            messages.success(request, _("The template was deleted."))
    else:
        _filer(request)
    return redirect("desk:templates")


def _filer(request: HttpRequest) -> User:
    user = person(request)
    if not user.has_perm("cases.file"):
        raise PermissionDenied
    return user


def _template(request: HttpRequest, pk: int) -> ComplaintTemplate:
    return get_object_or_404(templates.of_filer(_filer(request)), pk=pk)


def _name_page(
    request: HttpRequest,
    form: TemplateNameForm,
    heading: str,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    breadcrumbs = [*_breadcrumbs(reverse("desk:templates")), {"label": heading}]
    context |= {"form": form, "heading": heading, "breadcrumbs": breadcrumbs}
    return render(request, "cases/template_name.html", context, status=status)


def _breadcrumbs(url: str = "") -> list[dict[str, str]]:
    here = {"label": _("Complaint templates")} | ({"url": url} if url else {})
    return [{"label": _("Cases"), "url": reverse("desk:cases")}, here]
