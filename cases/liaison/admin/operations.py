"""Referrals, operations, updates and published figures: read-only in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import (
    CASE,
    REFERRAL,
    UUID,
    ReadOnlyAdmin,
)
from cases.liaison.models import (
    CountedOperation,
    ImpactSnapshot,
    Operation,
    Referral,
    Update,
)


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    list_display = (
        "reference",
        "case",
        "agency",
        "status",
        "referred_at",
        "delivered_at",
        "read_at",
        "acknowledge_by",
        "acknowledged_at",
    )
    list_filter = ("agency",)
    list_select_related = ("case", "agency")
    exact_search = ((REFERRAL, "reference"), (CASE, "case__reference"))
    search_help_text = _("The referral’s reference (LR-…) or the case’s (AP-…)")
    ordering = ("-id",)
    sortable_by = ("reference",)


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """Operations. Moderators verify and retract them outside the admin; a worker publishes the figures."""

    list_display = (
        "reference",
        "agency",
        "kind",
        "held_on",
        "place",
        "premises_closed",
        "arrests",
        "value_cny",
        "status",
    )
    figures = ("premises_closed", "arrests", "value_cny")
    list_filter = ("status", "kind", "held_on", "agency")
    list_select_related = ("agency",)
    search_fields = ("reference", "place", "agency__name", "agency__name_local", "cases__reference")
    ordering = ("-held_on", "-id")

    def view_on_site(self, obj: Operation) -> str:
        return reverse("triage:operation", args=[obj.reference])


@admin.register(Update)
class UpdateAdmin(ReadOnlyAdmin):
    list_display = ("id", "referral", "sequence", "kind", "case_version", "created_at")
    list_select_related = ("referral",)
    exact_search = (
        (REFERRAL, "referral__reference"),
        (CASE, "referral__case__reference"),
        (UUID, "pk"),
    )
    search_help_text = _("A referral’s (LR-…) or case’s (AP-…) reference, or an update’s ID")
    ordering = ("-referral_id", "-sequence")
    sortable_by = ()


@admin.register(ImpactSnapshot)
class ImpactSnapshotAdmin(ReadOnlyAdmin):
    list_display = (
        "period_from",
        "period_to",
        "definition_version",
        "published_at",
        "sha256",
    )
    ordering = ("-published_at", "-id")
    sortable_by = ()


@admin.register(CountedOperation)
class CountedOperationAdmin(ReadOnlyAdmin):
    list_display = ("operation", "since", "until")
    list_select_related = ("operation", "since", "until")
    search_fields = ("operation__reference",)
    search_help_text = _("An operation’s reference (OP-…)")
    ordering = ("-id",)
    sortable_by = ()
