"""Brand staff file a case: draft, listings, submission, answers, withdrawal."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, ids
from cases.marketplaces.addresses import Address
from cases.models import Case, DiscardedDraft, Listing, Marketplace, Seller, SellerName, Strike
from cases.models.event import Audience, EventKind
from cases.queries import listing_checks
from cases.queries.listing_checks import Doubt
from cases.queries.readiness import problems
from cases.services import core, drafts, listing_keys, sellers
from cases.services.refusals import Conflict, Incomplete, NotAllowed, Refusal
from cases.states import Priority, Status
from members.models import Brand, IPRight, Membership, User

# How soon a case is decided. Large platforms claim 97 % within 24 hours.
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
    like: Case | None = None,
    seen: Collection[str] | None = None,
) -> Case:
    """Open a draft. ``token`` belongs to the form: sent twice, it is one draft, with what came last.

    ``seen`` as in :func:`change_draft`, for a form whose draft exists already. ``like`` is an earlier case of
    the brand that is filed again: its seller and listings are taken over.
    Raises :class:`Refusal` when the person has ``OPEN_DRAFTS_AT_MOST`` drafts at the member already.
    """
    _check_filer(by, brand.member_id)
    values: dict[str, Any] = {
        "brand": brand,
        "right": right,
        "violation": violation,
        "jurisdiction": jurisdiction,
        "goods_class": goods_class,
        "explanation": explanation.strip(),
    }
    # One at a time for each person, so that the drafts are counted right.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not Case.objects.filter(draft_token=token).exists():
        _check_drafts(by, brand.member_id)
    case, created = ids.unless_clashing(
        lambda: Case.objects.get_or_create(
            draft_token=token, defaults=values | {"member_id": brand.member_id, "created_by": by}
        )
    )
    if case.created_by_id != by.pk:
        raise Refusal(_("This form belongs to somebody else. Start a new case."))
    if not created:
        return change_draft(case=case, by=by, seen=seen, **values)
    if like is not None and like.brand_id == brand.pk:
        _take_over(case, like)
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
    seen: Collection[str] | None = None,
) -> Case:
    """Change what the draft complains of. ``seen``: the versions that the form may replace.

    Raises :class:`drafts.DraftChanged` when somebody else saved another one, and changes nothing.
    """
    case = _lock_draft(case, by)
    before = drafts.complaint_version(case)
    if brand.member_id != case.member_id:
        # An agent's draft for one member, with its evidence, never becomes another member's.
        raise Refusal(_("The right does not belong to the brand."))
    case.brand, case.right = brand, right
    case.violation, case.jurisdiction, case.goods_class = violation, jurisdiction, goods_class
    case.explanation = explanation.strip()
    case.save()
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
    addresses: Sequence[Address],
    seen: Collection[str] | None = None,
    confirmed: bool = False,
) -> Case:
    """Name the seller of a draft (none yet: no ``marketplace``), and make ``addresses`` its listings.

    ``seen`` as in :func:`change_draft`. ``confirmed``: the filer says that the doubtful ones are listings all
    the same. What is in the draft already was confirmed before.
    """
    case = _lock_draft(case, by)
    before = drafts.listings_version(case)
    open_doubts = doubtful(
        case=case, marketplace=marketplace, shop=seller_id, addresses=addresses, confirmed=confirmed
    )
    if open_doubts:
        raise Refusal(f"{open_doubts[0].sentence} {open_doubts[0].address.url}")
    if len(addresses) > settings.LISTINGS_PER_CASE:
        raise Refusal(
            _(
                "A case takes up to %(limit)d listings; these are %(count)d. File the rest as another case."
            )
            % {"limit": settings.LISTINGS_PER_CASE, "count": len(addresses)}
        )
    if marketplace is not None:
        _name_seller(case, marketplace, seller_id.strip(), seller_name.strip(), shop_url)
        case.save()
    _replace_listings(case, addresses)
    drafts.check(case, before, drafts.listings_version(case), seen)
    return case


def doubtful(
    *,
    case: Case,
    marketplace: Marketplace | None,
    shop: str,
    addresses: Sequence[Address],
    confirmed: bool,
) -> list[Doubt]:
    """Return what speaks against ``addresses`` as listings of the draft and was not confirmed."""
    found = listing_checks.doubts(
        addresses=addresses, marketplace=marketplace, shop=shop, member=case.member
    )
    if not any(not doubt.refused for doubt in found):
        return found
    known = set(case.listings.values_list("canonical_key", flat=True))
    return [
        doubt for doubt in found if doubt.refused or not (confirmed or doubt.address.key in known)
    ]


@transaction.atomic
def submit(*, case: Case, by: User, good_faith: bool) -> Case:
    """Submit a draft. Submitting it again has no second effect.

    Raises :class:`Incomplete` with every problem found, so that all can be mended at once.
    """
    case = core.lock(case)
    if case.status != Status.DRAFT and case.good_faith_by_id == by.pk:
        return case
    core.check(case, "submit", by)
    listing_keys.refresh(case)
    found: list[str] = [*problems(case=case)]
    if not good_faith:
        found.append(_("Confirm the statement of good faith."))
    if found:
        raise Incomplete(_("The case is not complete yet."), found)
    now = clock.now()
    _settle_name(case)
    core.move(case, "submit")
    case.priority = _priority(case)
    case.submitted_at, case.due_at = now, now + DUE[Priority(case.priority)]
    case.good_faith_by, case.good_faith_at = by, now
    # Two cases of one brand submitted at once, with the same listings in another order, would
    # otherwise wait for each other's rows.
    Brand.objects.select_for_update(no_key=True).get(pk=case.brand_id)
    try:
        with transaction.atomic():
            case.listings.update(is_open=True)
    except IntegrityError:
        raise Conflict(
            _("One of these listings was just filed in another case of this brand.")
        ) from None
    core.record(
        case,
        EventKind.SUBMITTED,
        by=by,
        role=Audience.MEMBER,
        audience=core.MEMBER,
        data={"listings": case.listings.count()},
    )
    return case


@transaction.atomic
def answer(*, case: Case, by: User, note: str) -> Case:
    """Answer the moderators' question: the case goes back to the queue.

    Its due time moves by as long as the member took to answer. The same answer twice is given once.
    """
    case = core.lock(case)
    if case.status == Status.SUBMITTED and core.just_said(case, EventKind.ANSWERED, by, note):
        return case
    core.check(case, "answer", by)
    if not note.strip():
        raise Refusal(_("Write an answer first."))
    if case.due_at and case.asked_at:
        case.due_at += clock.now() - case.asked_at
    core.move(case, "answer")
    core.record(
        case,
        EventKind.ANSWERED,
        by=by,
        role=Audience.MEMBER,
        audience=core.MEMBER,
        note=note.strip(),
    )
    return case


@transaction.atomic
def withdraw(*, case: Case, by: User, note: str = "") -> Case:
    """Withdraw a case until it is decided; a draft is thereby discarded. Twice is no error.

    The files of a discarded draft are given to nobody from now on: see :mod:`.disposal`.
    """
    case = core.lock(case)
    _check_filer(by, case.member_id)
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
    core.record(
        case,
        EventKind.WITHDRAWN,
        by=by,
        role=Audience.MEMBER,
        audience=core.MEMBER,
        note=note.strip(),
    )
    return case


def _lock_draft(case: Case, by: User) -> Case:
    case = core.lock(case)
    _check_filer(by, case.member_id)
    if case.status == Status.WITHDRAWN:
        raise Conflict(_("This draft was discarded. Copy what you typed into a new case."))
    if case.status != Status.DRAFT:
        raise Conflict(_("This case was submitted already and cannot be changed any more."))
    return case


def _check_filer(by: User, member_id: int) -> None:
    roles = Membership.objects.may_file().filter(user=by, member_id=member_id)
    if not roles.exists():
        raise NotAllowed(_("Your role does not allow filing cases for this member."))


def _check_drafts(by: User, member_id: int) -> None:
    """Refuse a further draft to somebody who has very many: each may hold files, and nobody reviews it."""
    most = settings.OPEN_DRAFTS_AT_MOST
    drafts = Case.objects.filter(member=member_id, status=Status.DRAFT, created_by=by)
    if drafts.count() >= most:
        raise Refusal(
            _("You have %(limit)d open drafts. Submit or discard some of them first.")
            % {"limit": most}
        )


def _name_seller(case: Case, marketplace: Marketplace, shop: str, name: str, url: str) -> None:
    """Find the shop or write it down. Known by a submitted case, it keeps its name.

    Until it is submitted, a draft has the name that was typed into it, unless that is the known one: what one
    member means to complain of, no other may learn from the name of a shop.
    """
    case.seller = sellers.find_or_create(marketplace=marketplace, shop=shop, name=name, url=url)
    same = _plain(known_name(case)) == _plain(name)
    case.seller_name, case.shop_url = ("", "") if same else (name, url)


def known_name(case: Case) -> str:
    """Return the name of the shop if another, submitted case names the same shop, else ``""``."""
    return case.seller.name if case.seller and _is_known(case) else ""


def _is_known(case: Case) -> bool:
    """Whether another, submitted case names the same shop."""
    submitted = Case.objects.filter(seller=case.seller_id, submitted_at__isnull=False)
    return submitted.exclude(pk=case.pk).exists()


def _settle_name(case: Case) -> None:
    """Give the shop the name typed into the draft. A shop that has a name already gets it as another one."""
    if not case.seller_name or case.seller_id is None:
        return
    seller = Seller.objects.select_for_update(no_key=True).get(pk=case.seller_id)
    if not _is_known(case):
        seller.name, seller.shop_url = case.seller_name, case.shop_url or seller.shop_url
        seller.save()
    elif _plain(case.seller_name) != _plain(seller.name):
        SellerName.objects.get_or_create(
            seller=seller, name=case.seller_name, defaults={"case": case}
        )
    case.seller_name = case.shop_url = ""
    case.seller = seller


def _plain(name: str) -> str:
    """Return a name as it is compared with another one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _replace_listings(case: Case, addresses: Sequence[Address]) -> None:
    """Change what differs only: an autosaved draft sends the same 300 addresses again and again."""
    known = {listing.canonical_key: listing for listing in case.listings.all()}
    wanted = {address.key: address for address in addresses}
    case.listings.exclude(canonical_key__in=wanted).delete()
    new, moved = [], []
    for number, (key, address) in enumerate(wanted.items(), start=1):
        if key not in known:
            new.append(
                Listing(
                    case=case,
                    brand_id=case.brand_id,
                    marketplace=address.marketplace,
                    position=number,
                    url=address.url,
                    canonical_key=key,
                )
            )
        elif (known[key].position, known[key].url) != (number, address.url):
            known[key].position, known[key].url = number, address.url
            moved.append(known[key])
    Listing.objects.bulk_update(moved, ["position", "url"], batch_size=300)
    Listing.objects.bulk_create(new)


def _take_over(case: Case, like: Case) -> None:
    case.seller, case.seller_name, case.shop_url = like.seller, like.seller_name, like.shop_url
    case.follows = like
    case.save()
    Listing.objects.bulk_create(
        [
            Listing(
                case=case,
                brand_id=case.brand_id,
                marketplace_id=listing.marketplace_id,
                position=listing.position,
                url=listing.url,
                canonical_key=listing.canonical_key,
                title=listing.title,
                price=listing.price,
                currency=listing.currency,
                units_sold=listing.units_sold,
            )
            for listing in like.listings.order_by("position")
        ]
    )


def _priority(case: Case) -> Priority:
    """Sellers who were caught before come first."""
    strikes = Strike.objects.filter(
        seller=case.seller_id, revoked_at=None, expires_at__gt=clock.now()
    )
    return Priority.HIGH if strikes.exists() else Priority.NORMAL
