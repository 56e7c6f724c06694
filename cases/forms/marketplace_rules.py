"""Forms of the admin for the rules of marketplaces."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.refusals import Refusal
from cases.marketplaces import hosts, patterns, shop_pages
from cases.models import Marketplace
from cases.queries.explained_addresses import MOST_LINES, count_of_lines
from cases.services import marketplaces

MOST_CHARACTERS = 100_000


class RulesForm(forms.ModelForm):
    """Validates hosts, patterns and shop pages. Nothing is locked or compared with other marketplaces."""

    class Meta:
        model = Marketplace
        fields: tuple[str, ...] = (
            "name",
            "name_local",
            "slug",
            "hosts",
            "listing_pattern",
            "shop_pages",
            "shop_ids_are_case_sensitive",
        )

    def clean_hosts(self) -> list[str]:
        return list(dict.fromkeys(hosts.clean(text) for text in self.cleaned_data["hosts"]))

    def clean_listing_pattern(self) -> str:
        pattern = str(self.cleaned_data["listing_pattern"])
        if pattern:
            patterns.check(pattern)
        return pattern

    def clean_shop_pages(self) -> list[str]:
        entries = [text.strip() for text in self.cleaned_data["shop_pages"]]
        for text in entries:
            try:
                shop_pages.entry(text)
            except ValueError:
                raise forms.ValidationError(
                    gettext("“%(page)s” is not a shop page. Write it like social.example/{name}.")
                    % {"page": text}
                ) from None
        return entries

    def clean(self) -> dict[str, Any]:
        """Reject ``{code}`` if the shop IDs of the marketplace are not case-sensitive."""
        cleaned = super().clean() or {}
        # The field is read-only once the marketplace has sellers.
        current = self.instance.shop_ids_are_case_sensitive
        sensitive = cleaned.get("shop_ids_are_case_sensitive", current)
        if shop_pages.has_code(cleaned.get("shop_pages", ())) and not sensitive:
            message = gettext(
                "{code} is case-sensitive, but the shop IDs of this marketplace are not. Use "
                "{name}, or make its shop IDs case-sensitive."
            )
            self.add_error("shop_pages", message)
        return cleaned


class MarketplaceForm(RulesForm):
    """Changes a marketplace: no other marketplace may have its hosts."""

    class Meta(RulesForm.Meta):
        fields = (
            "name",
            "name_local",
            "slug",
            "country",
            "hosts",
            "listing_pattern",
            "shop_pages",
            "shop_ids_are_case_sensitive",
            "is_active",
        )

    def clean_hosts(self) -> list[str]:
        cleaned = super().clean_hosts()
        try:
            marketplaces.check_hosts(marketplace=self.instance, hosts=cleaned)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return cleaned


class AddressesForm(forms.Form):
    """The URLs or shared texts that an admin wants to have explained."""

    text = forms.CharField(
        label=_("URLs or shared texts"),
        help_text=_("Up to %(limit)d lines. Nothing is saved, and no URL is opened.")
        % {"limit": MOST_LINES},
        # The numbers of the lines refer to the text as entered.
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "dir": "ltr"}),
        error_messages={"required": _("Enter at least one URL.")},
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        count = count_of_lines(text)
        if not count:
            raise forms.ValidationError(gettext("Enter at least one URL."))
        if count > MOST_LINES:
            raise forms.ValidationError(
                gettext("You entered %(count)d lines. Enter up to %(limit)d.")
                % {"count": count, "limit": MOST_LINES}
            )
        return text
