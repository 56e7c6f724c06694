"""Pages of the admin on which a secret stands once: asked for, made by the POST that shows it, and kept nowhere.

Not a message: messages travel in a cookie, and what is in a cookie is in every copy of the browser's profile.
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
    """What is shown of one thing: its name, and each value under its label; ``warning`` if something is amiss."""

    about: str
    values: Sequence[tuple[str, str]]
    warning: str = ""


@dataclass(frozen=True)
class Question:
    """What a person confirms before anything is done."""

    title: str
    text: str
    button: str
    names: Sequence[str] = field(default_factory=tuple)


def is_confirmed(request: HttpRequest) -> bool:
    """Say whether the person has seen the question and said yes."""
    return request.method == "POST" and CONFIRMED in request.POST


def ask(
    its: admin.ModelAdmin[Any],
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    action: str,
    question: Question,
) -> TemplateResponse:
    """Return the page that asks before ``action`` is done with the chosen rows."""
    context = _context(its, request, question.title) | {
        "question": question,
        "names": [str(row) for row in queryset],
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
        "chosen": [str(row.pk) for row in queryset],
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def show(
    its: admin.ModelAdmin[Any], request: HttpRequest, shown: Sequence[OneTimeSecret]
) -> TemplateResponse:
    """Return the page that shows what was just made. Nobody keeps it, the browser included."""
    context = _context(its, request, _("Shown once")) | {"shown": shown}
    response = TemplateResponse(request, "admin/shown_once.html", context)
    add_never_cache_headers(response)  # with no-store: going back does not bring it again
    return response


def _context(its: admin.ModelAdmin[Any], request: HttpRequest, title: str) -> dict[str, Any]:
    request.current_app = its.admin_site.name
    return {**its.admin_site.each_context(request), "title": title, "opts": its.opts}
