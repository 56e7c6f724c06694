"""The pages of an applicant, who has no account: a link sent by email opens the application in the browser's session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.lib.refusals import Incomplete, Refusal
from alliance.lib.uploads import MAY_UPLOAD
from members.forms.application import (
    SECTION_FORMS,
    DeclarationForm,
    SectionForm,
    StartForm,
    TextForm,
    count_of,
)
from members.models import Application
from members.services import applications

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
# Emails that one client may request, and links that it may try.
LIMITS = {"application_start": "20/h/ip", "application_link": "60/h/ip"}
Status = Application.Status
# The key in the session of the application that this browser has opened.
APPLICATION = "application"


def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the application that this browser has opened by its link; without one, say how to open it.

    What was sent with a form is shown, so that it is not lost.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = _opened(request)
        if found is None:
            return render(request, "join/closed.html", status=403)
        return view(request, found, *args, **kwargs)

    return login_not_required(never_cache(wrapped))


@login_not_required
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """Explain what an application needs, and send a link to an email address.

    The answer is the same for every address, known or not.
    """
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(
            request, "join/start.html", {"form": form, "has_open": bool(_opened(request))}
        )
    if limited := _limited(request, "application_start"):
        return limited
    if not form.is_valid():
        return render(request, "join/start.html", {"form": form}, status=422)
    applications.start(email=form.cleaned_data["email"], language=get_language() or "")
    return redirect("join:sent")


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a link was sent, and what to do if none arrives."""
    return render(request, "join/sent.html", {"minutes": applications.RESEND_AFTER.seconds // 60})


@login_not_required
@never_cache
@get_or_post
def link(request: HttpRequest, key: str) -> HttpResponse:
    """Open an application by the link of an email. A GET changes nothing, because mail scanners open links too."""
    if request.method == "POST" and (limited := _limited(request, "application_link")):
        return limited
    found, is_expired = Application.objects.with_key(key)
    if found is None:
        return render(request, "join/link.html", {"reason": "unknown"}, status=404)
    if is_expired:
        return render(request, "join/link.html", {"reason": "expired"}, status=410)
    if request.method != "POST":
        return render(request, "join/link.html")
    try:
        applications.verify(application=found)
    except Refusal:
        return render(request, "join/link.html", {"reason": "unknown"}, status=404)
    if not request.user.is_authenticated:  # the list of a person's sessions has the key
        request.session.cycle_key()
    request.session[APPLICATION], request.session[MAY_UPLOAD] = found.pk, True
    return redirect("join:status")


@require_safe
@own
def status(request: HttpRequest, application: Application) -> HttpResponse:
    """Show where the application stands, what is left to do, and the questions of the moderators."""
    return _status_page(request, application)


@get_or_post
@own
def section(request: HttpRequest, application: Application, section: str) -> HttpResponse:
    """Fill in a page of the application. Each page is saved by itself."""
    if section not in SECTION_FORMS:
        raise Http404
    if request.method != "POST" and not application.is_editable:
        messages.info(request, _("The application was submitted and can no longer be changed."))
        return redirect("join:status")
    if request.method != "POST":
        form = SECTION_FORMS[section](None, application=application)
        return _section_page(request, application, section, form)
    form, code = SECTION_FORMS[section](request.POST, request.FILES, application=application), 422
    if form.is_valid():
        try:
            applications.save(application=application, **form.values)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            code = refusal.http_status
        else:
            request.session.modified = True  # extends it
            return redirect(*_next(section, application))
    return _section_page(request, application, section, form, status=code)


@get_or_post
@own
def check(request: HttpRequest, application: Application) -> HttpResponse:
    """Show all answers, and submit them with a declaration."""
    if application.status != Status.DRAFT:
        return redirect("join:status")
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _check_page(request, application, form)
    try:
        applications.submit(application=application, declared=form.cleaned_data["declared"])
    except Incomplete as refusal:
        for text in refusal.problems:
            form.add_error(None, text)
        return _check_page(request, application, form, status=refusal.http_status)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _check_page(request, application, form, status=refusal.http_status)
    return redirect("join:status")


@get_or_post
@own
def answer(request: HttpRequest, application: Application) -> HttpResponse:
    """Answer the moderators' question."""
    if request.method != "POST":
        return redirect("join:status")
    form, code = _answer_form(request.POST), 422
    if form.is_valid():
        try:
            applications.answer(application=application, text=form.cleaned_data["text"])
        except Incomplete as refusal:
            for text in refusal.problems:
                form.add_error(None, text)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            code = refusal.http_status
        else:
            messages.success(request, _("Your answer was sent."))
            return redirect("join:status")
    return _status_page(request, application, form, status=code)


@require_POST
@own
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Withdraw the application, or delete a draft."""
    was_draft = application.status == Status.DRAFT
    try:
        applications.withdraw(application=application)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _status_page(request, application, status=refusal.http_status)
    if was_draft:
        _forget(request)
        messages.success(request, _("The draft and its documents were deleted."))
        return redirect("join:start")
    messages.success(request, _("The application was withdrawn."))
    return redirect("join:status")


@require_POST
@own
def close(request: HttpRequest, application: Application) -> HttpResponse:
    """Close the application in this browser. Its link opens it again."""
    _forget(request)
    messages.success(request, _("The application is closed in this browser."))
    return redirect("join:start")


def _forget(request: HttpRequest) -> None:
    for name in (APPLICATION, MAY_UPLOAD):
        request.session.pop(name, None)


def _limited(request: HttpRequest, action: str) -> HttpResponse | None:
    """Return the page for too many requests, or ``None``."""
    found: HttpResponse | None = ratelimit.consume_or_429(
        request, app="members.join", action=action, config=LIMITS
    )
    return found


def _opened(request: HttpRequest) -> Application | None:
    """Return the application that this browser has opened, unless it was deleted. No query without one."""
    key = request.session.get(APPLICATION)
    if key is None:
        return None
    return Application.objects.exclude(verified_at=None).filter(pk=key).first()


def _next(section: str, application: Application) -> tuple[str, ...]:
    """Return where to go after a page: to the next one, or to the check."""
    if application.status == Status.ASKED:
        return ("join:status",)
    names = list(SECTION_FORMS)
    place = names.index(section) + 1
    return ("join:section", names[place]) if place < len(names) else ("join:check",)


def titles() -> dict[str, str]:
    """Return the titles of the pages of the form."""
    return {
        "organisation": _("Organisation"),
        "contact": pgettext("application", "Contact"),
        "brands": _("Brands"),
        "documents": _("Documents"),
    }


def _steps(application: Application, current: str) -> list[dict[str, Any]]:
    missing = applications.problems(application)
    steps = [
        {
            "label": title,
            "url": reverse("join:section", args=[name]),
            "state": "current" if name == current else "todo" if name in missing else "done",
            "missing": count_of(missing[name]) if name in missing else "",
        }
        for name, title in titles().items()
    ]
    is_check = current == "check"
    last = {"label": _("Check and submit"), "url": reverse("join:check"), "missing": ""}
    return [*steps, last | {"state": "current" if is_check else "todo"}]


def _section_page(
    request: HttpRequest,
    application: Application,
    section: str,
    form: SectionForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": application,
        "section": section,
        "heading": titles()[section],
        "form": form,
        "steps": _steps(application, section),
    }
    return render(request, "join/section.html", context, status=status)


def _check_page(
    request: HttpRequest, application: Application, form: DeclarationForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "steps": _steps(application, "check"),
        "titles": titles(),
    }
    return render(request, "join/check.html", context, status=status)


def _answer_form(data: Any = None) -> TextForm:
    return TextForm(data, label=_("Your answer"))


def _status_page(
    request: HttpRequest,
    application: Application,
    form: TextForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    application.refresh_from_db()
    is_asked = application.status == Status.ASKED
    context = {
        "application": application,
        "steps": _steps(application, "") if application.status == Status.DRAFT else [],
        "exchange": application.messages.all(),
        "form": form or (_answer_form() if is_asked else None),
        "titles": titles(),
    }
    return render(request, "join/status.html", context, status=status)
