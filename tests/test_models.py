"""Facts enforced in the database by constraints, and which rows a person may see."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.db.models import CheckConstraint, F, ForeignKey, Model, Q, QuerySet

from alliance.lib import clock
from cases import visibility
from cases.liaison.models import Channel, Delivery, Operation, Referral, Update
from cases.models import (
    Case,
    CaseEvent,
    CounterNotice,
    Decision,
    Evidence,
    Listing,
    OutgoingMail,
    Strike,
    TestPurchase,
)
from members.models import (
    AccessToken,
    Authorisation,
    IPRight,
    Member,
    Membership,
    Product,
    ProductPicture,
)
from tests import factories
from tests.factories.api import access_token
from tests.models import OURS, model_label
from tests.personas import Personas

# --- Constraints -------------------------------------------------------------------------------


def pairs_of(model: type[Model]) -> list[tuple[str, str]]:
    """Return the nullable pairs ``x_by`` and ``x_at`` that record who did something and when.

    A time named ``x_by`` is a deadline and is not part of a pair.
    """
    nullable = {field.name: field for field in model._meta.concrete_fields if field.null}
    found = [(f"{name[:-3]}_by", name) for name in nullable if name.endswith("_at")]
    return [(by, at) for by, at in found if isinstance(nullable.get(by), ForeignKey)]


def mentioned(constraint: CheckConstraint) -> set[str]:
    names: set[str] = set()
    stack: list[Any] = [constraint.condition]
    while stack:
        item = stack.pop()
        if isinstance(item, Q):
            stack.extend(item.children)
        elif isinstance(item, tuple):
            names.add(item[0].split("__")[0])
    return names


def test_pairs_are_found() -> None:
    assert {pair for model in OURS for pair in pairs_of(model)} >= {
        ("verified_by", "verified_at"),
        ("good_faith_by", "good_faith_at"),
        ("resolved_by", "resolved_at"),
    }


@pytest.mark.parametrize("model", OURS, ids=model_label)
def test_pairs_have_a_constraint(model: type[Model]) -> None:
    checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    for pair in pairs_of(model):
        assert any(mentioned(check) >= set(pair) for check in checks), pair


def _token() -> QuerySet[AccessToken]:
    member = factories.member()
    token, _secret = access_token(member, factories.owner(member))
    return AccessToken.objects.filter(pk=token.pk)


# Each violates one constraint directly, without the services.
VIOLATIONS: dict[str, Callable[[], Any]] = {
    "a verified right without a verifier": lambda: IPRight.objects.filter(
        pk=factories.right().pk
    ).update(verified_by=None),
    "a right that expires before it is registered": lambda: IPRight.objects.filter(
        pk=factories.right().pk
    ).update(expires_on="1999-01-01"),
    "an active member without a date": lambda: Member.objects.filter(
        pk=factories.member().pk
    ).update(joined_on=None),
    "a former member without a date": lambda: Member.objects.filter(
        pk=factories.member().pk
    ).update(status="left"),
    "a role that ends before it starts": lambda: Membership.objects.filter(
        user=factories.filer(factories.member())
    ).update(valid_until="2001-01-01"),
    "an agent who is an owner": lambda: Membership.objects.filter(
        user=factories.agent(factories.member())
    ).update(role="owner"),
    "an agent with an end of its own": lambda: Membership.objects.filter(
        user=factories.agent(factories.member())
    ).update(valid_until="2100-01-01"),
    "a token that never expires": lambda: _token().update(
        expires_at=datetime.max.replace(tzinfo=UTC)
    ),
    "a token without a scope": lambda: _token().update(scopes=[]),
    "a token that nobody revoked": lambda: _token().update(revoked_at=clock.now()),
    "an authorisation that ends before it starts": lambda: Authorisation.objects.filter(
        agent=factories.agent(factories.member())
    ).update(valid_until="2001-01-01"),
    "an authorisation that was ended by nobody": lambda: Authorisation.objects.filter(
        agent=factories.agent(factories.member())
    ).update(ended_at=clock.now()),
    "an authorisation without its document": lambda: Authorisation.objects.filter(
        agent=factories.agent(factories.member())
    ).update(document=None),
    "a product with countries that do not decide": lambda: Product.objects.filter(
        pk=factories.product().pk
    ).update(disclosed_countries=["CN"]),
    "a product with names that are a list": lambda: Product.objects.filter(
        pk=factories.product().pk
    ).update(other_names=[]),
    "a picture without a description": lambda: ProductPicture.objects.filter(
        pk=factories.product_picture(factories.product()).pk
    ).update(alt=""),
    "one e-mail address in upper and lower case": lambda: (
        [
            factories.user(email="a@b.example"),
            factories.user(email="A@b.example".swapcase()),
        ]
        and _second_address()
    ),
    "a received purchase that was never ordered": lambda: TestPurchase.objects.filter(
        pk=factories.purchase("received").pk
    ).update(ordered_on=None),
    "a purchase with the facts of a later step": lambda: TestPurchase.objects.filter(
        pk=factories.purchase("received").pk
    ).update(status="ordered"),
    "an examination without a verdict": lambda: TestPurchase.objects.filter(
        pk=factories.purchase("examined").pk
    ).update(verdict=""),
    "a disposal by one person": lambda: TestPurchase.objects.filter(
        pk=factories.purchase("disposed").pk
    ).update(disposed_by=F("disposal_proposed_by")),
    "a parcel that arrived before the order": lambda: TestPurchase.objects.filter(
        pk=factories.purchase("received").pk
    ).update(received_on="2001-01-01"),
    "a lease without an assignee": lambda: Case.objects.filter(
        pk=factories.claimed_case().pk
    ).update(assignee=None),
    "an assignee of a decided case": lambda: Case.objects.filter(
        pk=factories.claimed_case().pk
    ).update(status="closed"),
    "a submitted case without a seller": lambda: Case.objects.filter(
        pk=factories.submitted_case().pk
    ).update(seller=None),
    "a submitted case without good faith": lambda: Case.objects.filter(
        pk=factories.submitted_case().pk
    ).update(good_faith_at=None, good_faith_by=None),
    "two current decisions": lambda: Decision.objects.create(
        case=(case := factories.upheld_case()), outcome="rejected", decided_by=case.created_by
    ),
    "two open counter-notices": lambda: CounterNotice.objects.create(
        case=(case := factories.counter_noticed_case()),
        statement="again",
        recorded_by=case.created_by,
        due_at=clock.now(),
    ),
    "an answer to a counter-notice without a person": lambda: CounterNotice.objects.filter(
        case=factories.counter_noticed_case()
    ).update(answer="The maker never sold to this shop."),
    "a rejected counter-notice without a person": lambda: CounterNotice.objects.filter(
        case=factories.counter_noticed_case()
    ).update(status="refused"),
    "a strike that expires before it is issued": lambda: Strike.objects.filter(
        case=factories.upheld_case()
    ).update(expires_at=clock.now() - timedelta(days=1)),
    "two listings with one key in a case": lambda: Listing.objects.filter(
        case=factories.submitted_case()
    ).update(canonical_key="x:1"),
    "a price without a currency": lambda: Listing.objects.filter(
        case=factories.submitted_case()
    ).update(price=5),
    "two open referrals to one agency": lambda: Referral.objects.create(
        case=(referral := factories.referred_case()).case,
        agency=referral.agency,
        referred_by=referral.referred_by,
        acknowledge_by=clock.now(),
    ),
    "a verified operation without a verifier": lambda: Operation.objects.filter(
        pk=factories.reported_operation().pk
    ).update(status="verified"),
    "an operation with a negative value": lambda: Operation.objects.filter(
        pk=factories.reported_operation().pk
    ).update(value_cny=-1),
    "a channel with a sent sequence above the numbered one": lambda: Channel.objects.filter(
        pk=factories.channel().pk
    ).update(sent_seq=3),
    "a channel of no agency and no member": lambda: Channel.objects.filter(
        pk=factories.channel().pk
    ).update(agency=None),
    "a stream of a member": lambda: Channel.objects.filter(pk=factories.channel().pk).update(
        agency=None, member=factories.member()
    ),
    "a deleted webhook with its secret": lambda: Channel.objects.filter(
        pk=factories.member_webhook("https://hooks.example/in", factories.member())[0].pk
    ).update(deleted_at=clock.now(), is_active=False),
    "an update of no referral and no case": lambda: Update.objects.create(
        kind="closed", sequence=1, case_version=1, payload={}
    ),
    "a sent delivery without a sequence": lambda: _deliveries().update(sent_at=clock.now()),
    "two deliveries of an update on a channel": lambda: Delivery.objects.create(
        update=(delivery := _deliveries()[0]).update, channel=delivery.channel
    ),
    "two e-mails about one event to one person": lambda: OutgoingMail.objects.create(
        user=(mail := _mails()[0]).user,
        case=mail.case,
        kind=mail.kind,
        event_sequence=mail.event_sequence,
    ),
    "the same file twice in a case": lambda: Evidence.objects.filter(
        case=factories.draft_case(files=2)
    ).update(sha256="0" * 64),
    "two events with one number": lambda: CaseEvent.objects.create(
        case=factories.submitted_case(),
        sequence=1,
        kind="commented",
        audience=["moderator"],
        actor_role="moderator",
        actor_label="x",
    ),
}


def _second_address() -> None:
    first, second = factories.user(), factories.user()
    type(first).objects.filter(pk=second.pk).update(email=first.email.upper())


def _deliveries() -> Any:
    return Delivery.objects.filter(update__referral=factories.referred_case())


def _mails() -> Any:
    return OutgoingMail.objects.filter(case=factories.submitted_case())


@pytest.mark.parametrize("broken", VIOLATIONS)
@pytest.mark.django_db
def test_database_refuses_violations(broken: str) -> None:
    with pytest.raises(IntegrityError):
        VIOLATIONS[broken]()


@pytest.mark.django_db
def test_listing_is_open_in_one_case_of_a_brand() -> None:
    first = factories.submitted_case(listings=1)
    second = factories.draft_case(
        citing=first.right, against=first.seller, urls=[first.listings.get().url]
    )
    with pytest.raises(IntegrityError):
        second.listings.update(is_open=True)


# --- Visibility --------------------------------------------------------------------------------


def test_default_deny(personas: Personas) -> None:
    """Anonymous users and closed accounts see no rows of any model."""
    factories.verified_operation(
        factories.accepted_referral(personas.agency, by=personas.filer, citing=personas.right)
    )
    functions = [
        f
        for f in vars(visibility).values()
        if getattr(f, "__module__", "") == visibility.__name__
        and inspect.isfunction(f)
        and "user" in inspect.signature(f).parameters
    ]
    assert len(functions) >= 6
    closed = [personas.owner, personas.moderator, personas.officer, personas.admin]
    for person in closed:
        person.is_active = False
    for rows_for, person in itertools.product(functions, [AnonymousUser(), *closed]):
        assert not rows_for(person).exists(), (rows_for.__name__, person)


VISIBLE_TO = {
    "stranger": set(),
    "viewer": {"draft", "submitted", "referred", "declined", "withdrawn"},
    "filer": {"draft", "submitted", "referred", "declined", "withdrawn"},
    "owner": {"draft", "submitted", "referred", "declined", "withdrawn"},
    "moderator": {"submitted", "referred", "declined", "withdrawn"},
    "officer": {"referred"},
    "other_officer": set(),
    "admin": {"submitted", "referred", "declined", "withdrawn"},
}


@pytest.mark.parametrize("who", VISIBLE_TO)
def test_visibility_of_cases(personas: Personas, who: str) -> None:
    from cases.services import referral as referrals

    about: dict[str, Any] = {"by": personas.filer, "citing": personas.right}
    referred, declined, withdrawn = (
        factories.referred_case(personas.agency, **about) for _ in range(3)
    )
    referrals.answer(
        referral=declined,
        by=personas.officer,
        verb="decline",
        reason=factories.reason("decline"),
    )
    referrals.withdraw(referral=withdrawn, by=personas.moderator, note="Sent in error.")
    cases = {
        "draft": factories.draft_case(**about),
        "submitted": factories.submitted_case(**about),
        "referred": referred.case,
        "declined": declined.case,
        "withdrawn": withdrawn.case,
    }
    seen = set(visibility.cases(getattr(personas, who)).values_list("pk", flat=True))
    assert {name for name, case in cases.items() if case.pk in seen} == VISIBLE_TO[who]


def test_foreign_keys_of_evidence_records_are_protected(db: None) -> None:
    """Deleting a related object must not delete these records."""
    kept = {Decision, Referral, Update, Delivery, Operation}
    protected = {"Agency", "Member", "Brand", "IPRight", "Seller", "User", "Referral", "Channel"}
    for model in kept:
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model.__name__ in protected:
                assert field.remote_field.on_delete.__name__ == "PROTECT", field
