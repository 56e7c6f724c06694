"""The operator's page of a channel: how it stands, live, and what can be done about it.

Each page is whole without scripts. With them its parts come anew every few seconds, all in one answer from the
same address: htmx says by the name of its target that it wants them.
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
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelStatus
from cases.views.channels.chart import chart
from cases.views.channels.words import number, part_of, words
from cases.views.http import require_permission

CHART_HEIGHT = 120
PAGE = 25
TABS = {
    "dead": gettext_lazy("Given up"),
    "failures": gettext_lazy("Failures"),
    "tests": gettext_lazy("Tests"),
    "acts": gettext_lazy("Acts"),
}
# How far back from the newest number an acknowledgement is looked for.
LOOKED_BACK = 1000
# How long an order to send again is told of after it was carried out.
TOLD_FOR = timedelta(minutes=15)
_SENT_AGAIN_KINDS = (Channel.Kind.WEBHOOK, Channel.Kind.EMAIL)
# htmx ends polling when a part comes with this status.
STOP_POLLING = 286


@require_safe
def channel(request: HttpRequest, number: int) -> HttpResponse:
    """Show one channel: its figures, its rate, what failed and was given up, and what can be done."""
    require_permission(request, "liaison.read_channels")
    return channel_page(request, get_channel(number))


@require_safe
def test_result(request: HttpRequest, number: int, test: Any) -> HttpResponse:
    """Show what a test sent and the answer to it, live until it has come."""
    require_permission(request, "liaison.read_channels")
    found = get_channel(number)
    shown = ChannelTest.objects.filter(channel=found, pk=test).select_related("asked_by").first()
    if shown is None:
        raise Http404
    others = ChannelTest.objects.filter(channel=found).select_related("asked_by")
    context = {
        "channel": found,
        "test": shown,
        "tests": list(others.order_by("-asked_at", "-pk")[:10]),
        "operates": request.user.has_perm("liaison.operate_channels"),
        "at": clock.now(),
    }
    part = part_of(request, {"test-live": "triage/channels/_test_live.html"})
    answer = render(request, part or "triage/channels/test.html", context)
    if part and not shown.is_under_way:
        answer.status_code = STOP_POLLING
    return answer


def get_channel(number: int) -> Channel:
    """Return the channel with its agency, or answer 404."""
    found = status.with_state(Channel.objects.filter(pk=number)).first()
    if found is None:
        raise Http404
    return found


def channel_page(
    request: HttpRequest,
    channel: Channel,
    *,
    typed: Mapping[str, forms.Form] | None = None,
    chosen: Collection[int] = (),
    code: int = 200,
) -> HttpResponse:
    """Return the page of a channel; ``typed`` forms and ``chosen`` deliveries are shown as they were sent."""
    [lane] = status.of([channel])
    here = _tab(request, lane, chosen)
    context = {
        **_standing(lane),
        **_records(request, lane, here),
        "forms": {"pause": Pause(auto_id="pause-%s"), "replay": Replay(auto_id="replay-%s")}
        | dict(typed or {}),
        "chosen": set(chosen),
        "operates": request.user.has_perm("liaison.operate_channels"),
        "manages": request.user.has_perm("liaison.manage_channels"),
    }
    part = part_of(request, {"channel-live": "triage/channels/_channel_live.html"})
    return render(request, part or "triage/channels/channel.html", context, status=code)


# --- What the pages show ---------------------------------------------------------------------


def _standing(lane: ChannelStatus) -> dict[str, Any]:
    """Return the figures of one channel."""
    channel = lane.channel
    return {
        "lane": lane,
        "channel": channel,
        **words(lane),
        "chart": chart(status.rates([channel.pk])[channel.pk], height=CHART_HEIGHT),
        "sends_again": channel.kind in _SENT_AGAIN_KINDS,
        "acknowledged_at": _acknowledged_at(channel),
        "resend": _resend(channel),
        "says": str(lane.state.label),
        "at": clock.now(),
    }


def _records(request: HttpRequest, lane: ChannelStatus, here: str) -> dict[str, Any]:
    """Return a page of what was kept of the channel, and the address at which the same stands."""
    page = _rows(request, lane.channel, here)
    query = request.GET.copy()
    query["show"] = here
    url = reverse("triage:channel", args=[lane.channel.pk])
    return {
        "here": here,
        "page": page,
        "again": _newest_of_each(page.rows) if here == "failures" else set(),
        "page_key": " ".join(map(_look, page.rows)),
        "tabs": _tabs(lane, here),
        "live_url": f"{url}?{query.urlencode()}",
    }


def _tab(request: HttpRequest, lane: ChannelStatus, chosen: Collection[int]) -> str:
    """Return the tab that is asked for, or the first that has something to say."""
    asked, tabs = request.GET.get("show", ""), _tabs_of(lane.channel)
    if asked in tabs:
        return asked
    first = next(iter(tabs))
    return "failures" if first == "dead" and not (lane.dead or chosen) else first


def _tabs(lane: ChannelStatus, here: str) -> list[dict[str, Any]]:
    url = reverse("triage:channel", args=[lane.channel.pk])
    return [
        {
            "label": label,
            "url": f"{url}?show={slug}",
            "active": slug == here,
            "count": number(lane.dead, capped=lane.dead_is_capped) if slug == "dead" else None,
        }
        for slug, label in _tabs_of(lane.channel).items()
    ]


def _tabs_of(channel: Channel) -> dict[str, Any]:
    """Return the tabs that can hold something: a stream gives nothing up, a pull channel is not tested."""
    if channel.kind in _SENT_AGAIN_KINDS:
        return TABS
    kept = {Channel.Kind.STREAM: ("tests", "acts"), Channel.Kind.PULL: ("acts",)}
    return {slug: TABS[slug] for slug in kept[Channel.Kind(channel.kind)]}


def _rows(request: HttpRequest, channel: Channel, here: str) -> Page[Any]:
    cursor = request.GET.get("cursor")
    if here == "dead":
        dead = Delivery.objects.filter(channel=channel).dead()
        dead = dead.select_related("update__referral__case")
        return paginate(dead, order=("-dead_at", "-pk"), cursor=cursor, size=PAGE)
    if here == "failures":
        failed = Attempt.objects.filter(channel=channel).failed()
        failed = failed.select_related("delivery__update__referral__case")
        return paginate(failed, order=("-pk",), cursor=cursor, size=PAGE)
    if here == "tests":
        tests = ChannelTest.objects.filter(channel=channel).select_related("asked_by")
        return paginate(tests, order=("-asked_at", "-pk"), cursor=cursor, size=PAGE)
    events = ChannelEvent.objects.filter(channel=channel)
    return paginate(events, order=("-pk",), cursor=cursor, size=PAGE)


def _look(row: Any) -> str:
    """Return what tells a row that looks otherwise than a moment ago from one that does not."""
    if isinstance(row, Attempt):
        return f"{row.pk}{row.delivery.sent_at or row.delivery.next_attempt_at:%d%H%M%S}"
    return f"{row.pk}{getattr(row, 'state', '')}"


def _newest_of_each(failed: Iterable[Attempt]) -> set[int]:
    """Return of each delivery the first try that is shown: there it can be tried again."""
    newest: dict[int, int] = {}
    for one in failed:
        newest.setdefault(one.delivery_id, one.pk)
    return set(newest.values())


def _resend(channel: Channel) -> Resend | None:
    """Return the channel's order to send again, as long as it is worth a word."""
    if channel.kind not in _SENT_AGAIN_KINDS:
        return None
    order = resend.latest(channel.pk)
    if order and order.finished_at and clock.now() - order.finished_at > TOLD_FOR:
        return None
    return order


def _acknowledged_at(channel: Channel) -> datetime | None:
    """Return when the agency's system last acknowledged, as far as the newest numbers tell."""
    if channel.kind != Channel.Kind.PULL:
        return None
    newest = Delivery.objects.filter(
        channel=channel, seq__gt=channel.numbered_seq - LOOKED_BACK, acknowledged_at__isnull=False
    )
    found: datetime | None = newest.aggregate(at=Max("acknowledged_at"))["at"]
    return found
