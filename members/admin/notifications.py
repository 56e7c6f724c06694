"""Notification settings and daily digests in the admin, which people and workers write."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import EMAIL, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from members.models import Digest, NotificationSetting


@admin.register(NotificationSetting)
class NotificationSettingAdmin(ReadOnlyAdmin):
    list_display = ("user", "topic", "frequency")
    list_filter = ("topic", "frequency")
    list_select_related = ("user",)
    exact_search = ((EMAIL, "user__email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ("user", "day", "due_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter,)
    list_select_related = ("user",)
    exact_search = ((EMAIL, "user__email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()
