"""Cases in the admin. Objects that services write are read-only."""

from cases.admin import (
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
