"""Law-enforcement agencies and their liaison officers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from alliance.lib.history import tracked
from cases.models.case import Violation
from members.models import User


@tracked()
class Agency(models.Model):
    """An agency that cases are referred to, with what it takes and how fast it answers."""

    class Kind(models.TextChoices):
        POLICE = "police", _("Police")
        CUSTOMS = "customs", _("Customs")
        REGULATOR = "regulator", _("Market regulator")
        PROSECUTOR = "prosecutor", _("Prosecutor")

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_local = models.CharField(_("name in its own script"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    country = CountryField(verbose_name=_("country or region"))
    provinces = ArrayField(
        models.CharField(max_length=80), verbose_name=_("provinces"), default=list, blank=True
    )
    violations = ArrayField(
        models.CharField(max_length=12, choices=Violation.choices),
        verbose_name=_("violations it takes"),
        default=list,
        blank=True,
        help_text=_("Empty: all."),
    )
    acknowledge_within_hours = models.PositiveSmallIntegerField(
        _("acknowledges within (hours)"), default=24
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("country", "name")

    def __str__(self) -> str:
        return f"{self.name} {self.name_local}".strip()

    def takes(self, violation: str) -> bool:
        """Say whether the agency handles ``violation``."""
        return not self.violations or violation in self.violations


@tracked()
class Officer(models.Model):
    """A liaison officer: a person who may work an agency's queue."""

    user = models.OneToOneField(User, models.CASCADE, related_name="officer")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="officers")
    title = models.CharField(_("title"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")

    def __str__(self) -> str:
        return f"{self.user.name} · {self.agency}"
