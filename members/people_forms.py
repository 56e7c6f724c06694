"""Forms for a member's people and for invited people."""

from __future__ import annotations

from typing import Any

from allauth.account.fields import PasswordField, SetPasswordField
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import visible
from members.models import Membership, User

ROLE_HELP = _("Owners manage people and file cases. Filers file cases. Viewers can only read.")


class InviteForm(forms.Form):
    """An email address to invite, and its role."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.FILER,
        help_text=ROLE_HELP,
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class RoleForm(forms.Form):
    """The role of a person."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)


class NewAccountForm(forms.Form):
    """The name and password of an invited person without an account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Colleagues, moderators and officers see this name."),
    )
    password1 = SetPasswordField(label=_("Password"))
    password2 = PasswordField(label=_("Password again"), autocomplete="new-password")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if visible.is_blank(name):
            raise forms.ValidationError(gettext("Enter a name with visible characters."))
        return visible.cleaned(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext("The passwords are not the same."))
        elif first:
            user = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(first, user)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned
