"""The rules of real marketplaces as data, and the engine that reads addresses by them."""

from cases.marketplaces.catalogue.reading import LISTING_KINDS, Reading, read
from cases.marketplaces.catalogue.rules import has, marketplaces

__all__ = ["LISTING_KINDS", "Reading", "has", "marketplaces", "read"]
