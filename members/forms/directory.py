"""The form in which owners choose what the directory shows of their member."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib import visible
from members.models import Brand, DirectoryEntry, Member
from members.models.directory import is_web_address
from members.services import directory

MAX_DESCRIPTION = 2000


class Words(forms.CharField):
    """Text of several lines. Invisible characters are removed, and text without visible ones is empty."""

    def __init__(self, **kwargs: Any) -> None:
        rows = forms.Textarea(attrs={"rows": 6})
        super().__init__(required=False, max_length=MAX_DESCRIPTION, widget=rows, **kwargs)

    def clean(self, value: Any) -> str:
        lines = [visible.cleaned(line) for line in str(super().clean(value)).splitlines()]
        text = "\n".join(lines).strip()
        return "" if visible.is_blank(text) else text


class WebAddress(forms.URLField):
    """The address of a web page. Other schemes, such as ``javascript:``, are errors."""

    default_error_messages = {"invalid": _("Enter an address that starts with https://.")}
    default_validators = [is_web_address]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, assume_scheme="https", **kwargs)
        self.widget.attrs["autocomplete"] = "url"


class EntryForm(forms.Form):
    """What the directory shows of a member. ``brands`` are the active brands to show."""

    description = Words(
        label=_("Description in English"),
        help_text=_("Who you are and what you make. Readers of Chinese see the Chinese text."),
    )
    description_zh = Words(
        label=_("Description in Chinese"),
        help_text=_("Without it, readers of Chinese see the English text."),
    )
    website = WebAddress(label=_("Web address"))
    shows_website = forms.BooleanField(label=_("Show the website"), required=False)
    brands = forms.ModelMultipleChoiceField(
        label=_("Brands to show"),
        queryset=Brand.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The search of the directory finds only the brands that are shown."),
    )
    consumer_email = forms.EmailField(label=_("Email address"), required=False, max_length=254)
    consumer_phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        validators=DirectoryEntry._meta.get_field("consumer_phone").validators,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("With the country code, for example +86 571 8502 2088."),
    )
    consumer_url = WebAddress(label=_("Web page"))
    # The version that the owner changes (members.services.directory.published).
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, member: Member) -> None:
        now = directory.published(member)
        initial = {**now.facts, "brands": now.brands, "seen": now.version}
        super().__init__(data, initial=initial)
        field: Any = self.fields["brands"]
        field.queryset = member.brands.filter(is_active=True).order_by("name", "pk")

    @property
    def choice(self) -> dict[str, Any]:
        """The cleaned data as arguments of ``members.services.directory.publish``."""
        shown = [brand.pk for brand in self.cleaned_data["brands"]]
        return {**self.cleaned_data, "brands": shown}
