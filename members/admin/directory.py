"""What members publish in the directory, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from alliance.lib import clock
from alliance.lib.admin import PortalAdmin
from members.models import DirectoryEntry


@admin.register(DirectoryEntry)
class DirectoryEntryAdmin(PortalAdmin):
    """The description and the website are fields of the member, the choice of brands is a field of each brand."""

    list_display = ("member", "consumer_email", "consumer_phone", "published_by", "published_at")
    list_filter = ("shows_website",)
    list_select_related = ("member", "published_by")
    search_fields = ("member__name", "member__name_local", "consumer_email")
    autocomplete_fields = ("member",)
    readonly_fields = ("published_by", "published_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the entry, as published by the admin."""
        obj.published_by, obj.published_at = request.user, clock.now()
        super().save_model(request, obj, form, change)
