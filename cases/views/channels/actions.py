"""Actions of operators on a channel. Each is a POST; a refusal shows the channel's page with the input."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.forms.channels import Pause, Replay
from cases.liaison.models import Channel, Delivery
from cases.services.channels import operating, resending, testing
from cases.views.channels.page import channel_page, get_channel
from cases.views.channels.shared import (
    posted_ids,
    report_count,
    report_order,
    report_resent,
    report_stop,
)
from cases.views.http import get_or_post, require_permission
from members.models import User
from members.views.http import restored_data

OPERATE = "liaison.operate_channels"


Perform = Callable[[HttpRequest, Channel, User], HttpResponse]


def _action(*, keeps_selection: bool = False) -> Callable[[Perform], Callable[..., HttpResponse]]:
    """Return a decorator that makes a function a view. The view calls it for a POST by an operator.

    A GET, as after logging in again, redirects to the channel's page. A :class:`Refusal` shows that page
    with the refusal and, if ``keeps_selection``, with the selected deliveries.
    """

    def decorate(perform: Perform) -> Callable[..., HttpResponse]:
        @get_or_post
        @wraps(perform)
        def view(request: HttpRequest, number: int) -> HttpResponse:
            user = require_permission(request, OPERATE)
            channel = get_channel(number)
            if request.method != "POST":
                return redirect("triage:channel", channel.pk)
            try:
                return perform(request, channel, user)
            except Refusal as refusal:
                messages.error(request, str(refusal))
                # Read again: another operator may have changed the channel.
                current, code = get_channel(channel.pk), refusal.http_status
                selected = _selected(request) if keeps_selection else []
                return channel_page(request, current, selected=selected, code=code)

        return view

    return decorate


@get_or_post
def pause(request: HttpRequest, number: int) -> HttpResponse:
    """Pause the channel. The reason is required."""
    user = require_permission(request, OPERATE)
    channel = get_channel(number)
    if request.method != "POST":
        return _after_login(request, channel)
    form, status = Pause(request.POST, auto_id="pause-%s"), 422
    if form.is_valid():
        try:
            operating.pause(channel=channel, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            messages.success(
                request, _("Channel paused. Updates are collected until it is resumed.")
            )
            return redirect("triage:channel", channel.pk)
    return channel_page(request, channel, bound={"pause": form}, code=status)


@_action()
def resume(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Resume a paused channel."""
    operating.resume(channel=channel, by=user)
    messages.success(request, _("Channel resumed. Waiting updates are being sent."))
    return redirect("triage:channel", channel.pk)


@_action(keeps_selection=True)
def resend_selected(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Resend the dead letter whose button was pressed (``one``), or all that are selected (``delivery``)."""
    ids = posted_ids(request.POST.getlist("one")) or _selected(request)
    report_count(request, resending.resend_selected(channel=channel, by=user, ids=ids))
    return redirect("triage:channel", channel.pk)


@_action()
def resend_one(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Resend one update of the channel: one that waits for a retry, a dead letter, or a delivered one."""
    delivery = Delivery.objects.filter(channel=channel, pk__in=_selected(request)[:1]).first()
    if delivery is None:
        raise Http404
    resending.resend_one(delivery=delivery, by=user)
    report_resent(request, delivery)
    return redirect(f"{reverse('triage:channel', args=[channel.pk])}?show=failures")


@_action()
def resend_dead_letters(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Resend all dead letters of the channel."""
    report_order(request, resending.resend_dead_letters(channel=channel, by=user))
    return redirect("triage:channel", channel.pk)


@_action()
def stop_resend(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Stop the channel's resend order. Updates that are queued already are still sent."""
    order = resending.stop_resend(channel=channel, by=user)
    report_stop(request, order)
    return redirect("triage:channel", channel.pk)


@get_or_post
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """Show how many updates a replay from a number would resend (GET), or start it (POST)."""
    user = require_permission(request, OPERATE)
    channel = get_channel(number)
    data: Any = request.POST if request.method == "POST" else request.GET
    form = Replay(data if "from_seq" in data or request.method == "POST" else None)
    count, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            count = resending.replayable(channel, **form.cleaned_data)
            if request.method == "POST":
                order = resending.replay(channel=channel, by=user, **form.cleaned_data)
                report_order(request, order)
                return redirect("triage:channel", channel.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            count, status = None, refusal.http_status
    elif form.is_bound:
        status = 422
    context = {"channel": channel, "form": form, "count": count}
    return render(request, "triage/channels/replay.html", context, status=status)


@_action()
def test(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Request a test update and redirect to the page that shows its response."""
    requested = testing.request_test(channel=channel, by=user)
    return redirect("triage:channel_test_result", channel.pk, requested.pk)


def _selected(request: HttpRequest) -> list[int]:
    return posted_ids(request.POST.getlist("delivery"))


def _after_login(request: HttpRequest, channel: Channel) -> HttpResponse:
    """Show the channel's page with the form that was posted before the login, if there is one."""
    data = restored_data(request)
    if data is None:
        return redirect("triage:channel", channel.pk)
    bound: dict[str, forms.Form] = {"pause": Pause(data, auto_id="pause-%s")}
    return channel_page(request, channel, bound=bound)
