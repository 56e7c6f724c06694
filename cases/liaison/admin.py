"""Agencies, officers and channels are configured here; what travels through them is only shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from alliance.lib.admin import (
    CASE,
    REFERRAL,
    UUID,
    PortalInline,
    ReadOnlyAdmin,
)
from alliance.lib.amounts import AmountField, grouped_and_in_words
from cases.models.case import Violation
from members.role_admin import RolesAdmin, RolesInline
from members.roles import gives_platform_roles

from . import channel_admin, rule_admin  # noqa: F401  (they register what they are named after)
from .clock_admin import DueTimesInline
from .models import (
    Agency,
    Channel,
    CountedOperation,
    Disclosed,
    ImpactSnapshot,
    Officer,
    Operation,
    Referral,
    Update,
)
from .stream_access_admin import StreamAccess


class AgencyForm(forms.ModelForm):
    """Violations and what the agency may see as boxes to tick; no violation ticked means all."""

    violations = forms.MultipleChoiceField(
        label=_("Violations it takes"),
        choices=Violation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )

    minimum_value = AmountField(
        label=_("Smallest value of goods (CNY)"), required=False, min_value=0
    )
    discloses = forms.MultipleChoiceField(
        label=_("May see"),
        choices=Disclosed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "In updates made from now on, and at once at its desk: what waits, or is sent again, leaves as "
            "it was made. Reference, status, violation, jurisdiction "
            "and the seller's country are always shown. The number of a right leads to its owner in a public "
            "register, and the address of a listing mostly to the shop."
        ),
    )

    class Meta:
        model = Agency
        fields = (
            "name",
            "name_local",
            "slug",
            "kind",
            "country",
            "violations",
            "minimum_value",
            "discloses",
            "shares_interest",
            "acknowledge_within_hours",
            "is_active",
        )


class OfficerInline(RolesInline):
    model = Officer
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        return super().get_queryset(request).select_related("user", "agency")

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        """Officers are made by superusers: agencies are told what the alliance's staff is not."""
        return gives_platform_roles(request.user)  # type: ignore[arg-type]


class ChannelInline(PortalInline):
    model = Channel
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("name", "kind", "is_active", "paused_at", "sent_seq", "failures")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A channel is made on a page of its own: its secret is shown once, there."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return super().get_queryset(request).select_related("agency")


@admin.register(Agency)
class AgencyAdmin(StreamAccess):
    form = AgencyForm
    list_display = ("name", "name_local", "kind", "country", "value_from", "is_active")
    list_filter = ("kind", "is_active", ("country", CountryFilter))
    search_fields = ("name", "name_local", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "name_local", "slug", "kind", "country", "is_active")}),
        (_("What it takes"), {"fields": ("violations", "minimum_value")}),
        (_("What it may see"), {"fields": ("discloses", "shares_interest")}),
        (
            _("How fast it answers, and who is told when it is late"),
            {
                "fields": (
                    "acknowledge_within_hours",
                    "second_contact_name",
                    "second_contact_email",
                    "language",
                )
            },
        ),
        (_("Stream account"), {"fields": ("stream_password_set_at",)}),
    )
    inlines = (OfficerInline, DueTimesInline, ChannelInline)
    readonly_fields = ("stream_password_set_at",)

    @admin.display(description=_("smallest value of goods (CNY)"), ordering="minimum_value")
    def value_from(self, obj: Agency) -> str:
        """The amount grouped and in words, so that a slip of the hand is seen."""
        return grouped_and_in_words(obj.minimum_value)


@admin.register(Officer)
class OfficerAdmin(RolesAdmin):
    list_display = ("user", "agency", "title", "is_active")
    list_filter = ("is_active", "agency")
    list_select_related = ("user", "agency")
    search_fields = ("user__name", "user__email", "agency__name", "agency__name_local")
    autocomplete_fields = ("user", "agency")

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        return gives_platform_roles(request.user) and super().may_write(request, obj)  # type: ignore[arg-type]


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
    search_help_text = _("The referral's reference (LR-…) or the case's (AP-…)")
    ordering = ("-id",)
    sortable_by = ("reference",)


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """Verifying and retracting are done by moderators; a worker then publishes the figures."""

    list_display = (
        "reference",
        "agency",
        "kind",
        "held_on",
        "place",
        "dens_closed",
        "arrests",
        "value_cny",
        "status",
    )
    figures = ("dens_closed", "arrests", "value_cny")
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
    search_help_text = _("A referral's (LR-…) or case's (AP-…) reference, or the update's number")
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
    search_help_text = _("An operation's reference (OP-…)")
    ordering = ("-id",)
    sortable_by = ()
