"""Fields for the identifiers of a seller, one for each kind, with one value on each line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.marketplaces.identifiers import normalise
from cases.models import Case, StatedIdentifier
from cases.queries import stated_identifiers
from cases.services.stated_identifiers import MOST_OF_KIND

Kind = StatedIdentifier.Kind
LINE_LENGTH = 200


class IdentifierField(forms.CharField):
    """Identifiers of one kind, one on each line. Its value is a list."""

    def __init__(self, kind: str, help_text: Any) -> None:
        widget = forms.Textarea({"rows": 2, "dir": "auto", "spellcheck": "false"})
        self.kind, label = kind, Kind(kind).label
        super().__init__(required=False, label=label, help_text=help_text, widget=widget)

    def clean(self, value: Any) -> Any:
        """Return the lines. Raises :class:`ValidationError` if one has no value, or there are too many."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_OF_KIND:
            raise ValidationError(_("Enter up to %(limit)d lines."), params={"limit": MOST_OF_KIND})
        for line in lines:
            if len(line) > LINE_LENGTH:
                raise ValidationError(_("A line can have up to 200 characters."))
            if not normalise(self.kind, line) or (self.kind == Kind.EMAIL and "@" not in line):
                raise ValidationError(
                    _("“%(value)s” is not valid here."), params={"value": line[:60]}
                )
        return lines


class SellerIdentifierFields(forms.Form):
    """The fields of all kinds. ``identifiers`` is the argument of the service."""

    phone = IdentifierField(Kind.PHONE, gettext_lazy("One per line, with the country code."))
    email = IdentifierField(Kind.EMAIL, gettext_lazy("One per line."))
    payment = IdentifierField(
        Kind.PAYMENT, gettext_lazy("One per line, for example an Alipay or bank account.")
    )
    address = IdentifierField(
        Kind.ADDRESS, gettext_lazy("One per line, for example the return address of a parcel.")
    )
    licence = IdentifierField(Kind.LICENCE, gettext_lazy("One number per line."))
    social = IdentifierField(
        Kind.SOCIAL, gettext_lazy("One per line, with the name of the service or as a URL.")
    )

    @staticmethod
    def initial_of(case: Case) -> dict[str, str]:
        """Return the initial values for the draft. Makes one query."""
        stated = stated_identifiers.of_case(case)
        return {
            kind: "\n".join(value for of_kind, value in stated if of_kind == kind)
            for kind in Kind.values
        }

    @property
    def identifier_fields(self) -> list[BoundField]:
        return [self[kind] for kind in Kind.values]

    @property
    def shows_identifiers(self) -> bool:
        """Whether any field has a value or an error."""
        return any(field.errors or field.value() for field in self.identifier_fields)

    @property
    def identifiers(self) -> dict[str, list[str]]:
        return {kind: self.cleaned_data[kind] for kind in Kind.values}
