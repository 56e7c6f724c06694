"""Bulk actions, saved views and subscriptions in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, EMAIL, PortalAdmin, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from cases.models import BulkJob, BulkRow, ListLayout, SavedView, ViewMail, ViewSubscription


@admin.register(BulkJob)
class BulkJobAdmin(ReadOnlyAdmin):
    list_display = ("verb", "person", "state", "row_count", "created_at", "finished_at")
    list_filter = ("state", "verb")
    list_select_related = ("person",)
    exact_search = ((EMAIL, "person__email"),)
    search_help_text = _("Email address")
    ordering = ("-created_at", "-id")
    sortable_by = ()


@admin.register(BulkRow)
class BulkRowAdmin(ReadOnlyAdmin):
    list_display = ("case", "job", "position", "state", "message")
    list_select_related = ("case", "job")
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(SavedView)
class SavedViewAdmin(PortalAdmin):
    list_display = ("name", "owner", "is_shared", "position", "query")
    list_filter = ("is_shared",)
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email")
    fields = ("name", "owner", "is_shared", "position", "query", "created_at")
    readonly_fields = ("query", "created_at")
    autocomplete_fields = ("owner",)


@admin.register(ViewSubscription)
class ViewSubscriptionAdmin(ReadOnlyAdmin):
    list_display = ("view", "user", "how", "threshold", "next_look_at")
    list_filter = ("how",)
    list_select_related = ("view", "user")
    exact_search = ((EMAIL, "user__email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(ViewMail)
class ViewMailAdmin(ReadOnlyAdmin):
    list_display = ("to", "subscription", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter,)
    list_select_related = ("subscription",)
    exact_search = ((EMAIL, "to"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(ListLayout)
class ListLayoutAdmin(ReadOnlyAdmin):
    list_display = ("user", "density", "columns")
    list_select_related = ("user",)
    exact_search = ((EMAIL, "user__email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()
