"""The pages of a member's webhooks, for its owners: the list, one webhook, and the result of a test.

Everybody else gets a 404, colleagues included.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib import clock
from alliance.lib.keyset import Page, paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.webhooks import Since, WebhookForm
from cases.liaison.delivery import resend
from cases.liaison.models import Channel, ChannelEvent, ChannelTest, Delivery
from cases.liaison.monitoring import status as monitoring
from cases.services.channels import members
from cases.views.channels.display import displayed
from cases.views.channels.page import FINISHED_ORDER_SHOWN_FOR, STOP_POLLING
from cases.views.http import part_template
from members.models import Member
from members.views.http import person, role_at

PAGE = 25
TABS = {
    "deliveries": gettext_lazy("Deliveries"),
    "dead": gettext_lazy("Dead letters"),
    "activity": gettext_lazy("Activity log"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def list_webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the member's webhooks, or create one and show its secret once."""
    member = owned_member(request, slug)
    if request.method != "POST":
        return _show_list(request, member, WebhookForm(member=member))
    form = WebhookForm(request.POST, member=member)
    if not form.is_valid():
        return _show_list(request, member, form, status=422)
    response: HttpResponse = _create(request, member, form)
    return response


@reauthentication_required
def _create(request: HttpRequest, member: Member, form: WebhookForm) -> HttpResponse:
    """Create a webhook, after the person has entered the password again."""
    try:
        channel, secret = members.create(member=member, by=person(request), **form.cleaned_data)
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
    shown = get_object_or_404(
        ChannelTest.objects.select_related("requested_by"), channel=channel, pk=test
    )
    context = {"channel": channel, "member": channel.member, "test": shown, "at": clock.now()}
    part = part_template(request, {"test-live": "webhooks/_test_live.html"})
    response = render(request, part or "webhooks/test.html", context)
    if part and not shown.is_under_way:
        response.status_code = STOP_POLLING
    return response


def owned_member(request: HttpRequest, slug: str) -> Member:
    """Return the member for one of its owners. Raises ``Http404`` for everybody else."""
    role = role_at(request, slug)
    if not role.is_owner:
        raise Http404
    return role.member


def get_webhook(request: HttpRequest, slug: str, pk: int) -> Channel:
    """Return the webhook with its state, for an owner of its member. Raises ``Http404`` for everybody else."""
    rows = monitoring.with_state(visibility.webhooks(person(request)))
    return get_object_or_404(rows, member__slug=slug, pk=pk)


def show_secret(
    request: HttpRequest, channel: Channel, secret: str, *, heading: str
) -> HttpResponse:
    """Show a new secret. Going back does not show it again."""
    context = {"channel": channel, "member": channel.member, "secret": secret, "heading": heading}
    response = render(request, "webhooks/secret.html", context)
    add_never_cache_headers(response)
    return response


def webhook_page(
    request: HttpRequest, channel: Channel, *, form: WebhookForm | None = None, code: int = 200
) -> HttpResponse:
    """Return the page of a webhook. A bound ``form`` is shown as it was sent."""
    assert channel.member
    [status] = monitoring.of([channel])
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else "deliveries"
    context = {
        "channel": channel,
        "member": channel.member,
        "status": status,
        **displayed(status),
        "form": form or WebhookForm(member=channel.member, channel=channel),
        "since": Since(),
        "brands": []
        if channel.all_brands
        else [row.brand for row in channel.brands.select_related("brand")],
        "resend": _order(channel),
        "test": ChannelTest.objects.filter(channel=channel).first(),
        "tab": tab,
        "tabs": _tabs(channel, tab, displayed(status)["dead"]),
        "page": _rows(request, channel, tab),
        "may_change": channel.member.may_write,
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
        "rows": [{"status": one, **displayed(one)} for one in statuses],
        "may_change": member.may_write,
    }
    return render(request, "webhooks/list.html", context, status=status)


def _tabs(channel: Channel, tab: str, dead: str) -> list[dict[str, Any]]:
    assert channel.member
    url = reverse("webhooks:detail", args=[channel.member.slug, channel.pk])
    return [
        {
            "label": label,
            "url": f"{url}?show={slug}",
            "active": slug == tab,
            "count": dead if slug == "dead" else None,
        }
        for slug, label in TABS.items()
    ]


def _rows(request: HttpRequest, channel: Channel, tab: str) -> Page[Any]:
    cursor = request.GET.get("cursor")
    if tab == "activity":
        events = ChannelEvent.objects.filter(channel=channel)
        return paginate(events, order=("-pk",), cursor=cursor, size=PAGE)
    deliveries = Delivery.objects.filter(channel=channel).select_related("update__case")
    if tab == "dead":
        return paginate(deliveries.dead(), order=("-dead_at", "-pk"), cursor=cursor, size=PAGE)
    numbered = deliveries.filter(seq__isnull=False)
    return paginate(numbered, order=("-seq",), cursor=cursor, size=PAGE)


def _order(channel: Channel) -> Any:
    """Return the latest resend order, unless it finished some time ago."""
    order = resend.latest(channel.pk)
    if order and order.finished_at and clock.now() - order.finished_at > FINISHED_ORDER_SHOWN_FOR:
        return None
    return order
