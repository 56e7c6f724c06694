"""Notifications of people about their roles at members and about rights, with their email."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.mail.queued import FINISHED, WAITING, AddressedMail
from members.models.invitation import Invitation
from members.models.notification import Notification, Topic
from members.models.organisation import Member
from members.models.people import User
from members.models.rights import IPRight


class MemberNotice(Notification, AddressedMail):
    """A notification of one person about a role, an authorisation, an access token or rights.

    ``user`` is the person who is notified. The email of an invitation has no user, only an address, and is no
    notification: the address may have no account.
    """

    class Kind(models.TextChoices):
        INVITED = "invited", _("You are invited")
        INVITATION_ACCEPTED = "invitation_accepted", _("Your invitation was accepted")
        ROLE_CHANGED = "role_changed", _("Your role has changed")
        ROLE_ENDED = "role_ended", _("Your access has ended")
        AGENT_RENEWED = "agent_renewed", _("Your authorisation was renewed")
        AGENT_ENDS = "agent_ends", _("An authorisation ends soon")
        MEMBER_SUSPENDED = "member_suspended", _("Membership suspended")
        MEMBER_REINSTATED = "member_reinstated", _("Membership reinstated")
        MEMBER_LEFT = "member_left", _("Membership ended")
        RIGHT_VERIFIED = "right_verified", _("A right was verified")
        RIGHT_RETURNED = "right_returned", _("A right was returned")
        RIGHTS_EXPIRE = "rights_expire", _("Rights expire soon")
        TOKEN_EXPIRES = "token_expires", _("An access token expires soon")
        LOGIN_CONNECTED = "login_connected", _("A new way to log in was connected")

    TOPICS: ClassVar[dict[str, Topic]] = {
        Kind.INVITATION_ACCEPTED: Topic.PEOPLE,
        Kind.ROLE_CHANGED: Topic.ACCESS,
        Kind.ROLE_ENDED: Topic.ACCESS,
        Kind.AGENT_RENEWED: Topic.PEOPLE,
        Kind.AGENT_ENDS: Topic.EXPIRIES,
        Kind.MEMBER_SUSPENDED: Topic.ACCESS,
        Kind.MEMBER_REINSTATED: Topic.ACCESS,
        Kind.MEMBER_LEFT: Topic.ACCESS,
        Kind.RIGHT_VERIFIED: Topic.RIGHTS,
        Kind.RIGHT_RETURNED: Topic.RIGHTS,
        Kind.RIGHTS_EXPIRE: Topic.EXPIRIES,
        Kind.TOKEN_EXPIRES: Topic.EXPIRIES,
        Kind.LOGIN_CONNECTED: Topic.ACCESS,
    }

    # Kinds about the person, who may have no role at the member, or not yet. Other kinds are about the member.
    ABOUT_THE_PERSON = (
        Kind.ROLE_ENDED,
        Kind.AGENT_RENEWED,
        Kind.MEMBER_LEFT,
        Kind.LOGIN_CONNECTED,
    )

    user = models.ForeignKey(User, models.CASCADE, null=True, db_index=False, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="+")
    right = models.ForeignKey(IPRight, models.CASCADE, null=True, related_name="+")

    class Meta(AddressedMail.Meta):
        abstract = False
        verbose_name = _("notice about a role")
        verbose_name_plural = _("notices about roles")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="member_notice_waiting",
                condition=WAITING,
            ),
            models.Index(
                fields=("created_at", "id"),
                name="member_notice_age",
                condition=FINISHED,
            ),
            # For the page of notifications and the count in the header.
            models.Index(
                fields=("user", "-created_at", "-id"),
                name="member_notices_of_person",
                condition=Q(user__isnull=False),
            ),
            models.Index(
                fields=("user", "-created_at", "-id"),
                name="member_notices_unread",
                condition=Q(user__isnull=False, read_at=None),
            ),
            models.Index(
                fields=("digest",),
                name="member_notice_in_digest",
                condition=Q(digest__isnull=False),
            ),
        ]

    @property
    def label(self) -> str:
        """What has happened, in the active language."""
        return str(self.Kind(self.kind).label) if self.kind in self.Kind.values else self.kind
