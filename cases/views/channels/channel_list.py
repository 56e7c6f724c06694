"""The list of channels with their status, most urgent first, refreshed live."""

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
from alliance.lib.text import colon
from cases.forms.channels import ChannelFilter
from cases.liaison.models import Channel
from cases.liaison.models.channel import ChannelQuerySet
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus
from cases.views.channels.chart import chart
from cases.views.channels.shared import displayed
from cases.views.http import part_template, require_permission

PAGE = 50
SPARK_HEIGHT = 24


@require_safe
def channel_list(request: HttpRequest) -> HttpResponse:
    """Show the channels, most urgent first, filtered by agency, kind and state."""
    require_permission(request, "liaison.read_channels")
    form = ChannelFilter(request.GET)
    filters = form.active
    channels = _filtered(filters)
    cursor = request.GET.get("cursor")
    page = paginate(status.by_urgency(channels), order=status.ORDER, cursor=cursor, size=PAGE)
    # Pages are ordered by the stored states; the rows of a page by the states as just counted.
    statuses = sorted(status.of(page.rows), key=attrgetter("order"))
    rates = status.rates([found.channel.pk for found in statuses])
    context = {
        "form": form,
        "is_filtered": bool(filters),
        "page": page,
        "rows": [
            {
                "status": found,
                "chart": chart(rates[found.channel.pk], height=SPARK_HEIGHT),
                **displayed(found),
            }
            for found in statuses
        ],
        "summary": _summary(channels, statuses, is_all=not (page.next or page.previous)),
        "at": clock.now(),
        "create_url": _create_url(request),
    }
    part = part_template(request, {"channel-list": "triage/channels/_list_live.html"})
    return render(request, part or "triage/channels/list.html", context)


def _create_url(request: HttpRequest) -> str:
    """Return the URL of the admin's form for a new channel; ``""`` without the permission."""
    may_create = request.user.has_perm("liaison.manage_channels")
    return reverse("admin:liaison_channel_add") if may_create else ""


def _filtered(filters: Mapping[str, Any]) -> ChannelQuerySet:
    channels: ChannelQuerySet = Channel.objects.of_agencies()
    if "agency" in filters:
        channels = channels.filter(agency=filters["agency"])
    if "kind" in filters:
        channels = channels.filter(kind=filters["kind"])
    if "state" in filters:
        channels = status.in_state(channels, filters["state"])
    return channels


def _summary(channels: QuerySet[Channel], shown: list[ChannelStatus], *, is_all: bool) -> str:
    """Return the number of channels in each state, on all pages. Screen readers announce its changes."""
    numbers = Counter(found.state for found in shown)
    if not is_all:
        others = channels.exclude(pk__in=[found.channel.pk for found in shown])
        numbers.update(status.count(others))
    return text.join(
        f"{state.label}{colon()}{number_format(numbers[state], force_grouping=True)}"
        for state in ChannelState
        if numbers[state]
    )
