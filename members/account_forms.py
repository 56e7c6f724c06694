"""Forms that replace allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from members import account_mail
from members.models import User


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
