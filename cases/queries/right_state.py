"""Whether the right that a case cites can still be cited."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Case
from cases.states import OPEN


def problem(case: Case) -> str:
    """Return why the right of an open case can no longer be cited, for its readers; ``""`` if it can.

    Drafts are checked by :mod:`cases.queries.readiness`.
    """
    if case.status not in OPEN:
        return ""
    right = case.right
    if right.expires_on is not None and right.has_expired:
        return _("The cited right expired on %(day)s.") % {"day": date_format(right.expires_on)}
    if right.verified_at is None:
        return _("The cited right is no longer verified.")
    return ""
