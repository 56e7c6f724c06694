"""Forms for a person's own account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import time_zones, visible
from members import account_mail
from members.models import User


class ProfileForm(forms.ModelForm):
    """The name, language and time zone of a user."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("The browser’s language")), *settings.LANGUAGES],
        help_text=_("Of pages and emails."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [("", "–"), *time_zones.choices()]
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        labels = {"name": _("Name")}
        help_texts = {"name": _("Colleagues, moderators and officers see this name.")}

    def __init__(self, *args: Any, browser_zone: str, **kwargs: Any) -> None:
        """``browser_zone`` is the time zone of the browser, or ``""``."""
        super().__init__(*args, **kwargs)
        if not self.instance.time_zone:
            self.initial["time_zone"] = browser_zone or settings.TIME_ZONE
        elif browser_zone and browser_zone != self.instance.time_zone:
            self.fields["time_zone"].help_text = gettext("This browser’s time zone: %(zone)s") % {
                "zone": browser_zone
            }

    def clean_name(self) -> str:
        """Return the name without invisible characters. Raises ``ValidationError`` if it has no visible one."""
        name = str(self.cleaned_data["name"])
        if visible.is_blank(name):
            raise forms.ValidationError(gettext("Enter a name with visible characters."))
        return visible.cleaned(name)


class RequestPasswordForm(ResetPasswordForm):
    """Sends a password link. Unknown addresses get no email, and the response takes the same time."""

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
