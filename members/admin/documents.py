"""Stored documents in the admin, which services write."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import SHA256, UUID, ReadOnlyAdmin
from members.models import Document


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("original_name", "kind", "content_type", "size", "uploaded_by", "uploaded_at")
    list_filter = ("kind",)
    list_select_related = ("uploaded_by",)
    exact_search = ((SHA256, "sha256"), (UUID, "pk"))
    search_help_text = _("SHA-256 or number")
    ordering = ("-pk",)
    sortable_by = ()
    exclude = ("file",)
    readonly_fields = ("download",)
    figures = ("size",)

    @admin.display(description=_("file"))
    def download(self, obj: Document) -> str:
        return document_link(obj)


def document_link(document: Document | None) -> str:
    """Return a link that downloads the document, or a dash."""
    if document is None:
        return "–"
    url = reverse("document", args=[document.pk])
    return format_html('<a href="{}">{}</a>', url, document.original_name)
