"""The page of an evidence file, its download and its removal. Every download is checked and recorded here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import arrivals, private_files
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.models import Case, CustodyEntry, Evidence, Preview
from cases.services import evidence as service
from cases.services import previews
from cases.states import REFERRAL_LIVE
from cases.views.http import get_or_post
from members.models import User
from members.views.http import person

# The entries of a chain of custody on a page.
ENTRIES = 50


@require_safe
def details(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the facts of a file, and to moderators and admins its chain of custody."""
    user = person(request)
    files = visibility.evidence(user).select_related("case", "uploaded_by", "preview")
    found = get_object_or_404(files, pk=pk)
    context: dict[str, Any] = {
        "file": found,
        "case": found.case,
        "case_url": _case_url(user, found),
    }
    if user.has_perm("cases.read_triage"):
        entries = visibility.custody(user).filter(evidence_id=pk)
        page = paginate(
            entries, order=("position",), cursor=request.GET.get("cursor"), size=ENTRIES
        )
        context["page"] = page
    return render(request, "cases/evidence_details.html", context)


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Return a file as an attachment. The read is recorded before the response is sent."""
    user = person(request)
    found = get_object_or_404(visibility.evidence(user).select_related("case"), pk=pk)
    try:
        file = service.opened(evidence=found, by=user)
    except FileNotFoundError:
        return render(request, "file_missing.html", {"file": found}, status=404)
    except Evidence.DoesNotExist:
        raise Http404 from None
    name = arrivals.clean_name(found.original_name)
    return private_files.attachment(file, name=name, content_type=found.content_type)


@require_safe
def preview(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Return the preview of a picture. The look is recorded before the response is sent."""
    user = person(request)
    found = _with_preview(user, pk)
    file = _stored(found.preview, found.preview.image)
    try:
        service.record_look(evidence=found, by=user)
    except Evidence.DoesNotExist:
        file.close()
        raise Http404 from None
    return private_files.picture(file)


@require_safe
def thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Return the thumbnail of a picture, which is too small to read. Lists show it, so no look is recorded."""
    found = _with_preview(person(request), pk)
    return private_files.picture(_stored(found.preview, found.preview.thumbnail))


@get_or_post
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove a file from a draft. A GET, as after logging in again, redirects to the files."""
    user = person(request)
    removed = CustodyEntry.objects.filter(
        evidence_id=pk, action=CustodyEntry.Action.REMOVED, actor_id=user.pk
    ).first()
    if removed:  # a double click sends the form twice
        return redirect("desk:evidence", removed.case_reference)
    found = get_object_or_404(visibility.evidence(user).select_related("case"), pk=pk)
    if not user.has_perm("cases.submit_case", found.case):
        raise PermissionDenied
    if request.method == "POST":
        try:
            service.remove(evidence=found, by=user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(name)s” was removed.") % {"name": found.original_name})
    return redirect("desk:evidence", found.case.reference)


def _with_preview(user: User, pk: UUID) -> Evidence:
    """Return a file with a preview. Raises ``Http404``."""
    files = visibility.evidence(user).select_related("case", "preview")
    return get_object_or_404(files, pk=pk, preview__state=Preview.State.MADE)


def _stored(preview: Preview, file: FieldFile) -> File[bytes]:
    """Return the open file. If the storage does not have it, it is made again. Raises ``Http404``."""
    try:
        return file.open("rb")
    except FileNotFoundError:
        previews.make_again(preview)
        raise Http404 from None


def _case_url(user: User, file: Evidence) -> str:
    """Return the URL of the page on which ``user`` sees the case of ``file``."""
    if user.has_perm("cases.read_triage"):
        return reverse("triage:case", args=[file.case.reference])
    if Case.objects.at_members_of(user).filter(pk=file.case_id).exists():
        return file.case.get_absolute_url()
    referral = (
        visibility.referrals(user).filter(case=file.case_id, status__in=REFERRAL_LIVE).first()
    )
    if referral is None:
        return reverse("start")
    return reverse("liaison:referral", args=[referral.reference])
