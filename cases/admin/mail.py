"""Outgoing email: queued, sent or failed."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import CASE, EMAIL, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from cases.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ("kind", "case", "user", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter,)
    list_select_related = ("case", "user")
    exact_search = ((CASE, "case__reference"), (EMAIL, "user__email"))
    search_help_text = _("Case reference (AP-…) or email address")
    ordering = ("-id",)
    sortable_by = ()
