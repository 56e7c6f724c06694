"""Access tokens in the admin, which people create and revoke on their pages."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import shown_once
from alliance.lib.admin import EMAIL, ReadOnlyAdmin
from members.models import AccessToken
from members.services import access_tokens
from members.views.http import person


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
    search_help_text = _("Email address, or a whole token that was found")
    actions = ("revoke",)
    ordering = ("-id",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AccessToken], search_term: str
    ) -> tuple[QuerySet[AccessToken], bool]:
        """Find a whole token by its hash: logs have no query strings, and the token itself is not stored."""
        if (found := access_tokens.with_secret(search_term.strip())).exists():
            return queryset.filter(pk__in=found.values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Return whether the person may revoke tokens, which are read-only otherwise."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.action(description=_("Revoke selected tokens"), permissions=("revoke",))
    def revoke(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> HttpResponse | None:
        """Revoke the tokens, for example leaked ones, after a confirmation."""
        if not shown_once.is_confirmed(request):
            question = shown_once.Question(
                title=gettext("Revoke selected tokens"),
                text=gettext("Programs that use them are refused at once. This cannot be undone."),
                button=gettext("Revoke"),
            )
            return shown_once.ask(self, request, queryset, action="revoke", question=question)
        count = 0
        for token in queryset.filter(revoked_at=None).order_by("pk"):
            access_tokens.revoke(token=token, by=person(request))
            count += 1
        text = ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", count)
        self.message_user(request, text % {"count": count})
        return None
