"""An agency's account at the streams' Redis: its password made anew, shown once, or withdrawn."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency, Channel, ChannelEvent
from cases.services.channels import core
from cases.services.refusals import Refusal
from members.models import User


@transaction.atomic
def renew(*, agency: Agency, by: User) -> str:
    """Give the agency's account a new password and return it, to be shown once; only its hash is kept.

    The former one ends at once, and so do the connections opened with it. Redis is told after the commit;
    what it does not take then, the sweep brings to it. Raises :class:`Refusal` when the agency is not in
    use, has no stream, or has one whose name no rule of Redis can say.
    """
    agency = _lock(agency, by)
    streams = _streams(agency)
    if not agency.is_active:
        raise Refusal(_("This agency is not in use."))
    if not streams:
        raise Refusal(_("This agency has no stream. Make a channel of that kind first."))
    for channel in streams:
        if not accounts.is_possible(channel.stream_key or ""):
            raise Refusal(
                _(
                    "The name of the stream “%(stream)s” has a space in it, which an account of Redis cannot be given."
                )
                % {"stream": channel.stream_key}
            )
    password = secrets.token_urlsafe(32)
    _keep(agency, hashlib.sha256(password.encode()).hexdigest())
    for channel in streams:
        core.record(channel, ChannelEvent.Kind.PASSWORD_RENEWED, by)
    return password


@transaction.atomic
def revoke(*, agency: Agency, by: User) -> None:
    """Take the agency's account away; withdrawing what is not there changes nothing."""
    agency = _lock(agency, by)
    if not agency.stream_password_hash:
        return
    _keep(agency, "")
    for channel in _streams(agency):
        core.record(channel, ChannelEvent.Kind.CHANGED, by, fields=["stream_password"])


def _lock(agency: Agency, by: User) -> Agency:
    core.demand(by, core.MANAGE)
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _streams(agency: Agency) -> list[Channel]:
    return list(Channel.objects.filter(agency=agency, kind=Channel.Kind.STREAM).order_by("pk"))


def _keep(agency: Agency, password_hash: str) -> None:
    agency.stream_password_hash = password_hash
    agency.stream_password_set_at = clock.now() if password_hash else None
    agency.save(update_fields=["stream_password_hash", "stream_password_set_at"])
    transaction.on_commit(partial(accounts.apply_quietly, agency.pk, end_connections=True))
