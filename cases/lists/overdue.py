"""The filters of the list of overdue referrals."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from alliance.lib.forms import Narrowable
from cases.liaison.models import Agency, DueStep, Escalation
from cases.lists import query

FIELDS = ("agency", "step")


class OverdueFilter(Narrowable, django_filters.FilterSet):
    """Filters overdue steps by agency and step. An invalid choice is a form error and does not filter."""

    agency = django_filters.ModelChoiceFilter(
        label=_("Agency"),
        field_name="referral__agency",
        queryset=Agency.objects.all(),
        empty_label=_("All"),
    )
    step = django_filters.ChoiceFilter(
        label=_("Overdue step"), choices=DueStep.choices, empty_label=_("All")
    )

    class Meta:
        model = Escalation
        fields: list[str] = []


def list_query(text: str) -> str:
    """Return the known parameters of a list URL from the untrusted query string ``text``."""
    return query.only(text, (*FIELDS, "cursor"))
