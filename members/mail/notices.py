"""Queued email about invitations, roles and rights, composed when it is sent, in the reader's language.

:func:`queue` adds one in the transaction of a service.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import time_zones
from alliance.lib.mail import messages
from members.models import (
    AccessToken,
    Authorisation,
    Invitation,
    IPRight,
    Member,
    MemberNotice,
    Membership,
    User,
)
from members.models.authorisation import REMINDER_DAYS

RELATED = ("member", "invitation__invited_by", "invitation__authorisation", "right")
# Kinds with the time of the review of a right.
_REVIEWS = {
    MemberNotice.Kind.RIGHT_VERIFIED: "verified_at",
    MemberNotice.Kind.RIGHT_RETURNED: "returned_at",
}


def queue(
    kind: MemberNotice.Kind,
    *,
    about: str,
    to: str,
    language: str,
    member: Member,
    invitation: Invitation | None = None,
    right: IPRight | None = None,
    **data: Any,
) -> None:
    """Queue an email. ``about`` identifies the event: it is sent once. ``data`` are values of the text."""
    MemberNotice.objects.create(
        key=f"{kind}:{about}",
        kind=kind,
        to=to,
        language=language,
        member=member,
        invitation=invitation,
        right=right,
        data=data,
    )


def tell(
    kind: MemberNotice.Kind, person: User, *, about: str, member: Member, **values: Any
) -> None:
    """Queue an email to a person, in their language. The other arguments are those of :func:`queue`."""
    queue(kind, about=about, to=person.email, language=person.language, member=member, **values)


def skip_reason(notice: MemberNotice) -> str:
    """Return why ``notice`` is no longer needed, or ``""`` if it must be sent."""
    if reviewed := _REVIEWS.get(MemberNotice.Kind(notice.kind)):
        moment = getattr(notice.right, reviewed)
        current = moment is not None and moment.isoformat() == notice.data["at"]
        return "" if current else "changed since"
    if notice.kind == MemberNotice.Kind.AGENT_ENDS:
        ending = Authorisation.objects.of_agents().ending(within=max(REMINDER_DAYS))
        current = ending.filter(pk=notice.data["authorisation"]).exists()
        return "" if current else "renewed or ended since"
    if notice.kind == MemberNotice.Kind.TOKEN_EXPIRES:
        usable = AccessToken.objects.usable().filter(pk=notice.data["token"]).exists()
        return "" if usable else "revoked or ended since"
    invitation = notice.invitation
    if notice.kind != MemberNotice.Kind.INVITED or invitation is None:
        return ""
    if invitation.accepted_at or invitation.withdrawn_at:
        return "accepted or withdrawn"
    return "" if notice.data["sent_at"] == invitation.invited_at.isoformat() else "sent again since"


def compose(notice: MemberNotice) -> EmailMessage:
    """Return the message for ``notice``, from the template of its kind."""
    with translation.override(notice.language or settings.LANGUAGE_CODE):
        subject = _("%(subject)s: %(about)s") % {
            "subject": MemberNotice.Kind(notice.kind).label,
            "about": notice.member.shown_name,
        }
        return messages.compose(
            f"emails/member_{notice.kind}.txt",
            _context(notice),
            to=notice.to,
            subject=subject,
            reference=f"member-{notice.pk}",
        )


def _context(notice: MemberNotice) -> dict[str, Any]:
    context: dict[str, Any] = {"member": notice.member, "by": notice.data.get("by", "")}
    if role := notice.data.get("role"):
        context["role"] = Membership.Role(role).label
    path = reverse("people:list", args=[notice.member.slug])
    if notice.kind == MemberNotice.Kind.INVITED and (invitation := notice.invitation):
        context |= {
            "by": invitation.invited_by.name,
            **_period(invitation.authorisation),
            "role": invitation.get_role_display(),
            "expires": date_format(localdate(invitation.expires_at)),
        }
        path = reverse("invitation", args=[invitation.key])
    elif right := notice.right:
        context |= {"right": right}
        path = reverse("rights:detail", args=[notice.member.slug, right.pk])
    elif notice.kind == MemberNotice.Kind.RIGHTS_EXPIRE:
        context |= _expiring(notice.data)
        path = reverse("rights:list", args=[notice.member.slug]) + "?state=expiring"
    elif reason := notice.data.get("reason"):
        context |= {"reason": reason, "day": date_format(date.fromisoformat(notice.data["day"]))}
        path = reverse("start")
    elif notice.kind in (MemberNotice.Kind.AGENT_RENEWED, MemberNotice.Kind.AGENT_ENDS):
        context |= _authorisation(notice.data)
        if context["is_for_agent"]:
            path = reverse("desk:home")
    elif notice.kind == MemberNotice.Kind.TOKEN_EXPIRES:
        context |= {"token_name": notice.data["token_name"], "ends": _moment(notice.data)}
        path = reverse("tokens:list", args=[notice.member.slug])
    return context | {"url": settings.SITE_URL + path}


def _moment(data: dict[str, Any]) -> str:
    """Return the time ``ends`` in the reader's time zone, with its name."""
    zone = time_zones.named(data["zone"])
    ends = datetime.fromisoformat(data["ends"]).astimezone(zone)
    return f"{date_format(ends, pgettext('date format', 'j M Y, H:i'))} ({zone.key})"


def _period(authorisation: Authorisation | None) -> dict[str, Any]:
    """Return the values of the invitation of an agent."""
    if authorisation is None:
        return {}
    days = {"starts": authorisation.valid_from, "ends": authorisation.valid_until}
    shown = {name: date_format(day) for name, day in days.items()}
    return {"authorisation": authorisation, **shown}


def _authorisation(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the emails about an agent's authorisation, with the dates in the active language."""
    facts = {"agent": data.get("agent", ""), "is_for_agent": data.get("is_agent", True)}
    for name in ("starts", "ends"):
        if name in data:
            facts[name] = date_format(date.fromisoformat(data[name]))
    return facts


def _expiring(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the email about rights that expire, with their dates in the active language."""
    named = [
        {"text": one["text"], "day": date_format(date.fromisoformat(one["expires_on"]))}
        for one in data["rights"]
    ]
    more = data["count"] - len(named)
    return {"rights": named, "days": data["days"], "count": data["count"], "more": more}
