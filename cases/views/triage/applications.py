"""Views in which moderators review applications to join: list, checklist, question, admission and refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alliance.lib import counts
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Incomplete, Refusal
from cases.views.http import get_or_post, require_permission
from members import duplicates, visibility
from members.forms.application import OwnerForm, TextForm
from members.forms.checklist import ChecklistForm
from members.models import Application, User
from members.models.application import ApplicationQuerySet
from members.services import admissions, application_count, invitations
from members.views.http import with_seen
from members.views.join import titles

Status = Application.Status
# The tabs of the list, by the value of ``status`` in the URL, each with its order. The first one is the default.
TABS: dict[str, tuple[Any, tuple[str, ...], Callable[[ApplicationQuerySet], Any]]] = {
    "waiting": (
        pgettext_lazy("application", "To review"),
        ("submitted_at", "id"),
        lambda rows: rows.filter(status=Status.SUBMITTED),
    ),
    "asked": (
        Status.ASKED.label,
        ("submitted_at", "id"),
        lambda rows: rows.filter(status=Status.ASKED),
    ),
    "all": (gettext_lazy("All"), ("-id",), lambda rows: rows),
}


@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """List the applications of a status with their possible duplicates, by default those to review, the oldest first."""
    user = require_permission(request, "cases.read_triage")
    requested = request.GET.get("status", "")
    tab = requested if requested in TABS else "waiting"
    _label, order, select = TABS[tab]
    everything = visibility.applications(user)
    page = paginate(select(everything), order=order, cursor=request.GET.get("cursor"))
    duplicates.attach([one for one in page.rows if one.is_open])
    waiting = application_count.refresh()
    context = {
        "page": page,
        "tab": tab,
        "tabs": [
            {
                "label": label,
                "url": f"?status={slug}" if slug != "waiting" else "?",
                "active": slug == tab,
                "count": counts.words(waiting) if slug == "waiting" else None,
            }
            for slug, (label, _order, _select) in TABS.items()
        ],
    }
    return render(request, "triage/applications.html", context)


@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an application with its duplicates, checklist and documents, and the actions of the user."""
    user = require_permission(request, "cases.read_triage")
    return _page(request, _get(user, pk))


@get_or_post
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the checklist."""
    user, found = _for_moderator(request, pk)
    if request.method != "POST":
        return redirect("triage:application", pk)
    form, status = ChecklistForm(request.POST), 422
    if form.is_valid():
        try:
            admissions.save_checks(
                application=found, by=user, seen=form.cleaned_data["seen"], entered=form.entered
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            messages.success(request, _("The checklist was saved."))
            return redirect("triage:application", pk)
    return _page(request, _get(user, pk), checklist=form, status=status)


@get_or_post
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the applicant a question."""
    return _with_text(
        request, pk, "ask", admissions.ask, "text", _("The question was sent to the applicant.")
    )


@get_or_post
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse an application with the reason."""
    return _with_text(
        request,
        pk,
        "refuse",
        admissions.refuse,
        "reason",
        _("The application was refused. The applicant is notified."),
    )


@get_or_post
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Admit the organisation."""
    user, found = _for_moderator(request, pk)
    if request.method != "POST":
        return redirect("triage:application", pk)
    try:
        member = admissions.admit(application=found, by=user, seen=request.POST.get("seen", ""))
    except Incomplete as refusal:
        messages.error(request, f"{refusal} {'; '.join(refusal.problems)}")
        return _page(request, _get(user, pk), status=refusal.http_status)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, _get(user, pk), status=refusal.http_status)
    text = _("%(member)s is now a member. The first owner is invited by email.")
    messages.success(request, text % {"member": member.shown_name})
    return redirect("triage:application", pk)


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation of the first owner again, or to another address."""
    user, found = _for_moderator(request, pk)
    if found.member is None:
        return redirect("triage:application", pk)
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _page(request, _get(user, pk), owner=form, status=422)
    email = form.cleaned_data["email"]
    try:
        sent = invitations.resend_first_owner(
            member=found.member, by=user, language=found.language, email=email
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, _get(user, pk), owner=form, status=refusal.http_status)
    text = _("The invitation to %(email)s was resent.")
    if email:
        text = _("An invitation was sent to %(email)s.")
    messages.success(request, text % {"email": sent.email})
    return redirect("triage:application", pk)


def _with_text(
    request: HttpRequest,
    pk: int,
    name: str,
    service: Callable[..., Any],
    argument: str,
    done: str,
) -> HttpResponse:
    """Call ``service`` with the text of a form. A refusal shows the page with the text."""
    user, found = _for_moderator(request, pk)
    if request.method != "POST":
        return redirect("triage:application", pk)
    form, status = _text_form(name, request.POST), 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            service(application=found, by=user, seen=data["seen"], **{argument: data["text"]})
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            messages.success(request, done)
            return redirect("triage:applications")
    if name == "ask":
        return _page(request, _get(user, pk), ask=form, status=status)
    return _page(request, _get(user, pk), refuse=form, status=status)


def _text_form(name: str, data: Any = None, **kwargs: Any) -> TextForm:
    help_text = _("The applicant reads it by email and on the page of the application.")
    label = _("Question") if name == "ask" else _("Reason")
    return TextForm(data, label=label, help_text=help_text, auto_id=f"{name}_%s", **kwargs)


def _for_moderator(request: HttpRequest, pk: int) -> tuple[User, Application]:
    user = require_permission(request, "cases.triage")
    return user, _get(user, pk)


def _get(user: User, pk: int) -> Application:
    rows = visibility.applications(user).select_related(
        "registration_document", "mandate", "asked_by", "decided_by", "member"
    )
    return get_object_or_404(rows.prefetch_related("industries"), pk=pk)


def _page(
    request: HttpRequest,
    found: Application,
    *,
    checklist: ChecklistForm | None = None,
    ask: TextForm | None = None,
    refuse: TextForm | None = None,
    owner: OwnerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    may_act = user.has_perm("cases.triage")
    version, saved = admissions.version(found), admissions.checks_of(found)
    duplicates.attach([found])
    seen = {"seen": version}
    for form in (ask, refuse):
        if form is not None:  # can be sent again for the application as the page now shows it
            form.data = with_seen(request, version)
    may_ask = may_act and found.status == Status.SUBMITTED
    may_refuse = may_act and found.status in (Status.SUBMITTED, Status.ASKED)
    member = found.member
    context: dict[str, Any] = {
        "application": found,
        "version": version,
        "may_act": may_act,
        "checklist": ChecklistForm.shown(saved, checklist),
        "checks_saved": saved,
        "unchecked": admissions.unchecked(saved),
        "exchange": found.messages.select_related("by"),
        "titles": titles(),
        "may_admit": may_ask,
        "ask_form": ask or (_text_form("ask", initial=seen) if may_ask else None),
        "refuse_form": refuse or (_text_form("refuse", initial=seen) if may_refuse else None),
        "may_ask": may_ask,
        "may_refuse": may_refuse,
        "invitation": invitations.first_owner_invitation(member) if member else None,
        "owner_form": owner or OwnerForm(),
    }
    return render(request, "triage/application.html", context, status=status)
