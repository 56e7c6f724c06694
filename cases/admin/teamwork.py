"""Tags in the admin, and what moderators have written about cases among themselves."""

from __future__ import annotations

from django.contrib import admin

from alliance.lib.admin import CASE, PortalAdmin, ReadOnlyAdmin
from cases.models import CaseLink, CaseTag, Tag, Watch


@admin.register(Tag)
class TagAdmin(PortalAdmin):
    list_display = ("name", "tone")
    search_fields = ("name",)


@admin.register(CaseTag)
class CaseTagAdmin(ReadOnlyAdmin):
    list_display = ("case", "tag", "added_by", "added_at")
    list_select_related = ("case", "tag", "added_by")
    exact_search = ((CASE, "case__reference"),)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    list_display = ("case", "user", "added_at")
    list_select_related = ("case", "user")
    exact_search = ((CASE, "case__reference"),)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(CaseLink)
class CaseLinkAdmin(ReadOnlyAdmin):
    list_display = ("first", "second", "note", "added_by", "added_at")
    list_select_related = ("first", "second", "added_by")
    exact_search = ((CASE, "first__reference"), (CASE, "second__reference"))
    ordering = ("-id",)
    sortable_by = ()
