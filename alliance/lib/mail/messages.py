"""Composes an email from a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def compose(
    template: str, context: Mapping[str, Any], *, to: str, subject: str, reference: str
) -> EmailMessage:
    """Return an email in the active language. ``reference`` identifies it in the header ``X-Portal-Message``.

    Consecutive blank lines of the template become one, so that template tags can have their own lines.
    """
    text = render_to_string(template, dict(context))
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        body=re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n",
        to=[to],
        headers={"X-Portal-Message": reference},
    )
