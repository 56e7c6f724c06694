"""Cases in the admin. What services write is shown and never changed here."""

from cases.admin import cases, mail, reference, storage

__all__ = ["cases", "mail", "reference", "storage"]
