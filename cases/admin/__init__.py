"""Cases in the admin. Objects that services write are read-only."""

from cases.admin import cases, mail, purchases, reference, storage

__all__ = ["cases", "mail", "purchases", "reference", "storage"]
