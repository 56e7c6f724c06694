"""Clocks in words: how old something is, when it is due, by how much it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib import clock
from alliance.templatetags.portal import localdatetime
from cases.liaison import due as due_times
from cases.liaison.models import Clock, Referral

register = template.Library()

SOON = timedelta(hours=2)
# With less than this part of its time left, a clock of a referral says so in colour.
LAST_PART = 0.25
AWAITED: dict[Clock, str | Promise] = {
    Clock.DELIVERED: gettext_lazy("Delivery"),
    Clock.READ: gettext_lazy("Reading"),
    Clock.ACKNOWLEDGED: gettext_lazy("Acknowledgement"),
    Clock.ACCEPTED: gettext_lazy("Acceptance"),
}
DONE: dict[Clock, str | Promise] = {
    Clock.DELIVERED: gettext_lazy("Delivered"),
    Clock.READ: pgettext_lazy("by the agency", "Read"),
    Clock.ACKNOWLEDGED: gettext_lazy("Acknowledged"),
    Clock.ACCEPTED: gettext_lazy("Accepted"),
}


def span(start: datetime, end: datetime) -> str:
    """The time from ``start`` to ``end`` in its largest unit, never as nought minutes."""
    if end - start < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(start, end, depth=1)


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago ``moment`` was, in its largest unit: “3 hours”. An en dash for none."""
    return span(moment, clock.now()) if moment else "–"


@register.filter
def filed_ago(moment: datetime) -> str:
    """When a case was filed, for tables: a filter costs a third of a block of the template."""
    return _("filed %(time)s ago") % {"time": age(moment)}


@register.filter
def decided_ago(moment: datetime) -> str:
    """When a case was decided, for tables."""
    return _("decided %(time)s ago") % {"time": age(moment)}


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
        words = _("Overdue by %(time)s") % {"time": span(moment, now)}
        return format_html('<time class="tag tag-danger" datetime="{}">{}</time>', stamp, words)
    words = _("Due in %(time)s") % {"time": span(now, moment)}
    tone = "tag tag-warning" if moment - now < SOON else "due"
    return format_html('<time class="{}" datetime="{}">{}</time>', tone, stamp, words)


@dataclass(frozen=True)
class Face:
    """One clock of a referral as it is shown: in words and by an icon, its colour only besides."""

    step: Clock
    label: str | Promise
    words: str
    tone: str
    icon: str
    due_at: datetime | None
    done_at: datetime | None
    overdue: bool = False
    is_awaited: bool = False

    @property
    def in_time(self) -> bool:
        """Say whether the step was taken, and not too late."""
        return bool(self.done_at and self.due_at and self.done_at <= self.due_at)


def clocks_of(referral: Referral) -> list[Face]:
    """The four clocks of a referral: delivered, read, acknowledged, accepted."""
    now = clock.now()
    return [_face(referral, one, now) for one in due_times.step_statuses(referral, now)]


def running_clocks(referral: Referral) -> list[Face]:
    """The clocks of a referral that run; when none does, the step that was taken last."""
    faces = clocks_of(referral)
    running = [face for face in faces if face.done_at is None and face.is_awaited]
    done = [face for face in faces if face.done_at is not None]
    return running or done[-1:]


@register.simple_tag
def clock_list(referral: Referral, brief: bool = False, running: bool = False) -> SafeString:
    """The list of a referral's clocks. The arguments are those of `_components/clocks.html`."""
    faces = running_clocks(referral) if running else clocks_of(referral)
    sprite = static("img/icons.svg")
    items = [(face.tone, sprite, face.icon, face.label, _said(face, bool(brief))) for face in faces]
    return format_html(
        '<ul class="clocks">{}</ul>',
        format_html_join(
            "",
            '<li class="clock clock-{}"><svg class="icon" aria-hidden="true" width="16" height="16" focusable="false">'
            '<use href="{}#{}"></use></svg><div><span class="clock-step">{}</span> {}</div></li>',
            items,
        ),
    )


def _said(face: Face, brief: bool) -> SafeString:
    if face.done_at:
        kept = "visually-hidden" if brief and face.in_time else "clock-kept"
        words = format_html(' <span class="{}">({})</span>', kept, face.words) if face.words else ""
        return format_html("{}{}", localdatetime(face.done_at), words)
    if face.overdue:
        until = _("since %(time)s")
        words = format_html('<strong class="clock-late">{}</strong>', face.words)
    elif face.due_at:
        until, words = _("by %(time)s"), escape(face.words)
        if face.tone == "warning":
            words = format_html('<strong class="clock-soon">{}</strong>', face.words)
    else:
        return format_html('<span class="clock-kept">{}</span>', face.words)
    if brief:
        return words
    # The translated words are escaped like those of a template; the time is HTML already.
    time = escape(until) % {"time": localdatetime(face.due_at)}
    return format_html('{} <span class="clock-time">{}</span>', words, SafeString(time))


@register.simple_tag
def urgent_clock(referral: Referral) -> Face | None:
    """The clock that the agency has to look at first, if one is running."""
    now = clock.now()
    found = due_times.most_urgent(due_times.step_statuses(referral, now))
    return _face(referral, found, now) if found else None


def _face(referral: Referral, reading: due_times.StepStatus, now: datetime) -> Face:
    due_at, done_at = reading.due_at, reading.done_at
    label = AWAITED[reading.step] if done_at is None else DONE[reading.step]
    if reading.step == Clock.ACCEPTED and referral.status == "declined":
        label = _("Declined")
    words, tone, icon = "", "neutral", "dash-circle"
    if done_at is not None:
        words, tone, icon = _kept(due_at, done_at), "success", "check-circle"
    elif not reading.awaited:
        words = _("no longer waited for")
    elif due_at is None:
        words, icon = _("not yet"), "clock"
    elif reading.late:
        words = _("Overdue by %(time)s") % {"time": span(due_at, now)}
        tone, icon = "danger", "alert"
    else:
        words = _("Due in %(time)s") % {"time": span(now, due_at)}
        hurry = due_at - now < (due_at - referral.referred_at) * LAST_PART
        tone, icon = "warning" if hurry else "info", "clock"
    return Face(
        reading.step, label, words, tone, icon, due_at, done_at, reading.overdue, reading.awaited
    )


def _kept(due_at: datetime | None, done_at: datetime) -> str:
    """Say whether a step was taken in time, or how late; nothing where no time was set for it."""
    if due_at is None:
        return ""
    if done_at <= due_at:
        return _("in time")
    return _("%(time)s late") % {"time": span(due_at, done_at)}
