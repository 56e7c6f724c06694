"""The name of a complaint template."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from alliance.lib.forms import LongTextForm
from cases.models import ComplaintTemplate


class TemplateNameForm(LongTextForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the template"),
        error_messages={"required": gettext_lazy("Enter a name for the template.")},
        help_text=gettext_lazy("Your colleagues who file cases see it when they start a case."),
        max_length=ComplaintTemplate._meta.get_field("name").max_length,
        widget=forms.TextInput({"dir": "auto"}),
    )
