"""Filters for the channel pages: texts and icons of errors, responses and events."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from alliance.lib import counts
from alliance.templatetags.figures import grouped
from cases.liaison.models import ChannelEvent, ChannelTest
from cases.liaison.monitoring.failures import ERRORS, explain, explain_status
from cases.models.event import EventKind

register = template.Library()

ICONS = {
    "created": "plus",
    "secret_rotated": "key",
    "token_rotated": "key",
    "password_renewed": "key",
    "paused": "hourglass",
    "resumed": "arrow-right",
    "resent": "send",
    "replayed": "undo",
    "stopped": "x-circle",
    "changed": "edit",
    "tested": "send",
    "switched_on": "check-circle",
    "switched_off": "x-circle",
    "deleted": "trash",
}
NUMBERS_SHOWN = 20


@register.filter
def event_icon(kind: str) -> str:
    """Return the icon of a channel event of this kind."""
    return ICONS.get(kind, "dash-circle")


@register.filter
def event_detail(event: ChannelEvent, for_owner: bool = False) -> str:
    """Return the details of a channel event: the reason, or the updates; ``""`` if there are none."""
    data = event.data
    if reason := data.get("reason"):
        return explain(str(reason), for_owner=for_owner)
    if "to_seq" in data:
        words = _("numbers %(number)s to %(last)s, updates: %(count)s")
        ends = {"number": grouped(data["from_seq"]), "last": grouped(data["to_seq"])}
        return words % (ends | {"count": grouped(data.get("count", ""))})
    if "from_seq" in data:
        words = _("from number %(number)s on, updates: %(count)s")
        return words % {
            "number": grouped(data["from_seq"]),
            "count": grouped(data.get("count", "")),
        }
    if "dead" in data:
        count = data["dead"] + bool(data.get("more"))
        return _("all dead letters: %(count)s") % {"count": counts.words(count)}
    if "due_again" in data:
        return _("queued before the stop: %(count)s") % {"count": grouped(data["due_again"])}
    numbers = data.get("numbers") or ([data["seq"]] if "seq" in data else [])
    shown = ", ".join(str(number) for number in numbers[:NUMBERS_SHOWN])
    more = "…" if len(numbers) > NUMBERS_SHOWN else ""
    return _("numbers %(numbers)s") % {"numbers": shown + more} if numbers else ""


@register.filter
def event_label(kind: str) -> str:
    """Return the label of an update's kind; the kind itself if it is unknown."""
    return str(EventKind(kind).label) if kind in EventKind.values else kind


@register.filter
def first_line(text: str) -> str:
    """Return the first line of a response: for a stream, the entry's ID."""
    return text.partition("\n")[0]


@register.filter
def error_text(failure: str, for_owner: bool = False) -> str:
    """Return what a failure means, as a sentence for operators or for the owner of a webhook."""
    return explain(failure, for_owner=for_owner)


@register.filter
def error_summary(failure: str) -> str:
    """Return the first clause of :func:`error_text`: what an error means, without the advice."""
    if failure.startswith("HTTP "):
        return failure
    words = explain(failure)
    for stop in (". ", "。", "，"):
        words = words.partition(stop)[0]
    return words.removesuffix(".") if failure.partition(":")[0] in ERRORS else words


@register.filter
def status_text(status: int | None) -> str:
    """Return what an HTTP status means for the operator; ``""`` for ``None`` and below 300."""
    return explain_status(status) if status else ""


@register.filter
def advice(test: ChannelTest, for_owner: bool = False) -> str:
    """Return advice for a failed test, as a sentence; ``""`` if the test arrived."""
    if test.error:
        return explain(test.error, for_owner=for_owner)
    return explain_status(test.status, for_owner=for_owner) if test.status else ""
