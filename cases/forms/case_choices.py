"""The choices of the forms on a case's page in triage, which are loaded once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cases.liaison.models import Agency, Referral
from cases.models import Case, ReasonCode
from cases.queries.proposals import Candidates, candidates
from cases.queries.related import Related
from cases.states import REFERRAL_ENDED


class Choices:
    """The choices of the forms on a case's page. Each list is loaded once, when a form needs it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        # The related cases, if the page has loaded them.
        self.related: Related | None = None

    @cached_property
    def candidates(self) -> Candidates:
        """Agencies that accept the case, and the rules that may propose some of them."""
        if self.related is None:
            return candidates(self.case)
        linked = [shop for shop, _why in self.related.linked]
        return candidates(self.case, points=self.related.points, linked=linked)

    @cached_property
    def reasons(self) -> list[ReasonCode]:
        """All reason codes, including inactive ones."""
        return list(ReasonCode.objects.all())

    def reasons_to(self, use: str) -> list[ReasonCode]:
        """Return the active reasons for ``use``, in order."""
        return [reason for reason in self.reasons if reason.use == use and reason.is_active]

    @cached_property
    def referrals(self) -> list[Referral]:
        """The referrals of the case, the latest first; at most 50."""
        found = Referral.objects.filter(case=self.case).select_related("agency", "referred_by")
        return list(found.order_by("-referred_at", "-pk")[:50])

    @cached_property
    def agencies(self) -> list[Agency]:
        """Agencies that accept the violation type, the nearest first."""
        found = self.candidates.agencies
        return sorted(found, key=lambda a: (self.nearness(a), country_name(a.country), a.name))

    @property
    def agencies_without_it(self) -> list[Agency]:
        """Those of :attr:`agencies` without a current referral of the case."""
        has_it = {r.agency_id for r in self.referrals if r.status not in REFERRAL_ENDED}
        return [agency for agency in self.agencies if agency.pk not in has_it]

    def nearness(self, agency: Agency) -> int:
        """Return 0 for an agency at the place of infringement, 1 in the seller's country, else 2."""
        seller = self.case.seller
        if agency.country == self.case.jurisdiction:
            return 0
        return 1 if seller and seller.country and agency.country == seller.country else 2


class ObjectChoiceField(forms.TypedChoiceField):
    """A choice among objects that are already loaded. Causes no query."""

    known: dict[str, Any] = {}

    def set_objects(self, objects: Iterable[Any], *, shown: list[Any] | None = None) -> None:
        """Accept ``objects`` by primary key. ``shown`` are the choices, by default all of them."""
        self.known = {str(one.pk): one for one in objects}
        if shown is None:
            shown = [(key, str(one)) for key, one in self.known.items()]
        self.choices = [("", _("Choose…")), *shown]
        self.coerce = self.known.__getitem__

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.known


def country_name(code: Any) -> str:
    """Return the name of a country in the active language."""
    return str(countries.name(str(code)))
