"""Products of a brand: how to tell the genuine from the fake. Brand guides are made of them."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock, text
from alliance.lib.computed import ComputedField
from alliance.lib.history import tracked
from members import gtin, territories
from members.models import of_brand
from members.models.document import Document
from members.models.organisation import NICE_CLASSES, Brand
from members.models.people import User
from members.names import search_key


class DisclosedTo(models.TextChoices):
    """Which agencies may see a product on the pages of cases that were referred to them."""

    BRAND = "brand", _("Same as the brand guide")
    NOBODY = "nobody", _("No agency")
    ALL = "all", _("All agencies")
    AGENCIES = "agencies", _("Chosen agencies")
    COUNTRIES = "countries", _("Agencies of chosen countries or regions")


def _with_its_countries() -> Q:
    """Return the condition that countries are chosen if they decide, and only then."""
    by_country = Q(disclosed_to=DisclosedTo.COUNTRIES)
    none = Q(disclosed_countries=[])
    return (by_country & ~none) | (~by_country & none)


class ProductSearchField(ComputedField, models.TextField):
    """The names and the GTIN of a product as :func:`members.names.search_key` returns them."""

    def compute(self, row: Any) -> str:
        names = [row.name, row.name_local, *row.other_names.values(), row.gtin]
        return search_key("\n".join(names))


class ProductQuerySet(models.QuerySet["Product"]):
    def active(self) -> ProductQuerySet:
        """Return the products of brand guides: those that are not retired."""
        return self.filter(is_active=True)


@tracked(exclude=("member", "search_text", "updated_at"))
class Product(of_brand.OfBrand):
    """A product of a brand.

    ``gtin`` has 14 digits or is empty (:mod:`members.gtin`). ``other_names`` has further names by language tag.
    ``production_places`` has ISO 3166-1 alpha-2 codes. A retired product is not in the brand guide.
    """

    # The indexes below begin with the brand and the member.
    brand = models.ForeignKey(
        Brand, models.PROTECT, related_name="products", db_index=False, verbose_name=_("brand")
    )
    name = models.CharField(_("name"), max_length=200)
    name_local = models.CharField(_("name in another script"), max_length=200, blank=True)
    gtin = models.CharField(_("GTIN"), max_length=gtin.LENGTH, blank=True)
    other_names = models.JSONField(_("further names"), default=dict, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    packaging = models.TextField(_("packaging"), max_length=2000, blank=True)
    production_places = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("places of production"),
        default=list,
        blank=True,
    )
    nice_classes = ArrayField(
        models.PositiveSmallIntegerField(validators=NICE_CLASSES),
        verbose_name=_("Nice classes"),
        default=list,
        blank=True,
    )
    is_active = models.BooleanField(_("active"), default=True)
    disclosed_to = models.CharField(
        _("visible to"), max_length=10, choices=DisclosedTo.choices, default=DisclosedTo.BRAND
    )
    disclosed_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries or regions"),
        default=list,
        blank=True,
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created on"), default=clock.now)
    search_text = ProductSearchField(editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("name", "id")
        indexes = [
            models.Index(fields=("member", "-id"), name="product_of_member"),
            models.Index(fields=("member", "updated_at", "id"), name="product_updated_of_member"),
            models.Index(fields=("brand", "-id"), name="product_of_brand"),
            models.Index(
                fields=("brand", "name", "id"),
                name="product_of_guide",
                condition=Q(is_active=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("member", "gtin"),
                name="product_gtin_once_per_member",
                condition=~Q(gtin=""),
            ),
            models.CheckConstraint(
                name="product_gtin_has_14_digits",
                condition=Q(gtin="") | Q(gtin__regex=r"^[0-9]{14}$"),
            ),
            models.CheckConstraint(
                name="product_other_names_are_an_object",
                condition=Exact(
                    Func(
                        F("other_names"),
                        function="jsonb_typeof",
                        output_field=models.CharField(),
                    ),
                    Value("object"),
                ),
            ),
            models.CheckConstraint(
                name="product_disclosed_with_its_countries", condition=_with_its_countries()
            ),
        ]
        triggers = of_brand.triggers(
            *("brand_id", "gtin", "name", "name_local", "other_names", "description"),
            *("packaging", "production_places", "nice_classes", "is_active"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.name_local}".strip()

    @property
    def gtin_shown(self) -> str:
        """The GTIN as it is printed under the barcode."""
        return gtin.shown(self.gtin)

    @property
    def production_words(self) -> str:
        """The names of the countries and regions of production."""
        return territories.words(self.production_places)

    @property
    def classes_words(self) -> str:
        return text.join(self.nice_classes)

    @property
    def disclosed_words(self) -> str:
        """The names of the countries and regions whose agencies see the product."""
        return territories.words(self.disclosed_countries)


@tracked()
class ProductFeature(models.Model):
    """A feature by which the genuine product, or a fake of it, is recognised. ``place`` is where to look."""

    class Kind(models.TextChoices):
        GENUINE = "genuine", _("Genuine")
        FAKE = "fake", _("Fake")

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="features", db_index=False, verbose_name=_("product")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    text = models.TextField(_("feature"), max_length=1000)
    place = models.CharField(_("where to look"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("feature of a product")
        verbose_name_plural = _("features of products")
        ordering = ("kind", "position", "id")
        indexes = [
            models.Index(fields=("product", "kind", "position", "id"), name="feature_of_product"),
        ]
        constraints = [
            models.CheckConstraint(
                name="feature_kind_is_known", condition=Q(kind__in=("genuine", "fake"))
            ),
            models.CheckConstraint(name="feature_has_a_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text[:100]


@tracked()
class ProductPicture(models.Model):
    """A picture of a product, or of one of its features. ``alt`` describes it to those who cannot see it.

    The product of a picture of a feature is that of the feature. A trigger sets it.
    """

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="pictures", db_index=False, verbose_name=_("product")
    )
    feature = models.OneToOneField(
        ProductFeature,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="picture",
        verbose_name=_("feature"),
    )
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="product_picture", verbose_name=_("picture")
    )
    alt = models.CharField(_("description of the picture"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("picture of a product")
        verbose_name_plural = _("pictures of products")
        ordering = ("position", "id")
        indexes = [
            models.Index(fields=("product", "position", "id"), name="picture_of_product"),
        ]
        constraints = [
            models.CheckConstraint(name="picture_has_a_description", condition=~Q(alt="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="product_of_feature",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("product_id", "feature_id"),
                condition=pgtrigger.Condition("NEW.feature_id IS NOT NULL"),
                func="NEW.product_id ="
                " (SELECT product_id FROM members_productfeature WHERE id = NEW.feature_id);"
                " RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.alt


@tracked()
class BrandGuide(models.Model):
    """What a brand says about all its products, and which agencies see those that follow the guide.

    A brand without a guide discloses nothing to agencies.
    """

    brand = models.OneToOneField(
        Brand, models.PROTECT, related_name="guide", verbose_name=_("brand")
    )
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)
    disclosed_to = models.CharField(
        _("visible to"),
        max_length=10,
        choices=[choice for choice in DisclosedTo.choices if choice[0] != DisclosedTo.BRAND],
        default=DisclosedTo.NOBODY,
    )
    disclosed_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries or regions"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("brand guide")
        verbose_name_plural = _("brand guides")
        ordering = ("brand",)
        constraints = [
            models.CheckConstraint(
                name="guide_disclosed_with_its_countries", condition=_with_its_countries()
            ),
            models.CheckConstraint(
                name="guide_follows_nothing", condition=~Q(disclosed_to=DisclosedTo.BRAND)
            ),
        ]

    def __str__(self) -> str:
        return str(self.brand)

    @property
    def disclosed_words(self) -> str:
        """The names of the countries and regions whose agencies see the guide."""
        return territories.words(self.disclosed_countries)
