"""The agencies that brands chose for their guides and products, which services write."""

from __future__ import annotations

from django.contrib import admin

from alliance.lib.admin import ReadOnlyAdmin
from cases.liaison.models import GuideAgency, ProductAgency


@admin.register(GuideAgency)
class GuideAgencyAdmin(ReadOnlyAdmin):
    list_display = ("guide", "agency", "chosen_by", "chosen_at")
    list_select_related = ("guide__brand", "agency", "chosen_by")
    search_fields = ("guide__brand__name", "agency__name")
    ordering = ("-pk",)
    sortable_by = ()


@admin.register(ProductAgency)
class ProductAgencyAdmin(ReadOnlyAdmin):
    list_display = ("product", "agency", "chosen_by", "chosen_at")
    list_select_related = ("product", "agency", "chosen_by")
    search_fields = ("product__name", "agency__name")
    ordering = ("-pk",)
    sortable_by = ()
