"""What admins configure and keep: marketplaces, reasons, sellers, allow-lists."""

from __future__ import annotations

from typing import Any

import regex
from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from alliance.lib.admin import FreelyDeletable, PortalAdmin
from cases import addresses, shops
from cases.identifiers import normalise
from cases.models import AuthorisedSeller, Marketplace, ReasonCode, Seller, SellerIdentifier
from cases.services.sellers import countries_of

# Long runs that a careless pattern divides in every possible way before it gives up.
_TRYING = [
    f"{start}{run * 120}{end}"
    for start in ("/", "/item/", "/p/", "/product/", "/goods?id=")
    for run in ("1", "a", "1-", "a-", "a1", "a/", "%20")
    for end in ("!", "!.html")
]


class MarketplaceForm(forms.ModelForm):
    """Refuses a pattern that would fail on every address filed from then on."""

    class Meta:
        model = Marketplace
        fields = (
            "name",
            "name_local",
            "slug",
            "country",
            "hosts",
            "listing_pattern",
            "shop_pattern",
            "shop_ids_are_case_sensitive",
            "is_active",
        )

    def clean_hosts(self) -> list[str]:
        return [host.strip().lower().removeprefix("www.") for host in self.cleaned_data["hosts"]]

    def clean_listing_pattern(self) -> str:
        message = gettext("Put the part that is the listing's number into a group: (…).")
        return _checked(str(self.cleaned_data["listing_pattern"]), message)

    def clean_shop_pattern(self) -> str:
        message = gettext("Put the part that is the shop's ID into a group: (…).")
        return _checked(str(self.cleaned_data["shop_pattern"]), message)


def _checked(pattern: str, without_group: str) -> str:
    try:
        made = addresses.compiled(pattern)
    except regex.error as error:
        raise forms.ValidationError(
            gettext("This is not a regular expression: %(error)s") % {"error": error}
        ) from None
    if pattern and not made.groups:
        raise forms.ValidationError(without_group)
    try:
        for one in _TRYING:
            made.search(one, timeout=addresses.PATTERN_SECONDS)
    except TimeoutError:
        raise forms.ValidationError(
            gettext(
                "Some addresses would keep this pattern busy without end: within a repetition "
                "avoid choices that fit the same, as in (a|aa)+."
            )
        ) from None
    return pattern


@admin.register(Marketplace)
class MarketplaceAdmin(PortalAdmin):
    form = MarketplaceForm
    list_display = ("name", "name_local", "country", "hosts", "is_active")
    list_filter = ("is_active", ("country", CountryFilter))
    search_fields = ("name", "name_local", "slug", "hosts")
    prepopulated_fields = {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The keys of the marketplace's shops rest on it."""
        in_use = obj and (obj.sellers.exists() or AuthorisedSeller.objects.filter(marketplace=obj))
        return ("shop_ids_are_case_sensitive",) if in_use else ()


@admin.register(ReasonCode)
class ReasonCodeAdmin(PortalAdmin):
    list_display = ("code", "use", "label", "label_zh", "position", "is_active")
    list_filter = ("use", "is_active")
    search_fields = ("code", "label", "label_zh")
    fields = (
        "code",
        "use",
        "label",
        "label_zh",
        "how_to_fix",
        "how_to_fix_zh",
        "position",
        "is_active",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Timelines name the code: it stays what it was."""
        return ("code", "use") if obj else ()


class IdentifierForm(forms.ModelForm):
    """Keeps identifiers in the one spelling by which shops are compared."""

    class Meta:
        model = SellerIdentifier
        fields = ("seller", "kind", "value")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") and cleaned.get("value"):
            seller = cleaned.get("seller")
            countries = countries_of(seller) if seller and seller.marketplace_id else []
            cleaned["value"] = normalise(cleaned["kind"], cleaned["value"], countries)
            if not cleaned["value"]:
                self.add_error("value", gettext("Nothing is left of this value."))
        return cleaned


class IdentifierInline(admin.StackedInline):
    model = SellerIdentifier
    form = IdentifierForm
    extra = 0


class SellerForm(forms.ModelForm):
    """Refuses a second row for one shop, however its ID is written. The admin chooses the fields."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        marketplace, shop = map(cleaned.get, ("marketplace", "external_id"))
        if marketplace and shop:
            key = shops.key(shop, case_sensitive=marketplace.shop_ids_are_case_sensitive)
            same = Seller.objects.filter(marketplace=marketplace, external_key=key)
            if not key:
                self.add_error("external_id", gettext("Give the shop's ID or its web address."))
            elif known := same.exclude(pk=self.instance.pk).first():
                message = gettext("This shop exists already: %(seller)s.")
                self.add_error("external_id", message % {"seller": known})
        return cleaned


@admin.register(Seller)
class SellerAdmin(PortalAdmin):
    form = SellerForm
    list_display = ("name", "external_id", "marketplace", "country", "first_seen_at")
    list_filter = ("marketplace",)
    list_select_related = ("marketplace",)
    search_fields = ("external_id", "name")
    search_help_text = _("Seller ID or shop name")
    autocomplete_fields = ("marketplace",)
    readonly_fields = ("first_seen_at",)
    ordering = ("-id",)
    sortable_by = ()
    inlines = (IdentifierInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Cases are about the shop with this ID on this marketplace: another one is another seller."""
        return ("marketplace", "external_id", "first_seen_at") if obj else ("first_seen_at",)


@admin.register(SellerIdentifier)
class SellerIdentifierAdmin(FreelyDeletable):
    form = IdentifierForm
    list_display = ("value", "kind", "seller")
    list_select_related = ("seller",)
    search_fields = ("value",)
    search_help_text = _("The whole telephone number, address, account or licence")
    autocomplete_fields = ("seller",)
    ordering = ("-id",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find the value whatever kind it is of, in the spelling in which it is kept: by the index."""
        if not search_term.strip():
            return queryset, False
        known = Marketplace.objects.exclude(country="").order_by("country")
        countries = [str(code) for code in known.values_list("country", flat=True).distinct()]
        same = Q()
        for kind in SellerIdentifier.Kind.values:
            values = {normalise(kind, search_term)}
            values |= {normalise(kind, search_term, [code]) for code in countries}
            same |= Q(kind=kind, value__in=values)
        return queryset.filter(same), False


class AuthorisedSellerForm(forms.ModelForm):
    """Takes an ID or an address, as the form by which cases are filed, and names the shop once."""

    external_id = forms.CharField(
        label=_("Shop ID or address of the shop"), max_length=addresses.SHOP_URL_LENGTH
    )

    class Meta:
        model = AuthorisedSeller
        fields = ("brand", "marketplace", "external_id", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        brand, marketplace, shop = map(cleaned.get, ("brand", "marketplace", "external_id"))
        if not (brand and marketplace and shop):
            return cleaned
        try:
            cleaned["external_id"], _url = addresses.shop(shop, marketplace)
        except forms.ValidationError as error:
            self.add_error("external_id", error)
            return cleaned
        key = shops.key(
            cleaned["external_id"], case_sensitive=marketplace.shop_ids_are_case_sensitive
        )
        same = AuthorisedSeller.objects.filter(
            brand=brand, marketplace=marketplace, external_key=key
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "external_id", gettext("This shop is already on the brand's allow-list.")
            )
        return cleaned


@admin.register(AuthorisedSeller)
class AuthorisedSellerAdmin(FreelyDeletable):
    form = AuthorisedSellerForm
    list_display = ("external_id", "marketplace", "brand", "note")
    list_filter = ("marketplace",)
    list_select_related = ("marketplace", "brand")
    search_fields = ("external_id", "brand__name", "brand__name_local", "note")
    autocomplete_fields = ("brand", "marketplace")
