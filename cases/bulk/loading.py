"""Turns stored keys and codes into objects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.liaison.models import Agency
from cases.models import ReasonCode
from members.models import User


def reason(code: Any) -> ReasonCode:
    """Return the reason with ``code``. Raises :class:`Refusal` if it is no longer in use."""
    found = ReasonCode.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise Refusal(_("This reason is no longer in use."))
    return found


def agency(key: Any) -> Agency:
    """Return the agency with this key. Raises :class:`Refusal` if there is none."""
    found = Agency.objects.filter(pk=key, is_active=True).first()
    if found is None:
        raise Refusal(_("The agency is no longer in use."))
    return found


def colleague(key: Any) -> User:
    """Return the person with this key. Raises :class:`Refusal` if there is none."""
    found = User.objects.filter(pk=key).first()
    if found is None:
        raise Refusal(_("There is no such moderator."))
    return found
