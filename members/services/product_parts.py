"""Features and pictures of products. Every change locks the member's row."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import fingerprint, visible
from alliance.lib.refusals import Conflict, Refusal
from members.models import Document, Product, ProductFeature, ProductPicture, User
from members.services import documents, pictures, products

MAX_PICTURES = 20
# Of each kind.
MAX_FEATURES = 20

Part = TypeVar("Part", ProductFeature, ProductPicture)


class FeatureChanged(Conflict):
    """The feature has changed since the form was opened. ``feature`` is its current state."""

    def __init__(self, message: str, feature: ProductFeature) -> None:
        super().__init__(message)
        self.feature = feature


class InvalidPart(Refusal):
    """A text is missing. ``field`` names it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def version(feature: ProductFeature) -> str:
    """Return a fingerprint of ``feature`` and its picture, with which forms detect changes."""
    picture = picture_of(feature)
    shown = (picture.document_id, picture.alt) if picture else ()
    return fingerprint.of(feature.kind, feature.text, feature.place, *shown)


def picture_of(feature: ProductFeature) -> ProductPicture | None:
    """Return the picture of ``feature``, or ``None``."""
    return getattr(feature, "picture", None)


def add_picture(*, product: Product, by: User, upload: UploadedFile, alt: str) -> ProductPicture:
    """Add a picture to a product. Adding the same picture twice has no second effect.

    ``alt`` describes it. Raises :class:`InvalidPart` without it, and :class:`Refusal` for a file that is not accepted
    or exceeds :data:`MAX_PICTURES`.
    """
    alt = _required(alt, 300, "alt", _("Describe the picture."))
    small = pictures.prepared(upload)
    kind = Document.Kind.PICTURE
    with documents.stored(small, kind=kind, by=by) as document, transaction.atomic():
        assert document is not None
        stored = products.lock(product, by)
        known = stored.pictures.filter(document__sha256=document.sha256, feature=None).first()
        return known or _attach(document, stored, alt=alt)


@transaction.atomic
def describe_picture(*, picture: ProductPicture, by: User, alt: str) -> ProductPicture:
    """Change the description of a picture. Idempotent. Raises :class:`Conflict` if it was removed."""
    alt = _required(alt, 300, "alt", _("Describe the picture."))
    products.lock(picture.product, by)
    found = ProductPicture.objects.filter(pk=picture.pk).first()
    if found is None:
        raise Conflict(_("Someone else has removed this picture."))
    if found.alt != alt:
        found.alt = alt
        found.save(update_fields=["alt"])
    return found


@transaction.atomic
def remove_picture(*, picture: ProductPicture, by: User) -> None:
    """Remove a picture with its file. Idempotent."""
    products.lock(picture.product, by)
    found = ProductPicture.objects.filter(pk=picture.pk).select_related("document").first()
    if found is not None:
        _delete(found)


def add_feature(
    *,
    product: Product,
    by: User,
    kind: str,
    text: str,
    place: str = "",
    picture: UploadedFile | None = None,
    alt: str = "",
) -> ProductFeature:
    """Add a genuine or a fake feature to a product, with a picture if one is given. Idempotent.

    Raises :class:`InvalidPart`, and :class:`Refusal` for a file that is not accepted and for too many features.
    """
    facts = _feature_facts(kind, text, place)
    alt = _alt(alt, required=picture is not None)
    small = pictures.prepared(picture)
    stored_file = documents.stored(small, kind=Document.Kind.PICTURE, by=by)
    with stored_file as document, transaction.atomic():
        stored = products.lock(product, by)
        feature = stored.features.select_related("picture").filter(**facts).first()
        if feature is None:
            feature = ProductFeature(product=stored, position=_end_of(stored, kind), **facts)
            feature.save()
        # Adding the same feature again attaches the picture that it did not have.
        if document is not None and picture_of(feature) is None:
            _attach(document, stored, alt=alt, feature=feature)
        return feature


def change_feature(
    *,
    feature: ProductFeature,
    by: User,
    seen: str,
    kind: str,
    text: str,
    place: str = "",
    picture: UploadedFile | None = None,
    alt: str = "",
) -> ProductFeature:
    """Change a feature. A ``picture`` replaces the present one. Idempotent.

    ``seen`` is the :func:`version` that the form shows. Raises :class:`FeatureChanged`, :class:`Conflict` if the
    feature was removed, and the errors of :func:`add_feature`.
    """
    facts = _feature_facts(kind, text, place)
    small = pictures.prepared(picture)
    stored_file = documents.stored(small, kind=Document.Kind.PICTURE, by=by)
    with stored_file as document, transaction.atomic():
        product = products.lock(feature.product, by)
        found = _current(feature)
        old = picture_of(found)
        alt = _alt(alt, required=document is not None or old is not None)
        replaced = document is not None and (old is None or old.document.sha256 != document.sha256)
        if _is_same(found, facts, alt) and not replaced:
            return found
        if seen != version(found):
            message = _("Someone else has changed this feature since you opened the form.")
            raise FeatureChanged(message, found)
        if found.kind != facts["kind"]:
            found.position = _end_of(product, facts["kind"])
        for name, value in facts.items():
            setattr(found, name, value)
        found.save()
        if replaced and document is not None:
            if old is not None:
                _delete(old)
            _attach(document, product, alt=alt, feature=found)
        elif old is not None:
            old.alt = alt
            old.save(update_fields=["alt"])
        return _current(feature)


@transaction.atomic
def remove_feature(*, feature: ProductFeature, by: User) -> None:
    """Remove a feature with its picture. Idempotent."""
    products.lock(feature.product, by)
    found = ProductFeature.objects.filter(pk=feature.pk).first()
    if found is None:
        return
    if picture := ProductPicture.objects.filter(feature=found).first():
        _delete(picture)
    found.delete()


@transaction.atomic
def move(*, part: Part, by: User, to: int) -> None:
    """Move a feature or a picture to the place ``to`` among its siblings, the first being 0. Idempotent."""
    products.lock(part.product, by)
    rows = _siblings(part)
    found = next((row for row in rows if row.pk == part.pk), None)
    if found is None:
        return
    rows.remove(found)
    rows.insert(max(to, 0), found)
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _end_of(product: Product, kind: str) -> int:
    """Return the position after the last feature of ``kind``. Raises :class:`Refusal` if there are too many."""
    siblings = product.features.filter(kind=kind)
    if siblings.count() >= MAX_FEATURES:
        message = _("A product can have up to %(limit)d features of each kind.")
        raise Refusal(message % {"limit": MAX_FEATURES})
    return _next(siblings)


def _siblings(part: Part) -> list[Part]:
    rows: Any = type(part)._default_manager.filter(product=part.product_id)
    if isinstance(part, ProductFeature):
        rows = rows.filter(kind=part.kind)
    else:
        rows = rows.filter(feature=None)
    return list(rows.order_by("position", "pk"))


def _current(feature: ProductFeature) -> ProductFeature:
    rows = ProductFeature.objects.select_related("product", "picture__document")
    found = rows.filter(pk=feature.pk).first()
    if found is None:
        raise Conflict(_("Someone else has removed this feature."))
    return found


def _is_same(feature: ProductFeature, facts: dict[str, str], alt: str) -> bool:
    picture = picture_of(feature)
    same = all(getattr(feature, name) == value for name, value in facts.items())
    return same and (picture is None or picture.alt == alt)


def _feature_facts(kind: str, text: str, place: str) -> dict[str, str]:
    facts = {"kind": ProductFeature.Kind(kind).value}
    try:
        facts["text"] = products.paragraphs(text, 1000)
    except Refusal as refusal:
        raise InvalidPart(str(refusal), "text") from None
    if not facts["text"]:
        raise InvalidPart(_("Describe the feature."), "text")
    return facts | {"place": _line(place, 200, "place")}


def _alt(given: str, *, required: bool) -> str:
    if required:
        return _required(given, 300, "alt", _("Describe the picture."))
    return _line(given, 300, "alt")


def _required(given: str, limit: int, field: str, message: str) -> str:
    line = _line(given, limit, field)
    if not line:
        raise InvalidPart(message, field)
    return line


def _line(given: str, limit: int, field: str) -> str:
    line = visible.cleaned(given)
    try:
        return "" if visible.is_blank(line) else products.within(line, limit)
    except Refusal as refusal:
        raise InvalidPart(str(refusal), field) from None


def _attach(
    document: Document, product: Product, *, alt: str, feature: ProductFeature | None = None
) -> ProductPicture:
    """Save the document and its picture. Raises :class:`Refusal` if the product has too many pictures."""
    if product.pictures.count() >= MAX_PICTURES:
        message = _("A product can have up to %(limit)d pictures.")
        raise Refusal(message % {"limit": MAX_PICTURES})
    document.save(force_insert=True)
    return ProductPicture.objects.create(
        product=product,
        feature=feature,
        document=document,
        alt=alt,
        position=_next(product.pictures.filter(feature=None)),
    )


def _next(rows: Any) -> int:
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _delete(picture: ProductPicture) -> None:
    """Delete the row, its document, and the file when the transaction is committed."""
    document = picture.document
    picture.delete()
    documents.delete(document)
