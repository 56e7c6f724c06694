"""Forms of bulk actions: one for each verb. Their fields are those of the single verb where it has any."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.forms import triage
from cases.forms.case_choices import Choices, ObjectChoiceField, country_name
from cases.forms.triage import ActionForm
from cases.liaison.models import Agency
from cases.models import Case, ReasonCode
from cases.states import Priority
from members.models import User


class BulkChoices(Choices):
    """The choices of the forms. They depend on no case."""

    def __init__(self) -> None:
        super().__init__(Case())

    @cached_property
    def active_agencies(self) -> list[Agency]:
        """The agencies in use. Whether an agency takes a case is checked case by case."""
        return list(Agency.objects.filter(is_active=True).order_by("country", "name"))

    @cached_property
    def moderators(self) -> list[User]:
        """The active moderators."""
        return list(User.objects.filter(is_moderator=True, is_active=True).order_by("name", "pk"))


class PlainForm(ActionForm):
    """A verb without arguments."""

    def values(self) -> dict[str, Any]:
        """Return the arguments as keys, codes and texts."""
        return {}


class AssignForm(ActionForm):
    to = ObjectChoiceField(label=_("Moderator"))

    def set_choices(self, choices: Choices) -> None:
        assert isinstance(choices, BulkChoices)
        named = [(str(one.pk), one.name) for one in choices.moderators]
        self.choice("to").set_objects(choices.moderators, shown=named)

    def values(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"].pk}


class PriorityForm(ActionForm):
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=[("", _("Choose…")), *reversed(Priority.choices)],
        coerce=int,
    )

    def values(self) -> dict[str, Any]:
        return {"priority": self.cleaned_data["priority"]}


class RejectForm(triage.RejectForm):
    expected_version = None  # type: ignore[assignment]  # each case has its own

    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"].code, "facts": self.cleaned_data["facts"]}


class UpholdForm(triage.UpholdForm):
    expected_version = None  # type: ignore[assignment]
    left_up_reason = None  # type: ignore[assignment]  # no listing is left up

    def set_choices(self, choices: Choices) -> None:
        self.choice("reason").set_objects(choices.reasons_to(ReasonCode.Use.UPHOLD))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"reason": data["reason"].code, "ground": data["ground"], "facts": data["facts"]}


class RequestInformationForm(triage.RequestInformationForm):
    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"].code, "note": self.cleaned_data["note"]}


class ReferForm(triage.ReferForm):
    rule = None  # type: ignore[assignment]
    seen = None  # type: ignore[assignment]  # the preview of a bulk action lists the cases

    def set_choices(self, choices: Choices) -> None:
        assert isinstance(choices, BulkChoices)
        shown = [
            (str(one.pk), f"{one} · {one.get_kind_display()} · {country_name(one.country)}")
            for one in choices.active_agencies
        ]
        self.choice("agency").set_objects(choices.active_agencies, shown=shown)

    def values(self) -> dict[str, Any]:
        return {"agency": self.cleaned_data["agency"].pk, "note": self.cleaned_data["note"]}


FORMS: dict[str, Any] = {
    "claim": PlainForm,
    "release": PlainForm,
    "assign": AssignForm,
    "priority": PriorityForm,
    "uphold": UpholdForm,
    "reject": RejectForm,
    "request_information": RequestInformationForm,
    "refer": ReferForm,
}
