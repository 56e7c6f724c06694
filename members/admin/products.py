"""Products and brand guides in the admin, which services write."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ReadOnlyAdmin
from members.admin.documents import document_link
from members.models import BrandGuide, Product, ProductFeature, ProductPicture


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    list_display = ("name", "name_local", "brand", "gtin", "disclosed_to", "is_active")
    list_filter = ("is_active", "disclosed_to")
    list_select_related = ("brand",)
    search_fields = ("name", "name_local", "gtin", "brand__name")
    ordering = ("-pk",)
    sortable_by = ()
    exclude = ("search_text",)


@admin.register(ProductFeature)
class ProductFeatureAdmin(ReadOnlyAdmin):
    list_display = ("text", "kind", "place", "product")
    list_filter = ("kind",)
    list_select_related = ("product",)
    search_fields = ("text", "product__name", "product__gtin")
    ordering = ("-pk",)
    sortable_by = ()


@admin.register(ProductPicture)
class ProductPictureAdmin(ReadOnlyAdmin):
    list_display = ("alt", "product", "feature")
    list_select_related = ("product", "feature")
    search_fields = ("alt", "product__name", "product__gtin")
    ordering = ("-pk",)
    sortable_by = ()
    exclude = ("document",)
    readonly_fields = ("download",)

    @admin.display(description=_("picture"))
    def download(self, obj: ProductPicture) -> str:
        return document_link(obj.document)


@admin.register(BrandGuide)
class BrandGuideAdmin(ReadOnlyAdmin):
    list_display = ("brand", "disclosed_to", "disclosed_countries")
    list_filter = ("disclosed_to",)
    list_select_related = ("brand",)
    search_fields = ("brand__name", "brand__member__name")
    ordering = ("-pk",)
    sortable_by = ()
