"""Queued email about invitations and roles, composed when it is sent, in the reader's language."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib import clock, time_zones
from alliance.lib.mail_text import render
from members.models import MemberNotice, Membership

RELATED = ("member", "invitation__invited_by")
MAX_DELETED = 2000


def skip_reason(notice: MemberNotice) -> str:
    """Return why ``notice`` is no longer needed, or ``""`` if it must be sent."""
    invitation = notice.invitation
    if notice.kind != MemberNotice.Kind.INVITED or invitation is None:
        return ""
    if invitation.accepted_at or invitation.withdrawn_at:
        return "accepted or withdrawn"
    return "" if invitation.nonce.startswith(notice.data["nonce"]) else "sent again since"


def compose(notice: MemberNotice) -> EmailMessage:
    """Return the message for ``notice``, from the template of its kind."""
    with translation.override(notice.language or settings.LANGUAGE_CODE):
        subject = _("%(subject)s: %(about)s") % {
            "subject": MemberNotice.Kind(notice.kind).label,
            "about": notice.member.shown_name,
        }
        text = render(f"emails/member_{notice.kind}.txt", _context(notice))
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        body=text,
        to=[notice.to],
        headers={"X-Portal-Message": f"member-{notice.pk}"},
    )


def delete_old() -> int:
    """Delete a batch of notices that were sent or failed more than ``KEEP_MAILS_DAYS`` ago; return how many."""
    until = clock.now() - timedelta(days=settings.KEEP_MAILS_DAYS)
    finished = MemberNotice.objects.finished().filter(created_at__lt=until)
    batch = list(finished.order_by("created_at", "id").values_list("pk", flat=True)[:MAX_DELETED])
    return int(MemberNotice.objects.filter(pk__in=batch).delete()[0])


def _context(notice: MemberNotice) -> dict[str, object]:
    context: dict[str, object] = {"member": notice.member, "by": notice.data.get("by", "")}
    if role := notice.data.get("role"):
        context["role"] = Membership.Role(role).label
    invitation = notice.invitation
    if notice.kind == MemberNotice.Kind.INVITED and invitation is not None:
        expires = invitation.expires_at.astimezone(time_zones.named(""))
        path = reverse("invitation", args=[invitation.key])
        context |= {
            "by": invitation.invited_by.name,
            "role": invitation.get_role_display(),
            "expires": date_format(expires, "DATE_FORMAT"),
            "url": settings.SITE_URL + path,
        }
    elif notice.kind == MemberNotice.Kind.INVITATION_ACCEPTED:
        context["url"] = settings.SITE_URL + reverse("people:list", args=[notice.member.slug])
    return context
