"""The forms of single sign-on: the address with which a login starts, and a provider in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import domains
from members.models import LoginDomain, SingleSignOn
from members.models.single_sign_on import MAX_METADATA
from members.single_sign_on import saml


class StartForm(forms.Form):
    """The email address whose domain selects the identity provider. The login form posts it too."""

    login = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    # The provider, after the form has been validated.
    provider: SingleSignOn

    def clean_login(self) -> str:
        email = str(self.cleaned_data["login"]).lower()
        found = SingleSignOn.objects.for_address(email)
        if found is None:
            raise forms.ValidationError(
                _("No single sign-on is set up for this email domain. Log in with your password.")
            )
        self.provider = found
        return email


class SingleSignOnForm(forms.ModelForm):
    """A provider in the admin. The client secret is entered, but never shown."""

    new_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=gettext_lazy(
            "OpenID Connect: stored encrypted and not shown again. Leave empty to keep the present one."
        ),
    )
    metadata_file = forms.FileField(
        label=gettext_lazy("Metadata file"),
        required=False,
        help_text=gettext_lazy("SAML: instead of pasting the metadata."),
    )

    class Meta:
        model = SingleSignOn
        # The admin adds the others, as its fields.
        fields = ("member",)

    def clean_issuer(self) -> str:
        """Return the issuer, which must be an https URL without query, as discovery needs it."""
        issuer: str = self.cleaned_data["issuer"]
        if issuer and (not issuer.startswith(saml.schemes()) or "?" in issuer or "#" in issuer):
            raise forms.ValidationError(_("Enter an https URL without query."))
        return issuer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if upload := cleaned.get("metadata_file"):
            cleaned["metadata"] = self._read(upload)
        if cleaned.get("metadata") and "metadata" not in self.errors:
            try:
                saml.parse_metadata(cleaned["metadata"])
            except forms.ValidationError as error:
                self.add_error("metadata", error)
        if cleaned.get("kind") == SingleSignOn.Kind.SAML:
            self.instance.secret = ""
            if cleaned.get("new_secret"):
                self.add_error("new_secret", _("SAML has no client secret."))
        elif cleaned.get("new_secret"):
            self.instance.secret = cleaned["new_secret"]
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Check the constraints with the secret, which is no field of the form. Django would skip them."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"secret_sealed"}

    def _read(self, upload: Any) -> str:
        try:
            if upload.size > MAX_METADATA:
                raise ValueError
            text: str = upload.read().decode("utf-8-sig")
        except ValueError:
            self.add_error(
                "metadata_file", _("This is not the metadata of a SAML identity provider.")
            )
            return ""
        return text


class LoginDomainForm(forms.ModelForm):
    """An email domain of a provider."""

    class Meta:
        model = LoginDomain
        fields = ("single_sign_on", "name")

    def clean_name(self) -> str:
        return domains.normalised(self.cleaned_data["name"])
