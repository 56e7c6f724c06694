"""Access tokens, with which programs use the API in the name of a person at a member."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from members.models.organisation import Member
from members.models.people import Membership, User

PREFIX = "ap"
DEFAULT_DAYS, MAX_DAYS = 90, 365
# The person is told this many days before a token expires.
REMINDER_DAYS = 7


class Scope(models.TextChoices):
    """What a token may do. Writing also needs a role that may file, at the time of the request."""

    BRANDS_READ = "brands:read", _("Read brands")
    BRANDS_WRITE = "brands:write", _("Change brands")
    RIGHTS_READ = "rights:read", _("Read rights")
    RIGHTS_WRITE = "rights:write", _("Register and change rights")
    PRODUCTS_READ = "products:read", _("Read products")
    PRODUCTS_WRITE = "products:write", _("Change products")
    CASES_READ = "cases:read", _("Read cases, evidence and imports")
    CASES_WRITE = "cases:write", _("File and change cases, import listings")
    SELLERS_READ = "sellers:read", _("Read authorised sellers")
    SELLERS_WRITE = "sellers:write", _("Change authorised sellers")


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def live(self) -> AccessTokenQuerySet:
        """Return tokens that were not revoked and have not expired."""
        return self.filter(revoked_at=None, expires_at__gt=clock.now())

    def usable(self) -> AccessTokenQuerySet:
        """Return live tokens of active people whose role is in force, at active members."""
        return self.live().filter(
            membership__in=Membership.objects.in_force(),
            membership__user__is_active=True,
            membership__member__status=Member.Status.ACTIVE,
        )


@tracked(exclude=("digest", "form", "last_used_at", "reminded_at"))
class AccessToken(models.Model):
    """A token of a person's role at a member. It ends with the role.

    The token itself is shown once and is not stored; ``digest`` is its hash, and ``start`` its first characters.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes")
    )
    start = models.CharField(_("first characters"), max_length=10)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Of the form that created the token, which creates one only.
    form = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("created on"), default=clock.now)
    expires_at = models.DateTimeField(_("expires on"))
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True)
    # The hour of the last request, without its address.
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    # When the person was told that the token expires soon.
    reminded_at = models.DateTimeField(null=True, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ("-pk",)
        indexes = [
            models.Index(
                fields=("expires_at",),
                name="access_token_to_remind",
                condition=Q(revoked_at=None, reminded_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=("membership", "form"), name="token_once_per_form"),
            models.CheckConstraint(name="token_has_a_scope", condition=Q(scopes__len__gt=0)),
            models.CheckConstraint(
                name="token_revoked_by_and_at_go_together",
                condition=together("revoked_by", "revoked_at"),
            ),
            models.CheckConstraint(
                name="token_expires_within_a_year",
                condition=Q(
                    expires_at__gt=F("created_at"),
                    expires_at__lte=F("created_at") + timedelta(days=MAX_DAYS + 1),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def state(self) -> str:
        """``"revoked"``, ``"expired"`` or ``"active"``."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= clock.now() else "active"

    @property
    def scope_labels(self) -> list[str]:
        """The names of the scopes in the active language."""
        return [str(Scope(one).label) for one in self.scopes]


class StoredAnswer(models.Model):
    """A request with an idempotency key, and its answer, which a repetition of the request gets again.

    A row without an answer has the status 0: a request with files is being done, or was interrupted.
    """

    token = models.ForeignKey(AccessToken, models.CASCADE, related_name="answers", db_index=False)
    key = models.CharField(max_length=200)
    # Of the method, the URL and the body.
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created on"), default=clock.now)

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        constraints = [
            models.UniqueConstraint(fields=("token", "key"), name="answer_once_per_key"),
        ]
        indexes = [models.Index(fields=("created_at",), name="stored_answer_age")]

    def __str__(self) -> str:
        return f"{self.token_id} · {self.key}"
