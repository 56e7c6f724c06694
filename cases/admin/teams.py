"""Teams of moderators and their macros in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib import text
from alliance.lib.admin import DeletableAdmin, PortalAdmin, PortalInline
from cases.models import Macro, Team, TeamMember


class TeamMemberInline(PortalInline):
    model = TeamMember
    fields = ("user",)
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(PortalAdmin):
    list_display = ("name", "people", "has_macros")
    search_fields = ("name",)
    inlines = (TeamMemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """Return the teams with their moderators, and whether they have macros."""
        has_macros = Exists(Macro.objects.filter(team=OuterRef("pk")))
        rows: QuerySet[Team] = super().get_queryset(request).annotate(macros_exist=has_macros)
        return rows.prefetch_related("moderators")

    @admin.display(description=_("moderators"))
    def people(self, obj: Team) -> str:
        """Return the names of the moderators."""
        return text.join(one.name for one in obj.moderators.all())

    @admin.display(description=_("macros"), boolean=True)
    def has_macros(self, obj: Any) -> bool:
        """Whether the team has macros."""
        return bool(obj.macros_exist)


@admin.register(TeamMember)
class TeamMemberAdmin(DeletableAdmin):
    list_display = ("user", "team", "added_at")
    list_filter = ("team",)
    list_select_related = ("user", "team")
    search_fields = ("user__name", "user__email")
    fields = ("team", "user")
    autocomplete_fields = ("team", "user")


@admin.register(Macro)
class MacroAdmin(DeletableAdmin):
    list_display = ("name", "team", "key", "action", "reason", "position", "is_active")
    list_filter = ("team", "action", "is_active")
    list_select_related = ("team", "reason")
    search_fields = ("name", "text", "text_zh")
    fields = (
        "team",
        "name",
        "key",
        "action",
        "reason",
        "ground",
        "removes_all",
        "text",
        "text_zh",
        "position",
        "is_active",
    )
    autocomplete_fields = ("team", "reason")
