"""Cases in the admin. Objects that services write are read-only."""

from cases.admin import cases, mail, reference, sheets, storage

__all__ = ["cases", "mail", "reference", "sheets", "storage"]
