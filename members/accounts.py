"""Accounts as allauth keeps them, made for people by others."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from allauth.account.forms import ResetPasswordForm
from allauth.core.context import request_context
from django.http import HttpRequest

from members.models import User

log = structlog.get_logger(__name__)


def send_password_link(request: HttpRequest, user: User) -> bool:
    """Send ``user`` the link by which a password is set; return whether the e-mail left.

    It is the same link that a person who forgot the password is sent.
    """
    form = ResetPasswordForm({"email": user.email})
    if not form.is_valid() or user not in form.users:
        return False
    try:
        with request_context(
            request
        ):  # it may be called when the request is over, after the commit
            form.save(request)
    except (SMTPException, OSError) as error:
        log.warning(
            "password_link_not_sent", user=user.pk, error=type(error).__name__, exc_info=True
        )
        return False
    return True
