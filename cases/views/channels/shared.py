"""What the pages of agencies' channels and of members' webhooks share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import clock, counts
from alliance.lib.keyset import Page, paginate
from alliance.templatetags.figures import grouped
from cases.liaison.delivery import resend
from cases.liaison.models import Channel, ChannelEvent, ChannelTest, Delivery, Resend
from cases.liaison.monitoring.status import ChannelState, ChannelStatus
from cases.views.http import part_template

PAGE = 25
# How long a finished resend order is shown.
FINISHED_ORDER_SHOWN_FOR = timedelta(minutes=15)
# htmx stops polling when a response has this status.
STOP_POLLING = 286


def displayed(status: ChannelStatus) -> dict[str, Any]:
    """Return the values of ``status`` that templates cannot compute themselves."""
    channel = status.channel
    return {
        "backlog": _capped(status.backlog, is_capped=status.backlog_is_capped),
        "dead": _capped(status.dead, is_capped=status.dead_is_capped),
        "probe_at": channel.next_attempt_at if _waits_for_retry(channel) else None,
        "is_also_behind": status.is_behind and status.state != ChannelState.BEHIND,
    }


def tabs_of(labels: Mapping[str, Any], *, url: str, tab: str, dead: str) -> list[dict[str, Any]]:
    """Return the tabs of the page at ``url``. ``dead`` is the number of dead letters for display."""
    return [
        {
            "label": label,
            "url": f"{url}?show={slug}",
            "active": slug == tab,
            "count": dead if slug == "dead" else None,
        }
        for slug, label in labels.items()
    ]


def activity(request: HttpRequest, channel: Channel) -> Page[Any]:
    """Return a page of the activity log of the channel, the latest first."""
    events = ChannelEvent.objects.filter(channel=channel)
    return paginate(events, order=("-pk",), cursor=request.GET.get("cursor"), size=PAGE)


def dead_letters(request: HttpRequest, channel: Channel, *related: str) -> Page[Any]:
    """Return a page of the dead letters of the channel, the latest first, with ``related`` rows."""
    dead = Delivery.objects.filter(channel=channel).dead().select_related(*related)
    cursor = request.GET.get("cursor")
    return paginate(dead, order=("-dead_at", "-pk"), cursor=cursor, size=PAGE)


def shown_order(channel: Channel) -> Resend | None:
    """Return the channel's latest resend order, unless it finished some time ago."""
    order = resend.latest(channel.pk)
    if order and order.finished_at and clock.now() - order.finished_at > FINISHED_ORDER_SHOWN_FOR:
        return None
    return order


def test_of(channel: Channel, test: Any) -> ChannelTest:
    """Return the test of the channel with this key. Raises ``Http404``."""
    tests = ChannelTest.objects.select_related("requested_by")
    return get_object_or_404(tests, channel=channel, pk=test)


def test_page(request: HttpRequest, folder: str, context: dict[str, Any]) -> HttpResponse:
    """Return the page of a test from the templates in ``folder``, or its live part until the test has finished."""
    part = part_template(request, {"test-live": f"{folder}/_test_live.html"})
    response = render(request, part or f"{folder}/test.html", context | {"at": clock.now()})
    if part and not context["test"].is_under_way:
        response.status_code = STOP_POLLING
    return response


def posted_ids(values: list[str]) -> list[int]:
    """Return the ids among the posted values, at most 1,000. Other values are ignored."""
    return [
        int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19
    ][:1000]


def report_resent(request: HttpRequest, delivery: Delivery) -> None:
    """Report that one update is queued for resending."""
    message = _("Update %(number)s is queued for resending.")
    messages.success(request, message % {"number": grouped(delivery.seq or 0)})


def report_count(request: HttpRequest, count: int) -> None:
    """Report how many updates are queued for resending."""
    if not count:
        text = _("No updates were resent. Someone else may have resent them already.")
        messages.info(request, text)
        return
    message = ngettext(
        "%(count)s update is queued for resending.",
        "%(count)s updates are queued for resending.",
        count,
    )
    messages.success(request, message % {"count": count})


def report_order(request: HttpRequest, order: Resend | None) -> None:
    """Report how many updates an order has queued. The channel's page shows the progress of the others."""
    if order is None or order.finished_at:
        report_count(request, order.done if order else 0)
        return
    message = _(
        "Updates queued for resending: %(count)s. The others follow; see the progress below."
    )
    messages.success(request, message % {"count": grouped(order.done)})


def report_stop(request: HttpRequest, order: Resend) -> None:
    """Report that a resend order was stopped."""
    message = _("Resend stopped. Updates already queued are still sent: %(count)s.")
    messages.success(request, message % {"count": grouped(order.done)})


def _capped(count: int, *, is_capped: bool) -> str:
    """Return a count for display: “1,000+” if counting stopped at the cap."""
    return counts.words(counts.CAP + 1 if is_capped else count)


def _waits_for_retry(channel: Channel) -> bool:
    waits = channel.failures and channel.is_backing_off
    return bool(waits and channel.is_in_use and not channel.is_paused)
