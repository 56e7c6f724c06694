"""Email about saved views of the triage list, composed when it is sent, in the reader's language."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.lib import counts
from alliance.lib.mail import messages
from cases import visibility
from cases.models import ViewMail
from cases.models.saved_view import MOST_WAITING
from members.mail import preferences

RELATED = ("subscription__user", "subscription__view")


def skip_reason(mail: ViewMail) -> str:
    """Return why ``mail`` is no longer needed, or ``""`` if it must be sent."""
    subscription = mail.subscription
    seen = visibility.saved_views(subscription.user).filter(pk=subscription.view_id)
    return "" if seen.exists() else preferences.NO_ACCESS


def compose(mail: ViewMail) -> EmailMessage:
    """Return the message for ``mail``. It contains numbers and links, no facts of cases."""
    subscription = mail.subscription
    with translation.override(mail.language or settings.LANGUAGE_CODE):
        numbers = {
            name: counts.words(mail.data[name], MOST_WAITING)
            for name in ("new", "waiting")
            if name in mail.data
        }
        context = {
            "view": subscription.view,
            "how": mail.data["how"],
            "new": mail.data.get("new"),
            "threshold": mail.data.get("threshold"),
            "numbers": numbers,
            "url": f"{settings.SITE_URL}{reverse('triage:list')}?saved={subscription.view_id}",
            "unsubscribe_url": settings.SITE_URL
            + reverse("triage:unsubscribe", args=[subscription.view_id]),
        }
        subject = _("%(subject)s: %(about)s") % {
            "subject": _("Saved view"),
            "about": subscription.view.name,
        }
        return messages.compose(
            "emails/saved_view.txt",
            context,
            to=mail.to,
            subject=subject,
            reference=f"view-{mail.pk}",
        )
