"""The base of the filters above the lists of what a member has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.forms import Narrowable, set_choices
from members.models import Member


class ListFilterForm(Narrowable, forms.Form):
    """Filters a list of the ``member`` by brand, state and more. An unknown choice is an error and does not filter.

    ``states`` has the states to choose from with their labels.
    """

    brand = forms.ChoiceField(label=gettext_lazy("Brand"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, data: Any, *, member: Member, states: Iterable[tuple[str, Any]]) -> None:
        super().__init__(data)
        self.member = member
        brands = member.brands.order_by("name", "pk")
        self.offer("brand", [(str(brand.pk), str(brand)) for brand in brands])
        self.offer("state", states)

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set the choices of a field, after "Any"."""
        set_choices(self.fields[name], [("", _("Any")), *choices])

    def chosen(self, name: str) -> str:
        """Return the valid choice in a field, or ""."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name, ""))
