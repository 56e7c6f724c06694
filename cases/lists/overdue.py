"""How moderators narrow what is overdue at agencies."""

from __future__ import annotations

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cases.liaison.models import Agency, Clock, Escalation

FIELDS = ("agency", "step")


class OverdueFilter(django_filters.FilterSet):
    """Overdue steps by agency and by step. A choice that does not exist is an error and filters nothing."""

    agency = django_filters.ModelChoiceFilter(
        label=_("Agency"),
        field_name="referral__agency",
        queryset=Agency.objects.all(),
        empty_label=_("All"),
    )
    step = django_filters.ChoiceFilter(
        label=_("Overdue step"), choices=Clock.choices, empty_label=_("All")
    )

    class Meta:
        model = Escalation
        fields: list[str] = []

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is in force."""
        return any(self.data.get(name) for name in FIELDS)


def place(text: str) -> QueryDict:
    """Return where in the list somebody stood, from what a form carries; never anything else."""
    given, kept = QueryDict(text[:2000]), QueryDict(mutable=True)
    for name in (*FIELDS, "cursor"):
        if value := given.get(name):
            kept[name] = value
    return kept
