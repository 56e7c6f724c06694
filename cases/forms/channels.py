"""Forms of the channel pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.amounts import CountField
from alliance.lib.forms import LongTextForm
from cases.liaison.models import Agency, Channel
from cases.liaison.monitoring.status import ChannelState


class ChannelFilter(forms.Form):
    """Filters the list of channels. Invalid values are ignored."""

    agency = forms.ModelChoiceField(
        Agency.objects.filter(channels__isnull=False).distinct(),
        label=_("Agency"),
        empty_label=_("All"),
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Channel.Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("Status"), choices=[("", _("All")), *ChannelState.choices], required=False
    )

    @property
    def active(self) -> dict[str, Any]:
        """The active filters."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Pause(LongTextForm):
    """The reason for pausing a channel."""

    reason = forms.CharField(
        label=_("Reason for the pause"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": "characters", "data-max": 300}),
        help_text=_(
            "Operators read this. Updates are collected during the pause and sent afterwards."
        ),
        error_messages={"required": _("Enter the reason for the pause.")},
    )


_NO_NUMBER = _("Enter the number of an update: a whole number, 1 or higher.")


class Replay(forms.Form):
    """The first and the optional last number of a replay."""

    from_seq = CountField(
        label=_("From number"),
        min_value=1,
        max_value=2**63 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "unreadable", "min_value", "max_value"),
            _NO_NUMBER,
        ),
    )
    to_seq = CountField(
        label=_("To number"),
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "unreadable", "min_value", "max_value"), _NO_NUMBER
        ),
    )
