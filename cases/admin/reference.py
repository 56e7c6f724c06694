"""Reference data in the admin: reasons, sellers, authorised sellers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import (
    ANYTHING,
    CASE,
    DeletableAdmin,
    PortalAdmin,
    PortalInline,
    ReadOnlyAdmin,
)
from cases.marketplaces import addresses, shops
from cases.marketplaces.identifiers import normalise
from cases.models import (
    AuthorisedSeller,
    ComplaintTemplate,
    Marketplace,
    ReasonCode,
    Seller,
    SellerIdentifier,
    SellerName,
)
from cases.queries.seller_history import countries_of


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
        "facts",
        "facts_zh",
        "can_refile",
        "position",
        "is_active",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code and use of an existing reason are fixed, because timelines refer to the code."""
        return ("code", "use") if obj else ()


class IdentifierForm(forms.ModelForm):
    """Normalises identifiers, so that shops can be compared by them."""

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
                self.add_error(
                    "value",
                    gettext("This value is empty after normalisation. Enter a valid value."),
                )
        return cleaned


class IdentifierInline(PortalInline):
    model = SellerIdentifier
    form = IdentifierForm


class SellerForm(forms.ModelForm):
    """Accepts a shop ID or shop URL, as in filing, and rejects a duplicate of an existing shop."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        marketplace, shop = map(cleaned.get, ("marketplace", "external_id"))
        if not (marketplace and shop):
            return cleaned
        try:
            cleaned["external_id"], url = addresses.shop(shop, marketplace)
        except forms.ValidationError as error:
            self.add_error("external_id", error)
            return cleaned
        cleaned["shop_url"] = cleaned.get("shop_url") or url
        key = marketplace.shop_key(cleaned["external_id"])
        same = Seller.objects.filter(marketplace=marketplace, external_key=key)
        if known := same.exclude(pk=self.instance.pk).first():
            message = gettext("This shop already exists: %(seller)s.")
            self.add_error("external_id", message % {"seller": known})
        return cleaned


@admin.register(Seller)
class SellerAdmin(PortalAdmin):
    form = SellerForm
    list_display = ("name", "external_id", "marketplace", "place", "first_seen_at")
    list_filter = ("marketplace",)
    list_select_related = ("marketplace",)
    # Activates the search box; get_search_results replaces the search.
    search_fields = ("external_key",)
    search_help_text = _("Complete seller ID or shop URL, or the beginning of the shop name")
    autocomplete_fields = ("marketplace",)
    readonly_fields = ("first_seen_at",)
    ordering = ("-id",)
    sortable_by = ()
    inlines = (IdentifierInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Seller], search_term: str
    ) -> tuple[QuerySet[Seller], bool]:
        """Search only indexed columns, which is fast for millions of sellers."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        keys = shops.search_keys(term)
        found = Q(external_key__in=keys) | Q(address_key__in=keys) | Q(name__istartswith=term)
        return queryset.filter(found), False

    @admin.display(description=_("country or region"))
    def place(self, obj: Seller) -> str | None:
        """Return the name of the country. For the field itself, Django would search all countries in each row."""
        country: Any = obj.country
        return str(country.name) or None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Marketplace and ID identify a seller, so they cannot be changed."""
        return ("marketplace", "external_id", "first_seen_at") if obj else ("first_seen_at",)


@admin.register(ComplaintTemplate)
class ComplaintTemplateAdmin(ReadOnlyAdmin):
    """Complaints that members keep to start cases from."""

    list_display = ("name", "member", "right", "violation", "created_by", "created_at")
    list_select_related = ("member", "right", "created_by")
    search_fields = ("name",)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(SellerName)
class SellerNameAdmin(ReadOnlyAdmin):
    """Names given to a known shop in later cases."""

    list_display = ("name", "seller", "case", "recorded_at")
    list_select_related = ("seller", "case")
    exact_search = ((CASE, "case__reference"), (ANYTHING, "seller__external_key"))
    search_help_text = _("A case's reference (AP-…) or the whole seller ID")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(SellerIdentifier)
class SellerIdentifierAdmin(DeletableAdmin):
    form = IdentifierForm
    list_display = ("value", "kind", "seller")
    list_select_related = ("seller",)
    search_fields = ("value",)
    search_help_text = _("Complete telephone number, address, account or licence")
    autocomplete_fields = ("seller",)
    ordering = ("-id",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the normalised value of every kind of identifier, through the index."""
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
    """Accepts a shop ID or shop URL, as in filing, and rejects a duplicate for the brand."""

    external_id = forms.CharField(
        label=_("Shop ID or shop URL"), max_length=addresses.SHOP_URL_LENGTH
    )

    class Meta:
        model = AuthorisedSeller
        fields = ("brand", "marketplace", "external_id", "valid_from", "valid_until", "note")

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
        key = marketplace.shop_key(cleaned["external_id"])
        same = AuthorisedSeller.objects.filter(
            brand=brand, marketplace=marketplace, external_key=key
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "external_id", gettext("This shop is already an authorised seller of the brand.")
            )
        return cleaned


@admin.register(AuthorisedSeller)
class AuthorisedSellerAdmin(DeletableAdmin):
    form = AuthorisedSellerForm
    list_display = ("external_id", "marketplace", "brand", "valid_from", "valid_until", "ended_at")
    readonly_fields = ("ended_by", "ended_at")
    list_filter = ("marketplace",)
    list_select_related = ("marketplace", "brand")
    search_fields = ("external_id", "brand__name", "brand__name_local", "note")
    autocomplete_fields = ("brand", "marketplace")
