"""Tags in the admin, and what moderators have written about cases among themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, PortalAdmin, ReadOnlyAdmin
from cases.models import CaseLink, CaseTag, Tag, Watch


@admin.register(Tag)
class TagAdmin(PortalAdmin):
    list_display = ("name", "tone", "is_used")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """Return the tags, and whether a case has them."""
        used = Exists(CaseTag.objects.filter(tag=OuterRef("pk")))
        rows: QuerySet[Tag] = super().get_queryset(request).annotate(used=used)
        return rows

    @admin.display(description=_("tags of cases"), boolean=True)
    def is_used(self, obj: Any) -> bool:
        """Whether a case has the tag."""
        return bool(obj.used)


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
