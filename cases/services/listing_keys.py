"""Rebuilds the canonical keys of listings when the marketplaces' rules change.

The rules have a fingerprint. A rebuild starts when it differs from that of the last rebuild: after an admin
saves a marketplace, after a change by SQL, or after a release that computes keys in another way. A rebuild
processes all listings in batches. It is idempotent and can be interrupted.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, QuerySet

from alliance.lib import clock, wakeup
from cases.marketplaces import addresses, catalogue
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, KeyClash, KeyRebuild, Listing, Marketplace
from cases.states import Status
from members.models import Brand

BATCH = 500
FLAG = "listing-keys"
TASK = "cases.tasks.rebuild_listing_keys"

# Keys of advisory locks, unique in the database.
_RULES_CHANGE = 0x72_75_6C_65
_RULES_ARE_USED = 0x6B_65_79_73


def lock_rules() -> None:
    """Serialise changes of marketplaces until the transaction ends."""
    _advisory("pg_advisory_xact_lock", _RULES_CHANGE)


def schedule_check() -> None:
    """Schedule a check of the keys on commit. Called in the transaction that changes a marketplace."""
    transaction.on_commit(wake)


def wake() -> None:
    """Wake a worker, unless one has been woken already. Never raises."""
    wakeup.send(TASK, queue="default", flag=FLAG)


def wake_if_stale() -> None:
    """Wake a worker if a rebuild is due or unfinished. Called every half minute."""
    if _unfinished() or _is_stale():
        wake()


def refresh(case: Case) -> tuple[list[Listing], Marketplaces]:
    """Update the keys of a draft's listings by the current rules. The caller has locked the case.

    Return the listings in the draft's order, and the marketplaces whose rules were used. A rebuild can start
    only after the transaction ends, so it includes these listings.
    """
    _advisory("pg_advisory_xact_lock_shared", _RULES_ARE_USED)
    listings, marketplaces, result = (
        list(case.listings.order_by("pk")),
        Marketplaces.all(),
        _Result(),
    )
    _apply(listings, marketplaces, {case.pk}, result)
    if result.changed or result.merged:
        return list(case.listings.order_by("position")), marketplaces
    return sorted(listings, key=attrgetter("position")), marketplaces


def rebuild(*, seconds: float) -> bool:
    """Work on the due rebuild for up to ``seconds``; return whether it is finished."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _start() is None:
            return True
        if not _batch():
            return False  # another worker is rebuilding
    return False


def fingerprint(marketplaces: Iterable[Marketplace]) -> str:
    """Return a hash of everything that keys depend on."""
    rules = [
        [m.pk, m.slug if catalogue.has(m.slug) else "", sorted(m.hosts), m.listing_pattern]
        for m in sorted(marketplaces, key=lambda one: one.pk)
    ]
    text = json.dumps([addresses.KEY_VERSION, rules])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Result:
    changed: int = 0
    merged: int = 0
    clashes: list[KeyClash] = field(default_factory=list)


def _unfinished() -> KeyRebuild | None:
    return KeyRebuild.objects.filter(finished_at=None, is_superseded=False).first()


def _is_stale() -> bool:
    latest = KeyRebuild.objects.order_by("-pk").first()
    return latest is None or latest.rules != fingerprint(Marketplaces.all())


@transaction.atomic
def _start() -> KeyRebuild | None:
    """Return the due rebuild, starting one if needed; ``None`` if the keys are up to date."""
    # Wait for transactions that submit cases with the former rules.
    _advisory("pg_advisory_xact_lock", _RULES_ARE_USED)
    rules = fingerprint(Marketplaces.all())
    latest = KeyRebuild.objects.select_for_update().order_by("-pk").first()
    if latest and latest.rules == rules:
        return None if latest.finished_at else latest
    KeyRebuild.objects.filter(finished_at=None).update(is_superseded=True)
    return KeyRebuild.objects.create(rules=rules)


@transaction.atomic
def _batch() -> bool:
    """Check the next batch of listings; return ``False`` if another worker is rebuilding."""
    due = KeyRebuild.objects.filter(finished_at=None, is_superseded=False)
    run = due.select_for_update(skip_locked=True).first()
    if run is None:
        return False
    marketplaces = Marketplaces.all()
    if run.rules != fingerprint(marketplaces):
        return True  # the rules have changed, so _start() supersedes this rebuild
    listings = list(Listing.objects.filter(pk__gt=run.last_listing).order_by("pk")[:BATCH])
    if not listings:
        run.finished_at = clock.now()
        run.save(update_fields=["finished_at"])
        return True
    stale = [one for one in listings if _differs(one, _read(one.url, marketplaces))]
    result = _Result()
    if stale:
        # The same lock order as in services: cases, brands, listings.
        cases = sorted({one.case_id for one in stale})
        list(Case.objects.select_for_update(no_key=True).filter(pk__in=cases).order_by("pk"))
        brands = sorted({one.brand_id for one in stale})
        list(Brand.objects.select_for_update(no_key=True).filter(pk__in=brands).order_by("pk"))
        drafts = Case.objects.filter(pk__in=cases, status=Status.DRAFT)
        fresh = Listing.objects.filter(pk__in=[one.pk for one in stale]).order_by("pk")
        _apply(list(fresh), marketplaces, set(drafts.values_list("pk", flat=True)), result)
    KeyClash.objects.bulk_create(
        [KeyClash(rebuild=run, **_columns(clash)) for clash in result.clashes],
        ignore_conflicts=True,
    )
    KeyRebuild.objects.filter(pk=run.pk).update(
        last_listing=listings[-1].pk,
        checked=F("checked") + len(listings),
        changed=F("changed") + result.changed,
        merged=F("merged") + result.merged,
        clashes=F("clashes") + len(result.clashes),
    )
    return True


def _columns(clash: KeyClash) -> dict[str, object]:
    return {"kind": clash.kind, "listing_id": clash.listing_id, "other_id": clash.other_id}


def _read(url: str, marketplaces: Marketplaces) -> Address | None:
    """Parse a stored URL by the current rules; ``None`` if they reject it."""
    try:
        return addresses.parse(url, marketplaces)
    except ValidationError:
        return None


def _differs(listing: Listing, address: Address | None) -> bool:
    if address is None:
        return False
    keys = (address.key, _duplicate_key(address.key, listing))
    facts = (listing.marketplace_id, listing.variant)
    return listing.canonical_key not in keys or facts != (address.marketplace.pk, address.variant)


def _duplicate_key(key: str, listing: Listing) -> str:
    """Return the key for a duplicate in a case, since a case has each key at most once."""
    end = f"~{listing.pk}"
    return key[: 500 - len(end)] + end


def _apply(
    listings: Sequence[Listing],
    marketplaces: Marketplaces,
    drafts: set[int],
    result: _Result,
) -> None:
    """Write the keys of ``listings``, one by one because any of them may clash.

    The caller has locked their cases and read them since.
    """
    for listing in listings:
        address = _read(listing.url, marketplaces)
        if address is None or not _differs(listing, address):
            continue
        listing.marketplace, listing.variant = address.marketplace, address.variant
        in_case = Listing.objects.filter(case_id=listing.case_id)
        twin = _same(in_case, listing, address, marketplaces)
        if twin and listing.case_id in drafts:
            listing.delete()
            result.merged += 1
            continue
        listing.canonical_key = _duplicate_key(address.key, listing) if twin else address.key
        if twin:
            result.clashes.append(_clash(KeyClash.Kind.SAME_CASE, listing, twin))
        elif listing.is_open and (other := _same(_open(listing), listing, address, marketplaces)):
            listing.is_open = False
            result.clashes.append(_clash(KeyClash.Kind.TWO_CASES, listing, other))
        listing.save(update_fields=["marketplace", "canonical_key", "variant", "is_open"])
        result.changed += 1


def _open(listing: Listing) -> QuerySet[Listing]:
    return Listing.objects.filter(brand_id=listing.brand_id, is_open=True)


def _same(
    among: QuerySet[Listing],
    listing: Listing,
    address: Address,
    marketplaces: Marketplaces,
) -> Listing | None:
    """Return another listing with the key of ``address``.

    A listing that has this key only by the former rules gets a temporary key until the rebuild reaches it.
    """
    other = among.filter(canonical_key=address.key).exclude(pk=listing.pk).first()
    if other is None:
        return None
    current = _read(other.url, marketplaces)
    if current is not None and current.key == address.key:
        return other
    other.canonical_key = _duplicate_key(address.key, other)
    other.save(update_fields=["canonical_key"])
    return None


def _clash(kind: KeyClash.Kind, listing: Listing, other: Listing) -> KeyClash:
    return KeyClash(kind=kind, listing=listing, other=other)


def _advisory(function: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [number])
