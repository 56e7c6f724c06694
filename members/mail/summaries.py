"""What a notice says in one line, and the page that it leads to: for its email, the digest and the portal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alliance.lib import time_zones
from alliance.templatetags.figures import grouped
from members.models import MemberNotice, Membership

Kind = MemberNotice.Kind


def summary(notice: MemberNotice) -> str:
    """Return the facts of ``notice`` in the active language, or ``""`` if its label says everything."""
    data = notice.data
    if notice.kind in (Kind.RIGHT_VERIFIED, Kind.RIGHT_RETURNED):
        return str(notice.right)
    if notice.kind == Kind.RIGHTS_EXPIRE:
        text = ngettext(
            "%(count)s right expires within %(days)d days",
            "%(count)s rights expire within %(days)d days",
            data["count"],
        )
        return text % {"count": grouped(data["count"]), "days": data["days"]}
    if notice.kind == Kind.TOKEN_EXPIRES:
        return _("%(name)s, until %(day)s") % {"name": data["token_name"], "day": moment(data)}
    if notice.kind == Kind.AGENT_ENDS:
        return _("%(name)s, until %(day)s") % {"name": data["agent"], "day": day(data["ends"])}
    if notice.kind == Kind.AGENT_RENEWED:
        return _("until %(day)s") % {"day": day(data["ends"])}
    if notice.kind == Kind.ROLE_CHANGED:
        return str(Membership.Role(data["role"]).label)
    # Who did it, or why: a change of the membership has its reason, and no name.
    return str(data.get("reason") or data.get("by", ""))


def path(notice: MemberNotice) -> str:
    """Return the path of the page that ``notice`` leads to."""
    slug = notice.member.slug
    if notice.right is not None:
        return reverse("rights:detail", args=[slug, notice.right.pk])
    if notice.kind == Kind.RIGHTS_EXPIRE:
        return reverse("rights:list", args=[slug]) + "?state=expiring"
    if notice.kind == Kind.TOKEN_EXPIRES:
        return reverse("tokens:list", args=[slug])
    if notice.kind == Kind.LOGIN_CONNECTED:
        return reverse("usersessions_list")
    if notice.kind == Kind.ROLE_ENDED or notice.data.get("reason"):
        return reverse("start")
    if notice.kind in (Kind.AGENT_RENEWED, Kind.AGENT_ENDS) and is_for_agent(notice.data):
        return reverse("desk:home")
    return reverse("people:list", args=[slug])


def is_for_agent(data: dict[str, Any]) -> bool:
    """Return whether the email about an authorisation is for the agent, not for an owner."""
    return bool(data.get("is_agent", True))


def day(text: str) -> str:
    """Return a stored date in the active language."""
    return date_format(date.fromisoformat(text))


def moment(data: dict[str, Any]) -> str:
    """Return the time ``ends`` in the reader's time zone, with its name."""
    zone = time_zones.named(data["zone"])
    ends = datetime.fromisoformat(data["ends"]).astimezone(zone)
    return f"{date_format(ends, pgettext('date format', 'j M Y, H:i'))} ({zone.key})"
