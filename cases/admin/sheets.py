"""Cases of sheets in the admin, which services and workers write."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, UUID, ReadOnlyAdmin
from cases.models import PlannedCase


@admin.register(PlannedCase)
class PlannedCaseAdmin(ReadOnlyAdmin):
    list_display = ("job", "number", "state", "marketplace", "shop_name", "case")
    list_select_related = ("job", "marketplace", "case")
    list_filter = ("state",)
    exact_search = ((CASE, "case__reference"), (UUID, "job"))
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-pk",)
    sortable_by = ()
