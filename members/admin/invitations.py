"""Invitations and email about roles in the admin, which services write."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import EMAIL, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from members.models import Invitation, MemberNotice


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = (
        "email",
        "member",
        "role",
        "invited_by",
        "invited_at",
        "expires_at",
        "accepted_at",
    )
    list_filter = ("role",)
    list_select_related = ("member", "invited_by")
    exact_search = ((EMAIL, "email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(MemberNotice)
class MemberNoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "member", "to", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter, "kind")
    list_select_related = ("member",)
    exact_search = ((EMAIL, "to"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()
