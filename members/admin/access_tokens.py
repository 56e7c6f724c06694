"""Access tokens in the admin, which people create and revoke on their pages."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import EMAIL, ReadOnlyAdmin
from members.models import AccessToken


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "start",
        "membership",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = ("expires_at", "revoked_at")
    list_select_related = ("membership__user", "membership__member")
    exact_search = ((EMAIL, "membership__user__email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()
