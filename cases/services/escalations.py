"""Overdue steps of referrals: raised by the sweep, reported to second contacts, resolved when completed.

Each function works on a batch of rows, by PostgreSQL's clock. Several processes may run them, and may be killed
at any point: each step of a referral is raised once, and each email has a unique key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least, Now
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, Refusal
from cases.liaison.due import FIELDS
from cases.liaison.models import Agency, Delivery, DueStep, Escalation, Notice, Referral
from cases.mail import queue as mail_queue
from cases.models.event import Audience, EventKind
from cases.services import core
from cases.states import REFERRAL_UNANSWERED, REFERRAL_UNFINISHED
from members.models import User

BATCH = 500
MAX_OFFICERS = 20


def sweep() -> int:
    """Record deliveries, resolve completed steps and raise overdue ones; return how many were raised."""
    record_deliveries()
    resolve_completed()
    return raise_overdue()


# --- Deliveries --------------------------------------------------------------------------------


def _first_update() -> QuerySet[Delivery]:
    """Return the deliveries of a referral's first update."""
    return Delivery.objects.filter(update__referral=OuterRef("pk"), update__sequence=1)


def _sent() -> Subquery:
    """Return the time when the first update was first sent or fetched through any channel, as a subquery."""
    sent = _first_update().filter(sent_at__isnull=False).order_by("sent_at")
    return Subquery(sent.values("sent_at")[:1])


def _arrived() -> Q:
    """Return the condition that a referral was sent, fetched or read, or its agency had no channel."""
    sent = Exists(_first_update().filter(sent_at__isnull=False))
    return Q(read_at__isnull=False) | Q(sent) | ~Q(Exists(_first_update()))


@transaction.atomic
def record_deliveries() -> int:
    """Set ``delivered_at`` of a batch of delivered referrals; return how many.

    A referral is delivered when its first update is sent or fetched through a channel, or when an officer
    opens it. For an agency without a channel that is when the case is referred.
    """
    waiting = Referral.objects.filter(_arrived(), delivered_at=None, status__in=REFERRAL_UNFINISHED)
    picked = _lock(waiting)
    when = Coalesce(Least(_sent(), F("read_at")), F("referred_at"))
    return Referral.objects.filter(pk__in=picked).update(delivered_at=when)


# --- Overdue and resolved -----------------------------------------------------------------------


@transaction.atomic
def raise_overdue() -> int:
    """Raise each step that has become overdue and notify the agency's second contact; return how many."""
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
        _notify_second_contacts(step, late)
        raised += len(late)
    return raised


def _overdue(step: DueStep) -> list[Referral]:
    """Lock and return a batch of referrals whose ``step`` is overdue and not raised yet.

    Locked rows are left for the next sweep: the step may be completed in that transaction.
    """
    due, done = FIELDS[step]
    raised = Escalation.objects.filter(referral=OuterRef("pk"), step=step)
    rows = Referral.objects.filter(
        ~Exists(raised), status__in=REFERRAL_UNANSWERED, **{done: None, f"{due}__lte": Now()}
    )
    if step == DueStep.DELIVERED:
        rows = rows.filter(~_arrived())  # A delivery may not be recorded yet.
    rows = rows.select_related("agency").order_by(due, "pk")
    return list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH])


def _notify_second_contacts(step: DueStep, late: list[Referral]) -> None:
    notices = [
        _notice(
            referral, step, f"overdue:{referral.reference}:{step}", to, referral.agency.language
        )
        for referral in late
        if referral.agency.is_active and (to := referral.agency.second_contact_email)
    ]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        transaction.on_commit(mail_queue.wake)


def _notice(referral: Referral, step: str, key: str, to: str, language: str) -> Notice:
    due_at = getattr(referral, FIELDS[DueStep(step)][0])
    return Notice(
        key=key,
        kind=Notice.Kind.OVERDUE,
        to=to,
        language=language,
        referral=referral,
        data={"about": referral.reference, "step": str(step), "due_at": due_at.isoformat()},
    )


def resolve(referral: Referral) -> None:
    """Resolve the overdue steps of ``referral`` that are completed or no longer expected."""
    rows = Escalation.objects.filter(_no_longer_overdue(), referral=referral, resolved_at=None)
    rows.update(resolved_at=Now())


@transaction.atomic
def resolve_completed() -> int:
    """Resolve a batch of overdue steps that are completed or no longer expected; return how many."""
    picked = _lock(Escalation.objects.filter(_no_longer_overdue(), resolved_at=None))
    return Escalation.objects.filter(pk__in=picked).update(resolved_at=Now())


def _no_longer_overdue() -> Q:
    ended = ~Q(referral__status__in=REFERRAL_UNANSWERED)
    for step, (_due, done) in FIELDS.items():
        ended |= Q(step=step, **{f"referral__{done}__isnull": False})
    return ended


def _lock(rows: QuerySet[Any]) -> list[int]:
    """Lock a batch of ``rows`` that are not locked yet until the transaction ends; return their keys."""
    free = rows.order_by().select_for_update(skip_locked=True, no_key=True, of=("self",))
    return list(free.values_list("pk", flat=True)[:BATCH])


# --- Reminders ---------------------------------------------------------------------------------


@transaction.atomic
def remind(*, escalation: Escalation, by: User) -> int:
    """Remind the agency's officers and second contact of an overdue step; return the number of emails.

    There is one reminder a day (in UTC) for each step. A second call on the same day returns 0. Raises
    :class:`Conflict` if the step is no longer overdue, and :class:`Refusal` if the agency has no contact.
    """
    case = core.lock(escalation.referral.case)
    core.check_moderator(case, by)
    escalation = Escalation.objects.select_related("referral__agency").get(pk=escalation.pk)
    referral, step = escalation.referral, escalation.step
    if not Escalation.objects.exclude(_no_longer_overdue()).filter(
        pk=escalation.pk, resolved_at=None
    ):
        raise Conflict(_("This step is no longer overdue."))
    if not referral.agency.is_active:
        raise Refusal(_("This agency is inactive."))
    readers = _readers(referral.agency)
    if not readers:
        raise Refusal(
            _("%(agency)s has no officer and no second contact to remind.")
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
    transaction.on_commit(mail_queue.wake)
    return len(readers)


def reminded_today(found: Iterable[Escalation]) -> set[int]:
    """Return the keys of those in ``found`` whose agency was reminded today (in UTC)."""
    keys = {_reminder(escalation, 0): escalation.pk for escalation in found}
    written = Notice.objects.filter(key__in=keys).values_list("key", flat=True)
    return {keys[key] for key in written}


def _reminder(escalation: Escalation, number: int) -> str:
    """Return the key of today's reminder to the recipient with this number, counted from 0."""
    about = f"{escalation.referral.reference}:{escalation.step}"
    return f"reminder:{about}:{clock.today().isoformat()}:{number}"


def _readers(agency: Agency) -> dict[str, str]:
    """Return the email addresses for a reminder, each with the recipient's language."""
    officers = agency.officers.filter(is_active=True, user__is_active=True)
    people = officers.order_by("pk").values_list("user__email", "user__language")
    readers = {email: language or agency.language for email, language in people[:MAX_OFFICERS]}
    if agency.second_contact_email:
        readers.setdefault(agency.second_contact_email, agency.language)
    return readers
