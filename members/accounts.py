"""Accounts: found by email address, and the link to set a password."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.db.models import Q
from django.http import HttpRequest

from members.models import User

log = structlog.get_logger(__name__)


def account_of(email: str) -> User | None:
    """Return the account whose primary address or verified other address is ``email`` in lower case, if any."""
    verified = EmailAddress.objects.filter(email=email, verified=True).values("user")
    return User.objects.filter(Q(email=email) | Q(pk__in=verified)).first()


def send_password_link(request: HttpRequest, user: User) -> bool:
    """Email ``user`` a link to set a password. Returns whether the email was sent.

    The link is the same as for a password reset.
    """
    form = ResetPasswordForm({"email": user.email})
    if not form.is_valid() or user not in form.users:
        return False
    try:
        # allauth's context is not set if this runs after the request, in on_commit.
        with request_context(request):
            form.save(request)
    except (SMTPException, OSError) as error:
        log.warning(
            "password_link_not_sent", user=user.pk, error=type(error).__name__, exc_info=True
        )
        return False
    return True
