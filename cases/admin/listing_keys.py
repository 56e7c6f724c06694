"""Rebuilds of listing keys in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ANYTHING, CASE, ReadOnlyAdmin
from cases.models import KeyClash, KeyRebuild


@admin.register(KeyRebuild)
class KeyRebuildAdmin(ReadOnlyAdmin):
    """Rebuilds of listing keys after changes to marketplaces."""

    list_display = ("started_at", "finished_at", "checked", "changed", "merged", "clashes")
    list_filter = ("is_superseded",)
    search_fields = ("rules",)
    ordering = ("-id",)
    sortable_by = ()
    readonly_fields = ("see_clashes",)

    @admin.display(description=_("clashes"))
    def see_clashes(self, obj: KeyRebuild) -> SafeString:
        url = reverse("admin:cases_keyclash_changelist")
        text = gettext("Show the clashes")
        return format_html('<a href="{}?rebuild__id__exact={}">{}</a>', url, obj.pk, text)


@admin.register(KeyClash)
class KeyClashAdmin(ReadOnlyAdmin):
    """Listings of different cases with the same key. Moderators decide which case continues."""

    list_display = ("kind", "listing", "case", "other", "other_case", "rebuild")
    list_filter = ("kind",)
    list_select_related = ("listing__case", "other__case", "rebuild")
    exact_search = ((CASE, "listing__case__reference"), (ANYTHING, "listing__canonical_key"))
    search_help_text = _("Case reference (AP-…) or complete canonical key")
    ordering = ("-id",)
    sortable_by = ()

    @admin.display(description=_("case"))
    def case(self, obj: KeyClash) -> str:
        return obj.listing.case.reference

    @admin.display(description=_("same listing in case"))
    def other_case(self, obj: KeyClash) -> str:
        return obj.other.case.reference
