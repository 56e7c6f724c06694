"""Moderators work together on a case: they tag it, watch it, and link it to other cases.

These are facts about the work, not steps of the case: each row has who and when, the history has what was removed, and the
case keeps its version, so that a tag does not disturb a moderator who is deciding.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import ids, visible
from alliance.lib.refusals import Conflict, Refusal
from cases.models import Case, CaseLink, CaseTag, Tag, Watch
from cases.services import core
from members.models import User

MOST_TAGS, MOST_LINKS = 20, 50


@transaction.atomic
def add_tag(*, case: Case, by: User, name: str) -> Tag:
    """Add a tag to the case; a name that is new becomes a tag. Idempotent.

    Raises :class:`NotAllowed` for others than moderators, and :class:`Refusal` for a name that is empty or too long.
    """
    case = _lock(case, by)
    name = visible.cleaned(name).lstrip("#")
    longest = Tag._meta.get_field("name").max_length
    if visible.is_blank(name):
        raise Refusal(_("Enter a tag."))
    if len(name) > (longest or 0):
        raise Refusal(_("A tag has at most %(limit)d characters.") % {"limit": longest})
    tag = _tag(name)
    if not case.tagged.filter(tag=tag).exists():
        if case.tagged.count() >= MOST_TAGS:
            raise Refusal(_("The case already has %(limit)d tags.") % {"limit": MOST_TAGS})
        CaseTag.objects.create(case=case, tag=tag, added_by=by)
    return tag


@transaction.atomic
def remove_tag(*, case: Case, by: User, tag: int) -> None:
    """Remove the tag with the primary key ``tag`` from the case. The tag itself stays. Idempotent."""
    case = _lock(case, by)
    case.tagged.filter(tag=tag).delete()


@transaction.atomic
def watch(*, case: Case, by: User) -> None:
    """Notify ``by`` from now on of what others do on the case. Idempotent."""
    Watch.objects.get_or_create(case=_lock(case, by), user=by)


@transaction.atomic
def unwatch(*, case: Case, by: User) -> None:
    """End :func:`watch`. Idempotent. A moderator who has joined the case's member can do this too."""
    core.check_moderator(case, by, impartial=False)
    Watch.objects.filter(case=case, user=by).delete()


@transaction.atomic
def link(*, case: Case, by: User, other: str, note: str) -> CaseLink:
    """Link the case to the one with the reference ``other``, in both directions. Idempotent.

    Raises :class:`Refusal` for the case itself, and for a reference that no submitted case has.
    """
    reference, note = other.strip().upper(), visible.cleaned(note)
    if visible.is_blank(note):
        raise Refusal(_("Say how the cases are related."))
    found = (
        Case.objects.submitted().filter(reference=reference).first()
        if ids.is_reference(reference, "AP")
        else None
    )
    if found is None:
        raise Refusal(_("There is no submitted case with this reference."))
    if found.pk == case.pk:
        raise Refusal(_("A case cannot be linked to itself."))
    # Both are locked in one order, so that two moderators who link them at once do not wait for each other.
    first, second = core.lock_all([case.pk, found.pk])
    for one in (first, second):
        core.check_moderator(one, by)
    if known := CaseLink.objects.filter(first=first, second=second).first():
        return known
    if max(one.links_to.count() + one.links_from.count() for one in (first, second)) >= MOST_LINKS:
        raise Refusal(_("A case can be linked to %(limit)d cases.") % {"limit": MOST_LINKS})
    return CaseLink.objects.create(first=first, second=second, note=note, added_by=by)


@transaction.atomic
def unlink(*, case: Case, by: User, link: int) -> None:
    """Remove the link with the primary key ``link`` of the case. Idempotent.

    Raises :class:`Conflict` for a link of other cases.
    """
    case = _lock(case, by)
    row = CaseLink.objects.filter(pk=link).first()
    if row is None:
        return
    if case.pk not in (row.first_id, row.second_id):
        raise Conflict(_("This link belongs to other cases."))
    row.delete()


def _lock(case: Case, by: User) -> Case:
    case = core.lock(case)
    core.check_moderator(case, by)
    return case


def _tag(name: str) -> Tag:
    """Return the tag with this name in any case. Two moderators who create it at once get the same row."""
    if known := Tag.objects.filter(name__iexact=name).first():
        return known
    Tag.objects.bulk_create([Tag(name=name)], ignore_conflicts=True)
    return Tag.objects.get(name__iexact=name)
