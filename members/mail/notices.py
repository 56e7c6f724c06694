"""Notifications about roles, rights and so on, whose email is composed when it is sent, in the reader's language.

:func:`queue` adds one in the transaction of a service.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from alliance.lib.mail import messages
from members import visibility
from members.mail import preferences, summaries
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

RELATED = (
    "user",
    "digest",
    "member",
    "invitation__invited_by",
    "invitation__authorisation",
    "right",
)
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
    user: User | None = None,
    invitation: Invitation | None = None,
    right: IPRight | None = None,
    **data: Any,
) -> None:
    """Queue an email. ``about`` identifies the event: it is sent once. ``data`` are values of the text.

    With ``user``, it is also a notification of this person.
    """
    MemberNotice.objects.create(
        key=f"{kind}:{about}",
        kind=kind,
        to=to,
        language=language,
        member=member,
        user=user,
        invitation=invitation,
        right=right,
        data=data,
    )


def tell(
    kind: MemberNotice.Kind, person: User, *, about: str, member: Member, **values: Any
) -> None:
    """Notify a person, in their language. The other arguments are those of :func:`queue`.

    A worker sends the email or adds it to a digest, as the person has chosen.
    """
    address: dict[str, Any] = {"to": person.email, "language": person.language, "user": person}
    queue(kind, about=about, member=member, **address, **values)


def put_off(notice: MemberNotice) -> bool:
    """Add ``notice`` to the person's next digest, if they have chosen so; return whether it was added."""
    return notice.user is not None and preferences.put_off(notice)


def skip_reason(notice: MemberNotice) -> str:
    """Return why ``notice`` is no longer needed, or ``""`` if it must be sent."""
    if notice.user is not None:
        if reason := preferences.skip_reason(notice):
            return reason
        if not visibility.notices(notice.user).filter(pk=notice.pk).exists():
            return preferences.NO_ACCESS
    return outdated(notice)


def outdated(notice: MemberNotice) -> str:
    """Return why the text of ``notice`` is no longer true, or ``""``."""
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
    if notice.user is not None and not notice.user.needs_second_factor:
        context["settings_url"] = settings.SITE_URL + reverse("profile")
    if role := notice.data.get("role"):
        context["role"] = Membership.Role(role).label
    path = summaries.path(notice)
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
    elif notice.kind == MemberNotice.Kind.RIGHTS_EXPIRE:
        context |= _expiring(notice.data)
    elif reason := notice.data.get("reason"):
        context |= {"reason": reason, "day": summaries.day(notice.data["day"])}
    elif notice.kind in (MemberNotice.Kind.AGENT_RENEWED, MemberNotice.Kind.AGENT_ENDS):
        context |= _authorisation(notice.data)
    elif notice.kind == MemberNotice.Kind.TOKEN_EXPIRES:
        ends = summaries.moment(notice.data)
        context |= {"token_name": notice.data["token_name"], "ends": ends}
    return context | {"url": settings.SITE_URL + path}


def _period(authorisation: Authorisation | None) -> dict[str, Any]:
    """Return the values of the invitation of an agent."""
    if authorisation is None:
        return {}
    days = {"starts": authorisation.valid_from, "ends": authorisation.valid_until}
    shown = {name: date_format(day) for name, day in days.items()}
    return {"authorisation": authorisation, **shown}


def _authorisation(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the emails about an agent's authorisation, with the dates in the active language."""
    facts = {"agent": data.get("agent", ""), "is_for_agent": summaries.is_for_agent(data)}
    for name in ("starts", "ends"):
        if name in data:
            facts[name] = summaries.day(data[name])
    return facts


def _expiring(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the email about rights that expire, with their dates in the active language."""
    named = [
        {"text": one["text"], "day": summaries.day(one["expires_on"])} for one in data["rights"]
    ]
    more = data["count"] - len(named)
    return {"rights": named, "days": data["days"], "count": data["count"], "more": more}
