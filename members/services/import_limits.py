"""How many sheets may be uploaded for a member. The check of a sheet takes a worker some seconds."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from members.models import Member

PER_HOUR = 60


def count(member: Member) -> None:
    """Count an upload. Raises :class:`Refusal` after :data:`PER_HOUR` uploads within an hour."""
    key = f"imports_of_member:{member.pk}"
    cache.add(key, 0, timeout=3600)
    try:
        uploads = int(cache.incr(key))
    except ValueError:  # the cache is unreachable or has just evicted the counter
        return
    if uploads > PER_HOUR:
        text = _(
            "More than %(limit)d sheets were uploaded for this member within an hour. Try again later."
        )
        raise Refusal(text % {"limit": PER_HOUR})
