"""Test purchases in the admin, which services write."""

from __future__ import annotations

from django.contrib import admin

from alliance.lib import ids
from alliance.lib.admin import ANYTHING, CASE, SHA256, ReadOnlyAdmin
from cases.models import PurchaseInCase, TestPurchase, TestPurchaseEvent, TestPurchaseFile

PURCHASE = ids.pattern("TP")


@admin.register(TestPurchase)
class TestPurchaseAdmin(ReadOnlyAdmin):
    list_display = ("reference", "brand", "marketplace", "seller_name", "status", "verdict")
    list_filter = ("status", "verdict")
    list_select_related = ("brand", "marketplace")
    exact_search = ((PURCHASE, "reference"), (ANYTHING, "seller__external_key"))
    search_help_text = "TP-…, or the whole seller ID"
    ordering = ("-pk",)
    sortable_by = ()
    exclude = ("token",)


@admin.register(TestPurchaseEvent)
class TestPurchaseEventAdmin(ReadOnlyAdmin):
    list_display = ("purchase", "sequence", "kind", "actor_label", "at")
    list_select_related = ("purchase",)
    exact_search = ((PURCHASE, "purchase__reference"),)
    search_help_text = "TP-…"
    ordering = ("-pk",)
    sortable_by = ()


@admin.register(TestPurchaseFile)
class TestPurchaseFileAdmin(ReadOnlyAdmin):
    list_display = ("original_name", "kind", "purchase", "size", "uploaded_at")
    list_select_related = ("purchase",)
    exact_search = ((PURCHASE, "purchase__reference"), (SHA256, "sha256"))
    search_help_text = "TP-…, SHA-256"
    sortable_by = ()
    exclude = ("file",)


@admin.register(PurchaseInCase)
class PurchaseInCaseAdmin(ReadOnlyAdmin):
    list_display = ("purchase", "case", "added_by", "added_at")
    list_select_related = ("purchase", "case", "added_by")
    exact_search = ((PURCHASE, "purchase__reference"), (CASE, "case__reference"))
    search_help_text = "TP-…, AP-…"
    ordering = ("-pk",)
    sortable_by = ()
