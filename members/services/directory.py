"""What a member publishes in the directory, which its owners choose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.models import DirectoryEntry, Member, User

# The facts that an owner chooses, by the model that has them.
OF_MEMBER = ("description", "description_zh", "website")
OF_ENTRY = ("shows_website", "consumer_email", "consumer_phone", "consumer_url")


class Published(NamedTuple):
    """What a member publishes: facts by name, and the primary keys of its public brands.

    ``version`` is a fingerprint of these and of all brands of the member.
    """

    facts: dict[str, Any]
    brands: frozenset[int]
    version: str


def entry_of(member: Member) -> DirectoryEntry:
    """Return the member's entry, or an unsaved one with the defaults."""
    found: DirectoryEntry | None = getattr(member, "entry", None)
    return found or DirectoryEntry(member=member)


def published(member: Member) -> Published:
    """Return what the member publishes now. Makes one query, and one for the entry if it is not loaded."""
    entry = entry_of(member)
    facts = {name: getattr(member, name) for name in OF_MEMBER}
    facts |= {name: getattr(entry, name) for name in OF_ENTRY}
    brands = list(member.brands.order_by("pk").values_list("pk", "is_active", "is_public"))
    return Published(
        facts,
        frozenset(pk for pk, is_active, is_public in brands if is_active and is_public),
        fingerprint.of(facts, brands),
    )


@transaction.atomic
def publish(
    *, member: Member, by: User, seen: str, brands: Collection[int], **facts: Any
) -> DirectoryEntry:
    """Publish ``facts``, named in :data:`OF_MEMBER` and :data:`OF_ENTRY`, and of the active brands only ``brands``.

    ``seen`` is the :attr:`Published.version` that the owner changed. Idempotent: publishing the same again changes nothing.
    Raises :class:`Refusal` for a suspended member, :class:`NotAllowed` for others than owners, and :class:`Conflict`
    if something else has been published since.
    """
    member = _lock(member, by=by)
    if not roles.may_write(member):
        raise Refusal(_("A suspended member is not in the directory. Nothing can be published."))
    entry, now = entry_of(member), published(member)
    if (now.facts, now.brands) == (facts, frozenset(brands)):
        return entry if entry.pk else _save(entry, facts, by)
    if now.version != seen:
        raise Conflict(
            _("The directory entry has changed since you opened it. Compare, and publish again.")
        )
    for name in OF_MEMBER:
        setattr(member, name, facts[name])
    member.save(update_fields=OF_MEMBER)
    active = member.brands.filter(is_active=True)
    active.filter(pk__in=brands, is_public=False).update(is_public=True)
    active.filter(is_public=True).exclude(pk__in=brands).update(is_public=False)
    return _save(entry, facts, by)


def _save(entry: DirectoryEntry, facts: dict[str, Any], by: User) -> DirectoryEntry:
    for name in OF_ENTRY:
        setattr(entry, name, facts[name])
    entry.published_by, entry.published_at = by, clock.now()
    entry.save()
    return entry


def _lock(member: Member, *, by: User) -> Member:
    """Lock the member until the transaction ends, for its owner ``by``. Raises :class:`NotAllowed`."""
    rows = Member.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.select_related("entry").get(pk=member.pk)
    if not roles.is_owner(by, locked):
        raise NotAllowed(_("Only owners can change the directory entry."))
    return locked
