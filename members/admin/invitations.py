"""Invitations, authorisations of agents and email about roles in the admin, which services write."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import EMAIL, ReadOnlyAdmin
from alliance.lib.mail.admin import StateFilter
from members.admin.documents import document_link
from members.models import Authorisation, Invitation, MemberNotice


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


@admin.register(Authorisation)
class AuthorisationAdmin(ReadOnlyAdmin):
    list_display = (
        "agent",
        "member",
        "valid_from",
        "valid_until",
        "recorded_by",
        "recorded_at",
        "ended_at",
    )
    list_filter = ("valid_until", "ended_at")
    list_select_related = ("agent", "member", "recorded_by")
    exact_search = ((EMAIL, "agent__email"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()
    exclude = ("document",)
    readonly_fields = ("document_link",)

    @admin.display(description=_("document"))
    def document_link(self, obj: Authorisation) -> str:
        return document_link(obj.document)


@admin.register(MemberNotice)
class MemberNoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "member", "to", "created_at", "attempts", "sent_at", "failed_at")
    list_filter = (StateFilter, "kind")
    list_select_related = ("member",)
    exact_search = ((EMAIL, "to"),)
    search_help_text = _("Email address")
    ordering = ("-id",)
    sortable_by = ()
