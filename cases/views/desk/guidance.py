"""Texts for brand staff: whose turn it is, what a status means, and what happens next."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, CounterNotice
from cases.states import Role, Status

_NEXT: dict[Status, str | Promise] = {
    Status.DRAFT: gettext_lazy("Not submitted yet. Complete the draft, then submit it."),
    Status.SUBMITTED: gettext_lazy("The case is waiting for a moderator."),
    Status.IN_REVIEW: gettext_lazy("A moderator is reviewing the case."),
    Status.INFORMATION_REQUESTED: gettext_lazy(
        "Moderators need more information. The case is on hold until you reply."
    ),
    Status.UPHELD: gettext_lazy(
        "Your complaint was upheld. The marketplace has been asked to remove the listings."
    ),
    Status.REJECTED: gettext_lazy(
        "Your complaint was rejected. The reason below explains how to fix it and file again."
    ),
    Status.REMOVED: gettext_lazy(
        "The listings have been removed. The seller can still file a counter-notice."
    ),
    Status.COUNTER_NOTICED: gettext_lazy(
        "The seller filed a counter-notice. Moderators will decide whether the listings "
        "stay removed."
    ),
    Status.REINSTATED: gettext_lazy(
        "The counter-notice was accepted and the listings were reinstated. The reason is below."
    ),
    Status.CLOSED: gettext_lazy("The case is closed. No further action is needed."),
    Status.WITHDRAWN: gettext_lazy("The case was withdrawn. No further action is needed."),
}


def turn(case: Case, notice: CounterNotice | None = None) -> str:
    """Return whom the case is waiting for. ``notice`` is the open counter-notice."""
    owner = case.waits_for
    if owner == Role.FILER or (notice and notice.awaits_answer):
        return _("Waiting for you")
    if owner:
        return _("With moderators")
    return _("Decided") if case.status == Status.REJECTED else _("No action needed")


def outlook(case: Case, notice: CounterNotice | None = None) -> str:
    """Return what the status means and what happens next. ``notice`` is the open counter-notice."""
    if notice and notice.awaits_answer:
        return _("The seller filed a counter-notice. You can answer it before moderators decide.")
    return str(_NEXT[Status(case.status)])
