"""Cases in the admin. Objects that services write are read-only."""

from cases.admin import cases, mail, reference, storage

__all__ = ["cases", "mail", "reference", "storage"]
