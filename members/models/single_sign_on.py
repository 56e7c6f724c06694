"""The identity providers of members, for single sign-on, and the email domains that they serve."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, sealing
from alliance.lib.history import tracked
from members import domains
from members.models.organisation import Member

SEALED_FOR = "single-sign-on"
# A metadata document with a few certificates has about 10 kB.
MAX_METADATA = 256 * 1024


def new_key() -> str:
    """Return a random name of a provider in URLs, which does not reveal the member."""
    return secrets.token_hex(8)


class SingleSignOnQuerySet(models.QuerySet["SingleSignOn"]):
    def in_use(self) -> SingleSignOnQuerySet:
        """Return active providers of members whose people have access."""
        serving = (Member.Status.ACTIVE, Member.Status.SUSPENDED)
        return self.filter(is_active=True, member__status__in=serving)

    def for_address(self, email: str) -> SingleSignOn | None:
        """Return the provider in use for the domain of ``email``, or ``None``."""
        found = self.in_use().filter(domains__name=domains.of_address(email))
        return found.select_related("member").first()


@tracked(exclude=("secret_sealed",))
class SingleSignOn(models.Model):
    """The identity provider with which a member's people log in.

    allauth's model of an application is made of it in memory (:mod:`members.single_sign_on.adapter`); only then is the
    client secret decrypted. A provider logs in people of its own domains only.
    """

    class Kind(models.TextChoices):
        OIDC = "oidc", _("OpenID Connect")
        SAML = "saml", _("SAML 2.0")

    member = models.ForeignKey(Member, models.CASCADE, related_name="single_sign_ons")
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices, default=Kind.OIDC)
    issuer = models.URLField(
        _("issuer"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("OpenID Connect: the URL that identifies the provider, without /.well-known/…"),
    )
    client_id = models.CharField(_("client ID"), max_length=200, blank=True, default="")
    secret_sealed = models.TextField(blank=True, default="", editable=False)
    metadata = models.TextField(
        _("metadata"),
        max_length=MAX_METADATA,
        blank=True,
        default="",
        help_text=_("SAML: the XML document that the provider publishes about itself."),
    )
    creates_accounts = models.BooleanField(
        _("create accounts"),
        default=False,
        help_text=_("People without an account get one at their first login, as viewers."),
    )
    is_required = models.BooleanField(
        _("required"),
        default=False,
        help_text=_(
            "People of these domains cannot log in otherwise. The member’s owners can, so that a fault of the provider"
            " does not lock the member out."
        ),
    )
    is_active = models.BooleanField(pgettext_lazy("single sign-on", "active"), default=False)
    tested_at = models.DateTimeField(_("tested on"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created on"), default=clock.now, editable=False)

    objects = SingleSignOnQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")
        verbose_name_plural = _("identity providers")
        constraints = [
            models.CheckConstraint(
                name="single_sign_on_kind_and_fields_go_together",
                violation_error_message=_(
                    "OpenID Connect has an issuer and a client ID, and no metadata. SAML has metadata only."
                ),
                condition=Q(kind="oidc", metadata="")
                | Q(kind="saml", issuer="", client_id="", secret_sealed=""),
            ),
            # An inactive provider may be incomplete: the other side needs its URLs first.
            models.CheckConstraint(
                name="active_single_sign_on_is_complete",
                violation_error_message=_(
                    "Before you activate it, enter the issuer and the client ID, or the metadata."
                ),
                condition=Q(is_active=False)
                | (Q(kind="oidc") & ~Q(issuer="") & ~Q(client_id=""))
                | (Q(kind="saml") & ~Q(metadata="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} ({self.get_kind_display()})"

    @property
    def secret(self) -> str:
        """The client secret in plain text. Raises :class:`alliance.lib.sealing.CannotOpen`."""
        return sealing.unseal(self.secret_sealed, purpose=SEALED_FOR) if self.secret_sealed else ""

    @secret.setter
    def secret(self, value: str) -> None:
        self.secret_sealed = sealing.seal(value, purpose=SEALED_FOR) if value else ""

    def serves(self, email: str) -> bool:
        """Return whether the domain of ``email`` belongs to this provider."""
        return self.domains.filter(name=domains.of_address(email)).exists()


@tracked()
class LoginDomain(models.Model):
    """An email domain that an identity provider serves. A domain belongs to one provider."""

    single_sign_on = models.ForeignKey(SingleSignOn, models.CASCADE, related_name="domains")
    name = models.CharField(
        pgettext_lazy("email domain", "domain"),
        max_length=253,
        unique=True,
        error_messages={"unique": _("This domain belongs to another provider.")},
    )

    class Meta:
        verbose_name = _("email domain")
        verbose_name_plural = _("email domains")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="login_domain_is_normalised",
                condition=Q(name__regex=r"^[a-z0-9.-]+$"),
                violation_error_message=_("Enter a domain such as example.com."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
