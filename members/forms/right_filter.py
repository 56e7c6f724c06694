"""The filter of the list of a member's rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.forms import set_choices
from members.models import IPRight, Member
from members.models.rights import IPRightQuerySet

# The states that a list can be filtered by.
STATES: dict[str, Any] = {
    "verified": (IPRight.Status.VERIFIED.label, IPRightQuerySet.verified),
    "waiting": (IPRight.Status.WAITING.label, IPRightQuerySet.waiting),
    "incomplete": (IPRight.Status.INCOMPLETE.label, IPRightQuerySet.incomplete),
    "returned": (IPRight.Status.RETURNED.label, IPRightQuerySet.returned),
    "expiring": (gettext_lazy("Expires within 90 days"), IPRightQuerySet.expiring),
    "expired": (IPRight.Status.EXPIRED.label, IPRightQuerySet.expired),
}


class RightFilterForm(forms.Form):
    """Filters a member's rights by brand, kind and state. An unknown choice is an error and does not filter."""

    brand = forms.ChoiceField(label=gettext_lazy("Brand"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of right"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.member = member
        everything = ("", _("Any"))
        brands = [(str(brand.pk), str(brand)) for brand in member.brands.order_by("name", "pk")]
        states = [(name, label) for name, (label, _select) in STATES.items()]
        set_choices(self.fields["brand"], [everything, *brands])
        set_choices(self.fields["kind"], [everything, *IPRight.Kind.choices])
        set_choices(self.fields["state"], [everything, *states])

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is given, valid or not."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def order(self) -> tuple[str, ...]:
        """The order of the list: newest first, or by expiry date if that is what the list is about."""
        state = self._chosen("state")
        return {"expiring": ("expires_on", "id"), "expired": ("-expires_on", "-id")}.get(
            state, ("-id",)
        )

    @property
    def rights(self) -> IPRightQuerySet:
        """The member's rights that match all filters."""
        brand, kind, state = (self._chosen(name) for name in ("brand", "kind", "state"))
        rights = IPRight.objects.filter(member=self.member)
        if brand and not kind and state in ("", "verified"):
            # By the brand alone, which is one of the member's: the planner would multiply the shares of both.
            rights = IPRight.objects.filter(brand=int(brand))
        elif brand:
            rights = rights.filter(brand=int(brand))
        if kind:
            rights = rights.filter(kind=kind)
        return STATES[state][1](rights) if state else rights

    def _chosen(self, name: str) -> str:
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name, ""))
