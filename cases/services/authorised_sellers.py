"""The list of a brand's authorised sellers: add, change, end.

A brand has one entry for each shop. Its owners and filers write it, one after the other: all verbs lock the member.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint
from alliance.lib.refusals import Conflict, Refusal
from cases.marketplaces import addresses
from cases.models import AuthorisedSeller, Marketplace
from members import roles
from members.models import Brand, Member, User

# Years outside of this range are typing errors.
YEARS = range(1980, 2200)


class AlreadyListed(Refusal):
    """The brand has an entry for this shop that is not over. ``entry`` is that entry."""

    def __init__(self, message: str, entry: AuthorisedSeller) -> None:
        super().__init__(message)
        self.entry = entry


class EntryChanged(Conflict):
    """The entry has changed since the form was opened. ``entry`` is its current state."""

    def __init__(self, message: str, entry: AuthorisedSeller) -> None:
        super().__init__(message)
        self.entry = entry


class InvalidEntry(Refusal):
    """A value is not accepted. ``field`` is its name."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def version(entry: AuthorisedSeller) -> str:
    """Return a fingerprint of what can change in ``entry``, with which forms detect changes."""
    return fingerprint.of(entry.valid_from, entry.valid_until, entry.note, entry.ended_at)


def shop_id(shop: str, marketplace: Marketplace) -> str:
    """Return the ID of a shop, given its ID or URL. Raises :class:`InvalidEntry`."""
    try:
        return addresses.shop(shop, marketplace)[0]
    except ValidationError as error:
        raise InvalidEntry(str(error.messages[0]), "shop") from error


def find(brand: Brand, marketplace: Marketplace, external_id: str) -> AuthorisedSeller | None:
    """Return the brand's entry for a shop, whether it is in force or not."""
    key = marketplace.shop_key(external_id)
    rows = AuthorisedSeller.objects.select_related("brand__member", "marketplace")
    return rows.filter(brand=brand, marketplace=marketplace, external_key=key).first()


def check(valid_from: date | None, valid_until: date | None, note: str) -> dict[str, Any]:
    """Return validity and note by the names of their fields. Raises :class:`InvalidEntry`."""
    for name, day in (("valid_from", valid_from), ("valid_until", valid_until)):
        if day is not None and day.year not in YEARS:
            raise InvalidEntry(_("Check the year."), name)
    if valid_from and valid_until and valid_until < valid_from:
        raise InvalidEntry(_("The last day cannot be before the first day."), "valid_until")
    limit = AuthorisedSeller._meta.get_field("note").max_length
    assert limit is not None
    if len(note) > limit:
        text = _("A note can have up to %(limit)d characters.")
        raise InvalidEntry(text % {"limit": limit}, "note")
    return {"valid_from": valid_from, "valid_until": valid_until, "note": note}


@transaction.atomic
def add(
    *,
    brand: Brand,
    by: User,
    marketplace: Marketplace,
    shop: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    note: str = "",
) -> AuthorisedSeller:
    """Add a shop to the brand's authorised sellers, by its ID or URL. Adding it twice has no second effect.

    An entry that was ended or has expired is renewed with the new values. Raises :class:`AlreadyListed` if an entry
    with other values is not over, :class:`InvalidEntry` for a value, and :class:`NotAllowed`.
    """
    _lock(brand.member_id, by)
    external_id = shop_id(shop, marketplace)
    values = check(valid_from, valid_until, note)
    known = find(brand, marketplace, external_id)
    if known is None:
        return AuthorisedSeller.objects.create(
            brand=brand, marketplace=marketplace, external_id=external_id, **values
        )
    if known.ended_at is None and _has(known, values):
        return known
    if known.state not in (known.State.ENDED, known.State.EXPIRED):
        text = _("The brand has already authorised this shop. Change its entry instead.")
        raise AlreadyListed(text, known)
    return _save(known, values)


@transaction.atomic
def change(
    *,
    entry: AuthorisedSeller,
    by: User,
    seen: str | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    note: str = "",
) -> bool:
    """Set validity and note of an entry; return whether anything changed. An ended entry is renewed.

    ``seen`` is the :func:`version` that the form shows, ``None`` to skip this check. Raises :class:`EntryChanged`,
    :class:`InvalidEntry` and :class:`NotAllowed`.
    """
    stored = _lock_entry(entry, by)
    values = check(valid_from, valid_until, note)
    if stored.ended_at is None and _has(stored, values):
        return False
    _check_seen(stored, seen)
    _save(stored, values)
    return True


@transaction.atomic
def end(*, entry: AuthorisedSeller, by: User, seen: str | None = None) -> AuthorisedSeller:
    """End an entry at once, so that the brand can file against the seller. Idempotent.

    Raises :class:`EntryChanged` if the entry is not the one that the person saw, and :class:`NotAllowed`.
    """
    stored = _lock_entry(entry, by)
    if stored.ended_at is not None:
        return stored
    _check_seen(stored, seen)
    stored.ended_by, stored.ended_at = by, clock.now()
    stored.save(update_fields=["ended_by", "ended_at"])
    return stored


def _lock(member_id: int, by: User) -> None:
    """Lock the member. Raises :class:`NotAllowed` unless ``by`` is one of its owners or filers."""
    Member.objects.select_for_update(no_key=True).get(pk=member_id)
    text = _("Your role does not allow changing the authorised sellers of this member.")
    roles.require_filer(by, member_id, text)


def _lock_entry(entry: AuthorisedSeller, by: User) -> AuthorisedSeller:
    _lock(entry.brand.member_id, by)
    rows = AuthorisedSeller.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("brand__member", "marketplace").filter(pk=entry.pk).first()
    if found is None:
        raise Conflict(_("An administrator has deleted this entry."))
    return found


def _has(entry: AuthorisedSeller, values: dict[str, Any]) -> bool:
    return all(getattr(entry, name) == value for name, value in values.items())


def _check_seen(entry: AuthorisedSeller, seen: str | None) -> None:
    if seen is not None and seen != version(entry):
        text = _("Someone else has changed this entry since you opened the form.")
        raise EntryChanged(text, entry)


def _save(entry: AuthorisedSeller, values: dict[str, Any]) -> AuthorisedSeller:
    for name, value in (values | {"ended_by": None, "ended_at": None}).items():
        setattr(entry, name, value)
    entry.save(update_fields=[*values, "ended_by", "ended_at"])
    return entry
