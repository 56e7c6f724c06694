"""Agencies, officers and channels are configured here; what travels through them is only shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from alliance.lib.admin import (
    PortalInline,
)
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
        return may_grant_staff_roles(request.user)  # type: ignore[arg-type]


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
class AgencyAdmin(StreamAccountAdmin):
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
        return may_grant_staff_roles(request.user) and super().may_write(request, obj)  # type: ignore[arg-type]
