"""Members, their industries and their brands."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from alliance.lib import clock
from alliance.lib.history import tracked
from alliance.lib.touched import touched
from alliance.lib.two_scripts import NamedInTwoScripts
from members.names import DomainField, NameKeysField, NumberKeyField, SearchTextField

NICE_CLASSES = (MinValueValidator(1), MaxValueValidator(45))


@tracked()
class Industry(models.Model):
    """An industry of the directory. ``nice_classes`` are the classes of its goods and services."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    nice_classes = ArrayField(
        models.PositiveSmallIntegerField(validators=NICE_CLASSES),
        verbose_name=_("Nice classes"),
        default=list,
        blank=True,
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name


class MemberQuerySet(models.QuerySet["Member"]):
    def public(self) -> MemberQuerySet:
        """Return the members of the public directory."""
        return self.filter(status=Member.Status.ACTIVE)


# The forms of names in which duplicates and searches are found. They follow from the names.
_KEYS = ("name_keys", "domain", "number_key", "search_text")


@tracked(exclude=_KEYS)
class Member(NamedInTwoScripts, models.Model):
    """An organisation that has applied to, belongs to or has left the alliance."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("Applied")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Former member")

    # Statuses in which people with a role may log in and read, and those in which they may also file and change things.
    READING = (Status.ACTIVE, Status.SUSPENDED)
    WRITING = (Status.ACTIVE,)

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_local = models.CharField(
        _("name in its own script"),
        max_length=200,
        blank=True,
        help_text=_("As in the company register."),
    )
    country = CountryField(verbose_name=_("country or region"))
    industries = models.ManyToManyField(Industry, related_name="members", blank=True)
    website = models.URLField(_("website"), blank=True)
    registration_number = models.CharField(
        _("registration number"),
        max_length=60,
        blank=True,
        help_text=_("In the company register."),
    )
    description = models.TextField(_("description"), blank=True, max_length=2000)
    description_zh = models.TextField(_("description in Chinese"), blank=True, max_length=2000)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.APPLIED
    )
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    name_keys = NameKeysField()
    domain = DomainField()
    number_key = NumberKeyField()
    search_text = SearchTextField()

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("name",)
        indexes = [
            models.Index(
                fields=("name", "id"), name="member_directory", condition=models.Q(status="active")
            ),
            models.Index(fields=("country", "status"), name="member_country"),
            GinIndex(fields=("name_keys",), name="member_name_keys"),
            models.Index(fields=("domain",), name="member_domain", condition=~models.Q(domain="")),
            models.Index(
                fields=("number_key",), name="member_number", condition=~models.Q(number_key="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="member_status_has_its_date",
                violation_error_message=_("A status other than “Applied” requires its date."),
                condition=models.Q(status="applied")
                | models.Q(status="active", joined_on__isnull=False)
                | models.Q(status="suspended", suspended_on__isnull=False)
                | models.Q(status="left", left_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def may_write(self) -> bool:
        """Whether people with a role may file and change things. A suspended or former member may not."""
        return self.status in self.WRITING

    @property
    def shows_website(self) -> bool:
        """Whether the member publishes its website in the directory."""
        entry = getattr(self, "entry", None)
        return entry is None or entry.shows_website

    @property
    def localized_description(self) -> str:
        """The description in the active language, or in the other one."""
        if (get_language() or "").startswith("zh"):
            return self.description_zh or self.description
        return self.description or self.description_zh


class BrandQuerySet(models.QuerySet["Brand"]):
    def public(self) -> BrandQuerySet:
        """Return the brands of the public directory. Their members may not be in it."""
        return self.filter(is_active=True, is_public=True)


@tracked(exclude=("search_text", "updated_at"))
class Brand(models.Model):
    """A brand of a member. Rights and cases belong to a brand."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="brands")
    name = models.CharField(_("name"), max_length=100)
    name_local = models.CharField(_("name in another script"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_public = models.BooleanField(
        _("in the directory"),
        default=True,
        db_default=True,
        help_text=_("Whether the public directory shows the brand."),
    )
    # Set by a trigger, for programs that ask what has changed.
    updated_at = models.DateTimeField(default=clock.now, db_default=Now(), editable=False)
    search_text = SearchTextField()

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("member", "name"), name="brand_once_per_member"),
        ]
        indexes = [
            models.Index(fields=("member", "updated_at", "id"), name="brand_updated_of_member")
        ]
        triggers = [
            touched("member_id", "name", "name_local", "is_active", "is_public"),
            # A right has the member of its brand. Its own trigger reads it again.
            pgtrigger.Trigger(
                name="rights_follow",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("member_id"),
                condition=pgtrigger.Condition("OLD.member_id IS DISTINCT FROM NEW.member_id"),
                func="UPDATE members_ipright SET member_id = NEW.member_id WHERE brand_id = NEW.id;"
                " RETURN NULL;",
            ),
            # So has a product.
            pgtrigger.Trigger(
                name="products_follow",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("member_id"),
                condition=pgtrigger.Condition("OLD.member_id IS DISTINCT FROM NEW.member_id"),
                func="UPDATE members_product SET member_id = NEW.member_id WHERE brand_id = NEW.id;"
                " RETURN NULL;",
            ),
            # And an entry of the list of authorised sellers, whose table belongs to a later app.
            pgtrigger.Trigger(
                name="entries_follow",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("member_id"),
                condition=pgtrigger.Condition("OLD.member_id IS DISTINCT FROM NEW.member_id"),
                func="UPDATE cases_authorisedseller SET member_id = NEW.member_id"
                " WHERE brand_id = NEW.id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.name_local}".strip()
