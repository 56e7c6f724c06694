"""Forms for filing a case. They clean input; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import text, visible
from alliance.lib.forms import LongTextForm
from cases.forms.draft import DraftForm
from cases.forms.fields import CHOOSE_MARKETPLACE, clean_shop_name, shop_name_field
from cases.forms.seller_identifiers import SellerIdentifierFields
from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Marketplace
from cases.queries import listing_checks
from cases.queries.listing_checks import Issue
from cases.queries.shop_groups import ShopGroup
from cases.services import draft_listings, drafts

# Input with more lines is refused without parsing.
MOST_LINES = 1000
MISTAKES_SHOWN = 30


class MarketplaceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Marketplace) -> str:
        return f"{obj.name} {obj.name_local}".strip()


class ListingsForm(SellerIdentifierFields, DraftForm):
    """The seller with its identifiers, and the listing URLs, one per line. ``values`` are the keyword arguments for the service."""

    required_names = ("marketplace", "shop", "seller_name", "urls")
    must_confirm = False

    marketplace = MarketplaceField(
        label=gettext_lazy("Marketplace"),
        error_messages={"required": CHOOSE_MARKETPLACE},
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
    seller_name = shop_name_field()
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
        kwargs["initial"] = {
            **base,
            **_listings_of(case),
            **self.initial_of(case),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["urls"].widget.attrs["data-max"] = settings.LISTINGS_PER_CASE
        self.fields["urls"].help_text = _(
            "One per line, up to %(limit)d. Duplicates are merged."
        ) % {"limit": settings.LISTINGS_PER_CASE}
        self.parsed = addresses.ParsedText([], [], 0)
        self.had_invisible_characters = False
        self.groups: list[ShopGroup] = []
        self.case = case

    def clean_seller_name(self) -> str:
        """Return the name without invisible characters, and set ``had_invisible_characters``."""
        name = str(self.cleaned_data["seller_name"])
        self.had_invisible_characters = visible.has_invisible(name)
        return clean_shop_name(name)

    def clean_urls(self) -> str:
        lines = self.cleaned_data["urls"]
        count = len({line for _number, line in addresses.lines(lines)})
        if not count and self.fields["urls"].required:
            raise ValidationError(self.fields["urls"].error_messages["required"])
        if count > MOST_LINES:
            raise ValidationError(too_many(count))
        self.parsed = addresses.parse_text(lines, Marketplaces.all())
        if self.parsed.mistakes:
            raise ValidationError(_mistakes(self.parsed.mistakes))
        if len(self.parsed.addresses) > settings.LISTINGS_PER_CASE:
            raise ValidationError(too_many(len(self.parsed.addresses)))
        return str(lines)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        found = draft_listings.check(
            case=self.case,
            marketplace=data.get("marketplace"),
            shop=data.get("shop", ""),
            addresses=self.parsed.addresses if "urls" in data else [],
            confirmed=bool(data.get("confirmed")),
        )
        if found.shop:
            data["seller_id"], data["shop_url"] = found.shop, found.shop_url
        if found.problem:
            self.add_error("shop", found.problem)
        if "urls" in data:
            self.groups = found.groups
        if "urls" in data and found.issues and not self.errors.get("shop"):
            self._refuse(found.issues)
        return data

    def _refuse(self, found: list[Issue]) -> None:
        """Add an error for each line that cannot be a listing of the shop or must be confirmed."""
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
    def can_be_split(self) -> bool:
        """Whether the URLs were refused and belong to several shops."""
        return len(self.groups) > 1 and bool(self.errors)

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        named = data.get("marketplace") and data.get("seller_id")
        return {
            "marketplace": data["marketplace"] if named else None,
            "seller_id": data.get("seller_id", ""),
            "seller_name": data.get("seller_name", ""),
            "shop_url": data.get("shop_url", ""),
            "addresses": self.parsed.addresses,
            "identifiers": self.identifiers,
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


def too_many(count: int) -> str:
    """Return the message for ``count`` URLs, which are more than a case can have."""
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
