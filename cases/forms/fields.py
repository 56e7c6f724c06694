"""Form fields that several forms share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import clock, visible
from alliance.lib.forms import day_input
from cases.queries.listing_facts import EARLIEST_DAY, NAME_LENGTH, day_problem

CHOOSE_MARKETPLACE = gettext_lazy("Choose the marketplace of the shop.")


class DayField(forms.DateField):
    """A day that is not in the future, in the time zone of the user. It is optional unless ``required``."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(required=required, widget=day_input(), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "min": EARLIEST_DAY.isoformat()}

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if problem := day_problem(value, latest=clock.users_day()):
            raise ValidationError(problem)


def shop_name_field() -> forms.CharField:
    """Return the field for the name of a shop."""
    return forms.CharField(
        label=gettext_lazy("Shop name"),
        error_messages={"required": gettext_lazy("Enter the shop name.")},
        help_text=gettext_lazy("As shown on the marketplace, in its own script."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"dir": "auto"}),
    )


def clean_shop_name(name: str) -> str:
    """Return the name of a shop without invisible characters. Raises :class:`ValidationError` if no other is left."""
    if name and visible.is_blank(name):
        raise ValidationError(
            _(
                "This name has no visible characters. Enter the shop name as shown on the "
                "marketplace."
            )
        )
    return visible.cleaned(name)
