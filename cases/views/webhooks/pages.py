"""The pages of a member's webhooks, for its owners: the list, one webhook, and the result of a test.

A webhook is a 404 for everybody else, colleagues included.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib import clock, shown_once
from alliance.lib.keyset import Page, paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.webhooks import ChangeForm, Since, WebhookForm
from cases.liaison.models import Channel, ChannelTest, Delivery
from cases.liaison.monitoring import status as monitoring
from cases.services.channels import members
from cases.views.channels import shared
from cases.views.http import get_or_post
from members.models import Member
from members.views.http import owned_member, person

TABS = {
    "deliveries": gettext_lazy("Deliveries"),
    "dead": gettext_lazy("Dead letters"),
    "activity": gettext_lazy("Activity log"),
}


@get_or_post
def list_webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the member's webhooks, or create one and show its secret once."""
    member = owned_member(request, slug)
    if request.method != "POST":
        return _show_list(request, member, WebhookForm(member_id=member.pk))
    form = WebhookForm(request.POST, member_id=member.pk)
    if not form.is_valid():
        return _show_list(request, member, form, status=422)
    response: HttpResponse = _create(request, member, form)
    return response


@reauthentication_required
def _create(request: HttpRequest, member: Member, form: WebhookForm) -> HttpResponse:
    """Create a webhook, after the person has entered the password again."""
    try:
        channel, secret = members.create(member=member, by=person(request), **form.values)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show_list(request, member, form, status=refusal.http_status)
    return show_secret(request, channel, secret, heading=_("Webhook created"))


@require_safe
def webhook(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one webhook: its state, its deliveries, and the actions on it."""
    return webhook_page(request, get_webhook(request, slug, pk))


@require_safe
def test_result(request: HttpRequest, slug: str, pk: int, test: UUID) -> HttpResponse:
    """Show what a test sent and the response, refreshed until the test has finished."""
    channel = get_webhook(request, slug, pk)
    context = {
        "channel": channel,
        "member": channel.recipient,
        "test": shared.test_of(channel, test),
    }
    return shared.test_page(request, "webhooks", context)


def get_webhook(request: HttpRequest, slug: str, pk: int) -> Channel:
    """Return the webhook with its state, for an owner of its member. Raises ``Http404`` for everybody else."""
    rows = monitoring.with_state(visibility.webhooks(person(request)))
    return get_object_or_404(rows, member__slug=slug, pk=pk)


def show_secret(
    request: HttpRequest, channel: Channel, secret: str, *, heading: str
) -> HttpResponse:
    """Show a new secret once."""
    context = {
        "channel": channel,
        "member": channel.recipient,
        "secret": secret,
        "heading": heading,
    }
    return shown_once.page(request, "webhooks/secret.html", context)


def webhook_page(
    request: HttpRequest,
    channel: Channel,
    *,
    form: ChangeForm | None = None,
    code: int = 200,
    **context: Any,
) -> HttpResponse:
    """Return the page of a webhook. A bound ``form`` is shown as it was sent."""
    [status] = monitoring.of([channel])
    shown = shared.displayed(status)
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else "deliveries"
    url = reverse("webhooks:detail", args=[channel.recipient.slug, channel.pk])
    context |= {
        "channel": channel,
        "member": channel.recipient,
        "status": status,
        **shown,
        "form": form or ChangeForm(channel=channel),
        "since": Since(),
        "brands": []
        if channel.all_brands
        else [row.brand for row in channel.brands.select_related("brand")],
        "resend": shared.shown_order(channel),
        "test": ChannelTest.objects.filter(channel=channel).first(),
        "tab": tab,
        "tabs": shared.tabs_of(TABS, url=url, tab=tab, dead=shown["dead"]),
        "page": _rows(request, channel, tab),
        "may_change": channel.may_be_sent_to,
        "at": clock.now(),
    }
    return render(request, "webhooks/detail.html", context, status=code)


def _show_list(
    request: HttpRequest, member: Member, form: WebhookForm, *, status: int = 200
) -> HttpResponse:
    rows = visibility.webhooks(person(request)).filter(member=member).order_by("name")
    statuses = monitoring.statuses(rows[: members.MAX_WEBHOOKS])
    context = {
        "member": member,
        "form": form,
        "rows": [{"status": one, **shared.displayed(one)} for one in statuses],
        "may_change": member.may_write,
    }
    return render(request, "webhooks/list.html", context, status=status)


def _rows(request: HttpRequest, channel: Channel, tab: str) -> Page[Any]:
    if tab == "activity":
        return shared.activity(request, channel)
    if tab == "dead":
        return shared.dead_letters(request, channel, "update__case")
    deliveries = Delivery.objects.filter(channel=channel, seq__isnull=False)
    rows = deliveries.select_related("update__case")
    cursor = request.GET.get("cursor")
    return paginate(rows, order=("-seq",), cursor=cursor, size=shared.PAGE)
