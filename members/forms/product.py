"""The forms of a product, its features and its pictures, and the filters of the list and of a guide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib import visible
from alliance.lib.forms import LongTextForm, Narrowable, file_attributes, set_choices
from alliance.lib.refusals import Refusal
from members import search, territories
from members.forms.document import DocumentField, HasDocument
from members.forms.list_filter import ListFilterForm
from members.forms.right import ClassesField, TerritoryField
from members.models import Brand, Member, Product, ProductFeature, ProductPicture
from members.models.product import ProductQuerySet
from members.names import search_key
from members.services import pictures, product_parts, products

SEARCH_LENGTH = 200
# With more brands, the list of products links to the guide of the chosen one only.
MOST_LINKS = 20


def _length(model: Any, field: str) -> int:
    return int(model._meta.get_field(field).max_length)


class PlacesField(TerritoryField):
    """Countries and regions, or none."""

    def __init__(self, label: Any, help_text: Any) -> None:
        super().__init__()
        self.label, self.help_text = label, help_text
        self.required = self.widget.is_required = False

    def clean(self, value: Any) -> Any:
        return super().clean(value) if str(value or "").strip() else []


class NamesField(forms.CharField):
    """Names by language tag, one a line: ``ja: パーカ``. Returns a dictionary."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Further names"),
            required=False,
            max_length=3000,
            widget=forms.Textarea({"rows": 3, "dir": "auto"}),
            help_text=gettext_lazy("One per line, with its language: ja: パーカ"),
        )

    def clean(self, value: Any) -> Any:
        names: dict[str, str] = {}
        for line in super().clean(value).splitlines():
            if not visible.cleaned(line):
                continue
            tag, colon, name = line.replace("：", ":", 1).partition(":")
            tag = tag.strip()
            if not colon or visible.is_blank(name):
                message = _("“%(line)s” needs a language and a name, such as ja: パーカ")
                raise ValidationError(message % {"line": line.strip()[:50]})
            if tag in names:
                message = _("“%(tag)s” has two names. Enter one.")
                raise ValidationError(message % {"tag": tag[:50]})
            names[tag] = name.strip()
        return names


class PictureField(DocumentField):
    """A picture of a product. It is inspected with the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Picture"), **kwargs)
        self.widget.attrs |= file_attributes(pictures.ACCEPTED)

    def describe(self, help_text: str) -> None:
        super().describe(help_text)
        self.widget.attrs |= file_attributes(pictures.ACCEPTED)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = forms.FileField.clean(self, data, initial)
        if upload:
            try:
                pictures.inspect(upload)
            except Refusal as refusal:
                raise ValidationError(str(refusal)) from None
        return upload or None


class ProductForm(LongTextForm):
    """A product, as its member creates or changes it. ``values`` are the keyword arguments for the service."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    brand = forms.ChoiceField(label=gettext_lazy("Brand"))
    gtin = forms.CharField(
        label=gettext_lazy("GTIN"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("The number under the barcode: 8, 12, 13 or 14 digits."),
    )
    name = forms.CharField(
        label=pgettext_lazy("product", "Name"), max_length=_length(Product, "name")
    )
    name_local = forms.CharField(
        label=gettext_lazy("Name in another script"),
        required=False,
        max_length=_length(Product, "name_local"),
    )
    other_names = NamesField()
    description = forms.CharField(
        label=pgettext_lazy("product", "Description"),
        required=False,
        max_length=_length(Product, "description"),
        widget=forms.Textarea({"rows": 4, "data-count": "characters", "data-max": 2000}),
    )
    packaging = forms.CharField(
        label=gettext_lazy("Packaging"),
        required=False,
        max_length=_length(Product, "packaging"),
        widget=forms.Textarea({"rows": 4, "data-count": "characters", "data-max": 2000}),
        help_text=gettext_lazy("What the genuine packaging looks like: box, labels, seals, codes."),
    )
    production_places = PlacesField(
        gettext_lazy("Places of production"),
        gettext_lazy("Codes or names of countries and regions, separated by commas: CN, Japan."),
    )
    nice_classes = ClassesField()

    def __init__(self, data: Any, *, member: Member, product: Product | None = None) -> None:
        """``product`` is the one to change, ``None`` for a new one."""
        self.product = product
        super().__init__(data, initial=_initial(product))
        self._brands = {str(brand.pk): brand for brand in _brands(member, product)}
        names = [(key, str(brand)) for key, brand in self._brands.items()]
        choose = [] if len(names) == 1 else [("", _("Choose…"))]
        set_choices(self.fields["brand"], [*choose, *names])
        self.fields["nice_classes"].help_text = _("Separate them by commas: 18, 25.")
        for name in ("name", "name_local", "description", "packaging"):
            self.fields[name].widget.attrs["dir"] = "auto"
        if product is None:
            del self.fields["seen"]

    @property
    def has_brands(self) -> bool:
        return bool(self._brands)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = {name: data[name] for name in products.FACTS if name in data}
        try:
            return data | products.clean(given)
        except products.InvalidProduct as refusal:
            for name, message in refusal.errors.items():
                self.add_error(name, message)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service, except for those about the form itself."""
        facts = {name: self.cleaned_data[name] for name in products.FACTS}
        return facts | {"brand": self._brands[self.cleaned_data["brand"]]}


class FeatureForm(HasDocument, LongTextForm):
    """A genuine or a fake feature of a product, with an optional picture."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        widget=forms.RadioSelect,
        choices=[
            (ProductFeature.Kind.GENUINE.value, gettext_lazy("The genuine product has it")),
            (ProductFeature.Kind.FAKE.value, gettext_lazy("Fakes have it")),
        ],
    )
    text = forms.CharField(
        label=gettext_lazy("Feature"),
        max_length=_length(ProductFeature, "text"),
        widget=forms.Textarea({"rows": 3, "data-count": "characters", "data-max": 1000}),
        help_text=gettext_lazy("For example: the logo is woven, with 12 stitches per centimetre."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where to look"),
        required=False,
        max_length=_length(ProductFeature, "place"),
        help_text=gettext_lazy("For example: inside the collar."),
    )
    picture = PictureField(required=False)
    alt = forms.CharField(
        label=gettext_lazy("Description of the picture"),
        required=False,
        max_length=_length(ProductPicture, "alt"),
        help_text=gettext_lazy("For people who cannot see it. Required with a picture."),
    )

    def __init__(
        self, data: Any, files: Any = None, *, feature: ProductFeature | None = None, kind: str = ""
    ) -> None:
        """``feature`` is the one to change; ``kind`` is chosen in the form of a new one."""
        self.feature = feature
        super().__init__(data, files, initial=_initial_feature(feature, kind))
        field: Any = self.fields["picture"]
        field.describe(_("PNG, JPEG or WebP, up to %(limit)d MB."))
        if feature is None:
            del self.fields["seen"]
        elif product_parts.picture_of(feature):
            field.help_text += " " + _("Choose a file only to replace the present one.")
        for name in ("text", "place", "alt"):
            self.fields[name].widget.attrs["dir"] = "auto"

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service, except for those about the form itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class PictureForm(HasDocument, LongTextForm):
    """A picture of a product with its description. The file is absent when the description changes."""

    picture = PictureField()
    alt = forms.CharField(
        label=gettext_lazy("Description of the picture"),
        max_length=_length(ProductPicture, "alt"),
        help_text=gettext_lazy(
            "For people who cannot see it: “Front of the box with the gold seal”."
        ),
    )

    def __init__(
        self, data: Any, files: Any = None, *, picture: ProductPicture | None = None
    ) -> None:
        """``picture`` is the one to describe, ``None`` for a new one."""
        self.described = picture
        super().__init__(data, files, initial={"alt": picture.alt} if picture else {})
        self.fields["alt"].widget.attrs["dir"] = "auto"
        field: Any = self.fields["picture"]
        field.describe(_("PNG, JPEG or WebP, up to %(limit)d MB."))
        if picture is not None:
            del self.fields["picture"]


class MoveForm(forms.Form):
    """The new place of a feature or a picture among its siblings."""

    to = forms.IntegerField(min_value=0, max_value=100)


class SearchForm(Narrowable, forms.Form):
    """A search for products by name or GTIN."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=SEARCH_LENGTH,
        widget=forms.TextInput({"type": "search", "dir": "auto"}),
        help_text=gettext_lazy("Name in any script, or GTIN"),
    )

    def matching(self, found: ProductQuerySet) -> ProductQuerySet:
        """Return the products whose names or GTIN contain every word."""
        self.is_valid()
        given = str(getattr(self, "cleaned_data", {}).get("q", ""))
        words = search_key(visible.cleaned(given)).split()
        for word in words[: search.MAX_WORDS]:
            found = found.filter(search_text__contains=word)
        return found


class ProductFilterForm(SearchForm, ListFilterForm):
    """Filters a member's products by words, brand and state."""

    field_order = ("q", "brand", "state")

    def __init__(self, data: Any, *, member: Member) -> None:
        states = [("active", _("In the brand guide")), ("retired", _("Retired"))]
        super().__init__(data, member=member, states=states)

    @property
    def guides(self) -> list[tuple[str, str]]:
        """The brands to whose guides the page links: all if they are few, else the one of the filter."""
        brands: list[tuple[str, str]] = list(self.fields["brand"].choices)[1:]  # type: ignore[attr-defined]
        if len(brands) <= MOST_LINKS:
            return brands
        return [pair for pair in brands if pair[0] == self.data.get("brand")]

    @property
    def products(self) -> ProductQuerySet:
        """The member's products that match all filters."""
        condition = Q(member=self.member)
        if brand := self.chosen("brand"):
            condition &= Q(brand=int(brand))
        if state := self.chosen("state"):
            condition &= Q(is_active=state == "active")
        return self.matching(Product.objects.filter(condition))


def _brands(member: Member, product: Product | None) -> list[Brand]:
    """Return the brands to choose from: active ones, and that of ``product``."""
    kept = Q(is_active=True) | Q(pk=product.brand_id if product else None)
    return list(member.brands.filter(kept).order_by("name", "pk"))


def _initial(product: Product | None) -> dict[str, Any]:
    if product is None:
        return {}
    names = [f"{tag}: {name}" for tag, name in sorted(product.other_names.items())]
    return {
        "seen": products.version(product),
        "brand": str(product.brand_id),
        "gtin": product.gtin_shown,
        "name": product.name,
        "name_local": product.name_local,
        "other_names": "\n".join(names),
        "description": product.description,
        "packaging": product.packaging,
        "production_places": ", ".join(territories.shortened(product.production_places)),
        "nice_classes": ", ".join(map(str, product.nice_classes)),
    }


def _initial_feature(feature: ProductFeature | None, kind: str) -> dict[str, Any]:
    if feature is None:
        return {"kind": kind if kind in ProductFeature.Kind.values else ""}
    picture = product_parts.picture_of(feature)
    return {
        "seen": product_parts.version(feature),
        "kind": feature.kind,
        "text": feature.text,
        "place": feature.place,
        "alt": picture.alt if picture else "",
    }
