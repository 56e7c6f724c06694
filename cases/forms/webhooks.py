"""Forms of a member's webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib import clock, text
from alliance.lib.forms import VisibleCharField
from alliance.lib.refusals import Refusal
from cases.liaison.models import Channel
from cases.services.channels import members
from cases.services.channels.setup import check_url
from members.models import Brand


class Reported(models.TextChoices):
    """Which brands a webhook reports."""

    ALL = "all", gettext_lazy("All brands, also those added later")
    CHOSEN = "chosen", gettext_lazy("Chosen brands")


class WebhookForm(forms.Form):
    """Name, URL and brands of a new webhook. ``values`` are the keyword arguments for the service."""

    name = VisibleCharField(
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
    reported = forms.ChoiceField(
        label=gettext_lazy("Reported cases"),
        choices=Reported.choices,
        initial=Reported.ALL,
        widget=forms.RadioSelect,
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(),
        label=gettext_lazy("Brands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only for chosen brands."),
    )

    def __init__(self, data: Any = None, *, member_id: int | None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        brands: Any = self.fields["brands"]
        brands.queryset = Brand.objects.filter(member=member_id).order_by("name")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_empty = "brands" in data and not data["brands"]
        if data.get("reported") == Reported.CHOSEN and is_empty:
            self.add_error("brands", _("Choose at least one brand."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service: ``brands`` is ``None`` for all."""
        data = dict(self.cleaned_data)
        is_all = data.pop("reported") == Reported.ALL
        return data | {"brands": None if is_all else list(data["brands"])}


class ChangeForm(WebhookForm):
    """The settings of a webhook, and the version of them that the form shows."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    field_order = ("seen", "name", "url", "reported", "brands")

    def __init__(self, data: Any = None, *, channel: Channel) -> None:
        initial = {
            "seen": members.version(channel),
            "name": channel.name,
            "url": channel.url,
            "reported": Reported.ALL if channel.all_brands else Reported.CHOSEN,
            "brands": [row.brand_id for row in channel.brands.all()],
        }
        super().__init__(data, member_id=channel.member_id, initial=initial)

    def differences(self) -> list[dict[str, Any]]:
        """Return the fields in which the input differs from the saved webhook, each with both values as text.

        The form was made from the saved webhook and is valid.
        """
        both = (
            ("name", self.initial["name"], self.cleaned_data["name"]),
            ("url", self.initial["url"], self.cleaned_data["url"]),
            ("brands", self._brands(self.initial), self._brands(self.cleaned_data)),
        )
        return [
            {
                "label": self.fields[name].label,
                "saved": saved,
                "submitted": submitted,
                "mono": name == "url",
            }
            for name, saved, submitted in both
            if saved != submitted
        ]

    def _brands(self, data: Any) -> str:
        if data["reported"] == Reported.ALL:
            return str(Reported.ALL.label)
        chosen: Any = self.fields["brands"]
        keys = [getattr(one, "pk", one) for one in data["brands"]]
        return text.join(str(one) for one in chosen.queryset.filter(pk__in=keys))


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
