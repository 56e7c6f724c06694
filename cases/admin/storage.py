"""Storage used for evidence by member, quotas, and discarded drafts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, PortalAdmin, ReadOnlyAdmin
from cases.models import DiscardedDraft, StorageUse
from cases.services import storage_use


@admin.register(StorageUse)
class StorageUseAdmin(PortalAdmin):
    """Services maintain the counter. An admin can change the quota."""

    list_display = ("member", "used", "allowed")
    list_select_related = ("member",)
    search_fields = ("member__name",)
    ordering = ("-used_bytes",)
    sortable_by = ()
    fields = ("member", "used", "quota_mb")
    autocomplete_fields = ("member",)
    deletable = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("member", "used") if obj else ("used",)

    @admin.display(description=_("used"))
    def used(self, obj: StorageUse) -> str:
        return filesizeformat(obj.used_bytes)

    @admin.display(description=_("quota"))
    def allowed(self, obj: StorageUse) -> str:
        return filesizeformat(storage_use.allowed(obj))


@admin.register(DiscardedDraft)
class DiscardedDraftAdmin(ReadOnlyAdmin):
    """Discarded drafts, and when their files were disposed of."""

    list_display = ("case", "discarded_at", "disposed_at")
    list_select_related = ("case",)
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-case_id",)
    sortable_by = ()
