"""The operator's page of a channel: its status, refreshed live, and the actions on it.

Every page works without scripts. With scripts, all parts of a page are replaced every few seconds by one
response from the same URL; the name of the htmx target selects it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
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
from cases.liaison.delivery import resend
from cases.liaison.models import Attempt, Channel, ChannelEvent, ChannelTest, Delivery, Resend
from cases.liaison.monitoring import status as monitoring
from cases.liaison.monitoring.status import ChannelStatus
from cases.views.channels.chart import chart
from cases.views.channels.display import capped, displayed
from cases.views.http import part_template, require_permission

CHART_HEIGHT = 120
PAGE = 25
TABS = {
    "dead": gettext_lazy("Dead letters"),
    "failures": gettext_lazy("Failures"),
    "tests": gettext_lazy("Tests"),
    "activity": gettext_lazy("Activity log"),
}
# The latest acknowledgement is searched among this many deliveries with the highest numbers.
ACKNOWLEDGED_AMONG = 1000
# How long a finished resend order is shown.
FINISHED_ORDER_SHOWN_FOR = timedelta(minutes=15)
_PUSH_KINDS = (Channel.Kind.WEBHOOK, Channel.Kind.EMAIL)
# htmx stops polling when a response has this status.
STOP_POLLING = 286


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
    shown = (
        ChannelTest.objects.filter(channel=found, pk=test).select_related("requested_by").first()
    )
    if shown is None:
        raise Http404
    others = ChannelTest.objects.filter(channel=found).select_related("requested_by")
    context = {
        "channel": found,
        "test": shown,
        "tests": list(others.order_by("-requested_at", "-pk")[:10]),
        "may_operate": request.user.has_perm("liaison.operate_channels"),
        "at": clock.now(),
    }
    part = part_template(request, {"test-live": "triage/channels/_test_live.html"})
    answer = render(request, part or "triage/channels/test.html", context)
    if part and not shown.is_under_way:
        answer.status_code = STOP_POLLING
    return answer


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
        **displayed(status),
        "chart": chart(monitoring.rates([channel.pk])[channel.pk], height=CHART_HEIGHT),
        "can_resend": channel.kind in _PUSH_KINDS,
        "acknowledged_at": _acknowledged_at(channel),
        "resend": _resend(channel),
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
        "tabs": _tabs(status, tab),
        "live_url": f"{url}?{query.urlencode()}",
    }


def _tab(request: HttpRequest, status: ChannelStatus, selected: Collection[int]) -> str:
    """Return the requested tab. Without one, the first tab, or the failures if there are no dead letters."""
    requested, tabs = request.GET.get("show", ""), _tabs_of(status.channel)
    if requested in tabs:
        return requested
    first = next(iter(tabs))
    return "failures" if first == "dead" and not (status.dead or selected) else first


def _tabs(status: ChannelStatus, tab: str) -> list[dict[str, Any]]:
    url = reverse("triage:channel", args=[status.channel.pk])
    return [
        {
            "label": label,
            "url": f"{url}?show={slug}",
            "active": slug == tab,
            "count": capped(status.dead, is_capped=status.dead_is_capped)
            if slug == "dead"
            else None,
        }
        for slug, label in _tabs_of(status.channel).items()
    ]


def _tabs_of(channel: Channel) -> dict[str, Any]:
    """Return the tabs of the channel's kind: a stream has no dead letters, a pull channel no tests."""
    if channel.kind in _PUSH_KINDS:
        return TABS
    slugs = {Channel.Kind.STREAM: ("tests", "activity"), Channel.Kind.PULL: ("activity",)}
    return {slug: TABS[slug] for slug in slugs[Channel.Kind(channel.kind)]}


def _rows(request: HttpRequest, channel: Channel, tab: str) -> Page[Any]:
    cursor = request.GET.get("cursor")
    if tab == "dead":
        dead = Delivery.objects.filter(channel=channel).dead()
        dead = dead.select_related("update__referral__case")
        return paginate(dead, order=("-dead_at", "-pk"), cursor=cursor, size=PAGE)
    if tab == "failures":
        failed = Attempt.objects.filter(channel=channel).failed()
        failed = failed.select_related("delivery__update__referral__case")
        return paginate(failed, order=("-pk",), cursor=cursor, size=PAGE)
    if tab == "tests":
        tests = ChannelTest.objects.filter(channel=channel).select_related("requested_by")
        return paginate(tests, order=("-requested_at", "-pk"), cursor=cursor, size=PAGE)
    events = ChannelEvent.objects.filter(channel=channel)
    return paginate(events, order=("-pk",), cursor=cursor, size=PAGE)


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


def _resend(channel: Channel) -> Resend | None:
    """Return the channel's latest resend order, unless it finished some time ago."""
    if channel.kind not in _PUSH_KINDS:
        return None
    order = resend.latest(channel.pk)
    if order and order.finished_at and clock.now() - order.finished_at > FINISHED_ORDER_SHOWN_FOR:
        return None
    return order


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
