"""A member's webhooks: created, changed, switched and deleted by the member's owners.

The other modules of this package pause, test, rotate and resend them as they do the channels of agencies.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint, sealing, signing
from alliance.lib.refusals import Conflict, Refusal
from cases.liaison.models import Channel, ChannelBrand, Delivery, Resend
from cases.liaison.models.channel import SEALED_FOR
from cases.services.channels import core, operating, resending
from cases.services.channels.core import Event, Kind
from cases.services.channels.setup import check_url
from members.models import Brand, Member, User

# The most webhooks of a member.
MAX_WEBHOOKS = 10
# Updates are numbered when a worker takes them, so their numbers follow their times only within this margin.
MARGIN = timedelta(minutes=5)


class WebhookChanged(Conflict):
    """Another owner has changed the webhook since the form was opened."""


def version(channel: Channel) -> str:
    """Return a fingerprint of what owners change in a webhook, with which forms detect changes."""
    return fingerprint.of(channel.name, channel.url, channel.all_brands, _brand_ids(channel))


@transaction.atomic
def create(
    *, member: Member, by: User, name: str, url: str, brands: Collection[Brand] | None
) -> tuple[Channel, str]:
    """Create a webhook of the member. Return it with its secret in plain text, which must be shown.

    It reports the cases of ``brands``, or those of all brands of the member, also later ones, for ``None``. Raises
    :class:`NotAllowed` for others than owners of an active member, :class:`Refusal` for an unusable URL, a foreign
    brand or too many webhooks, and :class:`Conflict` if the member has a webhook of this name.
    """
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    core.demand_owner(member, by)
    check_url(url)
    if Channel.objects.of_members().filter(member=member).count() >= MAX_WEBHOOKS:
        raise Refusal(_("Your member has too many webhooks. Delete one first."))
    secret = signing.new_secret()
    channel = Channel(
        member=member,
        kind=Kind.WEBHOOK,
        name=name.strip(),
        url=url,
        all_brands=brands is None,
        secret_sealed=sealing.seal(secret, purpose=SEALED_FOR),
    )
    _save(channel)
    _set_brands(channel, brands)
    core.record(channel, Event.CREATED, by)
    return channel, secret


@transaction.atomic
def change(
    *,
    channel: Channel,
    by: User,
    seen: str,
    name: str,
    url: str,
    brands: Collection[Brand] | None,
) -> Channel:
    """Change the name, URL and brands of a webhook. Updates that wait go to the new URL. Idempotent.

    ``seen`` is the :func:`version` that the form shows. The other arguments and refusals are those of :func:`create`;
    also raises :class:`WebhookChanged`.
    """
    channel = core.lock(channel, by, Kind.WEBHOOK)
    check_url(url)
    kept = set(_brand_ids(channel))
    chosen = {brand.pk for brand in brands or ()}
    before = {"name": channel.name, "url": channel.url, "brands": (channel.all_brands, kept)}
    after = {"name": name.strip(), "url": url, "brands": (brands is None, chosen)}
    changed = sorted(field for field in before if before[field] != after[field])
    if not changed:
        return channel
    if seen != version(channel):
        raise WebhookChanged(_("Someone else has changed this since you opened the form."))
    channel.name, channel.url, channel.all_brands = name.strip(), url, brands is None
    _save(channel)
    if "brands" in changed:
        _set_brands(channel, brands)
    if "url" in changed:
        # The failures were those of the former address.
        resending.restart(channel)
    core.record(channel, Event.CHANGED, by, fields=changed)
    return channel


@transaction.atomic
def switch(*, channel: Channel, by: User, on: bool) -> Channel:
    """Switch a webhook on or off. Idempotent.

    While it is off, no updates are collected for it. Switching it on also ends a pause, and sends what had waited.
    Owners of a suspended member can only switch it off.
    """
    channel = core.lock(channel, by, Kind.WEBHOOK, ends=not on)
    if channel.is_active != on:
        channel.is_active = on
        channel.save(update_fields=["is_active"])
        core.record(channel, Event.SWITCHED_ON if on else Event.SWITCHED_OFF, by)
        if on:
            resending.restart(channel)
    return operating.resume(channel=channel, by=by) if on else channel


@transaction.atomic
def switch_off_for_alliance(*, channel: Channel, by: User) -> Channel:
    """Switch a member's webhook off, as an administrator of the alliance. Only owners switch it on again. Idempotent.

    Owners see in the activity log that the alliance did it; administrators see who. Requires ``liaison.manage_channels``.
    """
    core.demand(by, core.MANAGE)
    channel = core.lock_row(channel)
    if channel.is_active:
        channel.is_active = False
        channel.save(update_fields=["is_active"])
        core.record(channel, Event.SWITCHED_OFF, by, by_alliance=True)
    return channel


@transaction.atomic
def delete(*, channel: Channel, by: User) -> None:
    """Delete a webhook: nothing is sent any more, and its URL and secrets are erased. Idempotent.

    The row, its deliveries and its append-only events stay. Owners of a suspended member can do this too.
    """
    if Channel.objects.filter(pk=channel.pk, deleted_at__isnull=False).exists():
        return
    channel = core.lock(channel, by, Kind.WEBHOOK, ends=True)
    channel.is_active, channel.deleted_at = False, clock.now()
    channel.url = channel.secret_sealed = channel.previous_secret_sealed = ""
    channel.previous_secret_until = None
    channel.save()
    Resend.objects.filter(channel=channel, finished_at=None).update(
        finished_at=clock.now(), is_stopped=True
    )
    core.record(channel, Event.DELETED, by)


def replay_since(*, channel: Channel, by: User, since: datetime) -> Resend:
    """Send all updates again that were made at ``since`` or later. Return the order.

    Up to :data:`MARGIN` earlier ones may be among them. Raises what :func:`resending.replay` raises.
    """
    return resending.replay(channel=channel, by=by, from_seq=number_at(channel, since))


def number_at(channel: Channel, since: datetime) -> int:
    """Return the number in the channel from which a replay has every update made at ``since`` or later.

    A binary search over the numbers, which have no gaps: about twenty look-ups for a million updates. Raises
    :class:`Refusal` if there is no such update.
    """
    numbered = Channel.objects.values_list("numbered_seq", flat=True).get(pk=channel.pk)
    rows = Delivery.objects.filter(channel=channel)

    def made_at(seq: int) -> datetime:
        return rows.values_list("update__created_at", flat=True).get(seq=seq)

    if not numbered or made_at(numbered) < since - MARGIN:
        raise Refusal(_("There have been no updates since then."))
    low, high = 1, numbered
    while low < high:
        middle = (low + high) // 2
        if made_at(middle) < since - MARGIN:
            low = middle + 1
        else:
            high = middle
    return low


def _save(channel: Channel) -> None:
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        raise Conflict(
            _(
                "There is already a webhook with this name. If you do not have its secret, rotate it."
            )
        ) from None


def _brand_ids(channel: Channel) -> list[int]:
    return sorted(channel.brands.values_list("brand_id", flat=True))


def _set_brands(channel: Channel, brands: Collection[Brand] | None) -> None:
    """Set the brands of a webhook. Raises :class:`Refusal` for none, and for a brand of another member."""
    if brands is not None and not brands:
        raise Refusal(_("Choose at least one brand."))
    if any(brand.member_id != channel.member_id for brand in brands or ()):
        raise Refusal(_("Choose brands of your member."))
    chosen = {brand.pk for brand in brands or ()}
    channel.brands.exclude(brand__in=chosen).delete()
    known = set(channel.brands.values_list("brand_id", flat=True))
    ChannelBrand.objects.bulk_create(
        ChannelBrand(channel=channel, brand_id=pk) for pk in sorted(chosen - known)
    )
