"""Invitations to join a member's staff."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from members.models.authorisation import Authorisation
from members.models.organisation import Member
from members.models.people import Membership, User

VALID_FOR = timedelta(days=14)
_SIGNER = Signer(sep=".", salt="members.invitation")


def expiry() -> datetime:
    """Return when an invitation of now expires."""
    return clock.now() + VALID_FOR


def new_nonce() -> str:
    """Return a random part of a key. A new one makes the keys in earlier emails invalid."""
    return secrets.token_hex(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Return invitations that were neither accepted nor withdrawn. They may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def with_key(self, key: str) -> Invitation | None:
        """Return the invitation with the ``key`` of its latest email, or ``None``."""
        try:
            pk, _dot, nonce = _SIGNER.unsign(key).partition(".")
        except BadSignature:
            return None
        found = self.filter(pk=pk).first() if pk.isdecimal() else None
        return found if found and hmac.compare_digest(found.nonce, nonce) else None


@tracked(exclude=("nonce",))
class Invitation(models.Model):
    """An invitation of an email address to a role at a member. The link in the email has a secret key."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role.choices)
    # The authorisation of an invited agent. Empty for the member's own staff.
    authorisation = models.OneToOneField(
        Authorisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name=_("authorisation"),
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited on"), default=clock.now)
    expires_at = models.DateTimeField(_("expires on"), default=expiry)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-invited_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("member", "email"),
                name="one_open_invitation_per_address",
                condition=Q(accepted_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_and_at_go_together",
                condition=Q(accepted_by=None, accepted_at=None)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.member}"

    @property
    def key(self) -> str:
        """The secret of the link."""
        return _SIGNER.sign(f"{self.pk}.{self.nonce}")

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= clock.now()
