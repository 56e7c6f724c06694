"""Intellectual property rights, which cases cite."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, text
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from members import territories
from members.models import of_brand
from members.models.document import Document
from members.models.organisation import NICE_CLASSES, Brand
from members.models.people import User

# Owners are reminded when a right has this many days left. The first number is also that of the lists.
REMINDER_DAYS = (90, 30, 7)
EXPIRES_SOON = timedelta(days=REMINDER_DAYS[0])

UNREVIEWED = Q(verified_at=None, returned_at=None)
# Without its certificate, a right cannot be verified.
WAITING = UNREVIEWED & Q(certificate__isnull=False)
INCOMPLETE = UNREVIEWED & Q(certificate=None)
RETURNED = Q(returned_at__isnull=False)


class IPRightQuerySet(models.QuerySet["IPRight"]):
    def citable(self) -> IPRightQuerySet:
        """Return rights that a case may cite today: verified, registered, not expired, of an active brand."""
        today = clock.today()
        return self.filter(
            models.Q(expires_on=None) | models.Q(expires_on__gte=today),
            registered_on__lte=today,
            verified_at__isnull=False,
            brand__is_active=True,
        )

    def waiting(self) -> IPRightQuerySet:
        """Return rights that wait for their verification."""
        return self.filter(WAITING)

    def incomplete(self) -> IPRightQuerySet:
        """Return unverified rights whose certificate is missing, such as those imported from a sheet."""
        return self.filter(INCOMPLETE)

    def returned(self) -> IPRightQuerySet:
        """Return rights that a moderator returned to the member."""
        return self.filter(RETURNED)

    def verified(self) -> IPRightQuerySet:
        """Return verified rights that have not expired."""
        unexpired = Q(expires_on=None) | Q(expires_on__gte=clock.today())
        return self.filter(unexpired, verified_at__isnull=False)

    def expiring(self) -> IPRightQuerySet:
        """Return rights that expire within :data:`EXPIRES_SOON`."""
        today = clock.today()
        return self.filter(expires_on__range=(today, today + EXPIRES_SOON))

    def expired(self) -> IPRightQuerySet:
        """Return rights that have expired."""
        return self.filter(expires_on__lt=clock.today())


@tracked(exclude=("member", "reminded_days", "updated_at"))
class IPRight(of_brand.OfBrand):
    """A registered right. It is recorded and verified once, and cited by many cases.

    ``territory`` has ISO 3166-1 alpha-2 codes, those of the member states for an EU right. ``nice_classes`` is empty
    for rights without classes. A right waits for its verification, is verified, or was returned to the member.
    Changing a fact ends the verification (:mod:`members.services.rights`).
    """

    class Kind(models.TextChoices):
        TRADEMARK = "trademark", _("Trademark")
        COPYRIGHT = "copyright", _("Copyright")
        DESIGN = "design", _("Design")
        PATENT = "patent", _("Patent (invention)")
        GEOGRAPHICAL_INDICATION = "gi", _("Geographical indication")

    class Status(models.TextChoices):
        """What the pages call the state of a right. It is not stored."""

        VERIFIED = "verified", pgettext_lazy("right", "Verified")
        WAITING = "waiting", pgettext_lazy("right", "Awaiting verification")
        INCOMPLETE = "incomplete", pgettext_lazy("right", "Certificate missing")
        RETURNED = "returned", pgettext_lazy("right", "Returned")
        EXPIRED = "expired", pgettext_lazy("right", "Expired")

    # The indexes below begin with the brand and the member.
    brand = models.ForeignKey(
        Brand, models.PROTECT, related_name="rights", db_index=False, verbose_name=_("brand")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("mark or title"), max_length=200)
    registered_owner = models.CharField(
        _("registered owner"),
        max_length=200,
        blank=True,
        db_default="",
        help_text=_("As in the office’s register."),
    )
    office = models.CharField(
        _("office"), max_length=20, help_text=_("For example CNIPA, EUIPO or WIPO.")
    )
    number = models.CharField(_("registration number"), max_length=60)
    territory = ArrayField(models.CharField(max_length=2), verbose_name=_("territory"))
    nice_classes = ArrayField(
        models.PositiveSmallIntegerField(validators=NICE_CLASSES),
        verbose_name=_("Nice classes"),
        default=list,
        blank=True,
    )
    registered_on = models.DateField(_("registered on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    certificate = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="right",
        verbose_name=_("certificate"),
    )
    # Since when the right waits for its verification, and who registered or changed it.
    submitted_at = models.DateTimeField(_("submitted on"), default=clock.now, db_default=Now())
    submitted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("returned by")
    )
    returned_at = models.DateTimeField(_("returned on"), null=True, blank=True)
    return_reason = models.CharField(
        _("reason for the return"), max_length=2000, blank=True, db_default=""
    )
    # The last of REMINDER_DAYS of which the owners were reminded.
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = IPRightQuerySet.as_manager()

    class Meta:
        verbose_name = _("IP right")
        verbose_name_plural = _("IP rights")
        ordering = ("brand", "office", "number")
        indexes = [
            models.Index(fields=("member", "-id"), name="right_of_member"),
            models.Index(fields=("brand", "-id"), name="right_of_brand"),
            models.Index(fields=("member", "kind", "-id"), name="right_of_kind"),
            models.Index(fields=("member", "updated_at", "id"), name="right_updated_of_member"),
            models.Index(fields=("member", "expires_on", "id"), name="right_expiry_of_member"),
            models.Index(fields=("expires_on", "id"), name="right_expiry"),
            models.Index(
                fields=("member", "-id"), name="right_queued_of_member", condition=WAITING
            ),
            models.Index(
                fields=("member", "-id"), name="right_incomplete_of_member", condition=INCOMPLETE
            ),
            models.Index(
                fields=("member", "-id"), name="right_returned_of_member", condition=RETURNED
            ),
            models.Index(fields=("submitted_at", "id"), name="right_queued", condition=WAITING),
            models.Index(fields=("-returned_at", "-id"), name="right_returned", condition=RETURNED),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("office", "number", "kind"), name="right_once_per_office_and_number"
            ),
            models.CheckConstraint(
                name="right_verified_by_and_at_go_together",
                condition=together("verified_by", "verified_at"),
            ),
            models.CheckConstraint(
                name="right_returned_with_a_reason",
                condition=models.Q(returned_by=None, returned_at=None, return_reason="")
                | models.Q(
                    ~models.Q(return_reason=""),
                    returned_by__isnull=False,
                    returned_at__isnull=False,
                    verified_at=None,
                ),
            ),
            models.CheckConstraint(
                name="right_expires_after_registration",
                violation_error_message=_("The right cannot expire before it is registered."),
                condition=models.Q(expires_on=None)
                | models.Q(expires_on__gte=models.F("registered_on")),
            ),
        ]
        triggers = of_brand.triggers(
            *("brand_id", "kind", "title", "registered_owner", "office", "number", "territory"),
            *("nice_classes", "registered_on", "expires_on", "certificate_id", "verified_at"),
            *("returned_at", "return_reason"),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.office} {self.number}"

    @property
    def territory_words(self) -> str:
        """The names of the countries and regions in which the right is in force."""
        return territories.words(self.territory)

    @property
    def territory_codes(self) -> str:
        """The codes of the countries and regions, for lists."""
        return text.join(territories.shortened(self.territory))

    @property
    def has_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < clock.today()

    @property
    def days_left(self) -> int | None:
        """The days until the right expires, if it expires soon; ``None`` otherwise."""
        if self.expires_on is None:
            return None
        left = (self.expires_on - clock.today()).days
        return left if 0 <= left <= EXPIRES_SOON.days else None

    @property
    def is_waiting(self) -> bool:
        return self.verified_at is None and self.returned_at is None

    @property
    def status(self) -> Status:
        """The state of the right for its readers."""
        if self.has_expired:
            return self.Status.EXPIRED
        if self.verified_at is not None:
            return self.Status.VERIFIED
        if self.returned_at is not None:
            return self.Status.RETURNED
        return self.Status.WAITING if self.certificate_id else self.Status.INCOMPLETE

    def get_status_display(self) -> Any:
        return self.status.label
