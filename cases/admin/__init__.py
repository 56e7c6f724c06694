"""Cases in the admin. What services write is shown and never changed here."""

from . import cases, mail, reference, storage

__all__ = ["cases", "mail", "reference", "storage"]
