"""Forms for a member's people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.forms import day_input
from members.forms.document import DocumentField, HasDocument
from members.models import Invitation, Membership
from members.services import authorisations, people
from members.services.authorisations import Grant

_PERIOD = ("valid_from", "valid_until", "document")


class AuthorisationForm(HasDocument, forms.Form):
    """The period and the signed document of an agent's authorisation."""

    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        help_text=gettext_lazy("The first day of access."),
        widget=day_input(),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("The last day of access."),
        widget=day_input(),
    )
    document = DocumentField(label=gettext_lazy("Signed document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.fields["document"]
        document.describe(_("The letter of authorisation: PDF, PNG or JPEG, up to %(limit)d MB."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end:
            for name, problem in authorisations.problems(start, end).items():
                self.add_error(name, problem)
        return cleaned

    @property
    def grant(self) -> Grant:
        """The authorisation of a valid form."""
        return Grant(**{name: self.cleaned_data[name] for name in _PERIOD})


class RenewForm(AuthorisationForm):
    """Another authorisation of an agent. ``seen`` is the version of those that the owner saw."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)


class InviteForm(AuthorisationForm, forms.ModelForm):
    """An email address to invite, and its role. Agents also need an authorisation."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.FILER,
        help_text=gettext_lazy(
            "Owners manage people and file cases. Filers file cases. Viewers can only read."
        ),
    )
    is_agent = forms.BooleanField(
        label=gettext_lazy("Acts for us from outside, for example a law firm"),
        required=False,
        help_text=gettext_lazy(
            "An agent has access while a signed authorisation is valid, and cannot be an owner."
        ),
    )

    class Meta:
        model = Invitation
        fields = ("email", "role")
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _PERIOD:
            self.fields[name].required = False
        # Browsers must not require them: they are for agents only.
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("is_agent"):
            if any(cleaned.get(name) for name in _PERIOD):
                text = _("You entered an authorisation. Tick this box, or remove it.")
                self.add_error("is_agent", text)
            return cleaned
        for name in _PERIOD:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, self._missing(name))
        if cleaned.get("role") == Membership.Role.OWNER:
            self.add_error("role", people.agent_as_owner())
        return cleaned

    def _missing(self, name: str) -> str:
        if name == "document":
            return _("Choose the signed document.")
        return _("Enter the first day.") if name == "valid_from" else _("Enter the last day.")

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service, of a valid form."""
        facts: dict[str, Any] = {name: self.cleaned_data[name] for name in ("email", "role")}
        return facts | {"grant": self.grant if self.cleaned_data["is_agent"] else None}


class ChangeRoleForm(forms.Form):
    """The new role of a person."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Membership.Role.choices)
