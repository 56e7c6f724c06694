"""Intellectual property rights, which cases cite."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from members import territories
from members.models.organisation import NICE_CLASSES, Brand
from members.models.people import User


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


@tracked()
class IPRight(models.Model):
    """A registered right. It is recorded and verified once, and cited by many cases.

    ``territory`` has ISO 3166-1 alpha-2 codes, those of the member states for an EU right. ``nice_classes`` is empty
    for rights without classes. Changing a fact ends the verification (:mod:`members.forms.right`).
    """

    class Kind(models.TextChoices):
        TRADEMARK = "trademark", _("Trademark")
        COPYRIGHT = "copyright", _("Copyright")
        DESIGN = "design", _("Design")
        PATENT = "patent", _("Patent (invention)")

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="rights", verbose_name=_("brand"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("mark or title"), max_length=200)
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
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)

    objects = IPRightQuerySet.as_manager()

    class Meta:
        verbose_name = _("IP right")
        verbose_name_plural = _("IP rights")
        ordering = ("brand", "office", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("office", "number", "kind"), name="right_once_per_office_and_number"
            ),
            models.CheckConstraint(
                name="right_verified_by_and_at_go_together",
                condition=models.Q(verified_by=None, verified_at=None)
                | models.Q(verified_by__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="right_expires_after_registration",
                violation_error_message=_("The right cannot expire before it is registered."),
                condition=models.Q(expires_on=None)
                | models.Q(expires_on__gte=models.F("registered_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.office} {self.number}"

    @property
    def territory_words(self) -> str:
        """The names of the countries and regions in which the right is in force."""
        return territories.words(self.territory)
