"""Cases are referred to law enforcement, and agencies answer."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from alliance.lib import clock, ids
from cases.liaison import due
from cases.liaison.models import Agency, Disclosed, DueTimes, Referral, ReferralRule
from cases.marketplaces import shop_names
from cases.models import Case, ReasonCode
from cases.models.event import Audience, EventKind
from cases.permissions import officer_of_referral
from cases.queries import proposals
from cases.queries.offers import Offer
from cases.services import core, escalations, referral_mail
from cases.services.refusals import Changed, Conflict, NotAllowed, Refusal
from cases.states import REFERRAL_OVER, REFERRAL_TRANSITIONS
from members.models import User

_EVENTS = {
    "acknowledge": EventKind.REFERRAL_ACKNOWLEDGED,
    "accept": EventKind.REFERRAL_ACCEPTED,
    "decline": EventKind.REFERRAL_DECLINED,
    "investigate": EventKind.REFERRAL_INVESTIGATING,
    "conclude": EventKind.REFERRAL_CONCLUDED,
    "withdraw": EventKind.REFERRAL_WITHDRAWN,
}


def prepare(
    *, case: Case, by: User, agency: Agency, note: str = "", rule: ReferralRule | None = None
) -> Offer:
    """Return the referral as :func:`refer` would make it now, for somebody to look at first.

    Nothing is saved. Raises what :func:`refer` raises, and :class:`Conflict` when the agency has the case.
    """
    core.check_moderator(case, by)
    if _standing(case, agency):
        raise Conflict(_("The case is referred to %(agency)s already.") % {"agency": agency.name})
    return _prepare(case, by, agency, note, rule)


@transaction.atomic
def refer(
    *,
    case: Case,
    by: User,
    agency: Agency,
    note: str = "",
    rule: ReferralRule | None = None,
    seen: str | None = None,
) -> Referral:
    """Offer the case to ``agency``; from now on it is sent every update of it.

    The member learns that the case was referred, not to whom. Referring twice gives the same referral.
    ``rule`` is the one whose proposal is confirmed. ``seen`` is the mark of the :class:`Offer` that was
    looked at: if it would be another by now, :class:`Changed` is raised.
    Raises :class:`Refusal` when the case was not upheld or the agency does not take such cases.
    """
    case = core.lock(case)
    core.check_moderator(case, by)
    if known := _standing(case, agency):
        return known
    # What it may see is not to change between this check and the update that is written below.
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    offer = _prepare(case, by, agency, note, rule)
    if seen is not None and seen != offer.mark:
        raise Changed(
            _(
                "The case, or what %(agency)s may see of it, has changed since you looked. This is what "
                "would be sent now."
            )
            % {"agency": agency.name}
        )
    referral = offer.referral
    try:
        ids.unless_clashing(lambda: _save_new(referral))
    except IntegrityError:
        raise Conflict(_("The case was just referred to this agency.")) from None
    proposal = offer.proposal
    core.record(
        case,
        EventKind.REFERRAL_OFFERED,
        by=by,
        role=Audience.MODERATOR,
        audience=(Audience.LIAISON,),
        note=referral.note,
        data={"agency": agency.name}
        | ({"rule": proposal.rule.name, "reasons": proposal.reasons} if proposal else {}),
        referral_id=referral.pk,
    )
    core.record(case, EventKind.REFERRED, by=by, role=Audience.MODERATOR, audience=core.MEMBER)
    referral_mail.announce(referral)
    return referral


@transaction.atomic
def answer(
    *,
    referral: Referral,
    by: User,
    verb: str,
    note: str = "",
    reason: ReasonCode | None = None,
    file_number: str = "",
) -> Referral:
    """Move a referral for its agency: ``verb`` is acknowledge, accept, decline, investigate or conclude.

    Declining needs a ``reason``. The same answer again has no second effect; one that no longer fits,
    or says something else than the one given, raises :class:`Conflict`.
    """
    case = core.lock(referral.case)
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if verb == "withdraw" or not officer_of_referral(by, referral):
        raise NotAllowed(_("Your role does not allow this."))
    if not _can_move(referral, verb):
        _check_repeated(case, referral, verb, note, reason, file_number)
        return referral
    now = clock.now()
    if verb == "decline" and (reason is None or reason.use != ReasonCode.Use.DECLINE):
        raise Refusal(_("Choose a reason for declining."))
    _acknowledged(referral, now)
    if verb in ("accept", "decline"):
        referral.answered_at = now
        referral.file_number = file_number.strip() or referral.file_number
    if verb == "conclude":
        referral.concluded_at = now
    _move(case, referral, verb, by, Audience.LIAISON, note, reason)
    return referral


@transaction.atomic
def withdraw(*, referral: Referral, by: User, note: str) -> Referral:
    """Take a case back from an agency. That is itself an update: the agency is told why.

    The member, who was told that the case was referred, learns that a referral was withdrawn, not from whom.
    """
    case = core.lock(referral.case)
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    core.check_moderator(case, by)
    if not _can_move(referral, "withdraw"):
        return referral
    if not note.strip():
        raise Refusal(_("Tell the agency why the referral is withdrawn."))
    _move(case, referral, "withdraw", by, Audience.MODERATOR, note, None)
    core.record(
        case, EventKind.REFERRAL_WITHDRAWN, by=by, role=Audience.MODERATOR, audience=core.MEMBER
    )
    return referral


@transaction.atomic
def record_read(*, referral: Referral, by: User) -> None:
    """Note the first time an officer of the agency opened the referral. Not an answer, only a fact."""
    if officer_of_referral(by, referral):
        now = clock.now()
        unread = Referral.objects.filter(pk=referral.pk, read_at=None)
        if unread.update(read_at=now, delivered_at=Coalesce("delivered_at", now)):
            escalations.settle(referral)


def _save_new(referral: Referral) -> None:
    """Save under a reference drawn now: the one drawn before may exist by now."""
    referral.reference = ids.referral_reference()
    referral.save(force_insert=True)


def _standing(case: Case, agency: Agency) -> Referral | None:
    """Return the referral under which the agency has the case now."""
    return case.referrals.filter(agency=agency).exclude(status__in=REFERRAL_OVER).first()


def _prepare(case: Case, by: User, agency: Agency, note: str, rule: ReferralRule | None) -> Offer:
    if not case.is_upheld:
        raise Conflict(_("Only cases that were upheld can be referred to law enforcement."))
    if not agency.is_active or not agency.takes(case.violation):
        raise Refusal(_("%(agency)s does not take such cases.") % {"agency": agency.name})
    proposal = None
    if rule is not None:
        found = [p for p in proposals.propose(case) if (p.rule, p.agency) == (rule, agency)]
        if not found:
            raise Conflict(
                _("The rule “%(rule)s” does not propose %(agency)s for this case any more.")
                % {"rule": rule.name, "agency": agency.name}
            )
        proposal = found[0]
    now = clock.now()
    agreed = DueTimes.objects.filter(agency=agency, priority=case.priority).first()
    referral = Referral(
        case=case,
        agency=agency,
        seller_sent=_seller_sent(case, agency),
        note=note.strip(),
        rule=rule,
        referred_by=by,
        referred_at=now,
        **due.times(agency=agency, priority=case.priority, row=agreed, since=now),
    )
    return Offer(case, referral, proposal)


def _seller_sent(case: Case, agency: Agency) -> str:
    """Return the seller as the agency searches it after the referral has ended."""
    if case.seller is None or not agency.may_see(Disclosed.SELLER):
        return ""
    # Bounded, because it stands in an index: folding can make a name many times as long.
    return shop_names.fold(f"{case.seller.name} {case.seller.external_id}")[:400]


def _acknowledged(referral: Referral, now: datetime) -> None:
    """Note the steps that any answer implies: who answers has it, and has read it."""
    referral.acknowledged_at = referral.acknowledged_at or now
    referral.read_at = referral.read_at or now
    referral.delivered_at = referral.delivered_at or now


def _can_move(referral: Referral, verb: str) -> bool:
    """Return False when it is done already; raise :class:`Conflict` when it can no longer be done."""
    sources, target = REFERRAL_TRANSITIONS[verb]
    if referral.status == target:
        return False
    if referral.status not in sources:
        raise Conflict(
            _("The referral is now “%(status)s”, so this can no longer be done.")
            % {"status": referral.get_status_display()}
        )
    return True


def _check_repeated(
    case: Case,
    referral: Referral,
    verb: str,
    note: str,
    reason: ReasonCode | None,
    file_number: str,
) -> None:
    """Refuse an answer already given that says something else now: its words would be lost in silence."""
    given = case.events.filter(referral_id=referral.pk, kind=_EVENTS[verb])
    first = given.order_by("-sequence").first()
    if first is None:  # put into this state by hand, in the admin
        return
    now = (note.strip(), reason.code if reason else None)
    number = file_number.strip()
    if (first.note, first.data.get("reason")) != now or number not in ("", referral.file_number):
        raise Conflict(
            _("%(name)s has already answered: “%(status)s”. What you typed was not saved.")
            % {"name": first.actor_label, "status": referral.get_status_display()}
        )


def _move(
    case: Case,
    referral: Referral,
    verb: str,
    by: User,
    role: Audience,
    note: str,
    reason: ReasonCode | None,
) -> None:
    referral.status = REFERRAL_TRANSITIONS[verb][1]
    referral.save()
    escalations.settle(referral)
    core.record(
        case,
        _EVENTS[verb],
        by=by,
        role=role,
        audience=(Audience.LIAISON,),
        note=note.strip(),
        data={"agency": referral.agency.name} | ({"reason": reason.code} if reason else {}),
        referral_id=referral.pk,
    )
