"""The operator's page of a channel: its status, refreshed live, and the actions on it.

Every page works without scripts. With scripts, all parts of a page are replaced every few seconds by one
response from the same URL; the name of the htmx target selects it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib import clock
from alliance.lib.keyset import Page, paginate
from cases.forms.channels import Pause, Replay
from cases.liaison.models import Attempt, Channel, ChannelTest, Delivery
from cases.liaison.monitoring import status as monitoring
from cases.liaison.monitoring.status import ChannelStatus
from cases.views.channels import shared
from cases.views.channels.chart import chart
from cases.views.http import part_template, require_permission

CHART_HEIGHT = 120
TABS = {
    "dead": gettext_lazy("Dead letters"),
    "failures": gettext_lazy("Failures"),
    "tests": gettext_lazy("Tests"),
    "activity": gettext_lazy("Activity log"),
}
# The latest acknowledgement is searched among this many deliveries with the highest numbers.
ACKNOWLEDGED_AMONG = 1000
_PUSH_KINDS = (Channel.Kind.WEBHOOK, Channel.Kind.EMAIL)


@require_safe
def channel(request: HttpRequest, number: int) -> HttpResponse:
    """Show one channel: its figures, throughput, dead letters and failures, and the actions on it."""
    require_permission(request, "liaison.read_channels")
    return channel_page(request, get_channel(number))


@require_safe
def test_result(request: HttpRequest, number: int, test: Any) -> HttpResponse:
    """Show what a test sent and the response, refreshed until the test has finished."""
    require_permission(request, "liaison.read_channels")
    found = get_channel(number)
    others = ChannelTest.objects.filter(channel=found).select_related("requested_by")
    context = {
        "channel": found,
        "test": shared.test_of(found, test),
        "tests": list(others.order_by("-requested_at", "-pk")[:10]),
        "may_operate": request.user.has_perm("liaison.operate_channels"),
    }
    return shared.test_page(request, "triage/channels", context)


def get_channel(number: int) -> Channel:
    """Return the agency's channel with its state. Raises :class:`Http404`, also for a member's webhook."""
    found = monitoring.with_state(Channel.objects.of_agencies().filter(pk=number)).first()
    if found is None:
        raise Http404
    return found


def channel_page(
    request: HttpRequest,
    channel: Channel,
    *,
    bound: Mapping[str, forms.Form] | None = None,
    selected: Collection[int] = (),
    code: int = 200,
) -> HttpResponse:
    """Return the page of a channel. ``bound`` forms and ``selected`` deliveries are shown as posted."""
    [status] = monitoring.of([channel])
    tab = _tab(request, status, selected)
    context = {
        **_figures(status),
        **_records(request, status, tab),
        "forms": {"pause": Pause(auto_id="pause-%s"), "replay": Replay(auto_id="replay-%s")}
        | dict(bound or {}),
        "selected": set(selected),
        "may_operate": request.user.has_perm("liaison.operate_channels"),
        "may_manage": request.user.has_perm("liaison.manage_channels"),
    }
    part = part_template(request, {"channel-live": "triage/channels/_channel_live.html"})
    return render(request, part or "triage/channels/channel.html", context, status=code)


# --- Context of the pages --------------------------------------------------------------------


def _figures(status: ChannelStatus) -> dict[str, Any]:
    """Return the context of the figures of one channel."""
    channel = status.channel
    return {
        "status": status,
        "channel": channel,
        **shared.displayed(status),
        "chart": chart(monitoring.rates([channel.pk])[channel.pk], height=CHART_HEIGHT),
        "can_resend": channel.kind in _PUSH_KINDS,
        "acknowledged_at": _acknowledged_at(channel),
        "resend": shared.shown_order(channel) if channel.kind in _PUSH_KINDS else None,
        "summary": str(status.state.label),
        "at": clock.now(),
    }


def _records(request: HttpRequest, status: ChannelStatus, tab: str) -> dict[str, Any]:
    """Return the context of the records of a channel: one page of the open tab, and its URL."""
    page = _rows(request, status.channel, tab)
    query = request.GET.copy()
    query["show"] = tab
    url = reverse("triage:channel", args=[status.channel.pk])
    return {
        "tab": tab,
        "page": page,
        "retriable": _newest_of_each(page.rows) if tab == "failures" else set(),
        "page_key": " ".join(map(_fingerprint, page.rows)),
        "tabs": shared.tabs_of(
            _tabs_of(status.channel), url=url, tab=tab, dead=shared.displayed(status)["dead"]
        ),
        "live_url": f"{url}?{query.urlencode()}",
    }


def _tab(request: HttpRequest, status: ChannelStatus, selected: Collection[int]) -> str:
    """Return the requested tab. Without one, the first tab, or the failures if there are no dead letters."""
    requested, tabs = request.GET.get("show", ""), _tabs_of(status.channel)
    if requested in tabs:
        return requested
    first = next(iter(tabs))
    return "failures" if first == "dead" and not (status.dead or selected) else first


def _tabs_of(channel: Channel) -> dict[str, Any]:
    """Return the tabs of the channel's kind: a stream has no dead letters, a pull channel no tests."""
    if channel.kind in _PUSH_KINDS:
        return TABS
    slugs = {Channel.Kind.STREAM: ("tests", "activity"), Channel.Kind.PULL: ("activity",)}
    return {slug: TABS[slug] for slug in slugs[Channel.Kind(channel.kind)]}


def _rows(request: HttpRequest, channel: Channel, tab: str) -> Page[Any]:
    cursor = request.GET.get("cursor")
    if tab == "dead":
        return shared.dead_letters(request, channel, "update__referral__case")
    if tab == "failures":
        failed = Attempt.objects.filter(channel=channel).failed()
        failed = failed.select_related("delivery__update__referral__case")
        return paginate(failed, order=("-pk",), cursor=cursor, size=shared.PAGE)
    if tab == "tests":
        tests = ChannelTest.objects.filter(channel=channel).select_related("requested_by")
        return paginate(tests, order=("-requested_at", "-pk"), cursor=cursor, size=shared.PAGE)
    return shared.activity(request, channel)


def _fingerprint(row: Any) -> str:
    """Return a value that changes whenever the row is displayed differently."""
    if isinstance(row, Attempt):
        return f"{row.pk}{row.delivery.sent_at or row.delivery.next_attempt_at:%d%H%M%S}"
    return f"{row.pk}{getattr(row, 'state', '')}"


def _newest_of_each(failed: Iterable[Attempt]) -> set[int]:
    """Return the ids of the newest attempt of each delivery. Only these rows have a retry button."""
    newest: dict[int, int] = {}
    for one in failed:
        newest.setdefault(one.delivery_id, one.pk)
    return set(newest.values())


def _acknowledged_at(channel: Channel) -> datetime | None:
    """Return the time of the latest acknowledgement in a pull channel; ``None`` without one."""
    if channel.kind != Channel.Kind.PULL:
        return None
    newest = Delivery.objects.filter(
        channel=channel,
        seq__gt=channel.numbered_seq - ACKNOWLEDGED_AMONG,
        acknowledged_at__isnull=False,
    )
    found: datetime | None = newest.aggregate(at=Max("acknowledged_at"))["at"]
    return found
