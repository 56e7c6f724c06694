"""What a moderator types on the page of a case. The names of fields are those of the services."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from alliance.lib.form_renderer import bounded
from cases.forms.texts import LongTextForm
from cases.liaison.models import Agency, Referral, ReferralRule
from cases.models import Case, Decision, Listing, ReasonCode
from cases.queries.proposals import Candidates, candidates
from cases.queries.related import Related
from cases.states import REFERRAL_OVER, REFERRAL_TRANSITIONS

OUTCOME = "outcome-"


class Choices:
    """What can be chosen on a case's page. Each list is read once, and only if a form needs it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        # What is known around the case, if the page has looked.
        self.around: Related | None = None

    @cached_property
    def candidates(self) -> Candidates:
        """Agencies that take such cases, and the rules that may propose some of them."""
        if self.around is None:
            return candidates(self.case)
        linked = [shop for shop, _why in self.around.linked]
        return candidates(self.case, points=self.around.points, linked=linked)

    @cached_property
    def reasons(self) -> list[ReasonCode]:
        """All reason codes, retired ones too: the timeline names them."""
        return list(ReasonCode.objects.all())

    def reasons_to(self, use: str) -> list[ReasonCode]:
        """Return the reasons in use for ``use``, in their order."""
        return [reason for reason in self.reasons if reason.use == use and reason.is_active]

    @cached_property
    def referrals(self) -> list[Referral]:
        """The case's referrals, the latest first."""
        found = Referral.objects.filter(case=self.case).select_related("agency", "referred_by")
        return list(found.order_by("-referred_at", "-pk")[:50])

    @cached_property
    def agencies(self) -> list[Agency]:
        """Agencies that take such cases, those of its country first."""
        found = self.candidates.agencies
        return sorted(found, key=lambda a: (self.nearness(a), country_name(a.country), a.name))

    @property
    def agencies_without_it(self) -> list[Agency]:
        """Those of :attr:`agencies` to which the case is not referred at present."""
        has_it = {r.agency_id for r in self.referrals if r.status not in REFERRAL_OVER}
        return [agency for agency in self.agencies if agency.pk not in has_it]

    def nearness(self, agency: Agency) -> int:
        """Return 0 for an agency where the right is infringed, 1 where the seller is, else 2."""
        seller = self.case.seller
        if agency.country == self.case.jurisdiction:
            return 0
        return 1 if seller and seller.country and agency.country == seller.country else 2


class ChoiceOf(forms.TypedChoiceField):
    """A choice among objects that are there already, without asking the database again."""

    known: dict[str, Any] = {}

    def offer(self, things: Iterable[Any], *, shown: list[Any] | None = None) -> None:
        """Take any of ``things`` by its primary key; ``shown`` are the choices, if not simply those."""
        self.known = {str(thing.pk): thing for thing in things}
        if shown is None:
            shown = [(key, str(thing)) for key, thing in self.known.items()]
        self.choices = [("", _("Choose…")), *shown]
        self.coerce = self.known.__getitem__

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.known


class ActionForm(LongTextForm):
    """One action on a case: nothing to fill in, unless a subclass says so."""

    verb = ""

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.verb}-%s"  # several of them stand on one page
        self.offer(choices)

    def offer(self, choices: Choices) -> None:
        """Fill the fields that offer a choice."""

    def choice(self, name: str) -> ChoiceOf:
        """Return the field ``name`` that offers a choice."""
        field = self.fields[name]
        assert isinstance(field, ChoiceOf)
        return field

    @classmethod
    def holding(cls, typed: Any, choices: Choices) -> ActionForm:
        """Return the form with what was typed in it, unchecked: to go on with."""
        initial = {name: typed[name] for name in cls.base_fields if typed.get(name)}
        return cls(choices=choices, initial=initial)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """The form's fields as they were sent, to send them along once more."""
        return [
            (name, bounded(str(self.data[name]), lines=True))
            for name in self.fields
            if self.data.get(name)
        ]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed into the form, for somebody who can only copy it any more."""
        return [
            (str(field.label), bounded(str(field.value()), lines=True))
            for field in self
            if isinstance(field.field.widget, forms.Textarea) and field.value()
        ]


def _words(
    label: Any, *, limit: int, rows: int = 4, help_text: Any = "", missing: Any = ""
) -> forms.CharField:
    """A text of up to ``limit`` characters, counted while one types; ``missing`` is said of an empty one."""
    attrs = {"rows": rows, "data-count": "characters", "data-max": limit}
    return forms.CharField(
        label=label,
        max_length=limit,
        widget=forms.Textarea(attrs=attrs),
        help_text=help_text,
        error_messages={"required": missing} if missing else None,
    )


class Plain(ActionForm):
    """An action that needs no words: claim, hand back, record the removal, close."""


class Claim(Plain):
    verb = "claim"


class Release(Plain):
    verb = "release"


class RecordRemoval(Plain):
    verb = "record_removal"


class Close(Plain):
    verb = "close"


class Outcomes(ActionForm):
    """The outcome of each listing, as ``outcome-<id>``: 300 listings are no 300 form fields."""

    verb = "listings"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["outcomes"] = outcomes_in(self.data)
        return cleaned

    @property
    def chosen(self) -> dict[int, str]:
        """The outcomes chosen on the form as sent or held; empty for a fresh one."""
        return outcomes_in(self.data or self.initial)

    @property
    def sent(self) -> list[tuple[str, str]]:
        return super().sent + [(f"{OUTCOME}{pk}", value) for pk, value in self.chosen.items()]

    @classmethod
    def holding(cls, typed: Any, choices: Choices) -> ActionForm:
        form = super().holding(typed, choices)
        form.initial.update({n: typed[n] for n in typed if n.startswith(OUTCOME)})
        return form


class DecideListings(Outcomes):
    """Save the outcomes without deciding yet; ``every`` sets all of them at once."""

    every = forms.ChoiceField(
        required=False, choices=[("", ""), ("remove", "remove"), ("keep", "keep")]
    )


class Uphold(Outcomes):
    verb = "uphold"
    reason = ChoiceOf(label=_("Reason"))
    ground = forms.ChoiceField(
        label=_("Ground"), choices=Decision.Ground.choices, initial=Decision.Ground.ILLEGAL_CONTENT
    )
    facts = _words(
        _("Facts and circumstances"),
        limit=5000,
        help_text=_("Sent to the member and to law enforcement with the decision."),
    )
    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def offer(self, choices: Choices) -> None:
        self.choice("reason").offer(choices.reasons_to(ReasonCode.Use.UPHOLD))


class Reject(ActionForm):
    verb = "reject"
    reason = ChoiceOf(label=_("Reason"))
    facts = _words(
        _("Facts and circumstances"),
        limit=5000,
        help_text=_("Sent to the member with the reason and how to fix it."),
    )
    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def offer(self, choices: Choices) -> None:
        self.choice("reason").offer(choices.reasons_to(ReasonCode.Use.REJECT))


class RequestInformation(ActionForm):
    verb = "request_information"
    reason = ChoiceOf(label=_("Reason"))
    note = _words(
        _("What is missing"), limit=2000, help_text=_("The member reads this and answers it.")
    )

    def offer(self, choices: Choices) -> None:
        self.choice("reason").offer(choices.reasons_to(ReasonCode.Use.REQUEST))


class CounterNotice(ActionForm):
    verb = "record_counter_notice"
    statement = _words(
        _("The seller’s statement"),
        limit=5000,
        help_text=_("Copy in what the marketplace forwarded, in the seller’s own words."),
    )


class UpholdAgain(ActionForm):
    verb = "uphold_again"
    facts = _words(_("Why the removal stands"), limit=5000)


class Reinstate(ActionForm):
    verb = "reinstate"
    facts = _words(_("Why the listings go back"), limit=5000)


class Comment(ActionForm):
    verb = "comment"
    note = _words(_("Note"), limit=2000, rows=2, help_text=_("Only moderators and admins read it."))


class Refer(ActionForm):
    """Which agency, and a word to it. ``rule`` is the one that proposed it, ``seen`` what was looked at."""

    verb = "refer"
    agency = ChoiceOf(label=_("Agency"), error_messages={"required": _("Choose an agency.")})
    note = _words(
        _("Note to the agency"), limit=5000, rows=3, help_text=_("The member does not see it.")
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

    def offer(self, choices: Choices) -> None:
        case, groups = choices.case, ([], [], [])  # type: tuple[Case, tuple[list[Any], ...]]
        for agency in choices.agencies_without_it:
            words = f"{agency} · {agency.get_kind_display()} · {country_name(agency.country)}"
            groups[choices.nearness(agency)].append((str(agency.pk), words))
        abroad = country_name(case.seller.country) if case.seller else ""
        labels = (
            gettext("%(country)s: where the right is infringed")
            % {"country": country_name(case.jurisdiction)},
            gettext("%(country)s: where the seller is") % {"country": abroad},
            gettext("Elsewhere"),
        )
        shown = [(label, group) for label, group in zip(labels, groups, strict=True) if group]
        # One that has the case already is taken too: the second click of a double click.
        self.choice("agency").offer(choices.agencies, shown=shown)


class WithdrawReferral(ActionForm):
    verb = "withdraw_referral"
    referral = ChoiceOf(label=_("Referral"), widget=forms.HiddenInput)
    note = _words(
        _("Why it is withdrawn"),
        limit=2000,
        rows=2,
        help_text=_("The agency is sent this at once, and no longer sees the case."),
        missing=_("Write why it is withdrawn: the agency is sent it."),
    )

    def offer(self, choices: Choices) -> None:
        self.choice("referral").offer(choices.referrals)


def outcomes_in(data: Any) -> dict[int, str]:
    """Return ``{listing id: outcome}`` from a form's data; what is neither is left out."""
    return {
        int(name.removeprefix(OUTCOME)): data[name]
        for name in data
        if name.startswith(OUTCOME)
        and name.removeprefix(OUTCOME).isdecimal()
        and len(name) < 100  # Python refuses to read numbers of thousands of digits
        and data[name] in (Listing.Outcome.REMOVE, Listing.Outcome.KEEP)
    }


def country_name(code: Any) -> str:
    """Return the name of a country in the reader's language."""
    return str(countries.name(str(code)))


def withdrawable(referral: Referral) -> bool:
    """Whether the referral can still be withdrawn."""
    return referral.status in REFERRAL_TRANSITIONS["withdraw"][0]


FORMS: dict[str, type[ActionForm]] = {
    form.verb: form
    for form in (
        Uphold,
        Reject,
        RequestInformation,
        CounterNotice,
        UpholdAgain,
        Reinstate,
        Comment,
        Refer,
        WithdrawReferral,
    )
}
