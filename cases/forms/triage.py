"""Forms of a case's page in triage. Field names are the argument names of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib.form_renderer import bounded
from alliance.lib.forms import LongTextForm
from cases.forms.case_choices import Choices, ObjectChoiceField, country_name
from cases.liaison.models import Referral, ReferralRule
from cases.models import Decision, Listing, ReasonCode
from cases.states import REFERRAL_TRANSITIONS

OUTCOME = "outcome-"


class ActionForm(LongTextForm):
    """An action on a case. Subclasses add fields."""

    verb = ""
    # The field whose text goes to the member, if there is one.
    text_field = ""

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.verb}-%s"  # several of these forms are on one page
        self.set_choices(choices)

    def set_choices(self, choices: Choices) -> None:
        """Set the choices of the fields."""

    def choice(self, name: str) -> ObjectChoiceField:
        """Return the choice field ``name``."""
        field = self.fields[name]
        assert isinstance(field, ObjectChoiceField)
        return field

    @classmethod
    def restored(cls, data: Any, choices: Choices) -> ActionForm:
        """Return an unbound form that shows ``data`` without validating it."""
        initial = {name: data[name] for name in cls.base_fields if data.get(name)}
        return cls(choices=choices, initial=initial)

    @property
    def hidden_data(self) -> list[tuple[str, str]]:
        """The submitted fields, as hidden fields of another form."""
        return [
            (name, bounded(str(self.data[name]), lines=True))
            for name in self.fields
            if self.data.get(name)
        ]

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The texts entered in the form, with their labels, for copying."""
        return [
            (str(field.label), bounded(str(field.value()), lines=True))
            for field in self
            if isinstance(field.field.widget, forms.Textarea) and field.value()
        ]


def _text_field(
    label: Any, *, limit: int, rows: int = 4, help_text: Any = "", required_message: Any = ""
) -> forms.CharField:
    """Return a text field with a counter and a limit of ``limit`` characters."""
    attrs = {"rows": rows, "data-count": "characters", "data-max": limit}
    return forms.CharField(
        label=label,
        max_length=limit,
        widget=forms.Textarea(attrs=attrs),
        help_text=help_text,
        error_messages={"required": required_message} if required_message else None,
    )


class PlainActionForm(ActionForm):
    """An action without fields: claim, release, record the removal, close."""


class ClaimForm(PlainActionForm):
    verb = "claim"


class ReleaseForm(PlainActionForm):
    verb = "release"


class RecordRemovalForm(PlainActionForm):
    verb = "record_removal"


class CloseForm(PlainActionForm):
    verb = "close"


class OutcomesForm(ActionForm):
    """The outcomes of listings, posted as ``outcome-<id>``, without a form field for each listing."""

    verb = "listings"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["outcomes"] = outcomes_in(self.data)
        return cleaned

    @property
    def chosen(self) -> dict[int, str]:
        """The outcomes chosen in the submitted or restored form."""
        return outcomes_in(self.data or self.initial)

    @property
    def hidden_data(self) -> list[tuple[str, str]]:
        return super().hidden_data + [
            (f"{OUTCOME}{pk}", value) for pk, value in self.chosen.items()
        ]

    @classmethod
    def restored(cls, data: Any, choices: Choices) -> ActionForm:
        form = super().restored(data, choices)
        form.initial.update({n: data[n] for n in data if n.startswith(OUTCOME)})
        return form


class DecideListingsForm(OutcomesForm):
    """Saves outcomes without deciding the case. ``every`` sets all of them."""

    every = forms.ChoiceField(
        required=False, choices=[("", ""), ("remove", "remove"), ("leave_up", "leave_up")]
    )


class UpholdForm(OutcomesForm):
    verb, text_field = "uphold", "facts"
    reason = ObjectChoiceField(label=pgettext_lazy("decision", "Reason"))
    ground = forms.ChoiceField(
        label=_("Ground"), choices=Decision.Ground.choices, initial=Decision.Ground.ILLEGAL_CONTENT
    )
    facts = _text_field(
        _("Facts and circumstances"),
        limit=5000,
        help_text=_("Sent to the member and to law enforcement with the decision."),
    )
    left_up_reason = ObjectChoiceField(
        label=_("Reason for the listings left up"),
        required=False,
        empty_value=None,
        help_text=_("Required if a listing is left up."),
    )
    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def set_choices(self, choices: Choices) -> None:
        self.choice("reason").set_objects(choices.reasons_to(ReasonCode.Use.UPHOLD))
        self.choice("left_up_reason").set_objects(choices.reasons_to(ReasonCode.Use.REJECT))


class RejectForm(ActionForm):
    verb, text_field = "reject", "facts"
    reason = ObjectChoiceField(label=pgettext_lazy("decision", "Reason"))
    facts = _text_field(
        _("Facts and circumstances"),
        limit=5000,
        help_text=_("Sent to the member with the reason and how to fix it."),
    )
    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def set_choices(self, choices: Choices) -> None:
        self.choice("reason").set_objects(choices.reasons_to(ReasonCode.Use.REJECT))


class RequestInformationForm(ActionForm):
    verb, text_field = "request_information", "note"
    reason = ObjectChoiceField(label=_("Reason"))
    note = _text_field(_("Missing information"), limit=2000, help_text=_("Sent to the member."))

    def set_choices(self, choices: Choices) -> None:
        self.choice("reason").set_objects(choices.reasons_to(ReasonCode.Use.REQUEST))


class CounterNoticeForm(ActionForm):
    verb = "record_counter_notice"
    statement = _text_field(
        _("Text of the counter-notice"),
        limit=5000,
        help_text=_("Copy the text that the marketplace forwarded, in the seller’s own words."),
    )


class UpholdAgainForm(ActionForm):
    verb, text_field = "uphold_again", "facts"
    facts = _text_field(_("Why the listings stay removed"), limit=5000)


class ReinstateForm(ActionForm):
    verb, text_field = "reinstate", "facts"
    facts = _text_field(_("Why the listings are reinstated"), limit=5000)


class CommentForm(ActionForm):
    verb = "comment"
    note = _text_field(
        _("Note"),
        limit=2000,
        rows=2,
        help_text=_(
            "Only moderators and administrators can read it. Write @ and a name to notify a moderator."
        ),
    )
    # For mentions.js: the id of the names on the page.
    note.widget.attrs["data-mentions"] = "moderator-names"


class TagForm(ActionForm):
    verb = "tag"
    name = forms.CharField(
        label=_("Tag"), max_length=40, error_messages={"required": _("Enter a tag.")}
    )


class LinkForm(ActionForm):
    verb = "link"
    other = forms.CharField(
        label=_("Reference of the other case"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "AP-"}),
    )
    note = forms.CharField(label=_("How they are related"), max_length=200)


class SendBackForm(ActionForm):
    """Sends a colleague's decision back. Shown on the page of the held case only."""

    verb = "send_back"
    reason = _text_field(
        _("What should be decided otherwise"),
        limit=2000,
        rows=3,
        help_text=_(
            "Shown to the moderator who decided. Only moderators and administrators can read it."
        ),
        required_message=_("Explain what should be decided otherwise."),
    )


class ReferForm(ActionForm):
    """Refers a case. ``rule`` proposed the agency; ``seen`` identifies the confirmed preview."""

    verb = "refer"
    agency = ObjectChoiceField(
        label=_("Agency"), error_messages={"required": _("Choose an agency.")}
    )
    note = _text_field(
        _("Note to the agency"), limit=5000, rows=3, help_text=_("Not visible to the member.")
    )

    rule = forms.ModelChoiceField(
        queryset=ReferralRule.objects.filter(is_active=True),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("This rule is no longer in use.")},
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False

    def set_choices(self, choices: Choices) -> None:
        case = choices.case
        groups: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
        for agency in choices.agencies_without_it:
            label = f"{agency} · {agency.get_kind_display()} · {country_name(agency.country)}"
            groups[choices.nearness(agency)].append((str(agency.pk), label))
        abroad = country_name(case.seller.country) if case.seller else ""
        labels = (
            gettext("%(country)s: place of infringement")
            % {"country": country_name(case.jurisdiction)},
            gettext("%(country)s: location of the seller") % {"country": abroad},
            gettext("Elsewhere"),
        )
        shown = [(label, group) for label, group in zip(labels, groups, strict=True) if group]
        # An agency that already has the case is accepted too: a double click sends the form twice.
        self.choice("agency").set_objects(choices.agencies, shown=shown)


class WithdrawReferralForm(ActionForm):
    verb = "withdraw_referral"
    referral = ObjectChoiceField(label=_("Referral"), widget=forms.HiddenInput)
    note = _text_field(
        _("Reason for withdrawal"),
        limit=2000,
        rows=2,
        help_text=_("Sent to the agency at once. The agency can no longer see the case."),
        required_message=_("Enter the reason for withdrawal. It is sent to the agency."),
    )

    def set_choices(self, choices: Choices) -> None:
        self.choice("referral").set_objects(choices.referrals)


def outcomes_in(data: Any) -> dict[int, str]:
    """Return ``{listing id: outcome}`` from form data. Invalid entries are ignored."""
    return {
        int(name.removeprefix(OUTCOME)): data[name]
        for name in data
        if name.startswith(OUTCOME)
        and name.removeprefix(OUTCOME).isdecimal()
        and len(name) < 100  # int() raises ValueError for thousands of digits
        and data[name] in (Listing.Outcome.REMOVE, Listing.Outcome.LEAVE_UP)
    }


def withdrawable(referral: Referral) -> bool:
    """Whether the referral can still be withdrawn."""
    return referral.status in REFERRAL_TRANSITIONS["withdraw"][0]


FORMS: dict[str, type[ActionForm]] = {
    form.verb: form
    for form in (
        UpholdForm,
        RejectForm,
        RequestInformationForm,
        CounterNoticeForm,
        UpholdAgainForm,
        ReinstateForm,
        CommentForm,
        TagForm,
        LinkForm,
        ReferForm,
        SendBackForm,
        WithdrawReferralForm,
    )
}
