"""What a status means for the brand staff who filed: whose turn it is, and what comes next, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, CounterNotice
from cases.states import Role, Status

_NEXT: dict[Status, str | Promise] = {
    Status.DRAFT: gettext_lazy("Nothing was sent yet. Finish the draft and submit it."),
    Status.SUBMITTED: gettext_lazy("The case is in the moderators' queue."),
    Status.IN_REVIEW: gettext_lazy("A moderator is looking at the case."),
    Status.INFORMATION_REQUESTED: gettext_lazy(
        "The moderators need something from you. The case waits until you answer."
    ),
    Status.UPHELD: gettext_lazy(
        "Your complaint was upheld. The marketplace has been asked to take the listings down."
    ),
    Status.REJECTED: gettext_lazy(
        "Your complaint was rejected. The reason below says what to change before you file again."
    ),
    Status.REMOVED: gettext_lazy("The listings are down. The seller may still object."),
    Status.COUNTER_NOTICED: gettext_lazy(
        "The seller objected. The moderators decide whether the removal stands."
    ),
    Status.REINSTATED: gettext_lazy(
        "The seller's objection was accepted, and the listings are back. The reason is below."
    ),
    Status.CLOSED: gettext_lazy("The case is closed. Nothing is left to do."),
    Status.WITHDRAWN: gettext_lazy("The case was withdrawn. Nothing is left to do."),
}


# Of the statuses in which the member has to act, for people who may only read.
_FOR_READERS: dict[Status, str | Promise] = {
    Status.DRAFT: gettext_lazy("The draft has not been submitted yet."),
    Status.INFORMATION_REQUESTED: gettext_lazy(
        "Moderators need more information. The case is on hold until a colleague replies."
    ),
}


def turn(case: Case, notice: CounterNotice | None = None, *, files: bool) -> str:
    """Say whose move is next. ``notice`` is the open counter-notice; ``files``: whether the reader may act."""
    owner = case.waits_for
    if owner == Role.FILER or (notice and notice.awaits_answer):
        return _("Your turn") if files else _("Waiting for a colleague who files cases")
    if owner:
        return _("With the moderators")
    return _("Decided") if case.status == Status.REJECTED else _("Nothing left to do")


def outlook(case: Case, notice: CounterNotice | None = None, *, files: bool) -> str:
    """Say what the status means and what comes next. The arguments are those of :func:`turn`."""
    if notice and notice.awaits_answer:
        if not files:
            return _(
                "The seller filed a counter-notice. A colleague can reply before the moderators decide."
            )
        return _("The seller objected. You can answer before the moderators decide.")
    status = Status(case.status)
    return str(_NEXT[status] if files else _FOR_READERS.get(status, _NEXT[status]))
