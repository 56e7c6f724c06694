"""Forms for a member's people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Invitation, Membership


class InviteForm(forms.ModelForm):
    """An email address to invite, and its role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.FILER,
        help_text=_(
            "Owners manage people and file cases. Filers file cases. Viewers can only read."
        ),
    )

    class Meta:
        model = Invitation
        fields = ("email", "role")
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}


class ChangeRoleForm(forms.Form):
    """The new role of a person."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)
