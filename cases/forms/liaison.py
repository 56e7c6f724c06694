"""Forms of officers: answers to a referral, and reports of operations."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from alliance.lib import clock, text
from alliance.lib.amounts import AmountField, CountField
from alliance.lib.forms import LongTextForm, LongTexts
from alliance.lib.ids import is_reference
from cases.liaison.disclosure import DisclosedCase
from cases.liaison.models import Agency, Operation, Referral
from cases.models import ReasonCode
from cases.states import REFERRAL_REPORTABLE

# The number of cases offered as checkboxes. Older cases are entered by reference.
OFFERED_AS_CHOICES = 50
# The largest value of a PositiveIntegerField.
MOST = 2**31 - 1


def _note(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "characters", "data-max": 5000}),
    )


class AcknowledgeForm(LongTextForm):
    """Acknowledges a referral. Has no fields."""


class AcceptForm(LongTextForm):
    file_number = forms.CharField(
        label=_("Your file number"),
        help_text=_("Visible to your colleagues and to moderators."),
        required=False,
        max_length=60,
    )
    note = _note(_("Note to the moderators"))


class DeclineForm(LongTextForm):
    reason = forms.ModelChoiceField(
        label=pgettext_lazy("decision", "Reason"),
        queryset=ReasonCode.objects.none(),
        empty_label=_("Choose a reason"),
        error_messages={"required": _("Choose a reason for declining.")},
    )
    note = _note(_("Note to the moderators"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = cast(forms.ModelChoiceField, self.fields["reason"])
        reason.queryset = ReasonCode.objects.filter(use=ReasonCode.Use.DECLINE, is_active=True)


class InvestigateForm(LongTextForm):
    note = _note(_("Note to the moderators"))


class ConcludeForm(LongTextForm):
    note = _note(
        _("Outcome of the investigation"),
        _("For example a prosecution, a conviction, or why the case was dropped."),
    )


ANSWER_FORMS: dict[str, type[forms.Form]] = {
    "acknowledge": AcknowledgeForm,
    "accept": AcceptForm,
    "decline": DeclineForm,
    "investigate": InvestigateForm,
    "conclude": ConcludeForm,
}


class ReferralChoices(forms.ModelMultipleChoiceField):
    """Referred cases as checkboxes, labelled with reference, brand, seller and file number."""

    widget = forms.CheckboxSelectMultiple
    agency: Agency

    def clean(self, value: Any) -> Any:
        """Accept an empty choice: cases may be entered in the field ``further`` instead."""
        return super().clean(value) if value else Referral.objects.none()

    def label_from_instance(self, obj: Any) -> str:
        shown = DisclosedCase(obj.case, self.agency)
        brand, seller = shown.brand, shown.seller
        parts = (
            obj.case.reference,
            brand.name if brand else "",
            seller.name if seller else "",
            obj.file_number,
        )
        return " · ".join(part for part in parts if part)


def _count(label: Any) -> CountField:
    return CountField(label=label, min_value=0, max_value=MOST, initial=0)


class OperationForm(LongTexts, forms.ModelForm):
    """A report of an operation. The cleaned ``referrals`` include those entered in ``further``."""

    token = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("This form is damaged. Open it again from the menu."),
            "invalid": _("This form is damaged. Open it again from the menu."),
        },
    )
    referrals = ReferralChoices(
        label=_("Cases"),
        help_text=_("The cases that your agency accepted, the latest first."),
        queryset=Referral.objects.none(),
    )
    further = forms.CharField(
        label=_("Further cases"),
        help_text=_("For cases that are not in the list. Enter references such as AP-7K3M-9QXD."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono"}),
    )
    value_cny = AmountField(
        label=_("Value of goods (CNY)"),
        help_text=_("In CNY, such as 12,500.50 or 125万. Enter 0 if it is not known."),
        min_value=0,
        initial=0,
    )
    premises_closed = _count(_("Premises closed"))
    arrests = _count(_("People detained or arrested"))
    items_seized = _count(_("Items seized"))

    # The order of the page, which is also the order of the error list.
    field_order = ("token", "referrals", "further")

    class Meta:
        model = Operation
        fields = (
            "kind",
            "held_on",
            "country",
            "place",
            "premises_closed",
            "arrests",
            "items_seized",
            "value_cny",
            "value_basis",
            "summary",
        )
        widgets = {
            "held_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "summary": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "summary": _("What happened. For moderators only; not published."),
        }
        error_messages = {
            "kind": {"required": _("Choose the kind of operation.")},
            "held_on": {"required": _("Enter the date of the operation.")},
            "place": {"required": _("Enter the city or district.")},
        }

    def __init__(self, *args: Any, agency: Agency, chosen: Sequence[int] = (), **kwargs: Any):
        """``chosen`` are the ids of the referrals that are initially ticked."""
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.initial["country"] = str(agency.country)
        self.initial["referrals"] = chosen
        self.fields["token"].initial = uuid.uuid4
        self.fields["held_on"].widget.attrs["max"] = clock.users_day().isoformat()
        kind = cast(forms.TypedChoiceField, self.fields["kind"])
        kind.choices = [("", _("Choose…")), *Operation.Kind.choices]
        box = cast(ReferralChoices, self.fields["referrals"])
        box.agency = agency
        box.queryset = self._offered(self._ticked() if self.is_bound else chosen)

    def _ticked(self) -> list[int]:
        """Return the submitted ids, so that ticked referrals stay among the choices."""
        sent = cast(QueryDict, self.data).getlist("referrals")
        return [int(pk) for pk in sent[:500] if pk.isdecimal() and len(pk) < 19]

    def _reportable(self) -> QuerySet[Referral]:
        rows = Referral.objects.filter(agency=self.agency, status__in=REFERRAL_REPORTABLE)
        return rows.select_related("case__brand", "case__seller")

    def _offered(self, chosen: Sequence[int]) -> QuerySet[Referral]:
        rows = self._reportable().order_by("-referred_at", "-pk")
        recent = list(rows.values_list("pk", flat=True)[:OFFERED_AS_CHOICES])
        return rows.filter(pk__in=[*recent, *chosen])

    def clean_further(self) -> list[Referral]:
        """Return the referrals entered by reference. Unknown references are errors."""
        names = re.split(r"[\s,;，；、]+", self.cleaned_data["further"].upper().strip())
        names = list(dict.fromkeys(name for name in names if name))
        usable = [name for name in names if is_reference(name, "AP", "LR")]
        rows = self._reportable()
        found = list(rows.filter(Q(reference__in=usable) | Q(case__reference__in=usable)))
        known = {r.reference for r in found} | {r.case.reference for r in found}
        if unknown := [name for name in names if name not in known]:
            raise forms.ValidationError(
                ngettext(
                    "Your agency has not accepted a case with the reference %(names)s.",
                    "Your agency has not accepted cases with the references %(names)s.",
                    len(unknown),
                )
                % {"names": text.join(name[:40] for name in unknown[:10])}
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Merge ticked and entered referrals without duplicates."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ticked, named = cleaned.get("referrals"), cleaned.pop("further", None)
        if ticked is not None and named is not None:
            cleaned["referrals"] = list({r.pk: r for r in [*ticked, *named]}.values())
            if not cleaned["referrals"]:
                self.add_error("referrals", _("Choose at least one case."))
        return cleaned
