"""What every service of channels shares: the permission, the lock and the record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from alliance.lib import clock
from cases import permissions  # noqa: F401  (what is asked for by name below is made there)
from cases.liaison.models import Channel, ChannelEvent
from cases.services.refusals import NotAllowed, Refusal
from members.models import User

MANAGE, OPERATE = "liaison.manage_channels", "liaison.operate_channels"


Event = ChannelEvent.Kind


Kind = Channel.Kind


def lock(channel: Channel, by: User, *kinds: str, permission: str = OPERATE) -> Channel:
    """Return the channel with its row locked, for an act of ``by``; the transaction is the caller's.

    Raises :class:`NotAllowed`, and :class:`Refusal` for a channel that is none of ``kinds``, if given.
    """
    demand(by, permission)
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if kinds and locked.kind not in kinds:
        raise Refusal(
            _("This cannot be done with a channel of the kind “%(kind)s”.")
            % {"kind": locked.get_kind_display()}
        )
    return locked


def demand(by: User, permission: str) -> None:
    """Raise :class:`NotAllowed` unless ``by`` has the permission."""
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def record(channel: Channel, kind: str, by: User, **data: Any) -> None:
    """Write down what ``by`` did with the channel."""
    ChannelEvent.objects.create(
        channel=channel, kind=kind, data=data, actor_id=by.pk, actor_label=by.name, at=clock.now()
    )
