"""Shared by the channel services: the permission check, the row lock and the event record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import permissions  # noqa: F401  (registers the permissions)
from cases.liaison.models import Channel, ChannelEvent
from members import roles
from members.models import Member, User

MANAGE, OPERATE = "liaison.manage_channels", "liaison.operate_channels"

Event = ChannelEvent.Kind
Kind = Channel.Kind


def lock(
    channel: Channel, by: User, *kinds: str, permission: str = OPERATE, ends: bool = False
) -> Channel:
    """Return the channel with its row locked, after checking the permission of ``by``, in the caller's transaction.

    A member's webhook is for the member's owners only: see :func:`demand_owner` for ``ends``. Raises
    :class:`NotAllowed`, :class:`Conflict` for a deleted webhook, and :class:`Refusal` if ``kinds`` are given and the
    channel has another kind.
    """
    locked = lock_row(channel)
    if locked.member:
        demand_owner(locked.member, by, ends=ends)
    else:
        demand(by, permission)
    if locked.deleted_at:
        raise Conflict(_("The webhook has been deleted."))
    if kinds and locked.kind not in kinds:
        raise Refusal(
            _("A channel of the kind “%(kind)s” does not support this.")
            % {"kind": locked.get_kind_display()}
        )
    return locked


def lock_row(channel: Channel) -> Channel:
    """Return the channel as it is stored, with its agency or member and with its row locked."""
    rows = Channel.objects.select_related("agency", "member")
    return rows.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)


def demand(by: User, permission: str) -> None:
    """Raise :class:`NotAllowed` unless ``by`` has the permission."""
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def demand_owner(member: Member, by: User, *, ends: bool = False) -> None:
    """Raise :class:`NotAllowed` unless ``by`` is an owner of the member, and the member is active.

    With ``ends``, the member may also be suspended: what only ends the sending is always possible.
    """
    if not ((ends or member.may_write) and roles.is_owner(by, member)):
        raise NotAllowed(_("Only owners of an active member can do this."))


def record(channel: Channel, kind: str, by: User, **data: Any) -> None:
    """Record an action of ``by`` as a :class:`ChannelEvent`."""
    ChannelEvent.objects.create(
        channel=channel, kind=kind, data=data, actor_id=by.pk, actor_label=by.name, at=clock.now()
    )
