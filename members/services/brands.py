"""Brands, as members add and change them. A brand becomes active with its first verified right."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from alliance.lib import fingerprint
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.models import Brand, Member, User


class BrandExists(Refusal):
    """The member has a brand of this name."""


def version(brand: Brand) -> str:
    """Return a fingerprint of the brand, with which changes are detected."""
    return fingerprint.of(brand.name, brand.name_local, brand.is_active, brand.is_public)


@transaction.atomic
def create(*, member: Member, by: User, name: str, name_local: str = "") -> Brand:
    """Add a brand, which becomes active with its first verified right.

    Raises :class:`NotAllowed`, and :class:`BrandExists` if the member has one of this name, in any case of letters.
    """
    member = _lock(member, by)
    _check_name(member, name)
    brand = Brand(member=member, name=name, name_local=name_local, is_active=False)
    return _save(brand)


@transaction.atomic
def change(
    *,
    brand: Brand,
    by: User,
    seen: str,
    name: str,
    name_local: str,
    is_public: bool,
) -> Brand:
    """Change a brand. Changing it twice has no second effect.

    Names can be changed until a right of the brand is verified; only owners change ``is_public``. ``seen`` is the
    :func:`version` that was read. Raises :class:`Conflict`, :class:`NotAllowed`, :class:`BrandExists` and
    :class:`Refusal`.
    """
    member = _lock(brand.member, by)
    stored = _lock_brand(brand)
    if (stored.name, stored.name_local, stored.is_public) == (name, name_local, is_public):
        return stored
    if seen != version(stored):
        raise Conflict(_("Someone else has changed this brand since you read it."))
    if is_public != stored.is_public and not roles.is_owner(by, member):
        raise NotAllowed(_("Only owners can change the directory entry."))
    if (name, name_local) != (stored.name, stored.name_local) and not _is_new(stored):
        raise Refusal(
            _("The name of a brand with a verified right is changed by the alliance only.")
        )
    if name.casefold() != stored.name.casefold():
        _check_name(member, name)
    stored.name, stored.name_local, stored.is_public = name, name_local, is_public
    return _save(stored)


@transaction.atomic
def delete(*, brand: Brand, by: User, seen: str) -> None:
    """Delete an inactive brand that nothing refers to: no right, product, guide, authorised seller or case.

    Raises :class:`Conflict`, :class:`NotAllowed` and :class:`Refusal`.
    """
    _lock(brand.member, by)
    stored = _lock_brand(brand)
    if seen != version(stored):
        raise Conflict(_("Someone else has changed this brand since you read it."))
    if stored.is_active or stored.rights.exists():
        raise Refusal(_("This brand is in use and cannot be deleted."))
    try:
        stored.delete()
    except ProtectedError as error:
        raise Refusal(_("This brand is in use and cannot be deleted.")) from error


def _lock(member: Member, by: User) -> Member:
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    roles.require_filer(
        by, locked.pk, _("Your role does not allow changing the brands of this member.")
    )
    return locked


def _lock_brand(brand: Brand) -> Brand:
    """Lock the brand and return it. Raises :class:`Conflict` if it was deleted."""
    rows = Brand.objects.select_for_update(no_key=True, of=("self",)).select_related("member")
    found = rows.filter(pk=brand.pk).first()
    if found is None:
        raise Conflict(_("This brand was deleted."))
    return found


def _is_new(brand: Brand) -> bool:
    """Return whether the brand has no verified right so far."""
    return not brand.is_active and not brand.rights.filter(verified_at__isnull=False).exists()


def _check_name(member: Member, name: str) -> None:
    if member.brands.filter(name__iexact=name).exists():
        raise BrandExists(_exists())


def _exists() -> str:
    return _("Your member has a brand of this name.")


def _save(brand: Brand) -> Brand:
    try:
        with transaction.atomic():
            brand.save()
    except IntegrityError as error:
        if "brand_once_per_member" not in str(error):
            raise
        raise BrandExists(_exists()) from error
    return brand
