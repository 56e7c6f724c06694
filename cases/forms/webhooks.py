"""Forms of a member's webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib import clock, visible
from alliance.lib.refusals import Refusal
from cases.liaison.models import Channel
from cases.services.channels.setup import check_url
from members.models import Brand, Member


class WebhookForm(forms.Form):
    """Name, URL and brands of a webhook. ``brands`` is ``None`` for all brands, also later ones."""

    name = forms.CharField(
        label=pgettext_lazy("webhook", "Name"),
        max_length=80,
        help_text=gettext_lazy("The system that receives the updates, for example “Case system”."),
    )
    url = forms.CharField(
        label=gettext_lazy("URL"),
        max_length=500,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Begins with https://. The portal posts each update to it."),
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(),
        label=gettext_lazy("Brands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Choose the brands whose cases are reported. Without a choice, all brands are, also those added later."
        ),
    )

    def __init__(self, data: Any = None, *, member: Member, channel: Channel | None = None) -> None:
        initial = None
        if channel:
            chosen = [] if channel.all_brands else channel.brands.values_list("brand", flat=True)
            initial = {"name": channel.name, "url": channel.url, "brands": list(chosen)}
        super().__init__(data, initial=initial)
        brands: Any = self.fields["brands"]
        brands.queryset = Brand.objects.filter(member=member).order_by("name")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if visible.is_blank(name):
            raise ValidationError(_("Enter a text with visible characters."))
        return visible.cleaned(name)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        return url

    def clean_brands(self) -> list[Brand] | None:
        return list(self.cleaned_data["brands"]) or None


class Since(forms.Form):
    """The time from which updates are sent again."""

    since = forms.DateTimeField(
        label=gettext_lazy("Resend updates since"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("Enter a date and a time.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["since"].help_text = _("In your time zone (%(zone)s).") % {
            "zone": timezone.get_current_timezone_name()
        }

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since > clock.now():
            raise ValidationError(_("Enter a time in the past."))
        return since
