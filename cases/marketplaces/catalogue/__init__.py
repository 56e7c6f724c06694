"""The rules of real marketplaces as data, and the engine that reads addresses by them."""

from cases.marketplaces.catalogue.reading import Reading, follow, read, read_normalised, read_text
from cases.marketplaces.catalogue.rules import marketplaces

__all__ = ["Reading", "follow", "marketplaces", "read", "read_normalised", "read_text"]
