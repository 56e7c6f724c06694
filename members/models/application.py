"""Applications of organisations to join the alliance, what moderators check of them, and their questions."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from alliance.lib import clock, ids
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from alliance.lib.mail.queued import FINISHED, WAITING, AddressedMail
from members.models.directory import is_web_address
from members.models.document import Document
from members.models.organisation import Industry, Member
from members.models.people import User
from members.names import DomainField, NameKeysField, NumberKeyField

# How long the link of an email opens the application.
LINK_VALID_FOR = timedelta(days=14)
_SIGNER = TimestampSigner(sep=":", salt="members.application")


def application_reference() -> str:
    """Return a new reference for an application."""
    return ids.reference("JA")


def new_nonce() -> str:
    """Return the random part of an application's links."""
    return secrets.token_hex(16)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> ApplicationQuerySet:
        """Return applications that are not decided or withdrawn."""
        return self.filter(status__in=Application.OPEN)

    def in_review(self) -> ApplicationQuerySet:
        """Return applications that wait for moderators, or for an answer to their question."""
        return self.filter(status__in=(Application.Status.SUBMITTED, Application.Status.ASKED))

    def sent(self) -> ApplicationQuerySet:
        """Return applications that were submitted. Nobody but the applicant sees the others."""
        return self.filter(submitted_at__isnull=False)

    def with_key(self, key: str) -> tuple[Application | None, bool]:
        """Return the application whose link has ``key``, or ``None``, and whether the link has expired."""
        try:
            value = _SIGNER.unsign(key)
        except BadSignature:
            return None, False
        pk, _dot, nonce = value.partition(".")
        found = self.filter(pk=pk, nonce=nonce).first() if pk.isdecimal() else None
        try:
            _SIGNER.unsign(key, max_age=LINK_VALID_FOR)
        except BadSignature:
            return found, True
        return found, False


@tracked(exclude=("nonce", "name_keys", "domain", "number_key"))
class Application(models.Model):
    """An organisation's application. The person who makes it has no account, and opens it by a link sent by email."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        ASKED = "information_requested", _("Information requested")
        ADMITTED = "admitted", _("Admitted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    OPEN = (Status.DRAFT, Status.SUBMITTED, Status.ASKED)
    # Statuses in which the applicant may change the answers.
    EDITABLE = (Status.DRAFT, Status.ASKED)

    reference = models.CharField(
        _("reference"), max_length=12, unique=True, default=application_reference
    )
    email = models.EmailField(_("email address"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    started_at = models.DateTimeField(_("started on"), default=clock.now)
    link_sent_at = models.DateTimeField(_("link sent on"), default=clock.now)
    verified_at = models.DateTimeField(_("email address verified on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last changed on"), default=clock.now)

    name = models.CharField(_("legal name in Latin letters"), max_length=200, blank=True)
    name_local = models.CharField(_("legal name in its own script"), max_length=200, blank=True)
    country = CountryField(verbose_name=_("country or region"), blank=True)
    industries = models.ManyToManyField(
        Industry, related_name="+", blank=True, verbose_name=_("industries")
    )
    website = models.URLField(_("website"), blank=True, validators=[is_web_address])
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    registration_document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registers",
        verbose_name=_("registration document"),
    )
    contact_name = models.CharField(_("name"), max_length=150, blank=True)
    contact_position = models.CharField(_("position"), max_length=100, blank=True)
    contact_phone = models.CharField(_("phone number"), max_length=40, blank=True)
    second_contact_name = models.CharField(_("second contact"), max_length=150, blank=True)
    second_contact_email = models.EmailField(_("email of the second contact"), blank=True)
    brands = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("brands")
    )
    mandate = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="authorises",
        verbose_name=_("proof of authority"),
    )

    status = models.CharField(
        _("status"), max_length=25, choices=Status.choices, default=Status.DRAFT
    )
    submitted_at = models.DateTimeField(_("submitted on"), null=True, blank=True)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    refusal_reason = models.TextField(_("reason of the refusal"), blank=True, max_length=2000)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    member = models.OneToOneField(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("member"),
    )
    name_keys = NameKeysField()
    domain = DomainField()
    number_key = NumberKeyField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=("status", "submitted_at", "id"), name="application_queue"),
            models.Index(
                fields=("changed_at",), name="application_drafts", condition=Q(status="draft")
            ),
            GinIndex(fields=("name_keys",), name="application_name_keys"),
            models.Index(fields=("domain",), name="application_domain", condition=~Q(domain="")),
            models.Index(
                fields=("number_key",), name="application_number", condition=~Q(number_key="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("email",),
                name="one_open_application_per_address",
                condition=Q(status__in=("draft", "submitted", "information_requested")),
            ),
            models.CheckConstraint(
                name="application_is_submitted_by_a_verified_address",
                condition=Q(status="draft", submitted_at=None)
                | Q(status="withdrawn")
                | Q(submitted_at__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_second_contact_has_name_and_email",
                condition=Q(second_contact_name="", second_contact_email="")
                | ~Q(second_contact_name="") & ~Q(second_contact_email=""),
            ),
            models.CheckConstraint(
                name="application_asked_by_and_at_go_together",
                condition=together("asked_by", "asked_at")
                & (~Q(status="information_requested") | Q(asked_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="application_decision_has_person_and_time",
                condition=Q(status__in=("admitted", "refused"))
                & Q(decided_by__isnull=False, decided_at__isnull=False)
                | ~Q(status__in=("admitted", "refused")) & Q(decided_by=None, decided_at=None),
            ),
            models.CheckConstraint(
                name="application_refused_with_a_reason",
                condition=Q(status="refused") & ~Q(refusal_reason="")
                | ~Q(status="refused") & Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="application_admitted_with_its_member",
                condition=Q(status="admitted", member__isnull=False)
                | ~Q(status="admitted") & Q(member=None),
            ),
            models.CheckConstraint(
                name="application_withdrawn_with_its_date",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | ~Q(status="withdrawn") & Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}".strip()

    @property
    def key(self) -> str:
        """The secret of a link, which expires after :data:`LINK_VALID_FOR`."""
        return _SIGNER.sign(f"{self.pk}.{self.nonce}")

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_editable(self) -> bool:
        """Whether the applicant may change the answers."""
        return self.status in self.EDITABLE


@tracked()
class ApplicationCheck(models.Model):
    """A point of the checklist of an application: ticked, noted, or both."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="checks")
    point = models.CharField(_("point"), max_length=20)
    is_done = models.BooleanField(_("checked"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("saved by"))
    saved_at = models.DateTimeField(_("saved on"), default=clock.now)

    class Meta:
        verbose_name = _("check of an application")
        verbose_name_plural = _("checks of applications")
        ordering = ("application", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("application", "point"), name="one_check_per_application_and_point"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.point}"


@tracked()
class ApplicationMessage(models.Model):
    """A question of a moderator, or the applicant's answer (``by`` is empty)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages")
    text = models.TextField(_("text"), max_length=2000)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    sent_at = models.DateTimeField(_("sent on"), default=clock.now)

    class Meta:
        verbose_name = _("message about an application")
        verbose_name_plural = _("messages about applications")
        ordering = ("application", "id")

    def __str__(self) -> str:
        return f"{self.application_id} · {self.sent_at:%Y-%m-%d}"

    @property
    def is_question(self) -> bool:
        return self.by_id is not None


class ApplicationMail(AddressedMail):
    """A queued email to an applicant. The link in it is made when it is sent."""

    class Kind(models.TextChoices):
        LINK = "link", _("Your application")
        SUBMITTED = "submitted", _("We received your application")
        ASKED = "asked", _("A question about your application")
        ADMITTED = "admitted", _("Welcome to the alliance")
        REFUSED = "refused", _("The decision on your application")
        WITHDRAWN = "withdrawn", _("Your application was withdrawn")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")

    class Meta(AddressedMail.Meta):
        abstract = False
        verbose_name = _("email to an applicant")
        verbose_name_plural = _("emails to applicants")
        indexes = [
            models.Index(
                fields=("next_attempt_at",), name="application_mail_waiting", condition=WAITING
            ),
            models.Index(
                fields=("created_at", "id"), name="application_mail_age", condition=FINISHED
            ),
        ]
