"""The form of a member in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from members.models import Member

# The date that each status requires. “Applied” requires none.
DATE_OF = {
    Member.Status.ACTIVE: "joined_on",
    Member.Status.SUSPENDED: "suspended_on",
    Member.Status.LEFT: "left_on",
}


class MemberForm(forms.ModelForm):
    """A member. The date of the status is required. The admin class selects the fields."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        status = cleaned.get("status", "")
        name = DATE_OF.get(status, "")
        if name in self.fields and not cleaned.get(name) and name not in self.errors:
            text = gettext("Enter the date. The status “%(status)s” requires it.")
            self.add_error(name, text % {"status": Member.Status(status).label})
        return cleaned
