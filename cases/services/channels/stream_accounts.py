"""Rotate or revoke the password of an agency's account in the streams' Redis."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency, Channel, ChannelEvent
from cases.services.channels import core
from members.models import User


@transaction.atomic
def rotate(*, agency: Agency, by: User) -> str:
    """Give the agency's account a new password and return it, to be shown once. Only its hash is stored.

    The previous password stops working and connections opened with it are closed. Redis is updated after the
    commit; if that fails, the sweep repeats it. Raises :class:`Refusal` if the agency is inactive, has no
    stream, or has a stream whose name an ACL rule cannot contain.
    """
    agency = _lock(agency, by)
    streams = _streams(agency)
    if not agency.is_active:
        raise Refusal(_("This agency is inactive."))
    if not streams:
        raise Refusal(_("This agency has no stream. Create a stream channel first."))
    for channel in streams:
        if not accounts.is_possible(channel.stream_key or ""):
            raise Refusal(
                _(
                    "The name of the stream “%(stream)s” contains a space. A Redis account cannot be given access to it."
                )
                % {"stream": channel.stream_key}
            )
    password = secrets.token_urlsafe(32)
    _save(agency, hashlib.sha256(password.encode()).hexdigest())
    for channel in streams:
        core.record(channel, ChannelEvent.Kind.PASSWORD_RENEWED, by)
    return password


@transaction.atomic
def revoke(*, agency: Agency, by: User) -> None:
    """Revoke the agency's account. Idempotent."""
    agency = _lock(agency, by)
    if not agency.stream_password_hash:
        return
    _save(agency, "")
    for channel in _streams(agency):
        core.record(channel, ChannelEvent.Kind.CHANGED, by, fields=["stream_password"])


def _lock(agency: Agency, by: User) -> Agency:
    core.demand(by, core.MANAGE)
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _streams(agency: Agency) -> list[Channel]:
    return list(Channel.objects.filter(agency=agency, kind=Channel.Kind.STREAM).order_by("pk"))


def _save(agency: Agency, password_hash: str) -> None:
    agency.stream_password_hash = password_hash
    agency.stream_password_set_at = clock.now() if password_hash else None
    agency.save(update_fields=["stream_password_hash", "stream_password_set_at"])
    transaction.on_commit(partial(accounts.apply_quietly, agency.pk, end_connections=True))
