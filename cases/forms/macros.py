"""The form of a macro. Field names are the argument names of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.forms import LongTexts, set_choices
from cases import letters
from cases.models import Macro, ReasonCode, Team
from cases.services import macros


class MacroForm(LongTexts, forms.ModelForm):
    """Adds a macro to one of ``teams``, or changes one, whose team stays."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = Macro
        fields = ("team", *macros.FIELDS)
        widgets = {
            "key": forms.TextInput({"size": 3, "autocomplete": "off", "class": "macro-key"}),
            "text": forms.Textarea({"rows": 7, "data-count": "characters", "data-max": 2000}),
            "text_zh": forms.Textarea(
                {"rows": 7, "data-count": "characters", "data-max": 2000, "lang": "zh-Hans"}
            ),
        }

    def __init__(self, *args: Any, teams: list[Team] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        macro: Macro = self.instance
        if teams is None:
            del self.fields["team"]
            self.initial["seen"] = macros.version(macro)
        else:
            team: Any = self.fields["team"]
            team.required, team.help_text = True, ""
            team.queryset = Team.objects.filter(pk__in=[one.pk for one in teams])
            if len(teams) == 1:
                team.initial, team.empty_label = teams[0], None
        reason: Any = self.fields["reason"]
        reason.queryset = ReasonCode.objects.filter(is_active=True, use__in=Macro.USE.values())
        set_choices(reason, _by_use(list(reason.queryset)))
        self.fields["ground"].help_text = _("Only for macros that uphold a complaint.")
        self.fields["text"].help_text = self.fields["text_zh"].help_text = _(
            "Sent to members who read the portal in this language."
        )

    def clean(self) -> dict[str, Any]:
        """Empty the fields that are for another action, so that they need not be emptied by hand."""
        cleaned = super().clean() or {}
        if cleaned.get("action") not in ("", None, Macro.Action.UPHOLD):
            cleaned |= {"ground": "", "removes_all": False}
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the check that a key is free in its team to the service, which makes it under a lock.

        The service accepts a form that was sent twice; this one would refuse it.
        """
        return {*super()._get_validation_exclusions(), "team"}  # type: ignore[misc]  # not in the stubs

    def as_macro(self) -> dict[str, Any]:
        """Return the valid input as arguments of the services."""
        return {name: self.cleaned_data[name] for name in self.fields}

    @staticmethod
    def placeholders() -> list[tuple[str, Any]]:
        """Return the placeholders with what each stands for."""
        return [(f"{{{name}}}", _MEANING[name]) for name in letters.PLACEHOLDERS]


_MEANING = {
    "reference": _("the reference of the case"),
    "brand": _("the brand"),
    "seller": _("the name of the shop"),
    "right": _("the title of the right"),
    "listings": _("the number of listings, such as “3 listings”"),
}


def _by_use(reasons: list[ReasonCode]) -> list[Any]:
    """Return the choices of reasons, grouped by the action that they are for."""
    groups: list[Any] = [("", "---------")]
    for action in Macro.Action:
        use = Macro.USE[action]
        fitting = [(reason.pk, str(reason)) for reason in reasons if reason.use == use]
        groups.append((action.label, fitting))
    return groups
