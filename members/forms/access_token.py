"""The form with which people create an access token."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from alliance.lib.forms import VisibleCharField, set_choices
from members.models import AccessToken, Membership, Scope
from members.models.access_token import DEFAULT_DAYS, MAX_DAYS

DAYS = (30, DEFAULT_DAYS, 180, MAX_DAYS)


class AccessTokenForm(forms.Form):
    """A token: its name, what it may do, and for how many days."""

    name = VisibleCharField(
        label=pgettext_lazy("access token", "Name"),
        max_length=AccessToken._meta.get_field("name").max_length,
        help_text=gettext_lazy("The program that uses the token, for example “Stock system”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What the token may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what the token may do.")},
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Valid for"), coerce=int)
    # Sent once: a repetition, as after a double click, creates nothing.
    form = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, data: Any = None, *, role: Membership) -> None:
        super().__init__(data, initial={"days": DEFAULT_DAYS})
        allowed = [
            choice for choice in Scope.choices if role.may_file or not choice[0].endswith(":write")
        ]
        set_choices(self.fields["scopes"], allowed)
        set_choices(self.fields["days"], [(days, _days(days)) for days in DAYS])


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
