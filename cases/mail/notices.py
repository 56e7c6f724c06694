"""Email about referrals, channels and storage, composed when it is sent, in the reader's language.

It contains a reference or the name of a channel and a link, no facts of a case.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from alliance.lib.mail import messages
from cases.liaison.models import Escalation, Notice
from cases.states import ReferralStatus

RELATED = ("referral__agency", "channel__agency")


def compose(notice: Notice) -> EmailMessage:
    """Return the message for ``notice``, from the template of its kind."""
    with translation.override(notice.language or settings.LANGUAGE_CODE):
        subject = str(Notice.Kind(notice.kind).label)
        if about := notice.data.get("about"):
            subject = _("%(subject)s: %(about)s") % {"subject": subject, "about": about}
        context = {
            "notice": notice,
            "data": notice.data,
            "channel": notice.channel,
            "referral": notice.referral,
            "due_at": parse_datetime(notice.data.get("due_at", "")),
            "url": settings.SITE_URL + _path(notice),
        }
        return messages.compose(
            f"emails/notice_{notice.kind}.txt",
            context,
            to=notice.to,
            subject=subject,
            reference=notice.key,
        )


def skip_reason(notice: Notice) -> str:
    """Return why ``notice`` is no longer needed, or ``""`` if it must be sent."""
    if notice.kind == Notice.Kind.REFERRED:
        is_new = notice.referral and notice.referral.status == ReferralStatus.OFFERED
        return "" if is_new else "acknowledged or withdrawn"
    if notice.kind != Notice.Kind.OVERDUE:
        return ""
    late = Escalation.objects.open().filter(referral=notice.referral, step=notice.data["step"])
    return "" if late.exists() else "no longer overdue"


def _path(notice: Notice) -> str:
    if notice.kind == Notice.Kind.LOW_SPACE:
        return reverse("admin:cases_storageuse_changelist")
    if notice.referral is not None:
        return reverse("liaison:referral", args=[notice.referral.reference])
    return reverse("triage:channel", args=[notice.channel_id])
