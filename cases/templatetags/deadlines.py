"""Filters and tags for ages and deadlines."""

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
from cases.liaison.models import DueStep, Referral

register = template.Library()

# A deadline this close is shown as a warning.
SOON = timedelta(hours=2)
# A deadline of a referral is shown as a warning when less than this part of the time is left.
LAST_PART = 0.25
AWAITED: dict[DueStep, str | Promise] = {
    DueStep.DELIVERED: gettext_lazy("Delivery"),
    DueStep.READ: gettext_lazy("Reading"),
    DueStep.ACKNOWLEDGED: gettext_lazy("Acknowledgement"),
    DueStep.ACCEPTED: gettext_lazy("Acceptance"),
}
DONE: dict[DueStep, str | Promise] = {
    DueStep.DELIVERED: gettext_lazy("Delivered"),
    DueStep.READ: pgettext_lazy("by the agency", "Read"),
    DueStep.ACKNOWLEDGED: gettext_lazy("Acknowledged"),
    DueStep.ACCEPTED: gettext_lazy("Accepted"),
}


def span(start: datetime, end: datetime) -> str:
    """Return the time from ``start`` to ``end`` in its largest unit: “3 hours”."""
    if end - start < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(start, end, depth=1)


@register.filter
def minutes(number: int) -> str:
    """Return a number of minutes in its largest unit: ``5620`` gives “3 days”."""
    now = clock.now()
    return span(now - timedelta(minutes=number), now)


@register.filter
def age(moment: datetime | None) -> str:
    """Return how long ago ``moment`` was, in its largest unit: “3 hours”. An en dash for ``None``."""
    return span(moment, clock.now()) if moment else "–"


@register.filter
def filed_ago(moment: datetime) -> str:
    """Return how long ago a case was filed. A filter takes a third of the time of a ``blocktranslate``."""
    return _("filed %(time)s ago") % {"time": age(moment)}


@register.filter
def decided_ago(moment: datetime) -> str:
    """Return how long ago a case was decided."""
    return _("decided %(time)s ago") % {"time": age(moment)}


@register.filter
def due(moment: datetime | None) -> SafeString | str:
    """Return when ``moment`` is due, or how long it is overdue. An en dash for ``None``.

    An overdue time has a red tag; a time within :data:`SOON` a yellow one. The text does not rely on colour.
    """
    if moment is None:
        return "–"
    now = clock.now()
    stamp = moment.isoformat(timespec="seconds")
    if moment <= now:
        text = _("Overdue by %(time)s") % {"time": span(moment, now)}
        return format_html('<time class="tag tag-danger" datetime="{}">{}</time>', stamp, text)
    text = _("Due in %(time)s") % {"time": span(now, moment)}
    tone = "tag tag-warning" if moment - now < SOON else "due"
    return format_html('<time class="{}" datetime="{}">{}</time>', tone, stamp, text)


@register.filter
def step_label(step: str) -> str:
    """Return the label of a step that an agency has not taken yet."""
    return str(AWAITED[DueStep(step)])


@dataclass(frozen=True)
class Deadline:
    """A step of a referral with its deadline, as the pages show it."""

    step: DueStep
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
        """Whether the step was taken before its deadline."""
        return bool(self.done_at and self.due_at and self.done_at <= self.due_at)


def deadlines_of(referral: Referral) -> list[Deadline]:
    """Return the four deadlines of a referral: delivered, read, acknowledged, accepted."""
    now = clock.now()
    return [_deadline(referral, step, now) for step in due_times.step_statuses(referral, now)]


def running_deadlines(referral: Referral) -> list[Deadline]:
    """Return the deadlines of the steps that are still awaited; if there are none, the last step taken."""
    deadlines = deadlines_of(referral)
    running = [one for one in deadlines if one.done_at is None and one.is_awaited]
    done = [one for one in deadlines if one.done_at is not None]
    return running or done[-1:]


@register.simple_tag
def deadline_list(referral: Referral, brief: bool = False, running: bool = False) -> SafeString:
    """Render the deadlines of a referral, with the arguments of ``_components/deadlines.html``."""
    deadlines = running_deadlines(referral) if running else deadlines_of(referral)
    sprite = static("img/icons.svg")
    items = [
        (one.tone, sprite, one.icon, one.label, _status_html(one, bool(brief))) for one in deadlines
    ]
    return format_html(
        '<ul class="deadlines">{}</ul>',
        format_html_join(
            "",
            '<li class="deadline deadline-{}"><svg class="icon" aria-hidden="true" width="16" height="16" focusable="false">'
            '<use href="{}#{}"></use></svg><div><span class="deadline-step">{}</span> {}</div></li>',
            items,
        ),
    )


def _status_html(deadline: Deadline, brief: bool) -> SafeString:
    if deadline.done_at:
        css_class = "visually-hidden" if brief and deadline.in_time else "deadline-note"
        note = format_html(' <span class="{}">({})</span>', css_class, deadline.words)
        return format_html("{}{}", localdatetime(deadline.done_at), note if deadline.words else "")
    if deadline.overdue:
        until = _("since %(time)s")
        words = format_html('<strong class="deadline-late">{}</strong>', deadline.words)
    elif deadline.due_at:
        until, words = _("by %(time)s"), escape(deadline.words)
        if deadline.tone == "warning":
            words = format_html('<strong class="deadline-soon">{}</strong>', deadline.words)
    else:
        return format_html('<span class="deadline-note">{}</span>', deadline.words)
    if brief:
        return words
    # The translated text is escaped, as in a template. The time is already HTML.
    time = escape(until) % {"time": localdatetime(deadline.due_at)}
    return format_html('{} <span class="deadline-time">{}</span>', words, SafeString(time))


@register.simple_tag
def urgent_deadline(referral: Referral) -> Deadline | None:
    """Return the most urgent awaited deadline of a referral; ``None`` if there is none."""
    now = clock.now()
    found = due_times.most_urgent(due_times.step_statuses(referral, now))
    return _deadline(referral, found, now) if found else None


def _deadline(referral: Referral, status: due_times.StepStatus, now: datetime) -> Deadline:
    due_at, done_at = status.due_at, status.done_at
    label = AWAITED[status.step] if done_at is None else DONE[status.step]
    if status.step == DueStep.ACCEPTED and referral.status == "declined":
        label = _("Declined")
    words, tone, icon = "", "neutral", "dash-circle"
    if done_at is not None:
        words, tone, icon = _punctuality(due_at, done_at), "success", "check-circle"
    elif not status.awaited:
        words = _("no longer required")
    elif due_at is None:
        words, icon = _("not yet"), "clock"
    elif status.late:
        words = _("Overdue by %(time)s") % {"time": span(due_at, now)}
        tone, icon = "danger", "alert"
    else:
        words = _("Due in %(time)s") % {"time": span(now, due_at)}
        soon = due_at - now < (due_at - referral.referred_at) * LAST_PART
        tone, icon = "warning" if soon else "info", "clock"
    return Deadline(
        status.step, label, words, tone, icon, due_at, done_at, status.overdue, status.awaited
    )


def _punctuality(due_at: datetime | None, done_at: datetime) -> str:
    """Return whether a step was taken on time or how long it was overdue; "" without a deadline."""
    if due_at is None:
        return ""
    if done_at <= due_at:
        return _("on time")
    return _("overdue by %(time)s") % {"time": span(due_at, done_at)}
