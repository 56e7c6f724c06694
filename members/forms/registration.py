"""The forms with which a member registers or changes a right, and a moderator returns it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import clock, visible
from alliance.lib.forms import LongTextForm, day_input, set_choices
from members import territories
from members.forms.document import DocumentField, HasDocument
from members.forms.right import ClassesField, CleanFacts, TerritoryField
from members.models import Brand, IPRight, Member
from members.services import rights

NEW_BRAND = "new"
# Offices that the form suggests. Others can be entered.
OFFICES = (
    *("CNIPA", "EUIPO", "WIPO", "USPTO", "JPO", "KIPO", "UKIPO", "BOIP", "DPMA", "INPI", "HKIPD"),
    *("NCAC", "TIPO", "CGPDTM", "IPOS"),
)
# Laws on trademarks are not older, and no right lasts longer.
FIRST_DAY, LAST_YEAR = date(1850, 1, 1), 2300


class RegistrationForm(CleanFacts, HasDocument, LongTextForm):
    """A right, as its member registers or changes it. ``values`` are the keyword arguments for the service."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    brand = forms.ChoiceField(label=gettext_lazy("Brand"))
    new_brand = forms.CharField(
        label=gettext_lazy("Name of the new brand"),
        required=False,
        max_length=Brand._meta.get_field("name").max_length,
        help_text=gettext_lazy(
            "Only for a brand that is not in the list. It appears in the directory once a right is verified."
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of right"))
    title = forms.CharField(
        label=gettext_lazy("Mark or title"),
        max_length=IPRight._meta.get_field("title").max_length,
        help_text=gettext_lazy("As registered, in its own script."),
    )
    registered_owner = forms.CharField(
        label=gettext_lazy("Registered owner"),
        max_length=IPRight._meta.get_field("registered_owner").max_length,
        help_text=gettext_lazy("As in the office’s register."),
    )
    office = forms.CharField(
        label=gettext_lazy("Office"),
        max_length=IPRight._meta.get_field("office").max_length,
        widget=forms.TextInput({"list": "offices", "autocomplete": "off"}),
        help_text=gettext_lazy("For example CNIPA, EUIPO or WIPO."),
    )
    number = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=IPRight._meta.get_field("number").max_length,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    territory = TerritoryField()
    nice_classes = ClassesField()
    registered_on = forms.DateField(
        label=gettext_lazy("Registered on"),
        widget=day_input(),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Expires on"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Leave empty if the right does not expire."),
    )
    certificate = DocumentField(label=gettext_lazy("Certificate"))
    confirmed = forms.BooleanField(
        label=gettext_lazy("End the verification"),
        required=False,
        help_text=gettext_lazy(
            "Moderators must verify the right again. Until then, new cases cannot cite it."
        ),
    )

    def __init__(
        self, data: Any, files: Any = None, *, member: Member, right: IPRight | None = None
    ) -> None:
        """``right`` is the one to change, ``None`` for a new one."""
        self.right = right
        super().__init__(data, files, initial=_initial(right))
        self._brands = {str(brand.pk): brand for brand in _brands(member, right)}
        set_choices(self.fields["brand"], self._brand_choices())
        set_choices(self.fields["kind"], [("", _("Choose…")), *IPRight.Kind.choices])
        for name in ("title", "registered_owner", "office", "number", "new_brand"):
            self.fields[name].widget.attrs["dir"] = "auto"
        self._prepare_certificate()
        if right is None or right.verified_at is None:
            del self.fields["confirmed"]
        if right is None:
            del self.fields["seen"]

    def _brand_choices(self) -> list[tuple[str, Any]]:
        names = [(key, str(brand)) for key, brand in self._brands.items()]
        choose = [("", _("Choose…"))] if names else []
        return [*choose, *names, (NEW_BRAND, _("A new brand"))]

    def _prepare_certificate(self) -> None:
        field: Any = self.fields["certificate"]
        field.describe(_("PDF, PNG or JPEG, up to %(limit)d MB."))
        if self.right is not None and self.right.certificate_id:
            field.required = False
            field.help_text += " " + _("Choose a file only to replace the present one.")

    @property
    def offices(self) -> tuple[str, ...]:
        """Offices to suggest."""
        return OFFICES

    def clean_new_brand(self) -> str:
        name = visible.cleaned(self.cleaned_data["new_brand"])
        if self.data.get("brand") != NEW_BRAND:
            return ""
        if visible.is_blank(name):
            raise ValidationError(_("Enter the name of the new brand."))
        return name

    def clean_registered_on(self) -> date:
        day: date = self.cleaned_data["registered_on"]
        if day > clock.today():
            raise ValidationError(
                _("This date is in the future. Only registered rights can be cited.")
            )
        if day < FIRST_DAY:
            raise ValidationError(_("Check the year."))
        return day

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day.year > LAST_YEAR:
            raise ValidationError(_("Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        registered, expires = data.get("registered_on"), data.get("expires_on")
        if registered and expires and expires < registered:
            self.add_error("expires_on", _("The right cannot expire before it is registered."))
        kind, classes = data.get("kind"), data.get("nice_classes")
        if kind == IPRight.Kind.TRADEMARK and classes == []:
            self.add_error("nice_classes", _("Enter the Nice classes of the trademark."))
        elif kind and kind != IPRight.Kind.TRADEMARK and classes:
            self.add_error(
                "nice_classes", _("Only trademarks have Nice classes. Leave this empty.")
            )
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service, except for those about the form itself."""
        skipped = ("seen", "confirmed", "brand")
        values = {name: value for name, value in self.cleaned_data.items() if name not in skipped}
        for name in set(rights.FACTS) & set(values) - set(self.changed_data):
            # As it is stored: cleaning an old value must not count as a change.
            values[name] = getattr(self.right, name) if self.right else values[name]
        return values | {"brand": self._brands.get(self.cleaned_data["brand"])}


class ReturnForm(LongTextForm):
    """Returns a right to its member, with the reason."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Enter the reason.")},
        widget=forms.Textarea({"rows": 4, "data-count": "characters", "data-max": 2000}),
        help_text=gettext_lazy("The member reads it by email and on the page of the right."),
    )

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if visible.is_blank(reason):
            raise ValidationError(_("Enter the reason."))
        return reason


def _initial(right: IPRight | None) -> dict[str, Any]:
    if right is None:
        return {"kind": IPRight.Kind.TRADEMARK}
    return {
        "seen": rights.version(right),
        "brand": str(right.brand_id),
        "kind": right.kind,
        "title": right.title,
        "registered_owner": right.registered_owner,
        "office": right.office,
        "number": right.number,
        "territory": ", ".join(territories.shortened(right.territory)),
        "nice_classes": ", ".join(map(str, right.nice_classes)),
        "registered_on": right.registered_on,
        "expires_on": right.expires_on,
    }


def _brands(member: Member, right: IPRight | None) -> list[Brand]:
    """Return the brands to choose from: active ones, new ones without a verified right, and that of ``right``."""
    brands = member.brands.order_by("name", "pk")
    retired = brands.filter(is_active=False, rights__verified_at__isnull=False).values("pk")
    found = list(brands.exclude(pk__in=retired))
    if right is not None and right.brand not in found:
        found.append(right.brand)
    return found
