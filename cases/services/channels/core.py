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


def lock(channel: Channel, by: User, *kinds: str, permission: str = OPERATE) -> Channel:
    """Check the permission of ``by`` and return the channel with its row locked, in the caller's transaction.

    A member's webhook is for the member's owners only. Raises :class:`NotAllowed`, :class:`Conflict` for a deleted
    webhook, and :class:`Refusal` if ``kinds`` are given and the channel has another kind.
    """
    if channel.member:
        demand_owner(channel.member, by)
    else:
        demand(by, permission)
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if locked.deleted_at:
        raise Conflict(_("The webhook has been deleted."))
    if kinds and locked.kind not in kinds:
        raise Refusal(
            _("A channel of the kind “%(kind)s” does not support this.")
            % {"kind": locked.get_kind_display()}
        )
    return locked


def demand(by: User, permission: str) -> None:
    """Raise :class:`NotAllowed` unless ``by`` has the permission."""
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def demand_owner(member: Member, by: User) -> None:
    """Raise :class:`NotAllowed` unless ``by`` is an owner of the member, and the member is active."""
    if not (member.may_write and roles.is_owner(by, member)):
        raise NotAllowed(_("Only owners of an active member can do this."))


def record(channel: Channel, kind: str, by: User, **data: Any) -> None:
    """Record an action of ``by`` as a :class:`ChannelEvent`."""
    ChannelEvent.objects.create(
        channel=channel, kind=kind, data=data, actor_id=by.pk, actor_label=by.name, at=clock.now()
    )
