"""The notifications of the logged-in person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.lib import clock
from cases import visibility
from cases.forms.notifications import ReadAllForm
from cases.lists import query
from cases.mail import case_steps
from cases.models import OutgoingMail
from cases.queries import notifications as queries
from cases.services import notifications as service
from members import visibility as of_members
from members.mail import summaries
from members.models import MemberNotice
from members.models.notification import Notification
from members.views.http import person

LIST_PARAMETERS = ("show", "cursor")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the notifications, the newest first; all, or those not read."""
    return _list(request)


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification about a case as read and redirect to the case."""
    found = _of_case(request, pk)
    _follow(request, found)
    return redirect(case_steps.path(found))


@require_safe
def follow_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification about a member as read and redirect to the page that it leads to."""
    found = _of_member(request, pk)
    _follow(request, found)
    return redirect(summaries.path(found))


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification about a case as read."""
    service.mark_read(notification=_of_case(request, pk), by=person(request))
    return _back(request)


@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification about a member as read."""
    service.mark_read(notification=_of_member(request, pk), by=person(request))
    return _back(request)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all notifications that the person has seen on the list as read."""
    form = ReadAllForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Try again."))
        return _list(request, status=422)
    service.mark_all_read(by=person(request), until=form.cleaned_data["until"])
    messages.success(request, _("All notifications were marked as read."))
    return _back(request)


def _of_case(request: HttpRequest, pk: int) -> OutgoingMail:
    rows = visibility.notifications(person(request)).select_related("case")
    found: OutgoingMail = get_object_or_404(rows, pk=pk)
    return found


def _of_member(request: HttpRequest, pk: int) -> MemberNotice:
    rows = of_members.notices(person(request)).select_related("member", "right")
    found: MemberNotice = get_object_or_404(rows, pk=pk)
    return found


def _follow(request: HttpRequest, notification: Notification) -> None:
    if request.method == "GET":
        service.mark_read(notification=notification, by=person(request))


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the part of the list from which the form was sent."""
    kept = query.only(request.POST.get("back", ""), LIST_PARAMETERS)
    return redirect(reverse("notifications:list") + (f"?{kept}" if kept else ""))


def _list(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    url, cursor = reverse("notifications:list"), request.GET.get("cursor")
    context: dict[str, Any] = {
        "page": queries.entries(person(request), only_unread=only_unread, cursor=cursor),
        "only_unread": only_unread,
        "tabs": [
            {"label": _("All"), "url": url, "active": not only_unread, "count": None},
            {
                "label": _("Unread"),
                "url": f"{url}?show=unread",
                "active": only_unread,
                "count": None,
            },
        ],
        "until": clock.now().isoformat(),
        "back": query.only(request.GET.urlencode(), LIST_PARAMETERS),
        "days": settings.KEEP_MAILS_DAYS,
    }
    return render(request, "notifications/list.html", context, status=status)
