"""The filters of the list of members in the roster."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from alliance.lib.forms import Narrowable
from cases.figures import roster
from members.models import Industry, Member

FIELDS = ("status", "country", "industry", "activity")
ACTIVITIES = {
    "filed": (_("Filed a case"), roster.has_filed),
    "login": (_("Logged in"), roster.has_logged_in),
    "none": (_("Neither"), roster.is_inactive),
}


class RosterFilter(Narrowable, django_filters.FilterSet):
    """Filters members of ``roster.with_activity``. An invalid choice is a form error and does not filter."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[choice for choice in Member.Status.choices if choice[0] != Member.Status.APPLIED],
        empty_label=_("All"),
    )
    country = django_filters.ChoiceFilter(
        label=_("Country or region"), choices=lambda: list(countries), empty_label=_("All")
    )
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"),
        field_name="industries",
        to_field_name="slug",
        queryset=Industry.objects.all(),
        empty_label=_("All"),
    )
    activity = django_filters.ChoiceFilter(
        label=_("In the last 90 days"),
        method="by_activity",
        choices=[(key, label) for key, (label, _condition) in ACTIVITIES.items()],
        empty_label=_("All"),
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def by_activity(self, members: QuerySet[Member], _name: str, value: str) -> QuerySet[Member]:
        return members.filter(ACTIVITIES[value][1]())
