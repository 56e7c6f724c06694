"""Imports of sheets in the admin, which services and workers write."""

from __future__ import annotations

from django.contrib import admin

from alliance.lib.admin import SHA256, UUID, ReadOnlyAdmin
from members.models import ImportAttachment, ImportJob


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = (
        "original_name",
        "kind",
        "member",
        "state",
        "row_count",
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = ("state",)
    list_select_related = ("member", "uploaded_by")
    exact_search = ((SHA256, "sha256"), (UUID, "pk"))
    search_help_text = "SHA-256"
    ordering = ("-uploaded_at", "-pk")
    sortable_by = ()
    exclude = ("file", "notes", "options")
    figures = ("row_count",)


@admin.register(ImportAttachment)
class ImportAttachmentAdmin(ReadOnlyAdmin):
    list_display = ("original_name", "role", "job", "size")
    list_select_related = ("job",)
    exact_search = ((SHA256, "sha256"), (UUID, "pk"))
    search_help_text = "SHA-256"
    ordering = ("-pk",)
    sortable_by = ()
    exclude = ("file",)
    figures = ("size",)
