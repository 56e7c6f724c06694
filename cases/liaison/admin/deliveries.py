"""Deliveries, attempts, tests and resends of channels: read-only in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import REFERRAL, UUID, ReadOnlyAdmin
from cases.liaison.models import (
    Attempt,
    Channel,
    ChannelEvent,
    ChannelMinute,
    ChannelTest,
    Delivery,
    Resend,
)


class StateFilter(admin.SimpleListFilter):
    """Filters by status: waiting deliveries, or dead letters."""

    title = _("status")
    parameter_name = "sent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Waiting")), ("dead", _("Dead letters"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if self.value() == "dead":
            return queryset.filter(sent_at=None, dead_at__isnull=False)
        return queryset.filter(sent_at=None) if self.value() == "no" else queryset


class ChannelFilter(admin.RelatedFieldListFilter):
    """Lists the channels by agency and name, in one query."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        channels = Channel.objects.of_agencies().select_related("agency")
        channels = channels.order_by("agency__name", "name")
        return [(channel.pk, str(channel)) for channel in channels[:200]]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "channel",
        "seq",
        "update_kind",
        "referral",
        "attempts",
        "sent_at",
        "acknowledged_at",
        "dead_at",
    )
    list_filter = (StateFilter, ("channel", ChannelFilter))
    list_select_related = ("channel__agency", "channel__member", "update__referral")
    exact_search = ((REFERRAL, "update__referral__reference"), (UUID, "update"))
    search_help_text = _("A referral’s reference (LR-…) or an update’s ID")
    ordering = ("-id",)
    sortable_by = ()

    @admin.display(description=_("event"))
    def update_kind(self, obj: Delivery) -> str:
        return obj.update.kind

    @admin.display(description=_("referral"))
    def referral(self, obj: Delivery) -> str:
        return obj.update.referral.reference if obj.update.referral else "–"


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """Delivery attempts with the response received."""

    list_display = ("id", "delivery", "at", "status", "error", "is_probe", "duration_ms")
    figures = ("duration_ms",)
    list_select_related = ("delivery",)
    exact_search = ((REFERRAL, "delivery__update__referral__reference"), (UUID, "delivery__update"))
    search_help_text = _("A referral’s reference (LR-…) or an update’s ID")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(ChannelEvent)
class ChannelEventAdmin(ReadOnlyAdmin):
    """Events of channels."""

    list_display = ("id", "channel", "kind", "actor_label", "at")
    list_filter = ("kind",)
    list_select_related = (
        "channel__agency",
        "channel__member",
    )
    search_fields = ("channel__name", "channel__agency__name", "actor_label")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(ChannelTest)
class ChannelTestAdmin(ReadOnlyAdmin):
    """Test updates with their response."""

    list_display = ("id", "channel", "requested_at", "requested_by", "arrived", "status", "error")
    list_filter = ("arrived", ("channel", ChannelFilter))
    list_select_related = ("channel__agency", "channel__member", "requested_by")
    exact_search = ((UUID, "pk"),)
    search_help_text = _("A test’s ID")
    ordering = ("-requested_at",)
    sortable_by = ()


@admin.register(ChannelMinute)
class ChannelMinuteAdmin(ReadOnlyAdmin):
    """Throughput of channels by minute, kept for a week."""

    list_display = ("minute", "channel", "sent", "failed")
    figures = ("sent", "failed")
    list_filter = (("channel", ChannelFilter),)
    list_select_related = (
        "channel__agency",
        "channel__member",
    )
    search_fields = ("channel__name", "channel__agency__name")
    ordering = ("-minute", "-id")
    sortable_by = ()


@admin.register(Resend)
class ResendAdmin(ReadOnlyAdmin):
    """Resend orders and their progress."""

    list_display = (
        "id",
        "channel",
        "kind",
        "from_seq",
        "last_seq",
        "done",
        "requested_at",
        "actor_label",
        "finished_at",
        "is_stopped",
    )
    figures = ("from_seq", "last_seq", "done")
    list_filter = (
        "kind",
        ("finished_at", admin.EmptyFieldListFilter),
        ("channel", ChannelFilter),
    )
    list_select_related = (
        "channel__agency",
        "channel__member",
    )
    search_fields = ("channel__name", "channel__agency__name", "actor_label")
    ordering = ("-id",)
    sortable_by = ()
