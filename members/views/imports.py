"""Imports of sheets: upload, preview, confirmation, progress and result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from alliance.lib import private_files
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from alliance.lib.sheets import writing
from members.forms.sheet import SheetForm
from members.imports import registry
from members.imports.registry import Kind, Outcome
from members.models import ImportJob, Member, Membership
from members.services import error_sheets, imports
from members.views.http import PAGE_SIZE, member_list, person, role_at

# Problems on the page of an import. The error sheet has all of them.
PROBLEMS_SHOWN = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the imports of the user's member, or a choice if the user has a role at several members."""
    lead = _("Choose the member for which you want to import a sheet.")
    return member_list(request, "imports:list", heading=_("Imports"), lead=lead)


@require_safe
def job_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the kinds of sheets, and the imports of the member."""
    role = role_at(request, slug)
    jobs = ImportJob.objects.filter(member=role.member).select_related("uploaded_by")
    order, cursor = ("-uploaded_at", "-id"), request.GET.get("cursor")
    page = paginate(jobs, order=order, cursor=cursor, size=PAGE_SIZE)
    for job in page.rows:
        job.title = _title(job)  # type: ignore[attr-defined]
    context = {
        "member": role.member,
        "page": page,
        "kinds": _with_upload_urls(role.member) if role.may_file else [],
        "several": role.has_other_members,  # type: ignore[attr-defined]
    }
    return render(request, "members/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Upload a sheet, which a worker checks."""
    role, of_kind = _filing_role(request, slug), _kind(kind)
    if of_kind.upload_url(role.member) != request.path:
        return redirect(of_kind.upload_url(role.member))
    form, status = SheetForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        form, status = SheetForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                job = imports.upload(
                    member=role.member,
                    kind=of_kind,
                    by=person(request),
                    upload=form.cleaned_data["file"],
                )
            except Refusal as refusal:
                form.add_error("file", str(refusal))
                status = refusal.http_status
            else:
                return redirect("imports:job", slug, job.pk)
    context = {
        "member": role.member,
        "kind": of_kind,
        "form": form,
        "max_rows": number_format(of_kind.max_rows, force_grouping=True),
        "breadcrumbs": [*_breadcrumbs(role), {"label": of_kind.title}],
    }
    return render(request, "members/import_form.html", context, status=status)


@require_safe
def template(request: HttpRequest, slug: str, kind: str) -> FileResponse:
    """Return a workbook with the columns of a kind of sheet and an example."""
    of_kind = _kind(kind)
    _filing_role(request, slug)
    return template_of(of_kind)


def template_of(kind: Kind) -> FileResponse:
    """Return the response with the template of a kind of sheet."""
    return _workbook(writing.template(kind.columns, kind.explanations), f"{kind.name}.xlsx")


@require_safe
def job(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Show what an import would do, is doing, or has done."""
    role = role_at(request, slug)
    found = _job(role, pk)
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    if htmx and not found.is_active:
        # The check or the import has ended: the whole page changes.
        return HttpResponseClientRefresh()
    kind = registry.find(found.kind)
    problems = list(found.problems.all()[: PROBLEMS_SHOWN + 1])
    context: dict[str, Any] = {
        "member": role.member,
        "job": found,
        "kind": kind,
        "title": _title(found),
        "problems": problems[:PROBLEMS_SHOWN],
        "has_more_problems": len(problems) > PROBLEMS_SHOWN,
        "may_change": role.may_file,
        "list_url": kind.list_url(role.member) if kind else "",
        "upload_url": kind.again_url(found) if kind else "",
        "breadcrumbs": [*_breadcrumbs(role), {"label": found.original_name}],
    }
    if kind and not found.is_active:
        context |= {"stats": _stats(kind, found), "details": kind.details}
        context |= kind.context(found, request.GET)
    page = "members/_import_live.html" if htmx else "members/import_job.html"
    return render(request, page, context)


@require_POST
def confirm(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Start an import."""
    found = _job(_filing_role(request, slug), pk)
    try:
        imports.confirm(
            job=found,
            by=person(request),
            stated="stated" in request.POST,
            version=request.POST.get("version", ""),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:job", slug, pk)


@require_POST
def cancel(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Cancel an import."""
    found = _job(_filing_role(request, slug), pk)
    try:
        imports.cancel(job=found, by=person(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The import was cancelled."))
    return redirect("imports:job", slug, pk)


@require_safe
def errors(request: HttpRequest, slug: str, pk: UUID) -> FileResponse:
    """Return the rows with problems, with the original cells and what is wrong, as a workbook."""
    found = _job(role_at(request, slug), pk)
    file = error_sheets.write(found)
    if file is None:
        raise Http404
    return _workbook(file, f"errors-{found.uploaded_at:%Y-%m-%d}.xlsx")


def _workbook(file: Any, name: str) -> FileResponse:
    return private_files.attachment(file, name=name, content_type=writing.CONTENT_TYPE)


def _stats(kind: Kind, job: ImportJob) -> list[tuple[Any, int]]:
    """Return how many rows the import would create, change and so on, or has, with what this is called."""
    if job.confirmed_at is not None:
        return [(label, getattr(job, outcome)) for outcome, label in kind.done.items()]
    counted = {
        Outcome.CREATED: job.will_create,
        Outcome.CHANGED: job.will_change,
        Outcome.UNCHANGED: job.will_keep,
        Outcome.FAILED: job.will_fail,
    }
    return [(label, counted[outcome]) for outcome, label in kind.will.items()]


def _with_upload_urls(member: Member) -> list[tuple[Kind, str]]:
    return [(kind, kind.upload_url(member)) for kind in registry.every()]


def _kind(name: str) -> Kind:
    kind = registry.find(name)
    if kind is None:
        raise Http404
    return kind


def _title(job: ImportJob) -> Any:
    kind = registry.find(job.kind)
    return kind.title if kind else job.kind


def _filing_role(request: HttpRequest, slug: str) -> Membership:
    """Return the user's role if it allows imports. Raises ``Http404`` or ``PermissionDenied``."""
    role = role_at(request, slug)
    if not role.may_file:
        raise PermissionDenied
    return role


def _job(role: Membership, pk: UUID) -> ImportJob:
    jobs = ImportJob.objects.filter(member=role.member)
    return get_object_or_404(jobs.select_related("member", "uploaded_by", "confirmed_by"), pk=pk)


def _breadcrumbs(role: Membership) -> list[dict[str, Any]]:
    return [{"label": _("Imports"), "url": reverse("imports:list", args=[role.member.slug])}]
