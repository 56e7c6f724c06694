"""Contacts found in pictures: a filer, or a moderator once the case is submitted, confirms or rejects them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict
from cases.models import Case, FoundContact
from cases.models.event import Audience, EventKind
from cases.services import core, filing, holding, stated_identifiers
from members.models import User

State = FoundContact.State


@transaction.atomic
def confirm(*, contact: FoundContact, by: User) -> None:
    """Add a found contact to the identifiers of the draft, or to the seller of a submitted case. Idempotent.

    The same contact in other pictures of the case is confirmed with it. Raises :class:`NotAllowed` without the role,
    and :class:`Conflict` if the contact was rejected or the case has changed.
    """
    case = _lock(contact, by)
    if not _decide(contact, case, State.CONFIRMED, by):
        return
    if case.submitted_at is None:
        stated_identifiers.add(case, contact.kind, contact.value)
        return
    stated_identifiers.add_to_seller(case, [(contact.kind, contact.value)])
    core.record(
        case,
        EventKind.IDENTIFIER_ADDED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        data={"identifier": {"kind": contact.kind, "value": contact.value}},
    )


@transaction.atomic
def reject(*, contact: FoundContact, by: User) -> None:
    """Record that a found contact is not the seller's; the same one in other pictures of the case too. Idempotent.

    Raises as :func:`confirm`; :class:`Conflict` if the contact was confirmed.
    """
    _decide(contact, _lock(contact, by), State.REJECTED, by)


def _lock(contact: FoundContact, by: User) -> Case:
    """Lock the contact's case, check who may decide, and return its current state."""
    case = core.lock(contact.evidence.case)
    if case.submitted_at is None:
        filing.check_draft(case, by)
    else:
        core.check_moderator(case, by)
        holding.check_free(case)
    return case


def _decide(contact: FoundContact, case: Case, state: State, by: User) -> bool:
    """Set the state of the contact wherever the case has it; return whether it changes now."""
    same = FoundContact.objects.filter(
        evidence__case=case, kind=contact.kind, value=contact.value
    ).select_for_update(of=("self",))
    rows = {row.pk: row for row in same}
    current = rows.get(contact.pk)
    if current is None:
        raise Conflict(_("The picture has been removed from the case."))
    if current.state == state:
        return False
    if current.state != State.PROPOSED:
        raise Conflict(
            _("“%(contact)s” has already been decided: %(state)s.")
            % {"contact": current, "state": current.get_state_display()}
        )
    open_rows = [pk for pk, row in rows.items() if row.state == State.PROPOSED]
    FoundContact.objects.filter(pk__in=open_rows).update(
        state=state, decided_by=by, decided_at=clock.now()
    )
    return True
