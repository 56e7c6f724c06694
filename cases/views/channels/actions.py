"""What operators do with a channel. Each act is a POST; a refusal shows the page with what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.forms.channels import Pause, Replay
from cases.liaison.models import Channel, Delivery, Resend
from cases.services.channels import operating, resending, tests
from cases.services.refusals import Refusal
from cases.views.channels.page import channel_page, get_channel
from cases.views.http import refusal_status, require_permission, restored_data

_acts = require_http_methods(["GET", "HEAD", "POST"])
OPERATE = "liaison.operate_channels"


@_acts
def pause(request: HttpRequest, number: int) -> HttpResponse:
    """Stop sending, with the reason."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return _back_from_login(request, found)
    form, status = Pause(request.POST, auto_id="pause-%s"), 422
    if form.is_valid():
        try:
            operating.pause(channel=found, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal_status(refusal)
        else:
            messages.success(request, _("The channel is paused: updates are collected."))
            return redirect("triage:channel", found.pk)
    return channel_page(request, found, typed={"pause": form}, code=status)


@_acts
def resume(request: HttpRequest, number: int) -> HttpResponse:
    """Send again, beginning now."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return redirect("triage:channel", found.pk)
    try:
        operating.resume(channel=found, by=user)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    messages.success(request, _("The channel is resumed: what waited is on its way."))
    return redirect("triage:channel", found.pk)


@_acts
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send given-up updates once more: the one whose button was pressed, or all that were ticked."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return redirect("triage:channel", found.pk)
    chosen = _numbers(request.POST.getlist("one") or request.POST.getlist("delivery"))
    try:
        count = resending.send_chosen_again(channel=found, by=user, ids=chosen)
    except Refusal as refusal:
        return _refused(request, found, refusal, chosen=_numbers(request.POST.getlist("delivery")))
    _say_due(request, count)
    return redirect("triage:channel", found.pk)


@_acts
def send_one_again(request: HttpRequest, number: int) -> HttpResponse:
    """Try one update of the channel at once, whether it waits for its next try, was given up or arrived."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return redirect("triage:channel", found.pk)
    chosen = _numbers(request.POST.getlist("delivery"))
    delivery = Delivery.objects.filter(channel=found, pk__in=chosen[:1]).first()
    if delivery is None:
        raise Http404
    try:
        resending.send_again(delivery=delivery, by=user)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    words = _("Number %(number)s is due again.")
    messages.success(request, words % {"number": _number(delivery.seq or 0)})
    return redirect(f"{reverse('triage:channel', args=[found.pk])}?show=failures")


@_acts
def send_all_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send everything that was given up once more."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return redirect("triage:channel", found.pk)
    try:
        order = resending.send_dead_again(channel=found, by=user)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    _say_order(request, order)
    return redirect("triage:channel", found.pk)


@_acts
def stop_sending_again(request: HttpRequest, number: int) -> HttpResponse:
    """Leave the rest of what is being sent again as it was."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return redirect("triage:channel", found.pk)
    try:
        order = resending.stop_sending_again(channel=found, by=user)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    words = _("Stopped. Updates that were due again by then and are sent nevertheless: %(count)s.")
    messages.success(request, words % {"count": _number(order.done)})
    return redirect("triage:channel", found.pk)


@_acts
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """Say how many updates would be sent again from a number on; then send them."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    data: Any = request.POST if request.method == "POST" else request.GET
    form = Replay(data if "from_seq" in data or request.method == "POST" else None)
    count, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            count = resending.replayable(found, **form.cleaned_data)
            if request.method == "POST":
                _say_order(request, resending.replay(channel=found, by=user, **form.cleaned_data))
                return redirect("triage:channel", found.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            count, status = None, refusal_status(refusal)
    elif form.is_bound:
        status = 422
    context = {"channel": found, "form": form, "count": count}
    return render(request, "triage/channels/replay.html", context, status=status)


@_acts
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a test update, and go to where its answer will be shown."""
    user = require_permission(request, OPERATE)
    found = get_channel(number)
    if request.method != "POST":
        return redirect("triage:channel", found.pk)
    try:
        asked = tests.ask(channel=found, by=user)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    return redirect("triage:channel_test_result", found.pk, asked.pk)


def _refused(
    request: HttpRequest, channel: Channel, refusal: Refusal, chosen: list[int] | None = None
) -> HttpResponse:
    messages.error(request, str(refusal))
    # As it is now: whoever was faster may have changed it.
    now = get_channel(channel.pk)
    return channel_page(request, now, chosen=chosen or [], code=refusal_status(refusal))


def _numbers(values: list[str]) -> list[int]:
    """Return the ids among what was sent; anything else was sent by no form of ours."""
    return [
        int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19
    ][:1000]


def _say_due(request: HttpRequest, count: int) -> None:
    if count:
        words = ngettext(
            "%(count)s update is due again.", "%(count)s updates are due again.", count
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Nothing was left to send again: somebody was faster."))


def _say_order(request: HttpRequest, order: Resend | None) -> None:
    """Say how far an order came at once; the page of the channel shows how it goes on."""
    if order is None or order.finished_at:
        _say_due(request, order.done if order else 0)
        return
    words = _("Updates due again: %(count)s. The others follow: see below how far it is.")
    messages.success(request, words % {"count": _number(order.done)})


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)


def _back_from_login(request: HttpRequest, channel: Channel) -> HttpResponse:
    data = restored_data(request)
    if data is None:
        return redirect("triage:channel", channel.pk)
    forms_: dict[str, forms.Form] = {"pause": Pause(data, auto_id="pause-%s")}
    return channel_page(request, channel, typed=forms_)
