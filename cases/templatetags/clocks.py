"""Clocks in words: how old something is, when it is due, by how much it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from alliance.lib import clock

register = template.Library()

SOON = timedelta(hours=2)


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago ``moment`` was, in its largest unit: “3 hours”. An en dash for none."""
    return timesince(moment, clock.now(), depth=1) if moment else "–"


@register.filter
def due(moment: datetime | None) -> SafeString | str:
    """When something is due, or by how much it is late; in words, not by colour alone.

    Late gives a red tag, the last two hours a yellow one.
    """
    if moment is None:
        return "–"
    now = clock.now()
    stamp = moment.isoformat(timespec="seconds")
    if moment <= now:
        words = _("Overdue by %(time)s") % {"time": timesince(moment, now, depth=1)}
        return format_html('<time class="tag tag-danger" datetime="{}">{}</time>', stamp, words)
    words = _("Due in %(time)s") % {"time": timesince(now, moment, depth=1)}
    tone = "tag tag-warning" if moment - now < SOON else "due"
    return format_html('<time class="{}" datetime="{}">{}</time>', tone, stamp, words)
