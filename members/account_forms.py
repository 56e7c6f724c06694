"""The forms of allauth that the portal changes."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from members import account_mail
from members.models import User


class RequestPasswordForm(ResetPasswordForm):
    """Asks for a link to set a password. An unknown address gets nothing, and the page takes the same time."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        if self.users:
            with account_mail.afterwards():
                super().save(request, **kwargs)
        else:
            # The work that a known address takes. The result is thrown away.
            context = {"user": User(email=email), "password_reset_url": "", "request": request}
            get_adapter().render_mail("account/email/password_reset_key", email, context)
        return email
