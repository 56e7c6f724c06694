"""The operator's pages: how every channel stands, live, and what can be done about it.

Each page is whole without scripts. With them its parts come anew every few seconds, from the same address:
htmx says by the name of its target which part it wants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts
from alliance.lib.keyset import Page, paginate
from cases.forms.channels import ChannelFilter, Pause, Replay
from cases.liaison import status
from cases.liaison.models import Attempt, Channel, ChannelEvent, ChannelTest, Delivery
from cases.liaison.status import LaneState, LaneStatus

from .lane_chart import chart
from .triage import demand

SHOWN_AT_MOST = 200
SPARK_HEIGHT = 24
CHART_HEIGHT = 120
PAGE = 25
# What asks for a person stands on top; the words of a page that lists it say the same in this order.
URGENCY = (
    LaneState.OPEN,
    LaneState.HALF_OPEN,
    LaneState.BEHIND,
    LaneState.PAUSED,
    LaneState.OK,
    LaneState.INACTIVE,
)
TABS = {
    "dead": gettext_lazy("Given up"),
    "failures": gettext_lazy("Failures"),
    "tests": gettext_lazy("Tests"),
    "acts": gettext_lazy("Acts"),
}
PARTS = {
    "channel-figures": "triage/channels/_figures.html",
    "channel-part": "triage/channels/_part.html",
    "channel-side": "triage/channels/_side.html",
}
# How far back from the newest number an acknowledgement is looked for.
LOOKED_BACK = 1000
_SENT_AGAIN_KINDS = (Channel.Kind.WEBHOOK, Channel.Kind.EMAIL)
# htmx ends polling when a part comes with this status.
STOP_POLLING = 286


@require_safe
def channel_list(request: HttpRequest) -> HttpResponse:
    """Show every channel, the worst first; narrowed by agency, kind and state."""
    demand(request, "liaison.read_channels")
    form = ChannelFilter(request.GET)
    chosen = form.chosen
    found = [lane for lane in _lanes(chosen) if _stands(lane, chosen.get("state"))]
    found.sort(key=_urgency)
    shown = found[:SHOWN_AT_MOST]
    rates = status.rates([lane.channel.pk for lane in shown])
    context = {
        "form": form,
        "is_narrowed": bool(chosen),
        "rows": [
            {
                "lane": lane,
                "chart": chart(rates[lane.channel.pk], height=SPARK_HEIGHT),
                **_words(lane),
            }
            for lane in shown
        ],
        "more": len(found) - len(shown),
        "says": _summary(found),
        "at": clock.now(),
    }
    part = _part(request, {"channel-rows": "triage/channels/_rows.html"})
    return render(request, part or "triage/channels/list.html", context)


@require_safe
def channel(request: HttpRequest, number: int) -> HttpResponse:
    """Show one channel: its figures, its rate, what failed and was given up, and what can be done."""
    demand(request, "liaison.read_channels")
    return channel_page(request, get_channel(number))


@require_safe
def test_result(request: HttpRequest, number: int, test: Any) -> HttpResponse:
    """Show what a test sent and the answer to it, live until it has come."""
    demand(request, "liaison.read_channels")
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
    part = _part(request, {"test-result": "triage/channels/_test.html"})
    answer = render(request, part or "triage/channels/test.html", context)
    if part and not shown.is_under_way:
        answer.status_code = STOP_POLLING
    return answer


def get_channel(number: int) -> Channel:
    """Return the channel with its agency, or answer 404."""
    found = Channel.objects.select_related("agency").filter(pk=number).first()
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
    [lane] = status.lanes(Channel.objects.filter(pk=channel.pk))
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
    part = _part(request, PARTS)
    return render(request, part or "triage/channels/channel.html", context, status=code)


# --- What the pages show ---------------------------------------------------------------------


def _standing(lane: LaneStatus) -> dict[str, Any]:
    """Return the figures of one channel."""
    channel = lane.channel
    return {
        "lane": lane,
        "channel": channel,
        **_words(lane),
        "chart": chart(status.rates([channel.pk])[channel.pk], height=CHART_HEIGHT),
        "sends_again": channel.kind in _SENT_AGAIN_KINDS,
        "acknowledged_at": _acknowledged_at(channel),
        "says": str(lane.state.label),
        "at": clock.now(),
    }


def _records(request: HttpRequest, lane: LaneStatus, here: str) -> dict[str, Any]:
    """Return a page of what was kept of the channel, and the address at which the same stands."""
    page = _rows(request, lane.channel, here)
    query = request.GET.copy()
    query["show"] = here
    url = reverse("triage:channel", args=[lane.channel.pk])
    return {
        "here": here,
        "page": page,
        "page_key": " ".join(f"{row.pk}{getattr(row, 'state', '')}" for row in page.rows),
        "tabs": _tabs(lane, here),
        "live_url": f"{url}?{query.urlencode()}",
    }


def _tab(request: HttpRequest, lane: LaneStatus, chosen: Collection[int]) -> str:
    """Return the tab that is asked for, or the first that has something to say."""
    asked, tabs = request.GET.get("show", ""), _tabs_of(lane.channel)
    if asked in tabs:
        return asked
    first = next(iter(tabs))
    return "failures" if first == "dead" and not (lane.dead or chosen) else first


def _part(request: HttpRequest, parts: Mapping[str, str]) -> str | None:
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware
    return parts.get(htmx.target or "") if htmx else None


def _lanes(chosen: Mapping[str, Any]) -> list[LaneStatus]:
    channels = Channel.objects.order_by("agency__name", "name", "pk")
    if "agency" in chosen:
        channels = channels.filter(agency=chosen["agency"])
    if "kind" in chosen:
        channels = channels.filter(kind=chosen["kind"])
    return status.lanes(channels)


def _stands(lane: LaneStatus, state: str | None) -> bool:
    """Say whether the channel is in ``state``; one that is paused or not reachable may be behind as well."""
    if state == LaneState.BEHIND:
        return lane.is_behind
    return state is None or lane.state == state


def _urgency(lane: LaneStatus) -> tuple[Any, ...]:
    waits = lane.oldest_at or clock.now()
    return (URGENCY.index(lane.state), not lane.is_behind, not lane.dead, not lane.backlog, waits)


def _summary(lanes: list[LaneStatus]) -> str:
    """Say how many channels stand how: what a screen reader is told when it changes."""
    numbers = Counter(lane.state for lane in lanes)
    said = [f"{state.label}: {numbers[state]}" for state in URGENCY if numbers[state]]
    return ", ".join(said)


def _words(lane: LaneStatus) -> dict[str, Any]:
    channel = lane.channel
    return {
        "backlog": _number(lane.backlog, capped=lane.backlog_is_capped),
        "dead": _number(lane.dead, capped=lane.dead_is_capped),
        "probe_at": channel.next_attempt_at if _rests(channel) else None,
        "overlong": lane.is_behind and lane.state != LaneState.BEHIND,
    }


def _number(count: int, *, capped: bool) -> str:
    return counts.words(counts.CAP + 1 if capped else count)


def _rests(channel: Channel) -> bool:
    waits = channel.failures and channel.next_attempt_at > clock.now()
    return bool(waits and channel.is_active and not channel.is_paused)


def _tabs(lane: LaneStatus, here: str) -> list[dict[str, Any]]:
    url = reverse("triage:channel", args=[lane.channel.pk])
    return [
        {
            "label": label,
            "url": f"{url}?show={slug}",
            "active": slug == here,
            "count": _number(lane.dead, capped=lane.dead_is_capped) if slug == "dead" else None,
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


def _acknowledged_at(channel: Channel) -> datetime | None:
    """Return when the agency's system last acknowledged, as far as the newest numbers tell."""
    if channel.kind != Channel.Kind.PULL:
        return None
    newest = Delivery.objects.filter(
        channel=channel, seq__gt=channel.numbered_seq - LOOKED_BACK, acknowledged_at__isnull=False
    )
    found: datetime | None = newest.aggregate(at=Max("acknowledged_at"))["at"]
    return found
