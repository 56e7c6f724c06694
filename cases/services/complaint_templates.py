"""Complaint templates of a member: filers save, rename and delete them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import visible
from alliance.lib.refusals import Conflict, Refusal
from cases.models import Case, ComplaintTemplate
from cases.services import filing
from members.models import Member, User

MOST = 200
_COPIED = ("right_id", *ComplaintTemplate.STATED)


@transaction.atomic
def save(*, case: Case, by: User, name: str) -> ComplaintTemplate:
    """Save the complaint of ``case`` as a template. Saving the same again returns the template that exists.

    Raises :class:`NotAllowed` without the role, and :class:`Refusal` if the name is used or there are too many.
    """
    member = filing.check_filer(by, case.member_id)
    name = _checked(name)
    _lock(member)
    copied = {column: getattr(case, column) for column in _COPIED}
    copied["jurisdiction"] = str(case.jurisdiction)
    templates = ComplaintTemplate.objects.filter(member=member)
    if same := templates.filter(name=name, **copied).first():
        return same
    _check_free(member, name)
    if len(templates.values_list("pk")[:MOST]) >= MOST:
        raise Refusal(
            _("The member already has %(limit)d templates. Delete one first.") % {"limit": MOST}
        )
    return ComplaintTemplate.objects.create(member=member, name=name, created_by=by, **copied)


@transaction.atomic
def rename(*, template: ComplaintTemplate, by: User, name: str) -> ComplaintTemplate:
    """Give the template another name. Raises as :func:`save` does, and :class:`Conflict` if it was deleted."""
    member = filing.check_filer(by, template.member_id)
    name = _checked(name)
    _lock(member)
    stored = ComplaintTemplate.objects.filter(pk=template.pk).first()
    if stored is None:
        raise Conflict(_("A colleague has deleted this template."))
    if stored.name != name:
        _check_free(member, name)
        stored.name = name
        stored.save()
    return stored


@transaction.atomic
def delete(*, template: ComplaintTemplate, by: User) -> None:
    """Delete the template. Cases that were started from it do not change."""
    filing.check_filer(by, template.member_id)
    ComplaintTemplate.objects.filter(pk=template.pk).delete()


def _checked(name: str) -> str:
    name = visible.cleaned(name).strip()
    if not name:
        raise Refusal(_("Enter a name for the template."))
    return name


def _lock(member: Member) -> None:
    """Serialise the changes of a member's templates, so that their names stay unique."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _check_free(member: Member, name: str) -> None:
    if ComplaintTemplate.objects.filter(member=member, name=name).exists():
        raise Refusal(_("The member already has a template with this name."))
