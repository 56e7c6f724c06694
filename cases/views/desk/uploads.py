"""Files in a form: each is added separately, as one request of the form or, with the script, as one request for each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import arrivals
from alliance.lib.refusals import Refusal
from alliance.lib.uploads import Oversized
from cases.forms.evidence import EvidenceForm
from cases.models import Case
from cases.services import evidence as files
from members.views.http import person


def attach(request: HttpRequest, case: Case, form: Form) -> bool:
    """Add each file of a valid ``form``; return whether all were accepted.

    Accepted files get a message, rejected ones an error on the form.
    """
    added, known = _add(request, case, form)
    for name in known:
        messages.info(request, _("“%(name)s” was already uploaded.") % {"name": name})
    if added:
        text = ngettext("%(count)d file was uploaded.", "%(count)d files were uploaded.", added)
        messages.success(request, text % {"count": added})
    return not form.errors


def is_scripted(request: HttpRequest) -> bool:
    """Whether the script ``upload.js`` sent the request, for one file."""
    return request.headers.get("Accept") == "application/json"


def answer_script(request: HttpRequest, case: Case, form: Form, *, onward: str) -> JsonResponse:
    """Add the file of a request of the script, and say what became of it.

    The answer has ``next``, the URL to go to after the last file, or ``error``, a sentence for the user.
    """
    if form.is_valid():
        _add(request, case, form)
    if not form.errors:
        return JsonResponse({"next": onward})
    errors = [str(error) for of_field in form.errors.values() for error in of_field]
    return JsonResponse({"error": " ".join(errors)}, status=422)


def _add(request: HttpRequest, case: Case, form: Form) -> tuple[int, list[str]]:
    """Add the files; return how many are new, and the names of those that the case had already."""
    before = set(case.evidence.values_list("pk", flat=True))
    stated: dict[str, Any] = form.statements if isinstance(form, EvidenceForm) else {}
    count, known = 0, []
    for upload in form.cleaned_data["uploads"]:
        name = arrivals.clean_name(upload.name or "")
        if isinstance(upload, Oversized) and not upload.by_itself:
            text = _("“%(name)s”: upload fewer files at a time.")
            form.add_error("uploads", text % {"name": name})
            continue
        kind = form.cleaned_data["kind"]
        try:
            added = files.add(case=case, by=person(request), upload=upload, kind=kind, **stated)
        except Refusal as refusal:
            form.add_error("uploads", str(refusal))
            continue
        if added.pk in before:
            known.append(name)
        else:
            count += 1
    return count, known
