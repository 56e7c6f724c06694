"""The rules of real marketplaces as data, and the engine that reads addresses by them."""

from cases.marketplaces.catalogue.reading import Reading, read, read_text

__all__ = ["Reading", "read", "read_text"]
