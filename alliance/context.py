"""The context processor of every page: navigation, role and settings."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import form_recovery
from cases.lists.triage import DEFAULT_VIEW, VIEWS
from cases.queries.notifications import Bell
from members import standing
from members.models import User
from members.services import application_count

# Shorter values of a form are quickly entered again.
SENT_TEXT_LENGTH = 15


class NavItem(TypedDict):
    """A navigation entry, or a menu of ``items``. ``active`` is true if the current page belongs to it.

    ``count`` is what waits there, or empty.
    """

    label: str
    url: str
    active: bool
    count: str
    items: list[NavItem]


# The label and the URL name of a page, or the label of a menu and its pages.
Entry = tuple[str, str | list[tuple[str, str]]]


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, the ``bell``, the ``palette``, the role, what error pages show, and the settings that templates use."""
    user: User | AnonymousUser = getattr(request, "user", None) or AnonymousUser()
    return {
        "nav": _navigation(user, request.path),
        "bell": Bell(user) if user.is_authenticated and _has_notifications(user) else None,
        "palette": _palette(user) if user.is_authenticated else [],
        "role_label": _role_label(user) if user.is_authenticated else "",
        "form_owner": form_recovery.owner_token(user, request) if user.is_authenticated else "",
        # Error pages call these three.
        "lapsed_access": lambda: standing.without_access(user) if user.is_authenticated else [],
        "former_members": lambda: standing.former_members(user) if user.is_authenticated else [],
        "sent_texts": lambda: _sent_texts(request),
        "demo": settings.DEMO,
        "second_factor_relaxed": not settings.REQUIRE_SECOND_FACTOR,
        "site_url": settings.SITE_URL,
    }


def _has_notifications(user: User) -> bool:
    """Whether the person gets notifications: brand staff and moderators do."""
    return user.is_moderator or not user.needs_second_factor


def _sent_texts(request: HttpRequest) -> list[str]:
    """Return the longer texts of a posted form, so that an error page can show them."""
    values = form_recovery.sent_fields(request).values()
    return [text for texts in values for text in texts if len(text) >= SENT_TEXT_LENGTH]


def start_page(user: User | AnonymousUser) -> str:
    """Return the URL name of the start page for the role of ``user``."""
    if not user.is_authenticated:
        return "public:home"
    if user.is_moderator:
        return "triage:list"
    if hasattr(user, "officer"):
        return "liaison:queue"
    if user.is_staff:
        return "admin:index"
    return "desk:home"


def _navigation(user: User | AnonymousUser, path: str) -> list[NavItem]:
    entries: list[Entry] = []
    if user.is_authenticated:
        if user.is_moderator:
            entries += _triage()
        elif hasattr(user, "officer"):
            entries += [(_("Referrals"), "liaison:queue"), (_("Operations"), "liaison:operations")]
        elif not user.is_staff:
            entries += _desk()
        if user.is_staff:
            if not user.is_moderator:
                entries += _triage()
            entries += [(_("Admin"), "admin:index")]
    entries += [(_("Members"), "members:directory"), (_("Impact"), "public:impact")]
    if not user.is_authenticated:
        entries += [(_("Join"), "join:start")]
    items = [_item(label, target) for label, target in entries]
    _mark(items, path)
    return items


def _desk() -> list[Entry]:
    return [
        (_("Dashboard"), "desk:home"),
        (_("Cases"), "desk:cases"),
        (
            _("Brands"),
            [
                (_("Rights"), "rights:home"),
                (_("Products"), "products:home"),
                (_("Test purchases"), "purchases:home"),
                (_("Authorised sellers"), "allow_list:home"),
                (_("Imports"), "imports:home"),
                (_("Monthly report"), "desk:report"),
            ],
        ),
        (_("People"), "people:home"),
    ]


def _palette(user: User) -> list[NavItem]:
    """Return the views of the triage list for the command palette, which people who read it have."""
    if not user.has_perm("cases.read_triage"):
        return []
    url = reverse("triage:list")
    return [
        {
            "label": str(view.label),
            "url": url if view is DEFAULT_VIEW else f"{url}?view={view.slug}",
            "active": False,
            "count": "",
            "items": [],
        }
        for view in VIEWS.values()
        if user.is_moderator or view.slug != "mine"
    ]


def _triage() -> list[Entry]:
    return [
        (_("Triage"), "triage:list"),
        (_("Operations"), "triage:operations"),
        (_("Overdue"), "triage:overdue"),
        (_("Channels"), "triage:channels"),
        (
            pgettext("navigation", "Membership"),
            [
                (_("Applications"), "triage:applications"),
                (_("Rights"), "triage:rights"),
                (_("Roster"), "triage:roster"),
            ],
        ),
    ]


def _item(label: str, target: str | list[tuple[str, str]]) -> NavItem:
    if isinstance(target, str):
        count = application_count.shown() if target == "triage:applications" else ""
        url = reverse(target)
        return {"label": label, "url": url, "active": False, "count": count, "items": []}
    items = [_item(*page) for page in target]
    # What waits behind a menu is shown on it.
    count = next((item["count"] for item in items if item["count"]), "")
    return {"label": label, "url": "", "active": False, "count": count, "items": items}


def _mark(items: list[NavItem], path: str) -> None:
    """Mark the page that ``path`` belongs to, and its menu.

    It is the longest matching prefix: /triage/operations/ belongs to “Operations”, not to “Triage”.
    """
    pages = [(page, item) for item in items for page in item["items"] or [item]]
    here = [pair for pair in pages if path.startswith(pair[0]["url"])]
    for item in max(here, key=lambda pair: len(pair[0]["url"]), default=()):
        item["active"] = True


def _role_label(user: User) -> str:
    if user.is_moderator:
        return _("Moderator")
    if hasattr(user, "officer"):
        return _("Liaison officer")
    if user.is_staff:
        return _("Administrator")
    return _("Brand staff")
