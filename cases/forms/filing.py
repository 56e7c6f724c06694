"""Forms for filing a case. They clean input; services decide."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import text, visible
from alliance.lib.forms import LongTextForm, set_choices
from cases.forms.choices import (
    NO_CLASS,
    RightField,
    class_groups,
    country_groups,
    right_groups,
    search_result,
)
from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Marketplace
from cases.queries import listing_checks, rights_to_cite
from cases.queries.rights_to_cite import RightsToCite
from cases.services import drafts, filing
from cases.states import Violation
from members.models import IPRight, User

# Input with more lines is refused without parsing.
MOST_LINES = 1000
MISTAKES_SHOWN = 30
# The most characters of a search for a right.
MOST_WORDS = 100


class DraftForm(LongTextForm):
    """A form that edits a draft. With ``lenient``, the fields in ``required_names`` are optional."""

    required_names: tuple[str, ...] = ()

    # The version that the form is based on, and an id that identifies the form's own saves.
    base = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput({"data-recover": ""})
    )
    form_id = forms.UUIDField(required=False, widget=forms.HiddenInput({"data-recover": ""}))

    def __init__(self, *args: Any, lenient: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_id", uuid.uuid4())
        if lenient:
            for name in self.required_names:
                self.fields[name].required = False

    def clean_form_id(self) -> uuid.UUID:
        return self.cleaned_data["form_id"] or uuid.uuid4()


class ComplaintForm(DraftForm):
    """The complaint. ``cleaned_data["right"]`` is an :class:`IPRight`, whose brand is that of the case."""

    required_names = ("goods_class", "explanation")

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

    def __init__(self, *args: Any, user: User, case: Case | None = None, **kwargs: Any) -> None:
        # Read the version before the fields. If it is too old, the user must resolve a conflict that does not
        # exist. If it is too new, changes of another user are overwritten.
        base = {"base": drafts.complaint_version(case)} if case else {}
        kwargs["initial"] = {**base, **_complaint_of(case), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not self.initial.get("token"):
            self.initial["token"] = uuid.uuid4()
        self._user = user
        self.words = str(self.initial.get("find", "")).replace("\0", "").strip()[:MOST_WORDS]
        self.fields["right"].widget.load = lambda: self.rights.rows
        set_choices(self.fields["right"], lambda: right_groups(self.rights))
        set_choices(self.fields["violation"], [("", _("Choose…")), *Violation.choices])
        self.chosen = rights_to_cite.citable_right(user, self["right"].value() or "")
        set_choices(self.fields["jurisdiction"], lambda: country_groups(self._relevant_rights))
        set_choices(self.fields["goods_class"], lambda: class_groups(self._relevant_rights))

    @classmethod
    def finding(cls, data: QueryDict, *, user: User, case: Case | None = None) -> Self:
        """Return the form with what was typed so far, unchecked, and the rights that have the words in ``find``."""
        typed = {name: data[name] for name in (*cls.base_fields, "find") if name in data}
        return cls(user=user, case=case, initial=typed)

    @cached_property
    def rights(self) -> RightsToCite:
        """The rights to choose from. Autosave does not load them."""
        return rights_to_cite.choices(self._user, words=self.words, chosen=self.chosen)

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
        if right is None:
            raise ValidationError(_("This right cannot be cited. Choose another one."))
        return right

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()

    def clean_goods_class(self) -> int | None:
        return self.cleaned_data["goods_class"] or None

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service."""
        names = ("right", "violation", "jurisdiction", "goods_class", "explanation")
        return {name: self.cleaned_data[name] for name in names} | {
            "brand": self.cleaned_data["right"].brand
        }


class MarketplaceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Marketplace) -> str:
        return f"{obj.name} {obj.name_local}".strip()


class ListingsForm(DraftForm):
    """The seller, and the listing URLs, one per line. ``values`` are the keyword arguments for the service."""

    required_names = ("marketplace", "shop", "seller_name", "urls")
    must_confirm = False

    marketplace = MarketplaceField(
        label=gettext_lazy("Marketplace"),
        error_messages={"required": gettext_lazy("Choose the marketplace of the shop.")},
        queryset=Marketplace.objects.filter(is_active=True),
        empty_label=gettext_lazy("Choose…"),
    )
    shop = forms.CharField(
        label=gettext_lazy("Shop ID or shop URL"),
        error_messages={"required": gettext_lazy("Enter the shop ID or shop URL.")},
        help_text=gettext_lazy(
            "The ID that the marketplace uses for the shop, or the URL of the shop."
        ),
        max_length=addresses.SHOP_URL_LENGTH,
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false", "dir": "auto"}),
    )
    seller_name = forms.CharField(
        label=gettext_lazy("Shop name"),
        error_messages={"required": gettext_lazy("Enter the shop name.")},
        help_text=gettext_lazy("As shown on the marketplace, in its own script."),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("These URLs are listings"),
        help_text=gettext_lazy(
            "Tick this box if the lines named above are correct. A moderator checks each URL."
        ),
        required=False,
    )
    urls = forms.CharField(
        label=gettext_lazy("Listing URLs"),
        # The line numbers in error messages refer to the unstripped text.
        strip=False,
        error_messages={"required": gettext_lazy("Enter at least one listing URL.")},
        widget=forms.Textarea(
            {
                "rows": 12,
                "class": "mono",
                "wrap": "off",
                "spellcheck": "false",
                "autocapitalize": "off",
                "dir": "ltr",
                "data-count": "lines",
            }
        ),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        base = {"base": drafts.listings_version(case)}
        kwargs["initial"] = {**base, **_listings_of(case), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["urls"].widget.attrs["data-max"] = settings.LISTINGS_PER_CASE
        self.fields["urls"].help_text = _(
            "One per line, up to %(limit)d. Duplicates are merged."
        ) % {"limit": settings.LISTINGS_PER_CASE}
        self.parsed = addresses.ParsedText([], [], 0)
        self.had_invisible_characters = False
        self.case = case

    def clean_seller_name(self) -> str:
        """Return the name without invisible characters, and set ``had_invisible_characters``."""
        name = str(self.cleaned_data["seller_name"])
        if name and visible.is_blank(name):
            raise ValidationError(
                _(
                    "This name has no visible characters. Enter the shop name as shown on the "
                    "marketplace."
                )
            )
        self.had_invisible_characters = visible.has_invisible(name)
        return visible.cleaned(name)

    def clean_urls(self) -> str:
        lines = self.cleaned_data["urls"]
        count = len({line for _number, line in addresses.lines(lines)})
        if not count and self.fields["urls"].required:
            raise ValidationError(self.fields["urls"].error_messages["required"])
        if count > MOST_LINES:
            raise ValidationError(_too_many(count))
        self.parsed = addresses.parse_text(lines, Marketplaces.all())
        if self.parsed.mistakes:
            raise ValidationError(_mistakes(self.parsed.mistakes))
        if len(self.parsed.addresses) > settings.LISTINGS_PER_CASE:
            raise ValidationError(_too_many(len(self.parsed.addresses)))
        return str(lines)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        marketplace, shop = data.get("marketplace"), data.get("shop")
        if marketplace and shop:
            try:
                data["seller_id"], data["shop_url"] = addresses.shop(shop, marketplace)
            except ValidationError as error:
                self.add_error("shop", error)
        if "urls" in data and not self.errors.get("shop"):
            self._check_listings(data)
        return data

    def _check_listings(self, data: dict[str, Any]) -> None:
        """Add an error for each line that cannot be a listing of the shop or must be confirmed."""
        found = filing.unconfirmed_issues(
            case=self.case,
            marketplace=data.get("marketplace"),
            shop=data.get("seller_id", ""),
            addresses=self.parsed.addresses,
            confirmed=bool(data.get("confirmed")),
        )
        if not found:
            return
        self.must_confirm = any(not issue.is_blocking for issue in found)
        sentences = [(issue.address.line, issue.message) for issue in found]
        refused = any(issue.is_blocking for issue in found)
        summary = listing_checks.groups(self.parsed.addresses) if refused else ""
        self.add_error("urls", [*([summary] if summary else []), *_mistakes(sentences)])

    @property
    def shows_confirmation(self) -> bool:
        """Whether to show the checkbox that confirms doubtful lines."""
        return self.must_confirm or bool(self.is_bound and self.data.get("confirmed"))

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        named = data.get("marketplace") and data.get("seller_id") and data.get("seller_name")
        return {
            "marketplace": data["marketplace"] if named else None,
            "seller_id": data.get("seller_id", ""),
            "seller_name": data.get("seller_name", ""),
            "shop_url": data.get("shop_url", ""),
            "addresses": self.parsed.addresses,
            "confirmed": bool(data.get("confirmed")),
        }


class WithdrawForm(LongTextForm):
    """Withdraws a case, with an optional reason."""

    note = forms.CharField(
        label=gettext_lazy("Reason (kept on record)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class GoodFaithForm(forms.Form):
    """The good-faith statement of Art. 16(2)(d) of Regulation (EU) 2022/2065."""

    good_faith = forms.BooleanField(
        label=gettext_lazy("Good-faith statement"),
        error_messages={"required": gettext_lazy("Confirm the good-faith statement.")},
    )


def _complaint_of(case: Case | None) -> dict[str, Any]:
    if case is None:
        return {}
    none = "" if case.right.nice_classes else NO_CLASS
    return {
        "right": str(case.right_id),
        "violation": case.violation,
        "jurisdiction": str(case.jurisdiction),
        "goods_class": case.goods_class or none,
        "explanation": case.explanation,
    }


def _listings_of(case: Case) -> dict[str, Any]:
    urls = case.listings.order_by("position").values_list("url", flat=True)
    known: dict[str, Any] = {"urls": "\n".join(urls)}
    if case.seller:
        known["marketplace"] = case.seller.marketplace_id
        known["shop"] = case.shop_address or case.seller.external_id
        known["seller_name"] = case.shop_name
        try:
            found, _url = addresses.shop(known["shop"], case.seller.marketplace)
        except ValidationError:
            found = ""
        if found != case.seller.external_id:
            known["shop"] = case.seller.external_id
    return known


def _too_many(count: int) -> str:
    limit = settings.LISTINGS_PER_CASE
    return _(
        "You entered %(count)s URLs, and a case can have up to %(limit)s. Keep the first "
        "%(limit)s here and file the others in further cases: %(cases)s in all."
    ) % {
        "count": number_format(count, force_grouping=True),
        "limit": limit,
        "cases": -(-count // limit),
    }


def _mistakes(mistakes: list[tuple[int, str]]) -> list[str]:
    shown = [
        _("Line %(number)d: %(problem)s") % {"number": number, "problem": sentence}
        for number, sentence in mistakes[:MISTAKES_SHOWN]
    ]
    rest = [str(number) for number, _sentence in mistakes[MISTAKES_SHOWN:][: MOST_LINES + 1]]
    if len(rest) > MOST_LINES:
        rest[-1] = "…"
    if rest:
        shown.append(_("Also check these lines: %(numbers)s") % {"numbers": text.join(rest)})
    return shown
