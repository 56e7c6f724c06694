"""The form of the complaint. It cleans input; services decide."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.forms import set_choices
from cases.forms.choices import (
    NO_CLASS,
    RightField,
    class_groups,
    country_groups,
    right_groups,
    search_result,
)
from cases.forms.draft import DraftForm
from cases.models import Case, ComplaintTemplate, HiddenLink
from cases.queries import rights_to_cite
from cases.queries.rights_to_cite import RightsToCite
from cases.services import drafts, hidden_links
from cases.services.hidden_links import Hidden
from cases.states import ListingPart, Status, Violation
from members.models import IPRight, Member, User

# The most characters of a search for a right.
MOST_WORDS = 100


class StatementField(forms.CharField):
    """A statement about a hidden link. It is marked as required, and the form requires it if the box is ticked."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": 2, "dir": "auto"})
        super().__init__(max_length=HiddenLink.MAX_LENGTH, widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        pass


class ComplaintForm(DraftForm):
    """The complaint. ``cleaned_data["right"]`` is an :class:`IPRight`, whose brand is that of the case.

    With ``member``, only its rights can be cited, as with the ``case`` of a draft.
    """

    required_names = ("goods_class", "infringement_in", "explanation")

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    like = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    right = RightField(
        label=gettext_lazy("Infringed right"),
        error_messages={"required": gettext_lazy("Choose the infringed right.")},
        help_text=gettext_lazy("Rights that cannot be cited are greyed out and show the reason."),
    )
    violation = forms.ChoiceField(
        label=gettext_lazy("Violation type"),
        error_messages={"required": gettext_lazy("Choose the violation type.")},
    )
    jurisdiction = forms.ChoiceField(
        label=gettext_lazy("Place of infringement"),
        error_messages={"required": gettext_lazy("Choose the country or region.")},
        help_text=gettext_lazy(
            "The country or region in which the goods are offered. The right must be in force "
            "there."
        ),
        widget=forms.Select({"data-scope": "territory"}),
    )
    goods_class = forms.TypedChoiceField(
        label=gettext_lazy("Class of goods (Nice)"),
        error_messages={"required": gettext_lazy("Choose the class of the goods offered.")},
        help_text=gettext_lazy("The Nice class of the goods offered."),
        coerce=int,
        empty_value=None,
        widget=forms.Select({"data-scope": "classes"}),
    )
    infringement_in = forms.MultipleChoiceField(
        label=gettext_lazy("Where the infringement is"),
        error_messages={"required": gettext_lazy("Choose where the infringement is.")},
        help_text=gettext_lazy("Choose every part of the listings that infringes the right."),
        choices=ListingPart.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        error_messages={"required": gettext_lazy("Explain why the listings infringe the right.")},
        help_text=gettext_lazy(
            "Explain what is copied and how you can tell. Moderators base their decision on "
            "this text."
        ),
        max_length=5000,
        widget=forms.Textarea({"rows": 7, "data-count": "characters", "data-max": 5000}),
    )

    is_hidden = forms.BooleanField(
        label=gettext_lazy("The listing hides what is sold"),
        help_text=gettext_lazy(
            "It shows a harmless product, and a customer who knows how to order gets an infringing one."
        ),
        required=False,
    )
    advertised_in = StatementField(
        label=gettext_lazy("Where it is advertised"),
        error_messages={"required": gettext_lazy("Enter where the hidden link is advertised.")},
        help_text=gettext_lazy("For example the account, group or live stream, with its URL."),
    )
    how_to_order = StatementField(
        label=gettext_lazy("How to order"),
        error_messages={"required": gettext_lazy("Explain how to order through the hidden link.")},
        help_text=gettext_lazy("The variant to choose, or the phrase to write in the chat."),
    )
    what_arrives = StatementField(
        label=gettext_lazy("What arrives"),
        error_messages={"required": gettext_lazy("Describe the goods that arrive.")},
        help_text=gettext_lazy("The goods that a customer gets, and how you know."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        case: Case | None = None,
        member: Member | None = None,
        **kwargs: Any,
    ) -> None:
        # Read the version before the fields. If it is too old, the user must resolve a conflict that does not
        # exist. If it is too new, changes of another user are overwritten.
        base = {"base": drafts.complaint_version(case)} if case else {}
        kwargs["initial"] = {**base, **_complaint_of(case), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not self.initial.get("token"):
            self.initial["token"] = uuid.uuid4()
        self._user = user
        # A draft stays with its member. An earlier case that is copied is not a draft.
        self._draft = case if case and case.status == Status.DRAFT else None
        self._member = self._draft.member_id if self._draft else member.pk if member else None
        self.words = str(self.initial.get("find", "")).replace("\0", "").strip()[:MOST_WORDS]
        self.fields["right"].widget.load = lambda: self.rights.rows
        set_choices(self.fields["right"], lambda: right_groups(self.rights))
        set_choices(self.fields["violation"], [("", _("Choose…")), *Violation.choices])
        self.chosen = self._citable_right(self["right"].value() or "")
        set_choices(self.fields["jurisdiction"], lambda: country_groups(self._relevant_rights))
        set_choices(self.fields["goods_class"], lambda: class_groups(self._relevant_rights))

    @classmethod
    def finding(cls, data: QueryDict, *, user: User, case: Case | None = None) -> Self:
        """Return the form with what was typed so far, unchecked, and the rights that have the words in ``find``."""
        typed: dict[str, Any] = {
            name: data[name] for name in (*cls.base_fields, "find") if name in data
        }
        typed["infringement_in"] = data.getlist("infringement_in")
        typed["is_hidden"] = "is_hidden" in data
        return cls(user=user, case=case, initial=typed)

    @cached_property
    def rights(self) -> RightsToCite:
        """The rights to choose from. Autosave does not load them."""
        return rights_to_cite.choices(
            self._user, words=self.words, chosen=self.chosen, member=self._member
        )

    def _citable_right(self, key: str) -> IPRight | None:
        return rights_to_cite.citable_right(self._user, key, member=self._member)

    @property
    def search_result(self) -> str:
        """What the search for a right has found, in words."""
        return search_result(self.rights, self.words)

    @property
    def _relevant_rights(self) -> list[IPRight]:
        if self.chosen:
            return [self.chosen]
        return [right for right, reason in self.rights.rows if not reason]

    def clean_right(self) -> IPRight:
        right = self.chosen
        if right is None and self._draft and self._is_of_another_member():
            raise ValidationError(drafts.of_another_member(self._draft))
        if right is None:
            raise ValidationError(_("This right cannot be cited. Choose another one."))
        return right

    def _is_of_another_member(self) -> bool:
        """Whether the user may cite the submitted right, but not in this draft."""
        return rights_to_cite.citable_right(self._user, self.cleaned_data["right"]) is not None

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()

    def clean_goods_class(self) -> int | None:
        return self.cleaned_data["goods_class"] or None

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service."""
        names = (*Case.STATED, "right")
        return {name: self.cleaned_data[name] for name in names} | {
            "brand": self.cleaned_data["right"].brand,
            "hidden": self._hidden,
        }

    @property
    def _hidden(self) -> Hidden | None:
        """The statements about a hidden link. Text without the tick is kept when the draft is saved for later."""
        stated = {name: self.cleaned_data[name] for name in HiddenLink.STATEMENTS}
        return Hidden(**stated) if self.cleaned_data["is_hidden"] or any(stated.values()) else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_lenient:
            return data
        if data.get("is_hidden"):
            for name in HiddenLink.STATEMENTS:
                if name in data and not data[name]:
                    self.add_error(name, self.fields[name].error_messages["required"])
        elif any(data.get(name) for name in HiddenLink.STATEMENTS):
            text = _("Tick this box, or clear the fields below it.")
            self.add_error("is_hidden", ValidationError(text))
        return data


def stated_in(row: Case | ComplaintTemplate) -> dict[str, Any]:
    """Return the initial values of the form for what a case or a template states, without a hidden link."""
    none = "" if row.right.nice_classes else NO_CLASS
    return {
        **{name: getattr(row, name) for name in Case.STATED},
        "right": str(row.right_id),
        "jurisdiction": str(row.jurisdiction),
        "goods_class": row.goods_class or none,
    }


def _complaint_of(case: Case | None) -> dict[str, Any]:
    if case is None:
        return {}
    hidden = hidden_links.stated_in(case)
    return stated_in(case) | {
        "is_hidden": hidden is not None,
        **(asdict(hidden) if hidden else {}),
    }
