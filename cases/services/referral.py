"""Referrals of cases to law enforcement agencies, and the agencies' answers."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from alliance.lib import clock, ids
from alliance.lib.refusals import Changed, Conflict, NotAllowed, Refusal
from cases.liaison import due
from cases.liaison.models import Agency, Disclosed, DueTimes, Referral, ReferralRule
from cases.marketplaces import shop_names
from cases.models import Case, ReasonCode
from cases.models.event import Audience, EventKind
from cases.permissions import officer_of_referral
from cases.queries import proposals
from cases.queries.referral_previews import ReferralPreview
from cases.services import core, escalations, holding, referral_mail
from cases.states import REFERRAL_ENDED, REFERRAL_TRANSITIONS
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
) -> ReferralPreview:
    """Return a preview of the referral that :func:`refer` would create now. Nothing is saved.

    Raises what :func:`refer` raises, and :class:`Conflict` if the agency already has the case.
    """
    core.check_moderator(case, by)
    holding.check_free(case)
    if _active_referral(case, agency):
        raise Conflict(
            _("The case has already been referred to %(agency)s.") % {"agency": agency.shown_name}
        )
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
    """Refer the case to ``agency``, which then receives every update of the case. Idempotent.

    The member is notified of the referral, but not of the agency. ``rule`` is the rule whose proposal is
    confirmed. ``seen`` is the fingerprint of the preview that the moderator has seen; :class:`Changed` is
    raised if it differs now. Raises :class:`Conflict` if the case is not upheld, and :class:`Refusal` if the
    agency does not take such cases.
    """
    case = core.lock(case)
    core.check_moderator(case, by)
    holding.check_free(case)
    if known := _active_referral(case, agency):
        return known
    # The agency's access must not change between this check and the update that is written below.
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    preview = _prepare(case, by, agency, note, rule)
    if seen is not None and seen != preview.fingerprint:
        raise Changed(
            _(
                "The case, or what %(agency)s may see of it, has changed since you opened this page. "
                "Check what will be sent now, and confirm again."
            )
            % {"agency": agency.shown_name}
        )
    referral = preview.referral
    try:
        ids.unless_clashing(lambda: _save_new(referral))
    except IntegrityError:
        raise Conflict(_("The case has just been referred to this agency.")) from None
    proposal = preview.proposal
    offered = core.new_event(
        EventKind.REFERRAL_OFFERED,
        by=by,
        role=Audience.MODERATOR,
        audience=(Audience.LIAISON,),
        note=referral.note,
        data={"agency": agency.name}
        | ({"rule": proposal.rule.name, "reasons": proposal.reasons} if proposal else {}),
        referral_id=referral.pk,
    )
    referred = core.new_event(
        EventKind.REFERRED, by=by, role=Audience.MODERATOR, audience=core.MEMBER
    )
    core.record_all(case, offered, referred)
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
    """Record the agency's answer: ``verb`` is acknowledge, accept, decline, investigate or conclude.

    Declining requires a ``reason``. Idempotent. Raises :class:`Conflict` for an answer that the status no longer
    allows, and for a repeated answer that differs from the first.
    """
    case = core.lock(referral.case)
    referral = _lock(referral)
    if verb == "withdraw" or not officer_of_referral(by, referral):
        raise NotAllowed(_("Your role does not allow this."))
    if not _can_move(referral, verb):
        _check_repeated(case, referral, verb, note, reason, file_number)
        return referral
    now = clock.now()
    if verb == "decline" and (reason is None or reason.use != ReasonCode.Use.DECLINE):
        raise Refusal(_("Choose a reason for declining the referral."))
    _record_implied_steps(referral, now)
    if verb in ("accept", "decline"):
        referral.answered_at = now
        referral.file_number = file_number.strip() or referral.file_number
    if verb == "conclude":
        referral.concluded_at = now
    _move(case, referral, verb, by, Audience.LIAISON, note, reason)
    return referral


@transaction.atomic
def withdraw(*, referral: Referral, by: User, note: str) -> Referral:
    """Withdraw a referral. The agency receives an update with the reason in ``note``.

    The member is notified that a referral has been withdrawn, but not of the agency.
    """
    case = core.lock(referral.case)
    referral = _lock(referral)
    core.check_moderator(case, by)
    holding.check_free(case)
    if not _can_move(referral, "withdraw"):
        return referral
    if not note.strip():
        raise Refusal(_("Enter the reason for withdrawing the referral. The agency will see it."))
    _move(case, referral, "withdraw", by, Audience.MODERATOR, note, None)
    core.record(
        case, EventKind.REFERRAL_WITHDRAWN, by=by, role=Audience.MODERATOR, audience=core.MEMBER
    )
    return referral


@transaction.atomic
def record_read(*, referral: Referral, by: User) -> None:
    """Record the first time that an officer of the agency opens the referral."""
    if officer_of_referral(by, referral):
        now = clock.now()
        unread = Referral.objects.filter(pk=referral.pk, read_at=None)
        if unread.update(read_at=now, delivered_at=Coalesce("delivered_at", now)):
            escalations.resolve(referral)


def _lock(referral: Referral) -> Referral:
    """Lock the row of ``referral``, whose case is locked, and return it with its agency, which never changes."""
    rows = Referral.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("agency").get(pk=referral.pk)


def _save_new(referral: Referral) -> None:
    """Save with a new random reference, since the previous one may be taken."""
    referral.reference = ids.referral_reference()
    referral.save(force_insert=True)


def _active_referral(case: Case, agency: Agency) -> Referral | None:
    """Return the agency's referral of the case that has not ended, if any."""
    return case.referrals.filter(agency=agency).exclude(status__in=REFERRAL_ENDED).first()


def _prepare(
    case: Case, by: User, agency: Agency, note: str, rule: ReferralRule | None
) -> ReferralPreview:
    if not case.is_upheld:
        raise Conflict(_("Only upheld cases can be referred to law enforcement."))
    if not agency.is_active or not agency.takes(case.violation):
        raise Refusal(_("%(agency)s does not take such cases.") % {"agency": agency.shown_name})
    proposal = None
    if rule is not None:
        found = [p for p in proposals.propose(case) if (p.rule, p.agency) == (rule, agency)]
        if not found:
            raise Conflict(
                _("The rule “%(rule)s” no longer proposes %(agency)s for this case.")
                % {"rule": rule.name, "agency": agency.shown_name}
            )
        proposal = found[0]
    now = clock.now()
    agreed = DueTimes.objects.filter(agency=agency, priority=case.priority).order_by("pk").first()
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
    return ReferralPreview(case, referral, proposal)


def _seller_sent(case: Case, agency: Agency) -> str:
    """Return the seller as text for the agency's search of ended referrals."""
    if case.seller is None or not agency.may_see(Disclosed.SELLER):
        return ""
    # Limited because of an index: folding can make a name many times longer.
    return shop_names.fold(f"{case.seller.name} {case.seller.external_id}")[:400]


def _record_implied_steps(referral: Referral, now: datetime) -> None:
    """Record the steps that any answer implies: delivered, read and acknowledged."""
    referral.acknowledged_at = referral.acknowledged_at or now
    referral.read_at = referral.read_at or now
    referral.delivered_at = referral.delivered_at or now


def _can_move(referral: Referral, verb: str) -> bool:
    """Return ``False`` if the referral already has the target status.

    Raises :class:`Conflict` if its status does not allow ``verb``.
    """
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
    """Raise :class:`Conflict` if a repeated answer differs from the first, since it would not be saved."""
    answers = case.events.filter(referral_id=referral.pk, kind=_EVENTS[verb])
    first = answers.order_by("-sequence").first()
    if first is None:  # The status was set in the admin.
        return
    repeated = (note.strip(), reason.code if reason else None)
    number = file_number.strip()
    if (first.note, first.data.get("reason")) != repeated or number not in (
        "",
        referral.file_number,
    ):
        raise Conflict(
            _("%(name)s has already answered: “%(status)s”. Your answer was not saved.")
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
    escalations.resolve(referral)
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
