"""Pages that show a new secret once. The POST request that creates the secret also displays it.

Secrets are not passed as messages: messages may be stored in a cookie, which is part of the browser's profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class OneTimeSecret:
    """A secret to display: the name of its object, pairs of label and value, and an optional warning."""

    about: str
    values: Sequence[tuple[str, str]]
    warning: str = ""


@dataclass(frozen=True)
class Question:
    """The text of a confirmation page."""

    title: str
    text: str
    button: str
    names: Sequence[str] = field(default_factory=tuple)


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the request is the submitted confirmation page."""
    return request.method == "POST" and CONFIRMED in request.POST


def ask(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    action: str,
    question: Question,
) -> TemplateResponse:
    """Return the page that asks for confirmation of ``action`` on the selected rows."""
    context = _context(model_admin, request, question.title) | {
        "question": question,
        "names": [str(row) for row in queryset],
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
        "chosen": [str(row.pk) for row in queryset],
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def show(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, secrets: Sequence[OneTimeSecret]
) -> TemplateResponse:
    """Return the page of the admin that shows the new secrets."""
    context = _context(model_admin, request, _("Shown once")) | {"secrets": secrets}
    return page(request, "admin/shown_once.html", context)


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    """Return a page that shows a new secret. Browsers do not cache it. ``_components/secret.html`` is for its template."""
    response = TemplateResponse(request, template, context)
    add_never_cache_headers(response)  # sets no-store, so that going back does not show it again
    return response


def _context(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, title: str
) -> dict[str, Any]:
    request.current_app = model_admin.admin_site.name
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
    }
