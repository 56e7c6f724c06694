"""Applications to join and changes of members' status in the admin, which services write."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import APPLICATION, EMAIL, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from members.admin.documents import document_link
from members.models import (
    Application,
    ApplicationCheck,
    ApplicationMail,
    ApplicationMessage,
    StatusChange,
)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ("reference", "name", "country", "status", "started_at", "submitted_at")
    list_filter = ("status",)
    exact_search = ((APPLICATION, "reference"), (EMAIL, "email"))
    search_help_text = _("Application reference (JA-…) or email address")
    ordering = ("-id",)
    sortable_by = ()
    exclude = ("registration_document", "mandate", "industries")
    readonly_fields = ("registration", "authority")

    @admin.display(description=_("registration document"))
    def registration(self, obj: Application) -> str:
        return document_link(obj.registration_document)

    @admin.display(description=_("proof of authority"))
    def authority(self, obj: Application) -> str:
        return document_link(obj.mandate)


@admin.register(ApplicationCheck)
class ApplicationCheckAdmin(ReadOnlyAdmin):
    list_display = ("application", "point", "is_done", "note", "saved_by", "saved_at")
    list_filter = ("is_done",)
    list_select_related = ("application", "saved_by")
    exact_search = ((APPLICATION, "application__reference"),)
    search_help_text = _("Application reference (JA-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(ApplicationMessage)
class ApplicationMessageAdmin(ReadOnlyAdmin):
    list_display = ("application", "by", "sent_at")
    list_select_related = ("application", "by")
    exact_search = ((APPLICATION, "application__reference"),)
    search_help_text = _("Application reference (JA-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(ApplicationMail)
class ApplicationMailAdmin(ReadOnlyAdmin):
    list_display = ("kind", "application", "to", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter, "kind")
    list_select_related = ("application",)
    exact_search = ((EMAIL, "to"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    list_display = ("member", "kind", "day", "made_by", "made_at")
    list_filter = ("kind",)
    list_select_related = ("member", "made_by")
    search_fields = ("member__name", "member__name_local", "member__slug")
    ordering = ("-id",)
    sortable_by = ()
