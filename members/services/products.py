"""Products of a member: created, changed, retired and restored by its owners and filers.

Every change locks the member's row. :func:`clean` is the only place that decides which facts are valid, for the pages,
the API and the import of sheets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from alliance.lib import fingerprint, text, visible
from alliance.lib.refusals import Conflict, Refusal
from members import gtin, nice, roles, territories
from members.models import Brand, Member, Product, User

# The fields that describe a product. :mod:`members.services.product_parts` changes its features and pictures.
FACTS = (
    "gtin",
    "name",
    "name_local",
    "other_names",
    "description",
    "packaging",
    "production_places",
    "nice_classes",
)
MAX_OTHER_NAMES = 10
MAX_PLACES = 60
# A language tag (BCP 47) with a script or a region, such as ja, zh-Hant or pt-BR.
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


class InvalidProduct(Refusal):
    """Facts are missing or wrong. ``errors`` has a message for each of them, by name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class GTINTaken(Refusal):
    """Another product of the member has this GTIN. ``product`` is that product."""

    def __init__(self, message: str, product: Product) -> None:
        super().__init__(message)
        self.product = product


class ProductChanged(Conflict):
    """The product has changed since the form was opened. ``product`` is its current state."""

    def __init__(self, message: str, product: Product) -> None:
        super().__init__(message)
        self.product = product


def facts_of(product: Product) -> dict[str, Any]:
    """Return the facts of ``product`` with its brand, for comparison: the order of places and classes does not matter."""
    facts = {name: getattr(product, name) for name in FACTS}
    sets = {name: sorted(facts[name]) for name in ("production_places", "nice_classes")}
    return facts | sets | {"brand_id": product.brand_id}


def version(product: Product) -> str:
    """Return a fingerprint of the facts and the state of ``product``, with which forms detect changes."""
    return fingerprint.of(facts_of(product), product.is_active)


def clean(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given ``facts`` of :data:`FACTS` in their normal form.

    ``gtin``, ``name``, ``name_local``, ``description`` and ``packaging`` are texts, ``other_names`` has names by
    language tag, ``production_places`` codes of countries and regions, ``nice_classes`` numbers. Raises
    :class:`InvalidProduct` with every error.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in facts.items():
        try:
            cleaned[name] = _CLEANERS[name](value)
        except Refusal as refusal:
            errors[name] = str(refusal)
    if errors:
        raise InvalidProduct(errors)
    return cleaned


def create(*, member: Member, by: User, brand: Brand, name: str, **facts: Any) -> Product:
    """Create a product of a brand of the member. Creating it twice has no second effect.

    ``facts`` are any others of :data:`FACTS`. Raises :class:`InvalidProduct`, :class:`GTINTaken`,
    :class:`NotAllowed`, and :class:`Refusal` for a brand of another member.
    """
    cleaned = clean({"name": name} | facts)
    with transaction.atomic():
        member = lock_member(member, by)
        _check_brand(member, brand)
        product = Product(brand=brand, member=member, created_by=by, **cleaned)
        if known := _twin(product):
            return known
        _save(product)
        return product


def change(
    *,
    product: Product,
    by: User,
    seen: str,
    brand: Brand | None = None,
    is_active: bool | None = None,
    **facts: Any,
) -> Product:
    """Change the given ``facts`` of a product, and its brand and state if they are given. Idempotent.

    ``seen`` is the :func:`version` that the form shows. Raises :class:`ProductChanged`, and the errors of
    :func:`create`.
    """
    cleaned = clean(facts)
    with transaction.atomic():
        stored = lock(product, by)
        current = version(stored)
        if brand is not None:
            _check_brand(stored.member, brand)
            stored.brand = brand
        if is_active is not None:
            stored.is_active = is_active
        for name, value in cleaned.items():
            setattr(stored, name, value)
        if version(stored) == current:
            return stored
        if seen != current:
            raise _changed(_locked(product))
        _save(stored)
        return stored


@transaction.atomic
def retire(*, product: Product, by: User, seen: str | None = None) -> Product:
    """Take a product out of its brand guide. It keeps its GTIN, and can be restored. Idempotent.

    ``seen`` is the :func:`version` that was read, if it matters. Raises :class:`ProductChanged` and
    :class:`NotAllowed`.
    """
    return _set_active(product, by, False, seen)


@transaction.atomic
def restore(*, product: Product, by: User, seen: str | None = None) -> Product:
    """Put a retired product back into its brand guide, like :func:`retire`."""
    return _set_active(product, by, True, seen)


def lock_member(member: Member, by: User) -> Member:
    """Lock the member, as all changes of its products do. Raises :class:`NotAllowed`."""
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    roles.require_filer(
        by, locked.pk, _("Your role does not allow changing the products of this member.")
    )
    return locked


def lock(product: Product, by: User) -> Product:
    """Lock the member and the product, and return the product as it is now. Raises :class:`NotAllowed`."""
    lock_member(product.member, by)
    return _locked(product)


def _locked(product: Product) -> Product:
    rows = Product.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("brand", "member").get(pk=product.pk)


def _set_active(product: Product, by: User, active: bool, seen: str | None) -> Product:
    stored = lock(product, by)
    if stored.is_active == active:
        return stored
    if seen is not None and seen != version(stored):
        raise _changed(stored)
    stored.is_active = active
    stored.save(update_fields=["is_active"])
    return stored


def _changed(stored: Product) -> ProductChanged:
    text = _("Someone else has changed this product since you opened the form.")
    return ProductChanged(text, stored)


def _check_brand(member: Member, brand: Brand) -> None:
    if brand.member_id != member.pk:
        raise Refusal(_("Choose a brand of the member."))


def _twin(product: Product) -> Product | None:
    """Return the product in use that was created by the same form before, if there is one."""
    rows = Product.objects.filter(brand=product.brand, name=product.name, gtin=product.gtin)
    rows = rows.filter(is_active=True)
    facts = facts_of(product)
    return next((one for one in rows.order_by("-pk")[:20] if facts_of(one) == facts), None)


def _save(product: Product) -> None:
    """Save the product. Raises :class:`GTINTaken`."""
    if product.gtin:
        others = Product.objects.filter(member=product.member_id, gtin=product.gtin)
        if other := others.exclude(pk=product.pk).first():
            raise _taken(other)
    try:
        with transaction.atomic():
            product.save()
    except (
        IntegrityError
    ) as error:  # written by another way than this service, which locks the member
        if "product_gtin_once_per_member" not in str(error):
            raise
        raise _taken(product) from error


def _taken(other: Product) -> GTINTaken:
    text = _("Your member already has a product with this GTIN: %(product)s.")
    return GTINTaken(text % {"product": other}, other)


# --- Facts -------------------------------------------------------------------------------------


def _name(given: str) -> str:
    name = _line(given, "name")
    if not name:
        raise Refusal(_("Enter the name of the product."))
    return name


def _line(given: str, field: str) -> str:
    """Return a text on one line without invisible characters. Raises :class:`Refusal` if it is too long or blank."""
    line = visible.cleaned(_storable(given))
    if line and visible.is_blank(line):
        raise Refusal(_("Enter a text with visible characters."))
    return within(line, _limit(field))


def paragraphs(given: str, limit: int) -> str:
    """Return a text of several lines without invisible characters; ``""`` if it is blank."""
    lines = _storable(given).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    joined = "\n".join(visible.cleaned(line) for line in lines).strip("\n")
    return "" if visible.is_blank(joined) else within(joined, limit)


def within(given: str, limit: int) -> str:
    """Return the text. Raises :class:`Refusal` if it has more than ``limit`` characters."""
    if len(given) > limit:
        message = _("Use at most %(limit)d characters: there are %(count)d.")
        raise Refusal(message % {"limit": limit, "count": len(given)})
    return given


def _storable(given: str) -> str:
    """Return the text without halves of characters, which PostgreSQL does not store."""
    return given.encode("utf-8", "ignore").decode()


def _limit(field: str) -> int:
    column: Any = Product._meta.get_field(field)
    return int(column.max_length)


def _other_names(given: Mapping[str, str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for tag, name in given.items():
        if not _LANGUAGE_TAG.fullmatch(tag):
            message = _("“%(tag)s” is not a language tag. Examples: ja, zh-Hant, pt-BR.")
            raise Refusal(message % {"tag": tag[:50]})
        if line := _line(name, "name"):
            names[tag] = line
    if len(names) > MAX_OTHER_NAMES:
        message = _("Enter at most %(limit)d further names.")
        raise Refusal(message % {"limit": MAX_OTHER_NAMES})
    return dict(sorted(names.items()))


def clean_places(given: Iterable[str]) -> list[str]:
    """Return codes of countries and regions, expanded. Raises :class:`Refusal` for one that is none."""
    codes = territories.expanded(given)
    if unknown := [code for code in codes if code not in countries]:
        names = text.join(f"“{code[:50]}”" for code in unknown[:5])
        message = ngettext(
            "%(names)s is not a country or region.",
            "These are not countries or regions: %(names)s.",
            len(unknown),
        )
        raise Refusal(message % {"names": names})
    if len(codes) > MAX_PLACES:
        raise Refusal(_("Enter at most %(limit)d countries or regions.") % {"limit": MAX_PLACES})
    return codes


def _classes(given: Iterable[int]) -> list[int]:
    numbers = sorted(set(given))
    for number in numbers:
        if number not in nice.HEADINGS:
            message = _("%(number)d is not a Nice class. The classes are 1 to 45.")
            raise Refusal(message % {"number": number})
    return numbers


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "gtin": lambda given: gtin.parse(_storable(given)),
    "name": _name,
    "name_local": lambda given: _line(given, "name_local"),
    "other_names": _other_names,
    "description": lambda given: paragraphs(given, _limit("description")),
    "packaging": lambda given: paragraphs(given, _limit("packaging")),
    "production_places": clean_places,
    "nice_classes": _classes,
}
