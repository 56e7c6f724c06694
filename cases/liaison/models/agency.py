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
    """What an agency may see of a case besides its reference, its status and the seller's country."""

    MEMBER = "member", _("The member and the brand")
    RIGHT = "right", _("The infringed right")
    SELLER = "seller", _("The shop: name, ID and URL")
    LISTINGS = "listings", _("The listings")
    NOTE = "note", _("Notes by moderators and the member")
    EVIDENCE = "evidence", _("The evidence (in the portal)")


def everything() -> list[str]:
    """Return all values of :class:`Disclosed`, the default of a new agency."""
    return [str(value) for value in Disclosed.values]


# The history must not keep password hashes.
@tracked(exclude=("stream_password_hash",))
class Agency(NamedInTwoScripts, models.Model):
    """An agency that cases are referred to: the cases it accepts, what it may see of them, and its deadlines.

    ``minimum_value`` is in CNY. With ``shares_interest``, other agencies may know that this one has a case
    against the same seller, if they share their interest too. ``stream_password_hash`` is the SHA-256 of the
    password of its Redis account; it restores the account after Redis has lost its data.
    """

    class Kind(models.TextChoices):
        POLICE = "police", _("Police")
        CUSTOMS = "customs", _("Customs")
        REGULATOR = "regulator", _("Market regulator")
        PROSECUTOR = "prosecutor", _("Prosecutor")

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_local = models.CharField(_("name in local script"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    country = CountryField(verbose_name=_("country or region"))
    violations = ArrayField(
        models.CharField(max_length=12, choices=Violation.choices),
        verbose_name=_("violations handled"),
        default=list,
        blank=True,
        help_text=_("Leave empty for all."),
    )
    minimum_value = models.DecimalField(
        _("minimum value of goods (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    acknowledge_within_hours = models.PositiveSmallIntegerField(
        _("hours to acknowledge"),
        default=24,
        help_text=_("At normal priority. Other deadlines follow from it unless set below."),
    )
    discloses = ArrayField(
        models.CharField(max_length=12, choices=Disclosed.choices),
        verbose_name=_("may see"),
        default=everything,
        blank=True,
    )
    shares_interest = models.BooleanField(
        _("shares its interest in a seller with other agencies"),
        default=False,
        help_text=_("Two agencies see each other only if both allow it."),
    )
    second_contact_name = models.CharField(_("second contact"), max_length=150, blank=True)
    second_contact_email = models.EmailField(
        _("second contact’s email address"),
        blank=True,
        help_text=_("Is notified when something is overdue."),
    )
    language = models.CharField(
        _("language of emails"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    stream_password_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    stream_password_set_at = models.DateTimeField(
        _("stream password set on"), null=True, blank=True, editable=False
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
        """Return whether ``what``, one of :class:`Disclosed`, is shown to this agency."""
        return what in self.discloses

    def takes(self, violation: str) -> bool:
        """Return whether the agency handles ``violation``."""
        return not self.violations or violation in self.violations


@tracked()
class Officer(models.Model):
    """A liaison officer: a person who works on the referrals of one agency."""

    user = models.OneToOneField(User, models.CASCADE, related_name="officer")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="officers")
    title = models.CharField(_("title"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("liaison officer")
        verbose_name_plural = _("liaison officers")

    def __str__(self) -> str:
        return f"{self.user.name} · {self.agency}"
