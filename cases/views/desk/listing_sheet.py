"""The upload of a sheet of listings. The pages of the import are those of all sheets (:mod:`members.views.imports`)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.refusals import Refusal
from cases.forms.listing_sheet import ListingSheetForm
from cases.imports import listing_uploads
from cases.views.desk import steps
from cases.views.http import get_or_post
from members.imports import registry
from members.imports.registry import Kind
from members.models import ImportJob, Membership, User
from members.views.http import person, restored_data
from members.views.imports import template_of


@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Upload a sheet of listings with the complaint of its cases. ``?like=`` names an earlier import to copy it from."""
    user = _filer(request)
    if request.method != "POST":
        return _page(request, _empty_form(request, user))
    if request.POST.get("then") == "find":
        return _page(request, ListingSheetForm.finding(request.POST, user=user))
    form, status = ListingSheetForm(request.POST, request.FILES, user=user), 422
    if form.is_valid():
        try:
            job = listing_uploads.upload(by=user, **form.complaint, **form.sent_files)
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            return redirect("imports:job", job.member.slug, job.pk)
    return _page(request, form, status=status)


@require_safe
def template(request: HttpRequest) -> FileResponse:
    """Return a workbook with the columns of a sheet of listings and an example."""
    _filer(request)
    return template_of(_kind())


def _filer(request: HttpRequest) -> User:
    user = person(request)
    if not user.has_perm("cases.file"):
        raise PermissionDenied
    return user


def _kind() -> Kind:
    kind = registry.find("listings")
    assert kind is not None
    return kind


def _empty_form(request: HttpRequest, user: User) -> ListingSheetForm:
    data = restored_data(request)
    if data is None and (job := _earlier(request.GET.get("like", ""), user)):
        text = _("The complaint is copied from the earlier import. Choose the files again.")
        messages.info(request, text)
        return ListingSheetForm.of_job(job, user=user)
    return ListingSheetForm(data, user=user)


def _earlier(key: str, user: User) -> ImportJob | None:
    """Return the import of listings with this key, if the user may file for its member."""
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    members = Membership.objects.may_file().filter(user=user).values("member")
    jobs = ImportJob.objects.filter(member__in=members, kind=_kind().name).exclude(options={})
    return jobs.filter(pk=wanted).first()


def _page(request: HttpRequest, form: ListingSheetForm, *, status: int = 200) -> HttpResponse:
    kind = _kind()
    context = {
        "form": form,
        "kind": kind,
        "template_url": reverse("desk:sheet_template"),
        "max_rows": number_format(kind.max_rows, force_grouping=True),
        "breadcrumbs": [
            {"label": _("Cases"), "url": reverse("desk:cases")},
            {"label": _("File from a sheet")},
        ],
    }
    return render(request, "cases/file_sheet.html", context, status=status)
