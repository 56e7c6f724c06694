"""Deadlines in the admin. Overdue steps and notices are read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, EMAIL, REFERRAL, DeletableAdmin, PortalInline, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from cases.liaison.models import DueTimes, Escalation, Notice
from cases.states import Priority


class DueTimesInline(PortalInline):
    """Deadlines by priority. Without a row, they follow from the agency's hours to acknowledge."""

    model = DueTimes
    max_num = len(Priority)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DueTimes]:
        return super().get_queryset(request).select_related("agency")


@admin.register(DueTimes)
class DueTimesAdmin(DeletableAdmin):
    """Deadlines of agencies. A change does not affect existing referrals."""

    list_display = (
        "agency",
        "priority",
        "deliver_minutes",
        "read_hours",
        "acknowledge_hours",
        "accept_hours",
    )
    list_filter = ("priority",)
    list_select_related = ("agency",)
    search_fields = ("agency__name", "agency__name_local", "agency__slug")
    autocomplete_fields = ("agency",)


class OpenFilter(admin.SimpleListFilter):
    """Filters by state: overdue or resolved steps."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Overdue")), ("resolved", _("Resolved"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Escalation]
    ) -> QuerySet[Escalation]:
        if self.value() in ("open", "resolved"):
            return queryset.filter(resolved_at__isnull=self.value() == "open")
        return queryset


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ("referral", "agency", "step", "due_at", "raised_at", "resolved_at")
    list_filter = (OpenFilter, "step")
    list_select_related = ("referral__agency",)
    exact_search = ((REFERRAL, "referral__reference"), (CASE, "referral__case__reference"))
    search_help_text = _("The referral’s reference (LR-…) or the case’s (AP-…)")
    ordering = ("-id",)
    sortable_by = ()

    @admin.display(description=_("agency"))
    def agency(self, obj: Escalation) -> str:
        return str(obj.referral.agency)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "key", "to", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter, "kind")
    exact_search = ((REFERRAL, "referral__reference"), (EMAIL, "to"))
    search_help_text = _("A referral’s reference (LR-…) or an email address")
    ordering = ("-id",)
    sortable_by = ()
