"""Cases in the admin. What services write is shown and never changed here."""

from . import cases, mail, reference

__all__ = ["cases", "mail", "reference"]
