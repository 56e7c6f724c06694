"""Marketplaces, sellers and the identifiers that link sellers."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Upper
from django.db.models.lookups import Contains
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from alliance.lib import clock
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from alliance.lib.two_scripts import CHINESE_SPEAKING, NamedInTwoScripts
from cases.marketplaces import shops
from cases.marketplaces.shop_names import NameKeyField, NamePiecesField
from cases.marketplaces.shops import ShopKeyField
from members.models import Brand, User, of_brand


@tracked()
class Marketplace(NamedInTwoScripts, models.Model):
    """A marketplace, with the rules that recognise its URLs.

    The marketplace without ``hosts`` is that of independent websites: it owns the URLs that no other one owns.
    ``listing_pattern`` is a regular expression that is searched in path and query. Its group ``item``, or else
    its first group, is the listing's number and becomes part of the canonical key. ``shop_pages`` define which
    part of a URL identifies the shop (:mod:`cases.marketplaces.shop_pages`). ``shop_ids_are_case_sensitive``
    applies to IDs in URLs and to IDs that people enter; a shop page with ``{code}`` requires it.

    If ``slug`` is that of a marketplace of the catalogue (:mod:`cases.marketplaces.catalogue`), the catalogue's rules
    come first, and ``listing_pattern`` applies to pages that they do not know.

    If one of these fields changes, :mod:`cases.services.listing_keys` rebuilds the keys of listings.
    """

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_local = models.CharField(_("name in its own script"), max_length=100, blank=True)
    country = CountryField(verbose_name=_("country or region"), blank=True)
    hosts = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("hosts"),
        default=list,
        blank=True,
        help_text=_("Host names without www. Subdomains are included."),
    )
    listing_pattern = models.CharField(
        _("listing pattern"),
        max_length=300,
        blank=True,
        help_text=_(
            "A regular expression for path and query. Its group “item” is the listing’s number, "
            "as in /item/(?P<item>\\d+)."
        ),
    )
    shop_pages = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("shop pages"),
        default=list,
        blank=True,
        help_text=_(
            "URLs that identify a shop, such as social.example/{name} or video.example/channel/{code}. "
            "A {name} ignores case, a {code} is case-sensitive. A page without either identifies no shop. "
            "For independent websites, list the sites that many shops share."
        ),
    )
    shop_ids_are_case_sensitive = models.BooleanField(
        _("shop IDs are case-sensitive"),
        default=False,
        db_default=False,
        help_text=_("Cannot be changed once the marketplace has sellers."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("marketplace")
        verbose_name_plural = _("marketplaces")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="shop_pages_with_codes_are_case_sensitive",
                violation_error_message=_(
                    "Shop pages with a {code} require case-sensitive shop IDs."
                ),
                condition=Q(shop_ids_are_case_sensitive=True)
                | ~Q(Contains(Cast("shop_pages", TextField()), Value("{code}"))),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    def shop_key(self, shop: str) -> str:
        """Return the key of a shop here, given its ID or URL: variants of them have the same key."""
        return shops.key(shop, case_sensitive=self.shop_ids_are_case_sensitive)

    @property
    def has_chinese_name(self) -> bool:
        """Whether ``name_local`` is a Chinese name. This includes marketplaces without a country."""
        return bool(self.name_local) and str(self.country) in {*CHINESE_SPEAKING, ""}


# The history omits columns that are computed from the name.
@tracked(exclude=("name_key", "name_pieces"))
class Seller(models.Model):
    """A shop on a marketplace, identified by the marketplace's ID for it.

    ``external_id`` and ``shop_url`` are stored as given. Shops are compared by their keys
    (:mod:`cases.marketplaces.shops`).
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="sellers")
    external_id = models.CharField(_("seller ID"), max_length=120)
    external_key = ShopKeyField(of="external_id")
    name = models.CharField(_("shop name"), max_length=200)
    name_key = NameKeyField()
    name_pieces = NamePiecesField()
    shop_url = models.URLField(_("shop URL"), max_length=1000, blank=True)
    address_key = ShopKeyField(of="shop_url", blank=True)
    country = CountryField(verbose_name=_("country or region"), blank=True)
    first_seen_at = models.DateTimeField(_("first seen on"), auto_now_add=True)

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")
        constraints = [
            models.UniqueConstraint(
                fields=("marketplace", "external_key"),
                # During an upgrade, an older version may write rows without keys.
                condition=~Q(external_key=""),
                name="seller_key_once_per_marketplace",
                violation_error_message=_("The marketplace already has a seller with this ID."),
            ),
        ]
        indexes = [
            models.Index(fields=("external_key",), name="seller_by_key"),
            GinIndex(fields=("name_pieces",), name="seller_by_pieces"),
            # For the admin's case-insensitive prefix search.
            models.Index(OpClass(Upper("name"), "text_pattern_ops"), name="seller_by_name"),
            models.Index(
                fields=("address_key",), name="seller_by_address", condition=~Q(address_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.external_id})"


@tracked()
class SellerIdentifier(models.Model):
    """An identifier of the people who run a shop, such as a telephone number. It links shops that share it.

    ``value`` is normalised by :func:`cases.marketplaces.identifiers.normalise`.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        EMAIL = "email", pgettext_lazy("seller identifier", "Email")
        PAYMENT = "payment", _("Payment account")
        ADDRESS = "address", _("Postal address")
        LICENCE = "licence", _("Business licence")
        SOCIAL = "social", _("Social media account")

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=200)

    class Meta:
        verbose_name = _("seller identifier")
        verbose_name_plural = _("seller identifiers")
        indexes = [models.Index(fields=("kind", "value"), name="identifier_lookup")]
        constraints = [
            models.UniqueConstraint(
                fields=("seller", "kind", "value"), name="identifier_once_per_seller"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"


class AuthorisedSellerQuerySet(models.QuerySet["AuthorisedSeller"]):
    def in_force(self) -> AuthorisedSellerQuerySet:
        """Return entries that were not ended and whose validity includes today."""
        today = clock.today()
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=today),
            Q(valid_until=None) | Q(valid_until__gte=today),
            ended_at=None,
        )

    def upcoming(self) -> AuthorisedSellerQuerySet:
        """Return entries that were not ended and begin after today."""
        return self.filter(ended_at=None, valid_from__gt=clock.today())

    def over(self) -> AuthorisedSellerQuerySet:
        """Return entries that were ended or have expired."""
        return self.filter(Q(ended_at__isnull=False) | Q(valid_until__lt=clock.today()))


# The history omits the member, which follows from the brand.
@tracked(exclude=("member", "updated_at"))
class AuthorisedSeller(of_brand.OfBrand):
    """A seller that the brand has authorised. While the entry is in force, the brand cannot file a case against it.

    ``valid_from`` and ``valid_until`` are the first and the last day, or empty for no limit. A brand has one entry
    for each shop. An entry that has ended or expired can be renewed (:mod:`cases.services.authorised_sellers`).
    """

    class State(models.TextChoices):
        """What the pages call the state of an entry. It is not stored."""

        IN_FORCE = "in_force", pgettext_lazy("authorised seller", "In force")
        UPCOMING = "upcoming", pgettext_lazy("authorised seller", "Not yet in force")
        EXPIRED = "expired", pgettext_lazy("authorised seller", "Expired")
        ENDED = "ended", pgettext_lazy("authorised seller", "Ended")

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="authorised_sellers")
    marketplace = models.ForeignKey(Marketplace, models.CASCADE, related_name="+")
    external_id = models.CharField(_("seller ID"), max_length=120)
    external_key = ShopKeyField(of="external_id")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    objects = AuthorisedSellerQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorised seller")
        verbose_name_plural = _("authorised sellers")
        indexes = [
            models.Index(fields=("brand", "-id"), name="authorised_of_brand"),
            models.Index(fields=("member", "-id"), name="authorised_of_member"),
            models.Index(fields=("member", "marketplace", "-id"), name="authorised_on_marketplace"),
            models.Index(
                fields=("member", "-id"),
                name="authorised_ended",
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=("member", "updated_at", "id"), name="authorised_updated_of_member"
            ),
        ]
        triggers = of_brand.triggers(
            *("brand_id", "marketplace_id", "external_id", "valid_from", "valid_until", "note"),
            "ended_at",
        )
        constraints = [
            models.UniqueConstraint(
                fields=("brand", "marketplace", "external_key"),
                condition=~Q(external_key=""),
                name="authorised_key_once_per_brand",
                violation_error_message=_("The brand has already authorised this shop."),
            ),
            models.CheckConstraint(
                name="authorised_seller_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first day."),
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="authorised_seller_ended_by_and_at_go_together",
                condition=together("ended_by", "ended_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} · {self.brand}"

    @property
    def state(self) -> State:
        """The state of the entry today."""
        today = clock.today()
        if self.ended_at is not None:
            return self.State.ENDED
        if self.valid_until is not None and self.valid_until < today:
            return self.State.EXPIRED
        if self.valid_from is not None and self.valid_from > today:
            return self.State.UPCOMING
        return self.State.IN_FORCE

    def get_state_display(self) -> Any:
        return self.state.label
