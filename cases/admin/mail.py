"""Outgoing email: queued, sent or failed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, ReadOnlyAdmin
from cases.models import OutgoingMail


class StateFilter(admin.SimpleListFilter):
    """Filters by status: queued, sent or failed."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Queued")), ("sent", _("Sent")), ("failed", _("Failed"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutgoingMail]
    ) -> QuerySet[OutgoingMail]:
        if self.value() == "waiting":
            return queryset.filter(sent_at=None, failed_at=None)
        if self.value() == "sent":
            return queryset.filter(sent_at__isnull=False)
        if self.value() == "failed":
            return queryset.filter(failed_at__isnull=False)
        return queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ("kind", "case", "user", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter,)
    list_select_related = ("case", "user")
    exact_search = ((CASE, "case__reference"), (r"[^@\s]+@\S+", "user__email"))
    search_help_text = _("Case reference (AP-…) or email address")
    ordering = ("-id",)
    sortable_by = ()
