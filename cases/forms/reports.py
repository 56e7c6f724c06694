"""The choice of a brand and a month for a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.forms import set_choices
from cases.figures.brand_month import Month
from members.models import Brand

# The months to choose from, this one and those before it.
MONTHS = 36


class ReportForm(forms.Form):
    """Chooses one of ``brands`` and a month in the active time zone.

    A missing or unknown choice is the brand ``first``, and the last month that has ended.
    """

    brand = forms.ChoiceField(label=_("Brand"), required=False)
    month = forms.ChoiceField(label=_("Month"), required=False)

    def __init__(self, data: Any, *, brands: Sequence[Brand], first: Brand) -> None:
        self.brands = {str(brand.pk): brand for brand in brands}
        self.months = {month.key: month for month in _months()}
        brand = data.get("brand", "")
        self.chosen_brand = self.brands.get(brand) or first
        self.chosen_month = self.months.get(data.get("month", "")) or list(self.months.values())[1]
        super().__init__({"brand": str(self.chosen_brand.pk), "month": self.chosen_month.key})
        several = len({one.member_id for one in brands}) > 1
        choices = [
            (key, f"{one} · {one.member.shown_name}" if several else str(one))
            for key, one in self.brands.items()
        ]
        set_choices(self.fields["brand"], choices)
        months = [(key, words(month)) for key, month in self.months.items()]
        set_choices(self.fields["month"], months)


def words(month: Month) -> str:
    """Return the name of a month with its year in the active language."""
    return date_format(month.first, "YEAR_MONTH_FORMAT")


def _months() -> list[Month]:
    """Return the months to choose from, the latest first."""
    zone = timezone.get_current_timezone()
    today = clock.users_day()
    last = today.year * 12 + today.month - 1
    numbers = range(last, last - MONTHS, -1)
    return [Month(today.replace(number // 12, number % 12 + 1, 1), zone) for number in numbers]
