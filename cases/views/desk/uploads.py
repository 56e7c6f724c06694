"""Files in a form: each is added separately, as one request of the form or, with the script, as one request for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import arrivals
from alliance.lib.refusals import Refusal
from alliance.lib.uploads import Oversized
from cases.forms.evidence import EvidenceForm
from cases.models import Case
from cases.services import evidence
from members.views.http import person


@dataclass(frozen=True)
class Target:
    """Where the files of a form go. ``rows`` are the files that are there; ``add`` adds an upload and returns its row."""

    rows: QuerySet[Any]
    add: Callable[..., Any]


def to_case(request: HttpRequest, case: Case, form: Form) -> Target:
    """Return the evidence of ``case``, with what a valid ``form`` states about the files."""
    stated = form.statements if isinstance(form, EvidenceForm) and form.is_valid() else {}
    return Target(
        case.evidence.all(),
        partial(evidence.add, case=case, by=person(request), **stated),
    )


def attach(request: HttpRequest, target: Target, form: Form) -> bool:
    """Add each file of a valid ``form``; return whether all were accepted.

    Accepted files get a message, rejected ones an error on the form.
    """
    added, known = _add(target, form)
    for name in known:
        messages.info(request, _("“%(name)s” was already uploaded.") % {"name": name})
    if added:
        text = ngettext("%(count)d file was uploaded.", "%(count)d files were uploaded.", added)
        messages.success(request, text % {"count": added})
    return not form.errors


def is_scripted(request: HttpRequest) -> bool:
    """Whether the script ``upload.js`` sent the request, for one file."""
    return request.headers.get("Accept") == "application/json"


def answer_script(target: Target, form: Form, *, onward: str) -> JsonResponse:
    """Add the file of a request of the script, and say what became of it.

    The answer has ``next``, the URL to go to after the last file, or ``error``, a sentence for the user.
    """
    if form.is_valid():
        _add(target, form)
    if not form.errors:
        return JsonResponse({"next": onward})
    errors = [str(error) for of_field in form.errors.values() for error in of_field]
    return JsonResponse({"error": " ".join(errors)}, status=422)


def _add(target: Target, form: Form) -> tuple[int, list[str]]:
    """Add the files; return how many are new, and the names of those that were there already."""
    there = set(target.rows.values_list("pk", flat=True))
    count, known = 0, []
    for upload in form.cleaned_data["uploads"]:
        name = arrivals.clean_name(upload.name or "")
        if isinstance(upload, Oversized) and not upload.by_itself:
            text = _("“%(name)s”: upload fewer files at a time.")
            form.add_error("uploads", text % {"name": name})
            continue
        try:
            added = target.add(upload=upload, kind=form.cleaned_data["kind"])
        except Refusal as refusal:
            form.add_error("uploads", str(refusal))
            continue
        if added.pk in there:
            known.append(name)
        else:
            count += 1
            there.add(added.pk)
    return count, known
