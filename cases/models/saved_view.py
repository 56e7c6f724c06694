"""Saved views of the triage list, subscriptions to them, and how a person wants the list to look."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.history import tracked
from alliance.lib.mail.queued import FINISHED, WAITING, AddressedMail
from members.models import User

# A subscriber to "at once" and "more than" gets at most one email in this time.
LOOK_EVERY = timedelta(minutes=5)
MOST_WAITING = 1000


@tracked()
class SavedView(models.Model):
    """A view of the triage list with its filters, under a name. ``query`` has known parameters only."""

    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        User, models.CASCADE, related_name="+", db_index=False, verbose_name=_("owner")
    )
    # Who sees the view besides its owner. cases.visibility.saved_views is the only reader.
    is_shared = models.BooleanField(
        _("shared"), default=False, help_text=_("All moderators and administrators see it.")
    )
    query = models.CharField(_("filters"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=10,
        validators=[MaxValueValidator(999)],
        help_text=_("Views with a lower number come first."),
    )
    created_at = models.DateTimeField(_("created on"), default=clock.now)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("position", "name", "id")
        indexes = [
            models.Index(
                fields=("position", "name", "id"), name="shared_views", condition=Q(is_shared=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "name"),
                name="view_name_once_per_owner",
                violation_error_message=_("You already have a view with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=("looked_at", "next_look_at", "is_above"))
class ViewSubscription(models.Model):
    """A person's subscription to a saved view.

    A worker looks at the view at ``next_look_at``. ``looked_at`` is the end of the period that the latest look covered.
    ``is_above`` says whether more than ``threshold`` cases were waiting then, so that the email is sent once.
    """

    class How(models.TextChoices):
        AT_ONCE = "at_once", pgettext_lazy("subscription", "At once")
        DAILY = "daily", pgettext_lazy("subscription", "Daily")
        WEEKLY = "weekly", pgettext_lazy("subscription", "Weekly")
        ABOVE = "above", pgettext_lazy("subscription", "When more cases wait than")

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    view = models.ForeignKey(
        SavedView,
        models.CASCADE,
        related_name="subscriptions",
        db_index=False,
        verbose_name=_("saved view"),
    )
    how = models.CharField(_("when"), max_length=10, choices=How.choices)
    threshold = models.PositiveSmallIntegerField(
        _("number of cases"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WAITING)],
    )
    created_at = models.DateTimeField(_("subscribed on"), default=clock.now)
    looked_at = models.DateTimeField(default=clock.now)
    next_look_at = models.DateTimeField(_("next look"), default=clock.now)
    is_above = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("subscription to a view")
        verbose_name_plural = _("subscriptions to views")
        indexes = [models.Index(fields=("next_look_at",), name="subscription_due")]
        constraints = [
            models.UniqueConstraint(fields=("view", "user"), name="one_subscription_per_view"),
            models.CheckConstraint(
                name="subscription_threshold_only_above",
                condition=Q(how="above", threshold__range=(1, MOST_WAITING))
                | (~Q(how="above") & Q(threshold=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view_id} · {self.user_id}: {self.how}"


class ViewMail(AddressedMail):
    """An email to a subscriber about a saved view."""

    subscription = models.ForeignKey(
        ViewSubscription,
        models.CASCADE,
        related_name="+",
        verbose_name=_("subscription to a view"),
    )

    class Meta(AddressedMail.Meta):
        abstract = False
        verbose_name = _("email about a view")
        verbose_name_plural = _("emails about views")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("next_attempt_at",), name="view_mail_waiting", condition=WAITING),
            models.Index(fields=("created_at", "id"), name="view_mail_age", condition=FINISHED),
        ]


class Column(models.TextChoices):
    """The columns of the triage list besides the reference, which is always shown."""

    PRIORITY = "priority", _("Priority")
    STATUS = "status", _("Status")
    DEADLINE = "deadline", _("Age and deadline")
    BRAND = "brand", _("Brand")
    VIOLATION = "violation", _("Violation type")
    SELLER = "seller", _("Seller")
    LISTINGS = "listings", pgettext_lazy("heading", "Listings")
    CLAIMED_BY = "claimed_by", _("Claimed by")


class Density(models.TextChoices):
    """How close the rows of a list are."""

    COMPACT = "compact", pgettext_lazy("density of a list", "Compact")
    COMFORTABLE = "comfortable", pgettext_lazy("density of a list", "Comfortable")


@tracked()
class ListLayout(models.Model):
    """The columns and the density of the triage list that a person has chosen."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    columns = ArrayField(
        models.CharField(max_length=10, choices=Column.choices), verbose_name=_("columns")
    )
    density = models.CharField(_("density"), max_length=11, choices=Density.choices)

    class Meta:
        verbose_name = _("layout of the triage list")
        verbose_name_plural = _("layouts of the triage list")
        constraints = [
            models.CheckConstraint(
                name="layout_is_known",
                condition=Q(columns__contained_by=Column.values, density__in=Density.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.density}"
