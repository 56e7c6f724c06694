"""Agencies and officers in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from alliance.lib.admin import PortalInline
from alliance.lib.amounts import AmountField, grouped_and_in_words
from cases.liaison.admin.due_times import DueTimesInline
from cases.liaison.admin.stream_accounts import StreamAccountAdmin
from cases.liaison.models import (
    Agency,
    Channel,
    Disclosed,
    Officer,
)
from cases.states import Violation
from members.admin.roles import RolesAdmin, RolesInline
from members.roles import may_grant_staff_roles


class AgencyForm(forms.ModelForm):
    """Shows violations and disclosed information as checkboxes. No violation selected means all."""

    violations = forms.MultipleChoiceField(
        label=_("Violations handled"),
        choices=Violation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none for all."),
    )

    minimum_value = AmountField(
        label=_("Minimum value of goods (CNY)"), required=False, min_value=0
    )
    discloses = forms.MultipleChoiceField(
        label=_("May see"),
        choices=Disclosed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Applies immediately on the agency’s pages and to updates created from now on. Waiting and resent updates are not changed. The reference, status, violation, jurisdiction and the seller’s country are always visible. The number of a right identifies its owner in a public register, and the URL of a listing usually identifies the shop."
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
        """Only superusers assign officers, because officers see what other staff do not."""
        return may_grant_staff_roles(request.user)  # type: ignore[arg-type]


class ChannelInline(PortalInline):
    model = Channel
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("name", "kind", "is_active", "paused_at", "sent_seq", "failures")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Channels are created on their own page, which shows the secret once."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return super().get_queryset(request).select_related("agency")


@admin.register(Agency)
class AgencyAdmin(StreamAccountAdmin):
    form = AgencyForm
    list_display = ("name", "name_local", "kind", "country", "value_from", "is_active")
    list_filter = ("kind", "is_active", ("country", CountryFilter))
    search_fields = ("name", "name_local", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "name_local", "slug", "kind", "country", "is_active")}),
        (_("Cases accepted"), {"fields": ("violations", "minimum_value")}),
        (_("Visible information"), {"fields": ("discloses", "shares_interest")}),
        (
            _("Deadlines and notifications"),
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

    @admin.display(description=_("minimum value of goods (CNY)"), ordering="minimum_value")
    def value_from(self, obj: Agency) -> str:
        """Return the amount grouped and in words, to make typing errors visible."""
        return grouped_and_in_words(obj.minimum_value)


@admin.register(Officer)
class OfficerAdmin(RolesAdmin):
    list_display = ("user", "agency", "title", "is_active")
    list_filter = ("is_active", "agency")
    list_select_related = ("user", "agency")
    search_fields = ("user__name", "user__email", "agency__name", "agency__name_local")
    autocomplete_fields = ("user", "agency")

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        return may_grant_staff_roles(request.user) and super().may_write(request, obj)  # type: ignore[arg-type]
