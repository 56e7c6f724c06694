"""Authorisations of agents: recorded and ended by the member's owners.

An agent has access while an authorisation is in force (:meth:`MembershipQuerySet.in_force`), so nothing has to be done
when one lapses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, Refusal
from members import standing
from members.mail import notices
from members.models import Authorisation, Document, Member, MemberNotice, Membership, User
from members.models.authorisation import REMINDER_DAYS
from members.services import documents, people

# The longest period, and the earliest first day before today. Both catch mistyped years.
MAX_YEARS = 10


@dataclass(frozen=True)
class Grant:
    """What an owner enters of an authorisation."""

    valid_from: date
    valid_until: date
    document: UploadedFile


class AuthorisationChanged(Conflict):
    """The agent's authorisations have changed since the form was opened."""


def renew(*, membership: Membership, by: User, grant: Grant, seen: str) -> Authorisation:
    """Record another authorisation of an agent. Idempotent for the same person, dates and document.

    ``seen`` is the version of the authorisations that the owner saw (:attr:`Standing.version`). Raises
    :class:`AuthorisationChanged` if it differs, and :class:`Refusal` for dates or a document that are not accepted.
    """
    check(grant)
    kind = Document.Kind.AUTHORISATION
    with documents.stored(grant.document, kind=kind, by=by) as document, transaction.atomic():
        assert document is not None
        member = people.lock(membership.member, by=by)
        role = _agent(membership)
        before = standing.of(role)
        if before.version != seen:
            if before.latest is not None and _is_same(before.latest, grant, document, by):
                return before.latest
            raise AuthorisationChanged(_what_changed(before))
        made = record(grant, document, member=member, by=by, agent=role.user)
        _tell_agent(role, made, by)
    return made


@transaction.atomic
def end(*, membership: Membership, by: User, seen: str) -> None:
    """End the access of an agent at once. The role stays, and can be authorised again. Idempotent.

    Raises :class:`AuthorisationChanged` if the authorisations are not those that the owner saw.
    """
    people.lock(membership.member, by=by, ends_access=True)
    role = _agent(membership)
    before = standing.of(role)
    if not before.has_open:
        return
    if before.version != seen:
        raise AuthorisationChanged(_what_changed(before))
    people.end_authorisations(role, by=by)
    people.notify(role, MemberNotice.Kind.ROLE_ENDED, by)


def check(grant: Grant) -> None:
    """Raise :class:`Refusal` with the first problem of the dates."""
    for problem in problems(grant.valid_from, grant.valid_until).values():
        raise Refusal(problem)


def problems(valid_from: date, valid_until: date) -> dict[str, str]:
    """Return what is wrong with the dates, by the name of the field."""
    today = clock.today()
    if valid_from.year < today.year - MAX_YEARS or valid_from.year > today.year + MAX_YEARS:
        return {"valid_from": _("Check the year.")}
    if valid_until < valid_from:
        return {"valid_until": _("The authorisation cannot end before it starts.")}
    if valid_until < today:
        return {"valid_until": _("This date has passed. Enter the last day of the authorisation.")}
    if valid_until.year > valid_from.year + MAX_YEARS:
        text = _("Check the year: an authorisation is valid for at most %(years)d years.")
        return {"valid_until": text % {"years": MAX_YEARS}}
    return {}


def record(
    grant: Grant, document: Document, *, member: Member, by: User, agent: User | None = None
) -> Authorisation:
    """Save an authorisation and its stored document in the caller's transaction. The member is locked."""
    document.save()
    days = (grant.valid_until - clock.today()).days
    return Authorisation.objects.create(
        member=member,
        agent=agent,
        document=document,
        recorded_by=by,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        # No reminder of an end that the owner has just entered.
        reminded_days=min((one for one in REMINDER_DAYS if days <= one), default=None),
    )


def discard(authorisation: Authorisation) -> None:
    """Delete an authorisation that was never in force, and its document."""
    document = authorisation.document
    authorisation.delete()
    if document is not None:
        documents.delete(document)


def matches(
    authorisation: Authorisation | None, grant: Grant | None, document: Document | None
) -> bool:
    """Return whether the authorisation has the dates and the document of ``grant``."""
    if authorisation is None or grant is None or document is None:
        return authorisation is None and grant is None
    dates = (authorisation.valid_from, authorisation.valid_until)
    stored = authorisation.document
    return (
        dates == (grant.valid_from, grant.valid_until)
        and stored is not None
        and stored.sha256 == document.sha256
    )


def _is_same(latest: Authorisation, grant: Grant, document: Document, by: User) -> bool:
    """Return whether the form was sent twice."""
    is_open = latest.ended_at is None and latest.recorded_by_id == by.pk
    return is_open and matches(latest, grant, document)


def _agent(membership: Membership) -> Membership:
    """Return the current role. Raises :class:`Conflict` if the person lost it or is no longer an agent."""
    role = people.current(membership)
    if role is None:
        raise Conflict(_("This person no longer has access."))
    if not role.is_agent:
        raise Conflict(_("This person is not an agent."))
    return role


def _what_changed(now: standing.Standing) -> str:
    """Return who recorded or ended an authorisation in the meantime."""
    ended = [one for one in now.rows if one.ended_at]
    last = max(ended, key=lambda one: str(one.ended_at), default=None)
    latest = now.latest
    if last and last.ended_at and latest and last.ended_at >= latest.recorded_at:
        text = _("%(name)s has ended the access of this agent in the meantime.")
        return text % {"name": last.ended_by.name if last.ended_by else ""}
    if latest is None or latest.recorded_by is None:
        return _("The authorisations of this agent have changed in the meantime.")
    text = _(
        "%(name)s has recorded an authorisation until %(day)s in the meantime. Check whether this is still needed."
    )
    return text % {"name": latest.recorded_by.name, "day": date_format(latest.valid_until)}


def _tell_agent(role: Membership, made: Authorisation, by: User) -> None:
    notices.tell(
        MemberNotice.Kind.AGENT_RENEWED,
        role.user,
        about=str(made.pk),
        member=role.member,
        by=by.name,
        starts=made.valid_from.isoformat(),
        ends=made.valid_until.isoformat(),
    )
