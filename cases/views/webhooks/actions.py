"""What owners do with a webhook. Each is a POST; a refusal shows the page of the webhook with the message."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.lib.refusals import Refusal
from cases.forms.webhooks import ChangeForm, Since
from cases.liaison.models import Channel, Delivery
from cases.services.channels import members, resending, setup, testing
from cases.views.channels.shared import posted_ids, report_order, report_resent, report_stop
from cases.views.http import get_or_post
from cases.views.webhooks.pages import get_webhook, show_secret, webhook_page
from members.models import User
from members.views.http import person, with_seen

Perform = Callable[[HttpRequest, Channel, User], HttpResponse]


def _action(perform: Perform) -> Callable[..., HttpResponse]:
    """Return a view that calls ``perform`` for a POST by an owner of the webhook's member."""

    @require_POST
    @wraps(perform)
    def view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        channel = get_webhook(request, slug, pk)
        try:
            return perform(request, channel, person(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            # Read again: another owner may have changed it.
            current = get_webhook(request, slug, pk)
            return webhook_page(request, current, code=refusal.http_status)

    return view


def _back(channel: Channel) -> HttpResponse:
    return redirect("webhooks:detail", channel.recipient.slug, channel.pk)


@require_POST
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change the name, URL and brands."""
    channel = get_webhook(request, slug, pk)
    form, code = ChangeForm(request.POST, channel=channel), 422
    if form.is_valid():
        try:
            members.change(channel=channel, by=person(request), **form.values)
        except members.WebhookChanged as refusal:
            return _changed_elsewhere(request, get_webhook(request, slug, pk), refusal)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            code = refusal.http_status
        else:
            messages.success(request, _("Webhook changed."))
            return _back(channel)
    return webhook_page(request, channel, form=form, code=code)


def _changed_elsewhere(
    request: HttpRequest, current: Channel, refusal: members.WebhookChanged
) -> HttpResponse:
    """Show both versions of a webhook that another owner has changed."""
    form = ChangeForm(with_seen(request, members.version(current)), channel=current)
    differences = form.differences() if form.is_valid() else []
    form.add_error(None, str(refusal))
    return webhook_page(
        request, current, form=form, code=refusal.http_status, differences=differences
    )


@_action
def switch(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Switch the webhook on (``on=1``) or off."""
    on = request.POST.get("on") == "1"
    members.switch(channel=channel, by=user, on=on)
    messages.success(request, _("Webhook switched on.") if on else _("Webhook switched off."))
    return _back(channel)


@_action
@reauthentication_required
def rotate(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Rotate the secret, after the person has entered the password again, and show it once."""
    secret = setup.rotate_secret(channel=channel, by=user)
    return show_secret(request, channel, secret, heading=_("Secret rotated"))


@_action
def delete(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Delete the webhook."""
    members.delete(channel=channel, by=user)
    messages.success(request, _("The webhook “%(name)s” was deleted.") % {"name": channel.name})
    return redirect("webhooks:list", channel.recipient.slug)


@_action
def test(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Request a test event and redirect to the page that shows its response."""
    requested = testing.request_test(channel=channel, by=user)
    return redirect("webhooks:test_result", channel.recipient.slug, channel.pk, requested.pk)


@_action
def resend_one(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Send one update of the webhook again."""
    chosen = posted_ids(request.POST.getlist("delivery"))[:1]
    rows = Delivery.objects.select_related("channel__member")
    delivery = get_object_or_404(rows, channel=channel, pk__in=chosen)
    resending.resend_one(delivery=delivery, by=user)
    report_resent(request, delivery)
    return _back(channel)


@_action
def resend_dead_letters(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Send all dead letters again."""
    order = resending.resend_dead_letters(channel=channel, by=user)
    if order is None:
        messages.info(request, _("There are no dead letters."))
    else:
        report_order(request, order)
    return _back(channel)


@_action
def stop_resend(request: HttpRequest, channel: Channel, user: User) -> HttpResponse:
    """Stop the resend order. Updates that are queued already are still sent."""
    order = resending.stop_resend(channel=channel, by=user)
    report_stop(request, order)
    return _back(channel)


@get_or_post
def replay(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show how many updates would be sent again since a time (GET), or send them (POST)."""
    channel = get_webhook(request, slug, pk)
    data: Any = request.POST if request.method == "POST" else request.GET
    form = Since(data if "since" in data or request.method == "POST" else None)
    count, code = None, 200
    if form.is_bound and form.is_valid():
        since = form.cleaned_data["since"]
        try:
            if request.method == "POST":
                order = members.replay_since(channel=channel, by=person(request), since=since)
                report_order(request, order)
                return _back(channel)
            count = resending.replayable(channel, members.number_at(channel, since))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            code = refusal.http_status
    elif form.is_bound:
        code = 422
    context = {"channel": channel, "member": channel.recipient, "form": form, "count": count}
    return render(request, "webhooks/replay.html", context, status=code)
