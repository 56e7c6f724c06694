"""Forms of test purchases: the plan, the steps, the disposal, files and cases. They clean input; services decide."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import clock, currencies, visible
from alliance.lib.amounts import AmountField, CountField
from alliance.lib.forms import LongTextForm, day_input, set_choices
from alliance.lib.refusals import Refusal
from cases.forms import evidence
from cases.forms.fields import DayField, shop_name_field
from cases.marketplaces import addresses
from cases.models import Case, TestPurchase, TestPurchaseFile
from cases.models.test_purchase import FACTS
from cases.services.purchases import core, ending
from cases.states import Verdict
from members.models import Brand, Member, Product
from members.services import products

# A member with more products names the product in the note.
MOST_PRODUCTS = 500
MOST_GOODS = 10_000


class PurchaseForm(LongTextForm):
    """Cleans texts: no invisible characters, and none that only looks like a text."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, field in self.fields.items():
            text = data.get(name)
            if type(field) is forms.CharField and text and not field.widget.is_hidden:
                data[name] = self._cleaned(name, field, text)
        return data

    def _cleaned(self, name: str, field: forms.CharField, text: str) -> str:
        if isinstance(field.widget, forms.Textarea):
            try:
                cleaned = products.paragraphs(text, field.max_length or len(text))
            except Refusal as refusal:
                self.add_error(name, str(refusal))
                return text
        else:
            cleaned = "" if visible.is_blank(text) else visible.cleaned(text)
        if field.required and not cleaned:
            self.add_error(name, _("Enter a text with visible characters."))
        return cleaned


class PlanForm(PurchaseForm):
    """A new test purchase. ``values`` are the keyword arguments for the service."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput({"data-recover": ""}))
    brand = forms.ModelChoiceField(
        label=gettext_lazy("Brand"),
        queryset=Brand.objects.none(),
        empty_label=gettext_lazy("Choose…"),
        error_messages={"required": gettext_lazy("Choose a brand of the member.")},
    )
    product = forms.ModelChoiceField(
        label=gettext_lazy("Product"),
        queryset=Product.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    listing_url = forms.CharField(
        label=gettext_lazy("Listing URL"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Enter the URL of the listing.")},
        widget=forms.TextInput(
            {"inputmode": "url", "autocapitalize": "off", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    shop = forms.CharField(
        label=gettext_lazy("Shop ID or shop URL"),
        required=False,
        help_text=gettext_lazy("Leave empty if the listing URL contains the shop."),
        max_length=addresses.SHOP_URL_LENGTH,
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false", "dir": "auto"}),
    )
    seller_name = shop_name_field()
    note = forms.CharField(
        label=gettext_lazy("What to buy, and why"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, member: Member) -> None:
        super().__init__(data, initial={"token": uuid.uuid4()})
        brand, product = (self.fields[name] for name in ("brand", "product"))
        assert isinstance(brand, forms.ModelChoiceField)
        assert isinstance(product, forms.ModelChoiceField)
        brand.queryset = member.brands.filter(is_active=True).order_by("name", "pk")
        product.queryset = Product.objects.filter(member=member, is_active=True)
        rows = product.queryset.order_by("name", "pk")[:MOST_PRODUCTS]
        set_choices(product, lambda: [("", _("None")), *((one.pk, str(one)) for one in rows)])

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def _label(name: str) -> Any:
    field: Any = TestPurchase._meta.get_field(name).formfield()  # type: ignore[union-attr]
    return field.label


def _text(name: str) -> forms.Field:
    """Return the field of a text column, as Django makes it from the model."""
    field: Any = TestPurchase._meta.get_field(name).formfield()  # type: ignore[union-attr]
    field.widget.attrs["dir"] = "auto"
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = 3
    return field  # type: ignore[no-any-return]


# The days on which the steps were done.
_DAYS = ("ordered_on", "received_on", "examined_on", "stored_on")
# The fields that are not plain texts.
_FIELDS: dict[str, Callable[[str], forms.Field]] = {
    **dict.fromkeys(_DAYS, lambda name: DayField(label=_label(name), required=True)),
    "keep_until": lambda name: forms.DateField(
        label=_label(name),
        widget=day_input(),
        help_text=gettext_lazy("The last day on which the goods must be kept."),
    ),
    "price": lambda name: AmountField(
        label=_label(name), min_value=0, help_text=gettext_lazy("The total with delivery.")
    ),
    "currency": lambda name: forms.ChoiceField(
        label=_label(name), choices=lambda: [("", _("Choose…")), *currencies.named()]
    ),
    "quantity": lambda name: CountField(label=_label(name), min_value=1, max_value=MOST_GOODS),
    "verdict": lambda name: forms.ChoiceField(
        label=_label(name), choices=Verdict.choices, widget=forms.RadioSelect
    ),
}
_HELP = {
    "examiner": gettext_lazy("The person or the laboratory that examined the goods."),
    "indicators": gettext_lazy("What gives the goods away, or why they are genuine."),
    "variant": gettext_lazy("For example size, colour or model."),
    "deliver_to": gettext_lazy("Where the parcel goes. Sellers watch for known addresses."),
}


class StepForm(PurchaseForm):
    """The facts of one step of ``purchase``: empty for a new step, filled in to correct a recorded one.

    Use the subclasses in :data:`FORMS`. ``facts`` are the keyword arguments for the service.
    """

    step = ""
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, purchase: TestPurchase) -> None:
        self.purchase = purchase
        super().__init__(data, initial=_initial(purchase, self.step))

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS[self.step]}


def _step_form(step: str) -> type[StepForm]:
    fields: dict[str, Any] = {"step": step}
    for name in FACTS[step]:
        field = _FIELDS.get(name, _text)(name)
        field.required = name in core.REQUIRED.get(step, ())
        field.help_text = _HELP.get(name, field.help_text)
        fields[name] = field
    return type(f"{step.title()}Form", (StepForm,), fields)


def _initial(purchase: TestPurchase, step: str) -> dict[str, Any]:
    if purchase.has_done(step):
        facts = {name: getattr(purchase, name) for name in FACTS[step]}
        return facts | {"seen": core.version(purchase, step)}
    return {
        "quantity": 1,
        "keep_until": purchase.keep_until,
        **dict.fromkeys(_DAYS, clock.users_day()),
    }


# The forms of the steps whose facts can be corrected.
FORMS = {step: _step_form(step) for step in FACTS}


class ProposeForm(PurchaseForm):
    """Proposes to dispose of the goods."""

    disposal_method = forms.ChoiceField(
        label=gettext_lazy("Method of disposal"),
        choices=TestPurchase.DisposalMethod.choices,
        widget=forms.RadioSelect,
    )
    disposal_note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class DisposeForm(forms.Form):
    """Confirms the disposal that ``purchase`` has at the moment."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    disposed_on = DayField(
        label=gettext_lazy("Day of the disposal"), required=True, initial=clock.users_day
    )

    def __init__(self, data: Any = None, *, purchase: TestPurchase) -> None:
        super().__init__(data, initial={"seen": ending.proposal_version(purchase)})


class CancelForm(PurchaseForm):
    """Cancels a purchase."""

    cancel_reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter the reason.")},
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("For example: the seller cancelled the order and paid back."),
    )


class FilesForm(evidence.FilesForm):
    """Files of one kind about a test purchase."""

    kinds = TestPurchaseFile.Kind


class AddToCaseForm(forms.Form):
    """Names the case that a purchase supports. ``cases`` are those to choose from."""

    case = forms.CharField(
        label=gettext_lazy("Draft or undecided case"),
        max_length=14,
        error_messages={"required": gettext_lazy("Choose a case.")},
        widget=forms.Select,
    )

    def __init__(self, data: Any = None, *, cases: Iterable[Case] = ()) -> None:
        super().__init__(data)
        widget = self.fields["case"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [
            (case.reference, f"{case.reference} · {case.get_status_display()}") for case in cases
        ]
