"""What moderators check of an application, as data."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Point(NamedTuple):
    """A point of the checklist: its key in the database, what to check, and how."""

    key: str
    title: Any
    text: Any


POINTS = (
    Point(
        "identity",
        _("The organisation exists"),
        _("Name, number and country agree with the registration document or the company register."),
    ),
    Point(
        "authority",
        _("The person may act for it"),
        _("The proof of authority names the person and is signed by the organisation."),
    ),
    Point(
        "website",
        _("The website is the organisation’s own"),
        _("The website names the organisation. The email address belongs to its domain."),
    ),
    Point(
        "brands",
        _("The brands belong to it"),
        _("At least one brand is registered for the organisation, or a licence allows it to act."),
    ),
    Point(
        "duplicate",
        _("It is not a member already"),
        _("Each possible duplicate is explained."),
    ),
    Point(
        "conduct",
        _("No reason to refuse"),
        _(
            "The organisation is not a seller with strikes, and not a former member that was excluded."
        ),
    ),
)
