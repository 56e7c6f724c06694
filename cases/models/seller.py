"""Marketplaces, the sellers on them, and what ties sellers together."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Upper
from django.db.models.lookups import Contains
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from alliance.lib.history import tracked
from cases.marketplaces.shop_names import NameKeyField, NamePiecesField
from cases.marketplaces.shops import ShopKeyField
from members.models import Brand

# Where a marketplace's own script is Chinese; independent websites have no country and a Chinese name too.
CHINESE_SPEAKING = {"", "CN", "HK", "MO", "TW"}


@tracked()
class Marketplace(models.Model):
    """A place where goods are offered, with the rules to recognise its addresses.

    ``listing_pattern`` is a regular expression searched in path and query; its group ``item`` (or its
    first group) is the listing's number, so that two spellings of one listing give one canonical key.
    A marketplace without hosts takes the addresses that no other one knows (independent websites).
    ``shop_pages`` tell which part of an address names the shop (:mod:`cases.marketplaces.shop_pages`).
    ``shop_ids_are_case_sensitive`` holds for IDs in addresses and for those that people type: a page with
    a ``{code}`` demands it.
    When hosts or pattern change, :mod:`cases.services.listing_keys` computes the keys of listings anew.
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
        help_text=_("Host names without www; sub-domains are included."),
    )
    listing_pattern = models.CharField(
        _("listing pattern"),
        max_length=300,
        blank=True,
        help_text=_(
            "A regular expression for path and query. Its group “item” is the listing's number, "
            "as in /item/(?P<item>\\d+)."
        ),
    )
    shop_pages = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("shop pages"),
        default=list,
        blank=True,
        help_text=_(
            "Pages that name a shop, such as social.example/{name} or video.example/channel/{code}. "
            "In a {name} upper and lower case are the same, in a {code} they differ. A page without "
            "either names no shop. For independent websites: the sites that many shops share."
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
                condition=Q(shop_ids_are_case_sensitive=True)
                | ~Q(Contains(Cast("shop_pages", TextField()), Value("{code}"))),
            ),
        ]

    def __str__(self) -> str:
        """Return the name; for readers of Chinese the Chinese one, where its own script is that."""
        if (get_language() or "").startswith("zh") and self.country in CHINESE_SPEAKING:
            return self.name_local or self.name
        return self.name


# What is computed from the name is no fact of its own.
@tracked(exclude=("name_key", "name_pieces"))
class Seller(models.Model):
    """A shop, unique per marketplace and the marketplace's own number or name for it.

    ``external_id`` and ``shop_url`` are kept as given; shops are compared by their keys (:mod:`cases.marketplaces.shops`).
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="sellers")
    external_id = models.CharField(_("seller ID"), max_length=120)
    external_key = ShopKeyField(of="external_id")
    name = models.CharField(_("shop name"), max_length=200)
    name_key = NameKeyField()
    name_pieces = NamePiecesField()
    shop_url = models.URLField(_("shop address"), max_length=1000, blank=True)
    address_key = ShopKeyField(of="shop_url", blank=True)
    country = CountryField(verbose_name=_("country or region"), blank=True)
    first_seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")
        constraints = [
            models.UniqueConstraint(
                fields=("marketplace", "external_key"),
                # A version from before there were keys may write rows while the portal is upgraded.
                condition=~Q(external_key=""),
                name="seller_key_once_per_marketplace",
            ),
        ]
        indexes = [
            models.Index(fields=("external_key",), name="seller_by_key"),
            GinIndex(fields=("name_pieces",), name="seller_by_pieces"),
            # The beginning of a name, whatever its case: the admin's search.
            models.Index(OpClass(Upper("name"), "text_pattern_ops"), name="seller_by_name"),
            models.Index(
                fields=("address_key",), name="seller_by_address", condition=~Q(address_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.external_id})"


@tracked()
class SellerIdentifier(models.Model):
    """Something that identifies the people behind a shop; shared by two shops, it links them.

    ``value`` is kept in the normal form that :func:`cases.marketplaces.identifiers.normalise` gives.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("E-mail")
        PAYMENT = "payment", _("Payment account")
        ADDRESS = "address", _("Postal address")
        LICENCE = "licence", _("Business licence")

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


@tracked()
class AuthorisedSeller(models.Model):
    """A seller whom the brand itself has authorised: no case can be filed against it by that brand."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="authorised_sellers")
    marketplace = models.ForeignKey(Marketplace, models.CASCADE, related_name="+")
    external_id = models.CharField(_("seller ID"), max_length=120)
    external_key = ShopKeyField(of="external_id")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("authorised seller")
        verbose_name_plural = _("authorised sellers")
        constraints = [
            models.UniqueConstraint(
                fields=("brand", "marketplace", "external_key"),
                condition=~Q(external_key=""),
                name="authorised_key_once_per_brand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} · {self.brand}"
