"""The filter of the list of a member's rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from members.forms.list_filter import ListFilterForm
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


class RightFilterForm(ListFilterForm):
    """Filters a member's rights by brand, kind and state."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of right"), required=False)
    field_order = ("brand", "kind", "state")

    def __init__(self, data: Any, *, member: Member) -> None:
        states = [(name, label) for name, (label, _select) in STATES.items()]
        super().__init__(data, member=member, states=states)
        self.offer("kind", IPRight.Kind.choices)

    @property
    def order(self) -> tuple[str, ...]:
        """The order of the list: newest first, or by expiry date if that is what the list is about."""
        state = self.chosen("state")
        return {"expiring": ("expires_on", "id"), "expired": ("-expires_on", "-id")}.get(
            state, ("-id",)
        )

    @property
    def rights(self) -> IPRightQuerySet:
        """The member's rights that match all filters."""
        brand, kind, state = (self.chosen(name) for name in ("brand", "kind", "state"))
        rights = IPRight.objects.filter(member=self.member)
        if brand and not kind and state in ("", "verified"):
            # By the brand alone, which is one of the member's: the planner would multiply the shares of both.
            rights = IPRight.objects.filter(brand=int(brand))
        elif brand:
            rights = rights.filter(brand=int(brand))
        if kind:
            rights = rights.filter(kind=kind)
        return STATES[state][1](rights) if state else rights
