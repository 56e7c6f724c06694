"""Queued email to people about their roles at members and about rights."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.mail.queued import FINISHED, WAITING, AddressedMail
from members.models.invitation import Invitation
from members.models.organisation import Member
from members.models.rights import IPRight


class MemberNotice(AddressedMail):
    """A queued email about an invitation, a role or rights."""

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
        ]
