"""Filing by brand staff: drafts, listings, submission, answers and withdrawal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import clock, ids
from alliance.lib.refusals import Conflict, Incomplete, Refusal
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, DiscardedDraft, Listing, Marketplace
from cases.models.event import Audience, EventKind
from cases.queries import filed_before, listing_checks, readiness
from cases.queries import stated_identifiers as stated_now
from cases.queries.readiness import Problem, Step
from cases.services import (
    core,
    draft_listings,
    drafts,
    hidden_links,
    holding,
    listing_keys,
    sellers,
    stated_identifiers,
)
from cases.services.hidden_links import Hidden
from cases.services.stated_identifiers import ByKind
from cases.states import ListingPart, Priority, Status
from members import roles
from members.models import Brand, IPRight, Member, User

# The time to decide a case, by priority. Large marketplaces state that they decide 97% within 24 hours.
DUE = {
    Priority.URGENT: timedelta(hours=4),
    Priority.HIGH: timedelta(hours=12),
    Priority.NORMAL: timedelta(hours=24),
    Priority.LOW: timedelta(hours=72),
}


@transaction.atomic
def start_draft(
    *,
    by: User,
    token: UUID,
    brand: Brand,
    right: IPRight,
    violation: str,
    jurisdiction: str,
    goods_class: int | None,
    explanation: str,
    infringement_in: Collection[str] = (),
    hidden: Hidden | None = None,
    like: Case | None = None,
    seen: Collection[str] | None = None,
) -> Case:
    """Create a draft. ``token`` identifies the form: submitting the form again changes the same draft.

    ``seen`` as in :func:`change_draft`, for a form that has already created its draft. ``like`` is an earlier
    case of the brand that the draft files again: its seller and listings are copied. Raises :class:`Refusal` if
    the person already has ``MAX_OPEN_DRAFTS`` drafts at the member.
    """
    member = check_filer(by, brand.member_id)
    values: dict[str, Any] = {
        "brand": brand,
        "right": right,
        "violation": violation,
        "jurisdiction": jurisdiction,
        "goods_class": goods_class,
        "explanation": explanation.strip(),
        "infringement_in": in_order(infringement_in),
    }
    # Serialise the requests of one person, so that the count of drafts is correct.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    case, created = Case.objects.filter(draft_token=token).first(), False
    if case is None:
        _check_drafts(by, brand.member_id)
        case, created = _create_draft(token, values | {"member": member, "created_by": by})
    if case.created_by_id != by.pk:
        raise Refusal(_("This form belongs to another user. Start a new case."))
    if not created:
        return change_draft(case=case, by=by, hidden=hidden, seen=seen, **values)
    if hidden is not None:
        hidden_links.record(case, hidden)
    if like is not None and like.brand_id == brand.pk:
        draft_listings.copy(case, like)
    return case


@transaction.atomic
def change_draft(
    *,
    case: Case,
    by: User,
    brand: Brand,
    right: IPRight,
    violation: str,
    jurisdiction: str,
    goods_class: int | None,
    explanation: str,
    infringement_in: Collection[str] = (),
    hidden: Hidden | None = None,
    seen: Collection[str] | None = None,
) -> Case:
    """Change the complaint of a draft. ``seen`` are the versions that the form may replace.

    ``infringement_in`` are the parts of the listings that infringe. ``hidden`` has the statements about a hidden link,
    if the listings are one. Raises :class:`drafts.DraftChanged` if the draft has been saved elsewhere, and changes
    nothing.
    """
    case = lock_draft(case, by)
    before = drafts.complaint_version(case)
    if brand.member_id != case.member_id:
        # An agent must not move a draft with its evidence to another member.
        raise Refusal(drafts.of_another_member(case))
    case.brand, case.right = brand, right
    case.violation, case.jurisdiction, case.goods_class = violation, jurisdiction, goods_class
    case.explanation, case.infringement_in = explanation.strip(), in_order(infringement_in)
    case.save()
    hidden_links.record(case, hidden)
    case.listings.update(brand=brand)
    drafts.check(case, before, drafts.complaint_version(case), seen)
    return case


@transaction.atomic
def set_listings(
    *,
    case: Case,
    by: User,
    marketplace: Marketplace | None,
    seller_id: str,
    seller_name: str,
    shop_url: str,
    addresses: Sequence[Address] | None,
    identifiers: ByKind | None = None,
    seen: Collection[str] | None = None,
    confirmed: bool = False,
    details: Mapping[str, Mapping[str, Any]] | None = None,
) -> Case:
    """Set the seller of a draft (unless ``marketplace`` is ``None``) and its listings (unless ``addresses`` is).

    ``identifiers`` of the seller replace those in the draft, unless they are ``None``. ``seen`` as in
    :func:`change_draft`. ``confirmed`` says that the filer has confirmed questionable URLs. URLs that are already in
    the draft need no confirmation. ``details`` are the values of :data:`Listing.DETAILS` by the
    keys of the listings.
    """
    case = lock_draft(case, by)
    listings = list(case.listings.order_by("position"))
    stated = stated_now.of_case(case)
    before = drafts.listings_version(case, [listing.url for listing in listings], stated)
    given = addresses
    if given is None:
        given = listing_checks.readable(listings, Marketplaces.all())
    issues = draft_listings.unconfirmed_issues(
        case=case, marketplace=marketplace, shop=seller_id, addresses=given, confirmed=confirmed
    )
    if issues:
        raise Refusal(f"{issues[0].message} {issues[0].address.url}")
    if len(given) > settings.LISTINGS_PER_CASE:
        raise Refusal(
            ngettext(
                "A case can have up to %(limit)d listing, but you entered %(count)d. File the others as "
                "another case.",
                "A case can have up to %(limit)d listings, but you entered %(count)d. File the others as "
                "another case.",
                settings.LISTINGS_PER_CASE,
            )
            % {"limit": settings.LISTINGS_PER_CASE, "count": len(given)}
        )
    if marketplace is not None:
        sellers.name_in_draft(case, marketplace, seller_id.strip(), seller_name.strip(), shop_url)
        case.save()
    urls = [listing.url for listing in listings]
    if addresses is not None:
        urls = draft_listings.replace(case, listings, addresses, details or {})
    stated = stated_identifiers.replace(case, identifiers, stated)
    drafts.check(case, before, drafts.listings_version(case, urls, stated), seen)
    return case


@transaction.atomic
def submit(*, case: Case, by: User, good_faith: bool) -> Case:
    """Submit a draft. Idempotent.

    If a decided case of the brand had the listings, the case follows it. Raises :class:`Incomplete` with all problems
    found, so that the filer can fix them at once.
    """
    case = core.lock(case)
    if case.status != Status.DRAFT and case.good_faith_by_id == by.pk:
        return case
    core.check(case, "submit", by)
    listings, marketplaces = listing_keys.refresh(case)
    case = readiness.loaded(case)
    found = readiness.problems(case=case, listings=listings, marketplaces=marketplaces)
    if not good_faith:
        text = _("Confirm the good-faith statement.")
        found.append(Problem(text, Step.CHECK, missing=True, field="good_faith"))
    if found:
        errors = [(problem.field, str(problem)) for problem in found]
        raise Incomplete(_("The case is incomplete."), errors)
    now = clock.now()
    if case.follows_id is None:
        case.follows = filed_before.earlier_case(case, listings)
    sellers.record_shop_name(case)
    stated_identifiers.record(case)
    core.move(case, "submit")
    case.priority = _priority(case)
    case.submitted_at, case.due_at = now, now + DUE[Priority(case.priority)]
    case.good_faith_by, case.good_faith_at = by, now
    count = open_listings(case)
    core.record(
        case,
        EventKind.SUBMITTED,
        by=by,
        role=Audience.MEMBER,
        audience=core.MEMBER,
        data={"listings": count},
    )
    return case


@transaction.atomic
def answer(*, case: Case, by: User, note: str) -> Case:
    """Answer the moderators' question and return the case to the queue. Idempotent.

    The deadline of the case is extended by the time that the member took to answer.
    """
    case = core.lock(case)
    if case.status == Status.SUBMITTED and core.is_repeat(case, EventKind.ANSWERED, by, note):
        return case
    core.check(case, "answer", by)
    if not note.strip():
        raise Refusal(_("Write an answer first."))
    if case.due_at and case.asked_at:
        case.due_at += clock.now() - case.asked_at
    core.move(case, "answer")
    holding.overtake(case, by=by, kind=EventKind.ANSWERED)
    note = note.strip()
    core.record(
        case, EventKind.ANSWERED, by=by, role=Audience.MEMBER, audience=core.MEMBER, note=note
    )
    return case


@transaction.atomic
def withdraw(*, case: Case, by: User, note: str = "") -> Case:
    """Withdraw an undecided case, or discard a draft. Idempotent.

    The files of a discarded draft can no longer be downloaded: see :mod:`.disposal`.
    """
    case = core.lock(case)
    check_filer(by, case.member_id)
    if case.status == Status.WITHDRAWN:
        return case
    core.check(case, "withdraw", by)
    was_draft = case.status == Status.DRAFT
    core.move(case, "withdraw")
    case.listings.update(is_open=False)
    if was_draft:
        case.save()
        DiscardedDraft.objects.get_or_create(case=case)
        return case
    holding.overtake(case, by=by, kind=EventKind.WITHDRAWN)
    note = note.strip()
    core.record(
        case, EventKind.WITHDRAWN, by=by, role=Audience.MEMBER, audience=core.MEMBER, note=note
    )
    return case


def open_listings(case: Case) -> int:
    """Open the listings of a locked case, which are undecided from now on; return how many there are.

    Raises :class:`Conflict` if one of them is open in another case of the brand.
    """
    # Without this lock, two cases of a brand with the same listings in another order could deadlock.
    Brand.objects.select_for_update(no_key=True).get(pk=case.brand_id)
    try:
        with transaction.atomic():
            return case.listings.update(
                status=Listing.Status.LIVE, outcome=Listing.Outcome.UNDECIDED, is_open=True
            )
    except IntegrityError:
        raise Conflict(
            _("One of these listings has just been filed in another case of this brand.")
        ) from None


def in_order(parts: Collection[str]) -> list[str]:
    """Return ``parts`` of a listing in the order of :class:`ListingPart`, each once."""
    return [part.value for part in ListingPart if part in parts]


def lock_draft(case: Case, by: User) -> Case:
    """Lock the row of a draft and return its current state with its member.

    Raises :class:`NotAllowed` without the role, and :class:`Conflict` if the case is not a draft.
    """
    case = core.lock(case)
    check_draft(case, by)
    return case


def check_draft(case: Case, by: User) -> None:
    """Check that ``by`` may change the locked draft, and set its member. Raises as :func:`lock_draft`."""
    case.member = check_filer(by, case.member_id)
    if case.status == Status.WITHDRAWN:
        raise Conflict(_("This draft has been discarded. Copy your text into a new case."))
    if case.status != Status.DRAFT:
        raise Conflict(_("This case has already been submitted and can no longer be changed."))


def check_filer(by: User, member_id: int) -> Member:
    """Return the member if ``by`` may file cases for it; raise :class:`NotAllowed` otherwise."""
    text = _("Your role does not allow filing cases for this member.")
    return roles.require_filer(by, member_id, text)


def _create_draft(token: UUID, values: dict[str, Any]) -> tuple[Case, bool]:
    """Create a draft and return it with ``True``; if another person has just used ``token``, theirs with ``False``."""
    try:
        return ids.unless_clashing(lambda: Case.objects.create(draft_token=token, **values)), True
    except IntegrityError:
        if other := Case.objects.filter(draft_token=token).first():
            return other, False
        raise


def _check_drafts(by: User, member_id: int) -> None:
    """Raise :class:`Refusal` if a person has too many drafts, which can have files and are never reviewed."""
    most = settings.MAX_OPEN_DRAFTS
    open_drafts = Case.objects.filter(member=member_id, status=Status.DRAFT, created_by=by)
    if open_drafts.count() >= most:
        raise Refusal(
            ngettext(
                "You already have %(limit)d open draft. Submit or discard it first.",
                "You already have %(limit)d open drafts. Submit or discard one of them first.",
                most,
            )
            % {"limit": most}
        )


def _priority(case: Case) -> Priority:
    """Return high priority for a seller with live strikes, otherwise normal priority."""
    has_strikes: bool = case.seller_has_strikes  # type: ignore[attr-defined]  # by loaded()
    return Priority.HIGH if has_strikes else Priority.NORMAL
