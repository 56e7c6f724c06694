"""Teams of moderators and their macros in the admin."""

from __future__ import annotations

from django.contrib import admin

from alliance.lib.admin import DeletableAdmin, PortalAdmin, PortalInline
from cases.models import Macro, Team, TeamMember


class TeamMemberInline(PortalInline):
    model = TeamMember
    fields = ("user",)
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(PortalAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    inlines = (TeamMemberInline,)


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
    autocomplete_fields = ("team",)
