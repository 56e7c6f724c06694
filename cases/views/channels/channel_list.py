"""The list of channels: a page of them, the worst first, and how each of those stands, live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from alliance.lib import clock, text
from alliance.lib.keyset import paginate
from alliance.lib.punctuation import colon
from cases.forms.channels import ChannelFilter
from cases.liaison.models import Channel
from cases.liaison.models.channel import ChannelQuerySet
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus
from cases.views.channels.chart import chart
from cases.views.channels.words import part_of, words
from cases.views.http import demand

PAGE = 50
SPARK_HEIGHT = 24


@require_safe
def channel_list(request: HttpRequest) -> HttpResponse:
    """Show the channels, the worst first; narrowed by agency, kind and state."""
    demand(request, "liaison.read_channels")
    form = ChannelFilter(request.GET)
    chosen = form.chosen
    channels = _narrowed(chosen)
    cursor = request.GET.get("cursor")
    page = paginate(status.by_urgency(channels), order=status.ORDER, cursor=cursor, size=PAGE)
    # The pages go by the state that the rows tell; within a page the deliveries are counted as well.
    lanes = sorted(status.of(page.rows), key=attrgetter("order"))
    rates = status.rates([lane.channel.pk for lane in lanes])
    context = {
        "form": form,
        "is_narrowed": bool(chosen),
        "page": page,
        "rows": [
            {
                "lane": lane,
                "chart": chart(rates[lane.channel.pk], height=SPARK_HEIGHT),
                **words(lane),
            }
            for lane in lanes
        ],
        "says": _summary(channels, lanes, is_all=not (page.next or page.previous)),
        "at": clock.now(),
        "make_url": _make_url(request),
    }
    part = part_of(request, {"channel-list": "triage/channels/_list_live.html"})
    return render(request, part or "triage/channels/list.html", context)


def _make_url(request: HttpRequest) -> str:
    """Return where channels are made, for those who may."""
    may = request.user.has_perm("liaison.manage_channels")
    return reverse("admin:liaison_channel_add") if may else ""


def _narrowed(chosen: Mapping[str, Any]) -> ChannelQuerySet:
    channels: ChannelQuerySet = Channel.objects.all()
    if "agency" in chosen:
        channels = channels.filter(agency=chosen["agency"])
    if "kind" in chosen:
        channels = channels.filter(kind=chosen["kind"])
    if "state" in chosen:
        channels = status.in_state(channels, chosen["state"])
    return channels


def _summary(channels: QuerySet[Channel], shown: list[ChannelStatus], *, is_all: bool) -> str:
    """Say how many channels stand how, on all pages: what a screen reader is told when it changes."""
    numbers = Counter(lane.state for lane in shown)
    if not is_all:
        numbers.update(status.count(channels.exclude(pk__in=[lane.channel.pk for lane in shown])))
    return text.join(
        f"{state.label}{colon()}{number_format(numbers[state], force_grouping=True)}"
        for state in ChannelState
        if numbers[state]
    )
