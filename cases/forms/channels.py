"""Forms of the operators' pages about channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.texts import LongTextForm
from cases.liaison.models import Agency, Channel
from cases.liaison.monitoring.status import ChannelState


class ChannelFilter(forms.Form):
    """Filters the list of channels. An invalid choice is ignored."""

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
    def chosen(self) -> dict[str, Any]:
        """Return the active filters."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PauseForm(LongTextForm):
    """Pauses a channel, with the reason."""

    reason = forms.CharField(
        label=_("Reason for the pause"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": "characters", "data-max": 300}),
        help_text=_(
            "Visible to operators. Updates are kept while the channel is paused; no update is lost."
        ),
        error_messages={"required": _("Enter the reason for the pause.")},
    )


_INVALID_NUMBER = _("Enter the number of an update: a whole number of 1 or more.")


class ReplayForm(forms.Form):
    """The range of numbers to replay."""

    from_seq = forms.IntegerField(
        label=_("From number"),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _INVALID_NUMBER,
        ),
    )
    to_seq = forms.IntegerField(
        label=_("To number"),
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _INVALID_NUMBER),
    )
