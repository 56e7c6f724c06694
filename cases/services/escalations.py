"""Overdue steps of referrals: noticed by the sweep, told to those who can mend it, settled when taken.

Everything is set-based, a batch at a time, by PostgreSQL's clock. It may run in several copies and be
killed anywhere: a step of a referral is raised once, and each e-mail has a key that is written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least, Now
from django.utils.translation import gettext as _

from alliance.lib import clock
from cases.liaison.due import FIELDS
from cases.liaison.models import Agency, Clock, Delivery, Escalation, Notice, Referral
from cases.mail import case_steps
from cases.models.event import Audience, EventKind
from cases.services import core
from cases.services.refusals import Conflict, Refusal
from cases.states import REFERRAL_AWAITED, REFERRAL_UNFINISHED
from members.models import User

BATCH = 500
REMINDED_AT_MOST = 20


def sweep() -> int:
    """Note what was delivered, settle what was taken, raise what is overdue; return how much that was."""
    record_deliveries()
    settle_taken()
    return raise_overdue()


# --- Delivered ---------------------------------------------------------------------------------


def _offer() -> QuerySet[Delivery]:
    """The deliveries of a referral's first update, which is the offer."""
    return Delivery.objects.filter(update__referral=OuterRef("pk"), update__sequence=1)


def _sent() -> Subquery:
    """When the offer was first sent, or fetched, through any channel."""
    sent = _offer().filter(sent_at__isnull=False).order_by("sent_at")
    return Subquery(sent.values("sent_at")[:1])


def _arrived() -> Q:
    """A referral whose offer was sent, fetched or read, or that only the desk shows: it is there at once."""
    sent = Exists(_offer().filter(sent_at__isnull=False))
    return Q(read_at__isnull=False) | Q(sent) | ~Q(Exists(_offer()))


@transaction.atomic
def record_deliveries() -> int:
    """Set when referrals were delivered, for those that were and do not say so; return how many.

    That is when the offer first left through a channel or was fetched, or the officer opened it; an agency
    without a channel had it at its desk when the case was referred.
    """
    waiting = Referral.objects.filter(_arrived(), delivered_at=None, status__in=REFERRAL_UNFINISHED)
    picked = _lock(waiting)
    when = Coalesce(Least(_sent(), F("read_at")), F("referred_at"))
    return Referral.objects.filter(pk__in=picked).update(delivered_at=when)


# --- Overdue and settled -----------------------------------------------------------------------


@transaction.atomic
def raise_overdue() -> int:
    """Write down each step that has become overdue, and tell the agency's second contact; return how many."""
    raised = 0
    for step in FIELDS:
        late = _overdue(step)
        Escalation.objects.bulk_create(
            [
                Escalation(
                    referral=referral,
                    step=step,
                    due_at=getattr(referral, FIELDS[step][0]),
                    raised_at=Now(),
                )
                for referral in late
            ],
            ignore_conflicts=True,
        )
        _tell_second_contacts(step, late)
        raised += len(late)
    return raised


def _overdue(step: Clock) -> list[Referral]:
    """Return a batch of referrals of which ``step`` is overdue and not raised yet, their rows locked.

    A row that somebody holds is left for the next sweep: perhaps the step is being taken just now.
    """
    due, done = FIELDS[step]
    raised = Escalation.objects.filter(referral=OuterRef("pk"), step=step)
    rows = Referral.objects.filter(
        ~Exists(raised), status__in=REFERRAL_AWAITED, **{done: None, f"{due}__lte": Now()}
    )
    if step == Clock.DELIVERED:
        rows = rows.filter(~_arrived())  # what was sent and is only not noted yet is not late
    rows = rows.select_related("agency").order_by(due, "pk")
    return list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH])


def _tell_second_contacts(step: Clock, late: list[Referral]) -> None:
    notices = [
        _notice(
            referral, step, f"overdue:{referral.reference}:{step}", to, referral.agency.language
        )
        for referral in late
        if referral.agency.is_active and (to := referral.agency.second_contact_email)
    ]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        transaction.on_commit(case_steps.wake)


def _notice(referral: Referral, step: str, key: str, to: str, language: str) -> Notice:
    due_at = getattr(referral, FIELDS[Clock(step)][0])
    return Notice(
        key=key,
        kind=Notice.Kind.OVERDUE,
        to=to,
        language=language,
        referral=referral,
        data={"about": referral.reference, "step": str(step), "due_at": due_at.isoformat()},
    )


def settle(referral: Referral) -> None:
    """Settle the overdue steps of ``referral`` that were just taken or are no longer waited for."""
    rows = Escalation.objects.filter(_no_longer_overdue(), referral=referral, settled_at=None)
    rows.update(settled_at=Now())


@transaction.atomic
def settle_taken() -> int:
    """Settle every overdue step that was taken since, or is no longer waited for; return how many."""
    picked = _lock(Escalation.objects.filter(_no_longer_overdue(), settled_at=None))
    return Escalation.objects.filter(pk__in=picked).update(settled_at=Now())


def _no_longer_overdue() -> Q:
    over = ~Q(referral__status__in=REFERRAL_AWAITED)
    for step, (_due, done) in FIELDS.items():
        over |= Q(step=step, **{f"referral__{done}__isnull": False})
    return over


def _lock(rows: QuerySet[Any]) -> list[int]:
    """Return the keys of a batch of ``rows`` that nobody else holds, locked until the transaction ends."""
    free = rows.order_by().select_for_update(skip_locked=True, no_key=True, of=("self",))
    return list(free.values_list("pk", flat=True)[:BATCH])


# --- Reminding ---------------------------------------------------------------------------------


@transaction.atomic
def remind(*, escalation: Escalation, by: User) -> int:
    """Write to the agency's second contact and its officers that a step is overdue; return to how many.

    Once a day (in UTC) for each step: again on the same day it writes to nobody and returns 0.
    Raises :class:`Conflict` when the step is no longer overdue, :class:`Refusal` when nobody can be told.
    """
    case = core.lock(escalation.referral.case)
    core.check_moderator(case, by)
    escalation = Escalation.objects.select_related("referral__agency").get(pk=escalation.pk)
    referral, step = escalation.referral, escalation.step
    if not Escalation.objects.exclude(_no_longer_overdue()).filter(
        pk=escalation.pk, settled_at=None
    ):
        raise Conflict(_("This is no longer overdue."))
    if not referral.agency.is_active:
        raise Refusal(_("This agency is not in use."))
    readers = _readers(referral.agency)
    if not readers:
        raise Refusal(
            _("%(agency)s has neither an officer nor a second contact who could be reminded.")
            % {"agency": referral.agency.shown_name}
        )
    if reminded_today([escalation]):
        return 0
    Notice.objects.bulk_create(
        _notice(referral, step, _reminder(escalation, number), to, language)
        for number, (to, language) in enumerate(readers.items())
    )
    core.record(
        case,
        EventKind.AGENCY_REMINDED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        data={"agency": referral.agency.name, "step": str(step)},
        referral_id=referral.pk,
    )
    transaction.on_commit(case_steps.wake)
    return len(readers)


def reminded_today(found: Iterable[Escalation]) -> set[int]:
    """Return the keys of those among ``found`` (with their referrals) that were reminded of today."""
    keys = {_reminder(escalation, 0): escalation.pk for escalation in found}
    written = Notice.objects.filter(key__in=keys).values_list("key", flat=True)
    return {keys[key] for key in written}


def _reminder(escalation: Escalation, number: int) -> str:
    """Return the key of today's reminder to the reader with this number, from 0 on."""
    about = f"{escalation.referral.reference}:{escalation.step}"
    return f"reminder:{about}:{clock.today().isoformat()}:{number}"


def _readers(agency: Agency) -> dict[str, str]:
    """Return the addresses that a reminder goes to, each with the language of its reader."""
    officers = agency.officers.filter(is_active=True, user__is_active=True)
    people = officers.order_by("pk").values_list("user__email", "user__language")
    readers = {email: language or agency.language for email, language in people[:REMINDED_AT_MOST]}
    if agency.second_contact_email:
        readers.setdefault(agency.second_contact_email, agency.language)
    return readers
