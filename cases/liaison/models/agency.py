"""Law-enforcement agencies and their liaison officers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from alliance.lib.history import tracked
from alliance.lib.two_scripts import NamedInTwoScripts
from cases.states import Violation
from members.models import User


class Disclosed(models.TextChoices):
    """What an agency may be shown of a case beyond its reference, its state and the seller's place."""

    MEMBER = "member", _("The member and the brand")
    RIGHT = "right", _("The right that is infringed")
    SELLER = "seller", _("The shop: its name, number and address")
    LISTINGS = "listings", _("The listings")
    NOTE = "note", _("What moderators and the member write")
    EVIDENCE = "evidence", _("The evidence, to be opened at the desk")


def everything() -> list[str]:
    """Return all that can be disclosed: the default of a new agency."""
    return [str(value) for value in Disclosed.values]


# An old password in the history would still be one, hashed or not.
@tracked(exclude=("stream_password_hash",))
class Agency(NamedInTwoScripts, models.Model):
    """An agency that cases are referred to, with what it takes, what it may see and how fast it answers.

    ``minimum_value`` is in CNY. ``shares_interest`` says that other agencies may learn that this one has
    a case against the same seller; it counts where both allow it. ``stream_password_hash`` is the
    SHA-256 of the password of its Redis account, from which a wiped Redis gets the account back.
    """

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
    violations = ArrayField(
        models.CharField(max_length=12, choices=Violation.choices),
        verbose_name=_("violations it takes"),
        default=list,
        blank=True,
        help_text=_("Empty: all."),
    )
    minimum_value = models.DecimalField(
        _("smallest value of goods (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    acknowledge_within_hours = models.PositiveSmallIntegerField(
        _("acknowledges within (hours)"),
        default=24,
        help_text=_("At normal priority; other due times follow from it unless set below."),
    )
    discloses = ArrayField(
        models.CharField(max_length=12, choices=Disclosed.choices),
        verbose_name=_("may see"),
        default=everything,
        blank=True,
    )
    shares_interest = models.BooleanField(
        _("lets other agencies know of its interest in a seller"),
        default=False,
        help_text=_("Two agencies learn of each other only where both allow it."),
    )
    second_contact_name = models.CharField(_("second contact"), max_length=150, blank=True)
    second_contact_email = models.EmailField(
        _("second contact's e-mail address"),
        blank=True,
        help_text=_("Is told when something is overdue."),
    )
    language = models.CharField(
        _("language of its e-mails"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    stream_password_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    stream_password_set_at = models.DateTimeField(
        _("stream password made"), null=True, blank=True, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("country", "name")

    def __str__(self) -> str:
        if self.shown_name == self.name_local:
            return self.shown_name
        return f"{self.name} {self.name_local}".strip()

    def may_see(self, what: str) -> bool:
        """Say whether ``what``, one of :class:`Disclosed`, is shown to this agency."""
        return what in self.discloses

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
