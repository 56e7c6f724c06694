"""Queued email to applicants, composed when it is sent, in their language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.mail import messages
from members.models import Application, ApplicationMail
from members.models.application import LINK_VALID_FOR

RELATED = ("application", "application__member")
Kind = ApplicationMail.Kind


def queue(
    kind: ApplicationMail.Kind,
    application: Application,
    *,
    about: str,
    language: str = "",
    **data: Any,
) -> None:
    """Queue an email. ``about`` identifies the event: it is sent once. ``data`` are values of the text."""
    ApplicationMail.objects.create(
        key=f"{kind}:{application.pk}:{about}",
        kind=kind,
        to=application.email,
        language=language or application.language or settings.LANGUAGE_CODE,
        application=application,
        data=data,
    )


def skip_reason(mail: ApplicationMail) -> str:
    """Return why ``mail`` is no longer needed, or ``""`` if it must be sent."""
    application = mail.application
    if mail.kind == Kind.ASKED and application.status != Application.Status.ASKED:
        return "answered or decided since"
    if mail.kind == Kind.LINK and not application.is_open:
        return "decided or withdrawn"
    return ""


def compose(mail: ApplicationMail) -> EmailMessage:
    """Return the message for ``mail``. The link is valid from now on, so that a late email has a valid link."""
    application = mail.application
    with translation.override(mail.language):
        label = ApplicationMail.Kind(mail.kind).label
        values = {"subject": label, "about": application.reference}
        path = reverse("join:link", args=[application.key])
        context = {
            "application": application,
            "name": application.name or application.email,
            "text": mail.data.get("text", ""),
            "url": settings.SITE_URL + path,
            "start_url": settings.SITE_URL + reverse("join:start"),
            "expires": date_format(localdate(clock.now() + LINK_VALID_FOR)),
        }
        return messages.compose(
            f"emails/application_{mail.kind}.txt",
            context,
            to=mail.to,
            subject=_("%(subject)s: %(about)s") % values,
            reference=f"application-{mail.pk}",
        )
