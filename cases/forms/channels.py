"""What an operator types about channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.texts import LongTextForm
from cases.liaison.models import Agency, Channel
from cases.liaison.monitoring.status import ChannelState


class ChannelFilter(forms.Form):
    """Narrows the list of channels. What is not a choice filters nothing."""

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
        label=_("State"), choices=[("", _("All")), *ChannelState.choices], required=False
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the filters in force."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Pause(LongTextForm):
    """Why nothing is to be sent."""

    reason = forms.CharField(
        label=_("Why it is paused"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": "characters", "data-max": 300}),
        help_text=_("Operators read this. Updates are collected meanwhile, and none is lost."),
        error_messages={"required": _("Write why it is paused.")},
    )


_NO_NUMBER = _("Type the number of an update: a whole number from 1 on.")


class Replay(forms.Form):
    """From which of the channel's numbers on, and up to which, everything is sent once more."""

    from_seq = forms.IntegerField(
        label=_("From number"),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _NO_NUMBER,
        ),
    )
    to_seq = forms.IntegerField(
        label=_("To number"),
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _NO_NUMBER),
    )
