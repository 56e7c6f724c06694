"""Watch lists of marketplaces in the admin. Their entries are published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext

from alliance.lib import clock
from alliance.lib.admin import DeletableAdmin, PortalAdmin
from cases.models import WatchList, WatchListEntry


@admin.register(WatchList)
class WatchListAdmin(PortalAdmin):
    list_display = ("name", "name_zh", "url")
    search_fields = ("name", "name_zh")


class WatchListEntryForm(forms.ModelForm):
    """Rejects years that have not begun."""

    def clean_year(self) -> Any:
        year = self.cleaned_data["year"]
        if year is not None and year > clock.today().year:
            raise forms.ValidationError(gettext("This year has not begun."))
        return year


@admin.register(WatchListEntry)
class WatchListEntryAdmin(DeletableAdmin):
    form = WatchListEntryForm
    list_display = ("marketplace", "watch_list", "year", "change", "source_url")
    list_filter = ("watch_list", "change")
    list_select_related = ("marketplace", "watch_list")
    search_fields = ("marketplace__name", "marketplace__name_local", "watch_list__name")
    autocomplete_fields = ("marketplace", "watch_list")
