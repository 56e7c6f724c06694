"""Cases in the admin. Objects that services write are read-only."""

from cases.admin import (
    bulk,
    cases,
    listing_keys,
    mail,
    marketplaces,
    purchases,
    reference,
    review,
    sheets,
    storage,
    teams,
    teamwork,
    watch_lists,
)

__all__ = [
    "bulk",
    "cases",
    "listing_keys",
    "mail",
    "marketplaces",
    "purchases",
    "reference",
    "review",
    "sheets",
    "storage",
    "teams",
    "teamwork",
    "watch_lists",
]
