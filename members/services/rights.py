"""Rights: registered and changed by their members, verified or returned by moderators.

Changing a fact ends the verification and puts the right back into the queue. :func:`requeue_if_changed` is the only
place that does this, for members and for the admin.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.mail import notices
from members.models import Brand, Document, IPRight, Member, MemberNotice, User
from members.services import documents

# What a verification confirms: the facts of the office's register, and the certificate that shows them.
FACTS = (
    "brand_id",
    "kind",
    "title",
    "registered_owner",
    "office",
    "number",
    "territory",
    "nice_classes",
    "registered_on",
    "expires_on",
    "certificate_id",
)
# What :func:`requeue_if_changed` sets.
STATE = (
    "verified_by",
    "verified_at",
    "returned_by",
    "returned_at",
    "return_reason",
    "submitted_by",
    "submitted_at",
    "reminded_days",
)


class AlreadyRegistered(Refusal):
    """The portal has a right of this kind with the same office and number."""


class Unconfirmed(Refusal):
    """The change ends a verification, and the person has not confirmed this."""


class RightChanged(Conflict):
    """The right has changed since the form was opened. ``right`` is its current state."""

    def __init__(self, message: str, right: IPRight) -> None:
        super().__init__(message)
        self.right = right


def facts_of(right: IPRight) -> dict[str, Any]:
    """Return the facts of ``right`` by name, for comparison: the order of territories and classes does not matter."""
    facts = {name: getattr(right, name) for name in FACTS}
    return facts | {name: sorted(facts[name]) for name in ("territory", "nice_classes")}


def version(right: IPRight) -> str:
    """Return a fingerprint of the facts and the state of ``right``, with which forms detect changes."""
    return fingerprint.of(facts_of(right), right.verified_at, right.returned_at)


def requeue_if_changed(right: IPRight, *, before: dict[str, Any], by: User) -> bool:
    """End the verification or the return of ``right`` if a fact differs from ``before``, and put it into the queue.

    ``before`` comes from :func:`facts_of`. The caller saves :data:`STATE`. Returns whether a verification ended.
    """
    now = facts_of(right)
    if now == before:
        return False
    if now["expires_on"] != before["expires_on"]:
        right.reminded_days = None
    ended = right.verified_at is not None
    _requeue(right, by)
    return ended


def register(
    *,
    member: Member,
    by: User,
    brand: Brand | None,
    new_brand: str = "",
    certificate: UploadedFile | None,
    **facts: Any,
) -> IPRight:
    """Register a right, which then waits for its verification. Registering it twice has no second effect.

    ``facts`` are the other fields of :data:`FACTS`. Without a ``certificate``, the right waits for it before it can be
    verified. Without a ``brand``, the brand is ``new_brand``, which becomes
    active with its first verified right. Raises :class:`AlreadyRegistered`, :class:`NotAllowed`, and :class:`Refusal`
    for a certificate that is not accepted.
    """
    kind = Document.Kind.CERTIFICATE
    with documents.stored(certificate, kind=kind, by=by) as document, transaction.atomic():
        member = _lock_member(member, by)
        right = IPRight(submitted_by=by, member=member, **facts)
        right.brand = _brand_of(member, brand, new_brand)
        if known := _with_same_number(right):
            if _is_same(known, right, document):
                return known
            raise _already_registered(known, member)
        _attach(right, document)
        _save(right)
        return right


def change(
    *,
    right: IPRight,
    by: User,
    seen: str,
    brand: Brand | None,
    new_brand: str = "",
    confirmed: bool = False,
    certificate: UploadedFile | None = None,
    **facts: Any,
) -> bool:
    """Change a right; return whether this ended its verification. Changing it twice has no second effect.

    ``seen`` is the :func:`version` that the form shows. Saving a returned right puts it back into the queue, also
    without a change. Raises :class:`RightChanged`, :class:`Unconfirmed`, and the errors of :func:`register`.
    """
    kind = Document.Kind.CERTIFICATE
    with documents.stored(certificate, kind=kind, by=by) as document, transaction.atomic():
        member = _lock_member(right.member, by)
        stored = _lock_right(right)
        before, current, old = facts_of(stored), version(stored), stored.certificate
        stored.brand = _brand_of(member, brand, new_brand)
        for name, value in facts.items():
            setattr(stored, name, value)
        replaced = document is not None and (old is None or old.sha256 != document.sha256)
        was_returned = stored.returned_at is not None
        if facts_of(stored) == before and not replaced and not was_returned:
            return False
        if seen != current:
            text = _("Someone else has changed this right since you opened the form.")
            raise RightChanged(text, _lock_right(right))
        if stored.verified_at and not confirmed:
            raise Unconfirmed(_("Confirm that the change ends the verification."))
        if (known := _with_same_number(stored)) and known.pk != stored.pk:
            raise _already_registered(known, member)
        if replaced:
            _attach(stored, document)
        ended = requeue_if_changed(stored, before=before, by=by)
        if was_returned:
            _requeue(stored, by)
        _save(stored)
        if replaced and old is not None:
            documents.delete(old)
        return ended


@transaction.atomic
def change_as_admin(*, right: IPRight, names: list[str], by: User) -> bool:
    """Save the changed fields ``names`` of ``right``; return whether this ended its verification."""
    stored = _lock_right(right)
    before = facts_of(stored)
    for name in names:
        setattr(stored, name, getattr(right, name))
    ended = requeue_if_changed(stored, before=before, by=by)
    stored.save()
    return ended


@transaction.atomic
def verify(*, right: IPRight, by: User, seen: str | None = None) -> IPRight:
    """Record that ``by`` has checked the facts of a waiting right against its certificate. Idempotent.

    ``seen`` is the :func:`version` that the page shows, ``None`` to skip this check. Verifying the first right of a
    new brand activates the brand. Raises :class:`NotAllowed`, :class:`RightChanged`, and :class:`Refusal` for a right
    without a certificate, such as one that was imported from a sheet.
    """
    stored = _lock_for_review(right, by)
    if stored.verified_at and stored.verified_by_id == by.pk:
        return stored
    _check_reviewable(stored, seen)
    if stored.certificate_id is None:
        raise Refusal(_("A right can be verified only with its certificate, which is missing."))
    if activates_brand(stored):
        stored.brand.is_active = True
        stored.brand.save(update_fields=["is_active"])
    _clear(stored)
    stored.verified_by, stored.verified_at = by, clock.now()
    stored.save(update_fields=STATE)
    _notify(stored, MemberNotice.Kind.RIGHT_VERIFIED, stored.verified_at.isoformat())
    return stored


@transaction.atomic
def send_back(*, right: IPRight, by: User, reason: str, seen: str | None = None) -> IPRight:
    """Return a right to its member with the reason, also one that was verified. Idempotent.

    Raises :class:`NotAllowed`, :class:`RightChanged`, and :class:`Refusal` without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Enter the reason."))
    stored = _lock_for_review(right, by)
    if stored.returned_by_id == by.pk and stored.return_reason == reason:
        return stored
    _check_reviewable(stored, seen, verified=True)
    _clear(stored)
    stored.returned_by, stored.returned_at, stored.return_reason = by, clock.now(), reason
    stored.save(update_fields=STATE)
    _notify(stored, MemberNotice.Kind.RIGHT_RETURNED, stored.returned_at.isoformat())
    return stored


def activates_brand(right: IPRight) -> bool:
    """Return whether verifying ``right`` activates its brand: a new one, without a verified right so far."""
    brand = right.brand
    return not brand.is_active and not brand.rights.filter(verified_at__isnull=False).exists()


def _requeue(right: IPRight, by: User) -> None:
    """Put ``right`` into the queue. A right that waits already keeps its place."""
    if not right.is_waiting:
        right.submitted_at = clock.now()
    _clear(right)
    right.submitted_by = by


def _clear(right: IPRight) -> None:
    right.verified_by = right.verified_at = right.returned_by = right.returned_at = None
    right.return_reason = ""


def _lock_member(member: Member, by: User) -> Member:
    """Lock the member, as all changes of its rights do. Raises :class:`NotAllowed`."""
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    roles.require_filer(
        by, locked.pk, _("Your role does not allow changing the rights of this member.")
    )
    return locked


def _lock_right(right: IPRight) -> IPRight:
    rows = IPRight.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("brand", "member", "certificate", "submitted_by").get(pk=right.pk)


def _lock_for_review(right: IPRight, by: User) -> IPRight:
    """Lock member and right, and return the right. Raises :class:`NotAllowed` unless ``by`` may review it."""
    Member.objects.select_for_update(no_key=True).get(pk=right.member_id)
    stored = _lock_right(right)
    if not roles.may_review(by):
        raise NotAllowed(_("Your role does not allow this."))
    if not roles.is_impartial(by, stored.member_id):
        raise NotAllowed(conflict_of_interest(stored.member))
    return stored


def conflict_of_interest(member: Member) -> str:
    """Return why a moderator with a role at ``member`` cannot review its rights."""
    text = _("You have a role at %(member)s, so another moderator must review its rights.")
    return text % {"member": member.shown_name}


def _check_reviewable(right: IPRight, seen: str | None, *, verified: bool = False) -> None:
    """Raise :class:`RightChanged` if another person has reviewed or changed the right since the page was opened.

    ``verified`` allows a verified right.
    """
    is_current = seen is None or seen == version(right)
    if is_current and (right.is_waiting or (verified and right.verified_at)):
        return
    text = _("The right has changed since you opened this page. Check it again.")
    if right.returned_by:
        text = _("%(name)s has already returned this right.") % {"name": right.returned_by.name}
    elif right.verified_by:
        text = _("%(name)s has already verified this right.") % {"name": right.verified_by.name}
    raise RightChanged(text, right)


def _brand_of(member: Member, brand: Brand | None, new_brand: str) -> Brand:
    """Return ``brand``, or the member's brand called ``new_brand``, which is created if there is none."""
    if brand is not None:
        if brand.member_id != member.pk:
            raise Refusal(_("Choose a brand of the member."))
        return brand
    if not new_brand:
        raise Refusal(_("Choose a brand, or enter the name of a new one."))
    known = member.brands.filter(name__iexact=new_brand).first()
    return known or Brand.objects.create(member=member, name=new_brand, is_active=False)


def _with_same_number(right: IPRight) -> IPRight | None:
    rows = IPRight.objects.select_related("certificate")
    return rows.filter(office=right.office, number=right.number, kind=right.kind).first()


def _is_same(known: IPRight, right: IPRight, document: Document | None) -> bool:
    """Return whether a form was sent twice: ``known`` has the facts of the new ``right`` and its certificate."""
    hashes = [one.sha256 if one else "" for one in (known.certificate, document)]
    facts = facts_of(known) | {"certificate_id": None}
    return facts == facts_of(right) and hashes[0] == hashes[1]


def _already_registered(known: IPRight, member: Member) -> AlreadyRegistered:
    """Return the refusal. It does not say whose right it is, unless it is the member's own."""
    if known.member_id == member.pk:
        text = _("Your member has already registered this right: %(right)s.")
        return AlreadyRegistered(text % {"right": known})
    return AlreadyRegistered(taken())


def taken() -> str:
    """Return why a right of another member cannot be registered. It does not say whose it is."""
    return _(
        "A right of this kind with this office and number is already registered in the portal. Check the number, or "
        "contact the alliance."
    )


def _attach(right: IPRight, document: Document | None) -> None:
    if document is not None:
        document.save(force_insert=True)
        right.certificate = document


def _save(right: IPRight) -> None:
    """Save the right. Raises :class:`AlreadyRegistered` if another member has just registered it."""
    try:
        with transaction.atomic():
            right.save()
    except IntegrityError as error:
        if "right_once_per_office_and_number" not in str(error):
            raise
        raise AlreadyRegistered(taken()) from error


def _notify(right: IPRight, kind: MemberNotice.Kind, moment: str) -> None:
    """Queue an email to the owners and to the person who submitted the right, if they still have a role."""
    people = {owner.pk: owner for owner in roles.owners_today(right.member)}
    sender = right.submitted_by
    if sender and sender.is_active and not roles.is_impartial(sender, right.member_id):
        people[sender.pk] = sender
    for person in people.values():
        notices.tell(
            kind,
            person,
            about=f"{right.pk}:{moment}:{person.pk}",
            member=right.member,
            right=right,
            at=moment,
        )
