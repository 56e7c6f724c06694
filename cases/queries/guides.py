"""What an agency sees of the guide of a brand."""

from __future__ import annotations

from cases import visibility
from cases.liaison.models import Agency
from members import guides
from members.models import Brand
from members.models.product import ProductQuerySet


def disclosed(agency: Agency) -> ProductQuerySet:
    """Return the products that their brands disclose to ``agency``. The caller checks that it knows the brand."""
    return visibility.disclosed_products(Agency.objects.filter(pk=agency.pk))


def introduction(agency: Agency, brand: Brand) -> str:
    """Return the introduction of the guide of ``brand``; ``""`` if the guide is not disclosed to ``agency``."""
    rows = visibility.disclosed_guides(Agency.objects.filter(pk=agency.pk))
    return rows.filter(brand=brand).values_list("introduction", flat=True).first() or ""


def glance(agency: Agency, brand: Brand | None) -> guides.Glance | None:
    """Return the beginning of the guide of ``brand`` for ``agency``; ``None`` if it may not know the brand."""
    if brand is None:
        return None
    return guides.Glance.of(list(guides.beginning(disclosed(agency).filter(brand=brand))))
