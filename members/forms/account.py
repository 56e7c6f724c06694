"""Forms for a person's own account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, ResetPasswordForm, SetPasswordForm
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import time_zones
from alliance.lib.forms import VisibleCharField
from members.mail import account as account_mail
from members.models import SingleSignOn, User
from members.services import single_sign_on
from members.single_sign_on.pages import must_use, only_its_domains


class NameField(VisibleCharField):
    """The name of a user."""

    default_error_messages = {"blank": _("Enter a name with visible characters.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Name"))
        kwargs.setdefault("max_length", User._meta.get_field("name").max_length)
        super().__init__(**kwargs)


class ProfileForm(forms.ModelForm):
    """The name, language, time zone and keyboard shortcuts of a user."""

    name = NameField(help_text=_("Colleagues, moderators and officers see this name."))
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("The browser’s language")), *settings.LANGUAGES],
        help_text=_("Of pages and emails."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones.choices)

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "uses_shortcuts")

    def __init__(self, *args: Any, browser_zone: str, **kwargs: Any) -> None:
        """``browser_zone`` is the time zone of the browser, or ``""``."""
        super().__init__(*args, **kwargs)
        if not self.instance.time_zone:
            self.initial["time_zone"] = browser_zone or settings.TIME_ZONE
        elif browser_zone and browser_zone != self.instance.time_zone:
            self.fields["time_zone"].help_text = gettext("This browser’s time zone: %(zone)s") % {
                "zone": browser_zone
            }


class NewAccountForm(SetPasswordForm):
    """The name and password of an invited person without an account."""

    name = NameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Colleagues, moderators and officers see this name."),
    )
    field_order = ("name", "password1", "password2")


class AddAddressForm(AddEmailForm):
    """Adds an email address. People who must use single sign-on add addresses of its domains only."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if provider := single_sign_on.forbids_address(self.user, email):
            raise forms.ValidationError(only_its_domains(provider))
        return email


class RequestPasswordForm(ResetPasswordForm):
    """Sends a password link. Unknown addresses get no email, and the response takes the same time.

    All addresses of a domain that requires single sign-on are refused, owners included: a difference would reveal who
    they are. An admin can send an owner a link.
    """

    def clean_email(self) -> str:
        email: str = super().clean_email()
        provider = SingleSignOn.objects.for_address(email)
        if provider is not None and provider.is_required:
            raise forms.ValidationError(
                format_html(
                    '{} <a href="{}">{}</a>',
                    must_use(provider),
                    reverse("single_sign_on"),
                    gettext("Log in with single sign-on"),
                )
            )
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        if self.users:
            with account_mail.in_background():
                super().save(request, **kwargs)
        else:
            # The same work as for a known address, to take the same time. The result is discarded.
            context = {"user": User(email=email), "password_reset_url": "", "request": request}
            get_adapter().render_mail("account/email/password_reset_key", email, context)
        return email
