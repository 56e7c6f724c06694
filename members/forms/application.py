"""The forms of an application to join: one for each page, and the answer to a question."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from alliance.lib import visible
from alliance.lib.forms import LongTextForm, set_choices
from members.forms.document import DocumentField, HasDocument
from members.models import Application, Industry
from members.models.directory import is_web_address
from members.services.applications import MAX_BRANDS

MAX_BRAND_LENGTH = 100
MAX_MARKS = 4


class StartForm(forms.Form):
    """The email address with which an application begins or continues."""

    email = forms.EmailField(
        label=gettext_lazy("Your work email address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=gettext_lazy("An address of the organisation’s own domain is verified faster."),
    )


class OwnerForm(forms.Form):
    """Another address for the invitation of a first owner."""

    email = forms.EmailField(
        label=gettext_lazy("Another email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=gettext_lazy("If the first owner is another person. Otherwise leave it empty."),
    )


class SectionForm(LongTextForm):
    """A page of the application. ``values`` are the keyword arguments for the service."""

    def __init__(self, data: Any, files: Any = None, *, application: Application) -> None:
        self.application = application
        super().__init__(data, files, initial=self.initial_of(application))

    def initial_of(self, application: Application) -> dict[str, Any]:
        return {name: getattr(application, name) for name in self.base_fields}

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class OrganisationForm(SectionForm):
    """Who applies: names, country, register, website and industries."""

    name = forms.CharField(
        label=gettext_lazy("Legal name in Latin letters"),
        max_length=200,
        help_text=gettext_lazy("As on the registration document, or its usual transcription."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    name_local = forms.CharField(
        label=gettext_lazy("Legal name in its own script"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For example 宏远实业有限公司, if it is not in Latin letters."),
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country or region of registration"))
    registration_number = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=60,
        help_text=gettext_lazy(
            "In the company register, for example the unified social credit code or the HRB number."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    website = forms.URLField(
        label=gettext_lazy("Website"),
        max_length=200,
        assume_scheme="https",
        validators=[is_web_address],
        widget=forms.URLInput({"autocomplete": "url", "placeholder": "https://"}),
    )
    industries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Industries"),
        queryset=Industry.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["country"], [("", _("Choose…")), *countries])
        industries: Any = self.fields["industries"]
        industries.queryset = Industry.objects.all()

    def initial_of(self, application: Application) -> dict[str, Any]:
        found = {name: getattr(application, name) for name in self.base_fields}
        return found | {"industries": application.industries.all()}

    def clean_name(self) -> str:
        name = clean_words(self.cleaned_data["name"])
        letters = [one for one in name if unicodedata.category(one).startswith("L")]
        if not all(unicodedata.name(one, "").startswith("LATIN") for one in letters):
            raise ValidationError(
                _("Enter the name in Latin letters. The next field is for the original script.")
            )
        return name

    def clean_name_local(self) -> str:
        name = self.cleaned_data["name_local"]
        return clean_words(name) if name else ""

    def clean_registration_number(self) -> str:
        return clean_words(unicodedata.normalize("NFKC", self.cleaned_data["registration_number"]))

    @property
    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"industries": list(self.cleaned_data["industries"])}


class ContactForm(SectionForm):
    """The person who applies, and who becomes the first owner."""

    contact_name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name", "dir": "auto"}),
    )
    contact_position = forms.CharField(
        label=gettext_lazy("Position"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "organization-title", "dir": "auto"}),
    )
    contact_phone = forms.RegexField(
        r"^\+?[0-9][0-9 ()./-]{3,38}[0-9]\Z",
        label=gettext_lazy("Phone number"),
        help_text=gettext_lazy("With the country code, for example +86 571 8502 2088."),
        error_messages={"invalid": gettext_lazy("Enter digits, for example +86 571 8502 2088.")},
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    second_contact_name = forms.CharField(
        label=gettext_lazy("Second contact"),
        help_text=gettext_lazy("A colleague whom moderators can ask if they do not reach you."),
        required=False,
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto"}),
    )
    second_contact_email = forms.EmailField(
        label=gettext_lazy("Email address of the second contact"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Require both the name and the address of a second contact, or neither."""
        data = super().clean() or self.cleaned_data
        for name, other in (("name", "email"), ("email", "name")):
            field, given = f"second_contact_{name}", data.get(f"second_contact_{other}")
            if given and not data.get(field) and field not in self.errors:
                self.add_error(field, _("Enter the name and the email address, or neither."))
        return data

    def clean_second_contact_name(self) -> str:
        name = self.cleaned_data["second_contact_name"]
        return clean_words(name) if name else ""

    def clean_contact_name(self) -> str:
        return clean_words(self.cleaned_data["contact_name"])

    def clean_contact_position(self) -> str:
        return visible.cleaned(self.cleaned_data["contact_position"])


class BrandsForm(SectionForm):
    """The brands that the organisation owns or may protect, one a line."""

    brands = forms.CharField(
        label=gettext_lazy("Brands"),
        max_length=MAX_BRANDS * (MAX_BRAND_LENGTH + 1),
        widget=forms.Textarea(
            {"rows": 6, "dir": "auto", "data-count": "lines", "data-max": MAX_BRANDS}
        ),
        help_text=gettext_lazy("One brand a line. You can register their rights once admitted."),
    )

    def initial_of(self, application: Application) -> dict[str, Any]:
        return {"brands": "\n".join(application.brands)}

    def clean_brands(self) -> list[str]:
        lines = [visible.cleaned(line) for line in self.cleaned_data["brands"].splitlines()]
        found = list(dict.fromkeys(clean_words(line) for line in lines if line))
        if not found:
            raise ValidationError(_("Enter at least one brand."))
        if len(found) > MAX_BRANDS:
            text = _("Enter at most %(limit)d brands. You can add others once admitted.")
            raise ValidationError(text % {"limit": MAX_BRANDS})
        for name in found:
            if len(name) > MAX_BRAND_LENGTH:
                text = _(
                    "“%(name)s…” is longer than %(limit)d characters. Put each brand on a line."
                )
                raise ValidationError(text % {"name": name[:40], "limit": MAX_BRAND_LENGTH})
        return found


class DocumentsForm(HasDocument, SectionForm):
    """The two documents. A saved one is replaced only if another file is chosen."""

    registration_document = DocumentField(label=gettext_lazy("Registration document"))
    mandate = DocumentField(label=gettext_lazy("Proof of authority"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "registration_document": _(
                "Extract of the company register or business licence: PDF, PNG or JPEG, up to %(limit)d MB."
            ),
            "mandate": _(
                "Letter of authorisation, signed by the organisation: PDF, PNG or JPEG, up to %(limit)d MB."
            ),
        }
        for name, text in texts.items():
            field: Any = self.fields[name]
            field.describe(text)
            if getattr(self.application, f"{name}_id"):
                field.required = False
                field.help_text += " " + _("Choose a file only to replace the present one.")

    def initial_of(self, application: Application) -> dict[str, Any]:
        return {}


class DeclarationForm(forms.Form):
    """The declaration with which an application is submitted. The service requires it."""

    declared = forms.BooleanField(
        required=False,
        label=gettext_lazy(
            "I confirm that I may act for the organisation, and that the information is accurate and complete."
        ),
    )


class TextForm(LongTextForm):
    """One text: an answer, a question or a reason. ``seen`` is the version that the page shows."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(
            {"rows": 4, "dir": "auto", "data-count": "characters", "data-max": 2000}
        ),
    )

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label, field.help_text = label, help_text

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if visible.is_blank(text):
            raise ValidationError(_("Enter a text."))
        return text


SECTION_FORMS: dict[str, type[SectionForm]] = {
    "organisation": OrganisationForm,
    "contact": ContactForm,
    "brands": BrandsForm,
    "documents": DocumentsForm,
}


def clean_words(text: str) -> str:
    """Return a name on one line, in Unicode's composed form, without invisible characters.

    Raises :class:`ValidationError` for a text without letters and digits, and for letters under piles of accents.
    """
    found = unicodedata.normalize("NFC", visible.cleaned(text))
    if not any(unicodedata.category(one)[0] in "LN" for one in found):
        raise ValidationError(_("Enter letters or digits."))
    marks = 0
    for one in found:
        marks = marks + 1 if unicodedata.category(one) == "Mn" else 0
        if marks > MAX_MARKS:
            raise ValidationError(_("Remove the accents that do not belong to the name."))
    return found


def count_of(texts: list[str]) -> str:
    """Return how many things are left to do on a page, in words."""
    number = len(texts)
    return ngettext("%(number)d thing is missing", "%(number)d things are missing", number) % {
        "number": number
    }
