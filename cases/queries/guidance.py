"""Texts for brand staff: whom a case is waiting for, what its status means, and what happens next."""

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
        "Your complaint was rejected. The reason explains how to fix it and file again."
    ),
    Status.REMOVED: gettext_lazy(
        "The listings have been removed. The seller can still file a counter-notice."
    ),
    Status.COUNTER_NOTICED: gettext_lazy(
        "The seller filed a counter-notice. Moderators will decide whether the listings "
        "stay removed."
    ),
    Status.REINSTATED: gettext_lazy(
        "The counter-notice was accepted and the listings were reinstated, for the reason in the decision."
    ),
    Status.CLOSED: gettext_lazy("The case is closed. No further action is needed."),
    Status.WITHDRAWN: gettext_lazy("The case was withdrawn. No further action is needed."),
}


# The texts of statuses in which the member has to act, for staff who may not file cases.
_FOR_READERS: dict[Status, str | Promise] = {
    Status.DRAFT: gettext_lazy("The draft has not been submitted yet."),
    Status.INFORMATION_REQUESTED: gettext_lazy(
        "Moderators need more information. The case is on hold until a colleague replies."
    ),
}


def waits_for(case: Case, notice: CounterNotice | None = None) -> Role | None:
    """Return whom the case is waiting for, or ``None``. ``notice`` is the open counter-notice, if any."""
    return Role.FILER if notice and notice.awaits_answer else case.waits_for


def status_title(case: Case, notice: CounterNotice | None = None, *, may_file: bool) -> str:
    """Return whom the case is waiting for, in words.

    ``notice`` is the open counter-notice, if any. ``may_file`` says whether the reader may act.
    """
    owner = waits_for(case, notice)
    if owner == Role.FILER:
        return _("Waiting for you") if may_file else _("Waiting for a colleague who files cases")
    if owner:
        return _("With moderators")
    return _("Decided") if case.status == Status.REJECTED else _("No action needed")


def status_text(case: Case, notice: CounterNotice | None = None, *, may_file: bool) -> str:
    """Return what the status means and what happens next. The arguments are those of :func:`status_title`."""
    if notice and notice.awaits_answer:
        if not may_file:
            return _(
                "The seller filed a counter-notice. A colleague can reply before the moderators decide."
            )
        return _("The seller filed a counter-notice. You can answer it before moderators decide.")
    status = Status(case.status)
    return str(_NEXT[status] if may_file else _FOR_READERS.get(status, _NEXT[status]))
