"""Fixtures of the admin tests: an administrator's browser and rows of every model."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from cases.liaison.models import (
    Attempt,
    Channel,
    ChannelMinute,
    ChannelTest,
    Delivery,
    ReferralRule,
    Resend,
)
from cases.models import KeyClash, KeyRebuild, Listing
from cases.services import filing
from members.models import User
from tests import factories
from tests.factories.api import access_token
from tests.factories.bulk import bulk_job, list_layout, saved_view, subscription, view_mail
from tests.factories.listing_sheets import listing_row, listings_job
from tests.personas import browser_of

REGISTERED: list[type[Model]] = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = [m for m in REGISTERED if m._meta.app_label in ("members", "cases", "liaison")]


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def first_row(model: type[Model]) -> Any:
    """Return the first row that the admin shows, if any; it hides what belongs to drafts."""
    return admin.site._registry[model].get_queryset(RequestFactory().get("/")).first()


def fill(count: int) -> None:
    """Create at least ``count`` rows of every model registered in the admin."""
    for n in range(count):
        factories.verified_operation(arrests=n + 1)
        factories.counter_noticed_case()
        factories.industry()
        factories.identifier()
        factories.found_contact(factories.submitted_case())
        factories.example(factories.marketplace())
        factories.watch_list_entry()
        factories.authorised_seller()
        factories.purchase_in_case()
        factories.stated_case()
        factories.officer()
        hooked = factories.brand(factories.member())
        factories.member_webhook("https://hooks.example/in", hooked.member, brands=[hooked])
        factories.webhook("https://liaison.example/in")
        late = factories.overdue_step(factories.agency(second_contact_email="una@late.example"))
        factories.due_times(late.referral.agency)
        factories.reviewed_decision()
        factories.review_rule(is_active=False)
        ReferralRule.objects.create(name=f"Rule {n}", agency=late.referral.agency)
        person = factories.user()
        channel = Channel.objects.latest("pk")
        ChannelMinute.objects.create(channel=channel, minute=timezone.now())
        ChannelTest.objects.create(channel=channel, requested_by=person)
        Resend.objects.create(channel=channel, kind="dead")
        Authenticator.objects.create(user=person, type="totp", data={"secret": f"seed-{n}"})
        UserSession.objects.create(user=person, ip="192.0.2.7", session_key=f"key-{person.pk}")
        Attempt.objects.create(delivery=Delivery.objects.latest("pk"), status=500, duration_ms=7)
        one, other = Listing.objects.order_by("-pk")[:2]
        KeyRebuild.objects.update(finished_at=timezone.now())
        rebuild = KeyRebuild.objects.create(rules=f"rules-{n}")
        KeyClash.objects.create(rebuild=rebuild, kind="two_cases", listing=one, other=other)
        factories.other_name(one.case)
        draft = factories.draft_case()
        filing.withdraw(case=draft, by=draft.created_by)
        owner = factories.owner(draft.member)
        factories.invitation(draft.member, by=owner)
        factories.directory_entry(draft.member, by=owner)
        factories.choose(person, decisions="digest")
        factories.digest(person)
        factories.registered_right(draft.member)
        factories.guide_for(factories.agency())
        factories.agent(draft.member)
        factories.import_job(draft.member)
        market = factories.marketplace()
        listings_job(draft.right, draft.created_by, listing_row(market), evidence=[factories.png()])
        access_token(draft.member, owner)
        sso = factories.single_sign_on(draft.member)
        SocialAccount.objects.create(user=person, provider=sso.key, uid=f"subject-{n}")
        factories.application_rows(draft.member)
        factories.teamwork_rows()
        bulk_job()
        view_mail(subscription(saved_view()))
        list_layout(person)
    missing = [model for model in OURS if model._default_manager.count() < count]
    assert not missing


@pytest.fixture
def ada(db: None) -> User:
    return factories.admin(name="Ada Admin", email="ada@portal.example")


@pytest.fixture
def desk(ada: User) -> Client:
    return browser_of(ada)
