"""Things that tests are about. Nouns are made by hand; what has a history is made by living it.

The functions below ``--- Workflow`` call the portal's own services in order, so that no test stands on
a case that could not exist. Each takes what matters to the test and makes up the rest.
"""

from __future__ import annotations

import io
import itertools
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from alliance.lib import clock
from cases.addresses import parse_all
from cases.liaison.models import Agency, Channel, Officer, Operation, Referral
from cases.models import (
    AuthorisedSeller,
    Case,
    Decision,
    Evidence,
    Listing,
    Marketplace,
    ReasonCode,
    Seller,
    SellerIdentifier,
)
from cases.services import channels as channel_services
from cases.services import decisions, evidence, filing, operations, triage
from cases.services import referral as referrals
from members.models import Brand, Industry, IPRight, Member, Membership, User

_numbers = itertools.count(1)


def number() -> int:
    """Return a number that no other thing of this test run has."""
    return next(_numbers)


# --- People and organisations ----------------------------------------------------------------


def user(**fields: Any) -> User:
    """A person without any role, whose password is ``password``."""
    n = number()
    fields.setdefault("email", f"person{n}@people.example")
    fields.setdefault("name", f"Person {n}")
    made = User.objects.create_user(password=fields.pop("password", "password"), **fields)
    # Verified, as the admin makes accounts: allauth lets nobody in before.
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    return made


def moderator(**fields: Any) -> User:
    """A platform moderator."""
    return user(is_moderator=True, **fields)


def admin(**fields: Any) -> User:
    """An alliance admin: may use the admin, is no moderator."""
    return user(is_staff=True, is_superuser=True, **fields)


def industry(**fields: Any) -> Industry:
    n = number()
    values = {"slug": f"industry-{n}", "name": f"Industry {n}", "name_zh": f"行业{n}"}
    return Industry.objects.create(**values | {"nice_classes": [25]} | fields)


def member(**fields: Any) -> Member:
    """An active member organisation, without brands or people."""
    n = number()
    values = {
        "slug": f"member-{n}",
        "name": f"Member {n}",
        "country": "CN",
        "status": Member.Status.ACTIVE,
        "joined_on": date(2020, 1, 1),
    }
    return Member.objects.create(**values | fields)


def staff(at: Member, role: str = Membership.Role.FILER, **fields: Any) -> User:
    """A person with a role at a member."""
    person = user(**fields)
    Membership.objects.create(
        user=person, member=at, role=role, valid_from=date(2020, 1, 1), valid_until=None
    )
    return person


def filer(at: Member, **fields: Any) -> User:
    return staff(at, Membership.Role.FILER, **fields)


def owner(at: Member, **fields: Any) -> User:
    return staff(at, Membership.Role.OWNER, **fields)


def viewer(at: Member, **fields: Any) -> User:
    return staff(at, Membership.Role.VIEWER, **fields)


def brand(of: Member | None = None, **fields: Any) -> Brand:
    return Brand.objects.create(member=of or member(), **{"name": f"Brand {number()}"} | fields)


def right(of: Brand | None = None, **fields: Any) -> IPRight:
    """A verified trademark in class 25, in force in mainland China."""
    n = number()
    values = {
        "brand": of or brand(),
        "kind": IPRight.Kind.TRADEMARK,
        "title": f"Mark {n}",
        "office": "CNIPA",
        "number": f"{10_000_000 + n}",
        "territory": ["CN"],
        "nice_classes": [25],
        "registered_on": date(2015, 3, 1),
        "verified_at": clock.now(),
    }
    if "verified_by" not in fields:
        values["verified_by"] = moderator()
    return IPRight.objects.create(**values | fields)


# --- Marketplaces and sellers ----------------------------------------------------------------


def marketplace(**fields: Any) -> Marketplace:
    """A marketplace whose listings are at ``https://<slug>.example/item/<number>``."""
    n = number()
    slug = fields.pop("slug", f"market-{n}")
    values = {
        "slug": slug,
        "name": f"Market {n}",
        "country": "CN",
        "hosts": [f"{slug}.example"],
        "listing_pattern": r"/item/(?P<item>\d+)",
    }
    return Marketplace.objects.create(**values | fields)


def seller(on: Marketplace | None = None, **fields: Any) -> Seller:
    n = number()
    values = {
        "marketplace": on or marketplace(),
        "external_id": f"shop-{n}",
        "name": f"Shop {n}",
    }
    return Seller.objects.create(**values | fields)


def identifier(of: Seller | None = None, **fields: Any) -> SellerIdentifier:
    values = {
        "seller": of or seller(),
        "kind": SellerIdentifier.Kind.EMAIL,
        "value": f"shop{number()}@shops.example",
    }
    return SellerIdentifier.objects.create(**values | fields)


def authorised_seller(**fields: Any) -> AuthorisedSeller:
    values = {"external_id": f"shop-{number()}"}
    if "brand" not in fields:
        values["brand"] = brand()
    if "marketplace" not in fields:
        values["marketplace"] = marketplace()
    return AuthorisedSeller.objects.create(**values | fields)


def reason(use: str = ReasonCode.Use.UPHOLD, **fields: Any) -> ReasonCode:
    """A reason code for ``use``: uphold, reject, request or decline."""
    n = number()
    values = {
        "code": f"reason-{n}",
        "use": use,
        "label": f"Reason {n}",
        "label_zh": f"理由{n}",
        "how_to_fix": f"Mend it this way {n}.",
        "how_to_fix_zh": f"这样修正{n}。",
    }
    return ReasonCode.objects.create(**values | fields)


# --- Law enforcement -------------------------------------------------------------------------


def agency(*, channels: int = 1, **fields: Any) -> Agency:
    """An agency that takes every violation, with ``channels`` stream channels."""
    n = number()
    values = {"slug": f"agency-{n}", "name": f"Agency {n}", "kind": "police", "country": "CN"}
    made = Agency.objects.create(**values | fields)
    for i in range(channels):
        channel(made, name=f"Stream {i + 1}")
    return made


def channel(of: Agency | None = None, **fields: Any) -> Channel:
    values = {
        "agency": of or agency(channels=0),
        "kind": Channel.Kind.STREAM,
        "name": "Stream",
        "stream_key": f"test:liaison:{uuid.uuid4()}",
    }
    return Channel.objects.create(**values | fields)


def webhook(url: str, of: Agency | None = None, **fields: Any) -> tuple[Channel, str]:
    """A webhook channel to ``url`` and its secret, in clear, as its agency was shown it."""
    return channel_services.create(
        agency=of or agency(channels=0),
        by=fields.pop("by", None) or moderator(),
        kind=Channel.Kind.WEBHOOK,
        name=f"Webhook {number()}",
        url=url,
    )


def officer(of: Agency | None = None, **fields: Any) -> User:
    """A person who is a liaison officer of an agency."""
    person = user(**fields)
    Officer.objects.create(user=person, agency=of or agency())
    return person


# --- Files -----------------------------------------------------------------------------------


def png_bytes(seed: int | None = None) -> bytes:
    """Return a small, valid PNG; another ``seed``, another hash."""
    n = number() if seed is None else seed
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (n % 256, n // 256 % 256, n // 65536 % 256)).save(out, "PNG")
    return out.getvalue()


def png(name: str = "screenshot.png", seed: int | None = None) -> SimpleUploadedFile:
    """Return a picture as a browser would upload it."""
    return SimpleUploadedFile(name, png_bytes(seed), content_type="image/png")


# --- Workflow --------------------------------------------------------------------------------


def listing_urls(of: Marketplace, count: int) -> list[str]:
    """Return addresses of listings that no case has yet."""
    return [f"https://{of.hosts[0]}/item/{1_000_000 + number()}" for _ in range(count)]


def draft_case(
    *,
    by: User | None = None,
    of: Brand | None = None,
    citing: IPRight | None = None,
    against: Seller | None = None,
    listings: int = 2,
    urls: list[str] | None = None,
    files: int = 1,
    **fields: Any,
) -> Case:
    """A draft that lacks nothing but its submission. ``files`` and ``listings`` may be 0."""
    citing = citing or right(of)
    of = of or citing.brand
    by = by or _filer_of(of.member)
    against = against or seller()
    values: dict[str, Any] = {
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "explanation": "The label is misspelt and the seams are glued.",
    }
    case = filing.start_draft(by=by, token=uuid.uuid4(), brand=of, right=citing, **values | fields)
    if urls is None:
        urls = listing_urls(against.marketplace, listings)
    if urls:
        addresses, mistakes = parse_all(urls)
        assert not mistakes, mistakes
        case = filing.set_listings(
            case=case,
            by=by,
            marketplace=against.marketplace,
            seller_id=against.external_id,
            seller_name=against.name,
            shop_url=against.shop_url,
            addresses=addresses,
        )
    for _ in range(files):
        evidence.add(case=case, by=by, upload=png(), kind=Evidence.Kind.SCREENSHOT)
    return case


def submitted_case(**draft: Any) -> Case:
    """A case in the queue. Keyword arguments as for :func:`draft_case`."""
    case = draft_case(**draft)
    return filing.submit(case=case, by=case.created_by, good_faith=True)


def claimed_case(*, moderator: User | None = None, case: Case | None = None, **draft: Any) -> Case:
    """A case under review, held by ``moderator`` (``case.assignee``)."""
    case = case or submitted_case(**draft)
    return triage.claim(case=case, by=moderator or _moderator())


def information_requested_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A case whose member was asked for something."""
    case = claimed_case(moderator=moderator, **draft)
    return triage.request_information(
        case=case,
        by=_assignee(case),
        reason=reason(ReasonCode.Use.REQUEST),
        note="A photo of the inner label, please.",
    )


def ready_case(*, moderator: User | None = None, keep: int = 0, **draft: Any) -> Case:
    """A claimed case whose listings are decided: the first ``keep`` stay, the others go."""
    case = claimed_case(moderator=moderator, **draft)
    outcomes = {
        pk: Listing.Outcome.KEEP if i < keep else Listing.Outcome.REMOVE
        for i, pk in enumerate(case.listings.order_by("position").values_list("pk", flat=True))
    }
    return decisions.decide_listings(case=case, by=_assignee(case), outcomes=outcomes)


def upheld_case(*, moderator: User | None = None, keep: int = 0, **draft: Any) -> Case:
    """An upheld case, its listings to be removed."""
    case = ready_case(moderator=moderator, keep=keep, **draft)
    return decisions.uphold(
        case=case,
        by=_assignee(case),
        reason=reason(ReasonCode.Use.UPHOLD),
        ground=Decision.Ground.ILLEGAL_CONTENT,
        facts="The test purchase shows a forged label.",
        expected_version=case.version,
    )


def rejected_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A rejected case."""
    case = claimed_case(moderator=moderator, **draft)
    return decisions.reject(
        case=case,
        by=_assignee(case),
        reason=reason(ReasonCode.Use.REJECT),
        facts="The goods shown are genuine.",
        expected_version=case.version,
    )


def removed_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """An upheld case whose listings the marketplace took down."""
    moderator = moderator or _moderator()
    return decisions.record_removal(case=upheld_case(moderator=moderator, **draft), by=moderator)


def counter_noticed_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A case to whose removal the seller objected."""
    moderator = moderator or _moderator()
    return decisions.record_counter_notice(
        case=removed_case(moderator=moderator, **draft),
        by=moderator,
        statement="These goods were bought from the maker.",
    )


def reinstated_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A case whose seller was right: the listings went back."""
    moderator = moderator or _moderator()
    return decisions.reinstate(
        case=counter_noticed_case(moderator=moderator, **draft),
        by=moderator,
        facts="The invoices of the maker are in order.",
    )


def closed_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A closed case whose removal stood."""
    moderator = moderator or _moderator()
    return decisions.close(case=removed_case(moderator=moderator, **draft), by=moderator)


def withdrawn_case(**draft: Any) -> Case:
    """A case that its member took back after submitting it."""
    case = submitted_case(**draft)
    return filing.withdraw(case=case, by=case.created_by, note="Filed by mistake.")


def referred_case(
    to: Agency | None = None,
    *,
    moderator: User | None = None,
    case: Case | None = None,
    **draft: Any,
) -> Referral:
    """An upheld case offered to an agency; returns the referral (``.case``, ``.agency``)."""
    moderator = moderator or _moderator()
    case = case or upheld_case(moderator=moderator, **draft)
    return referrals.refer(
        case=case, by=moderator, agency=to or agency(), note="Three shops, one warehouse."
    )


def accepted_referral(
    to: Agency | None = None, *, officer: User | None = None, **referred: Any
) -> Referral:
    """A referral that the agency acknowledged and accepted."""
    referral = referred_case(to, **referred)
    officer = officer or _officer_of(referral.agency)
    for verb in ("acknowledge", "accept"):
        referral = referrals.answer(referral=referral, by=officer, verb=verb)
    return referral


def reported_operation(
    referral: Referral | None = None, *, officer: User | None = None, **figures: Any
) -> Operation:
    """An operation that an agency reported in one referred case and nobody verified yet."""
    referral = referral or accepted_referral(officer=officer)
    values: dict[str, Any] = {
        "kind": Operation.Kind.RAID,
        "held_on": clock.today(),
        "country": "CN",
        "place": "Yiwu",
        "dens_closed": 2,
        "arrests": 5,
        "items_seized": 1200,
        "value_cny": Decimal("350000.00"),
        "value_basis": Operation.Basis.GENUINE_RETAIL,
    }
    return operations.report(
        by=officer or _officer_of(referral.agency),
        referrals=[referral],
        token=uuid.uuid4(),
        **values | figures,
    )


def verified_operation(
    referral: Referral | None = None, *, by: User | None = None, **reported: Any
) -> Operation:
    """An operation that counts in the published figures: verifying it publishes a snapshot."""
    operation = reported_operation(referral, **reported)
    return operations.verify(operation=operation, by=by or _moderator())


# One builder for every status a case can stand in.
CASE_IN = {
    "draft": draft_case,
    "submitted": submitted_case,
    "in_review": claimed_case,
    "information_requested": information_requested_case,
    "upheld": upheld_case,
    "rejected": rejected_case,
    "removed": removed_case,
    "counter_noticed": counter_noticed_case,
    "reinstated": reinstated_case,
    "closed": closed_case,
    "withdrawn": withdrawn_case,
}


def _moderator() -> User:
    return moderator()


def _assignee(case: Case) -> User:
    assert case.assignee is not None
    return case.assignee


def _filer_of(at: Member) -> User:
    found = Membership.objects.may_file().filter(member=at).select_related("user").first()
    return found.user if found else filer(at)


def _officer_of(of: Agency) -> User:
    found = Officer.objects.filter(agency=of, is_active=True).select_related("user").first()
    return found.user if found else officer(of)
