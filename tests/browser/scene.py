"""One alliance in which every page has something to show, and the address of every page in it."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now
from django.test import override_settings
from django.urls import reverse

from alliance import pages
from cases.liaison.delivery import test_update
from cases.liaison.delivery.push import sending
from cases.liaison.models import Agency, Channel, ChannelTest, Delivery, Referral, Resend
from cases.models import Case
from cases.services.channels import operating, setup, tests
from members.models import User
from tests import factories
from tests.browser import sent
from tests.browser.stops import Stop, address
from tests.personas import Personas, make

NOWHERE = "/there-is-no-such-page/"


def build() -> tuple[Personas, list[Stop]]:
    """Make the alliance; return the cast and every page that shows HTML, the plain admin apart."""
    cast = make()
    factories.industry()
    mine = {"by": cast.filer, "of": cast.brand, "citing": cast.right}
    cases = {
        status: factories.CASE_IN[status](**mine)
        for status in factories.CASE_IN
        if status not in ("in_review", "upheld")
    }
    cases["in_review"] = factories.claimed_case(moderator=cast.moderator, **mine)
    cases["upheld"] = factories.upheld_case(moderator=cast.moderator, listings=60, **mine)
    referral = factories.referred_case(cast.agency, case=cases["upheld"], moderator=cast.moderator)
    accepted = factories.accepted_referral(cast.agency, case=cases["removed"], officer=cast.officer)
    operation = factories.reported_operation(accepted, officer=cast.officer)
    factories.verified_operation(accepted, officer=cast.officer)
    for step in ("delivered", "read", "accepted"):
        factories.overdue_step(cast.agency, step=step, **mine)
    stops = [
        *_public(cast),
        *_account(),
        *_desk(cases),
        *_triage(cases, operation.reference),
        *_channels(cast),
        *_liaison(referral, accepted, operation.reference),
        *sent.desk(cast, cases),
        *sent.triage(cast, cases, operation.reference),
        *sent.liaison(cast, referral),
        *sent.account(cast),
        *sent.errors(),
        *sent.entrance(cast),
    ]
    return cast, stops


def _stops(persona: str, *pages: str | tuple[str, Any]) -> list[Stop]:
    """Addresses by name, or by name and one argument."""
    return [Stop(persona, address(page)) for page in pages]


def _public(cast: Personas) -> list[Stop]:
    return [
        *_stops("anonymous", "public:home", "public:impact", "members:directory"),
        *_stops("anonymous", *(f"pages:{name}" for name in pages.NAMES)),
        *_stops("anonymous", ("members:detail", cast.member.slug)),
        Stop("anonymous", reverse("members:directory") + "?country=FR&q=nobody"),
        Stop("anonymous", NOWHERE),
        *_stops("anonymous", "account_login", "account_reset_password"),
        *_stops("anonymous", "account_reset_password_done", "account_inactive", "account_signup"),
        *_stops("anonymous", "account_email_verification_sent"),
        Stop("anonymous", reverse("account_reset_password_from_key", args=["1", "none"])),
    ]


def _account() -> list[Stop]:
    return _stops(
        "filer",
        "account_logout",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "usersessions_list",
    )


def _desk(cases: dict[str, Case]) -> list[Stop]:
    draft = cases["draft"].reference
    steps = ("complaint", "listings", "details", "evidence", "check", "withdraw")
    return [
        *_stops("filer", "desk:home", "desk:cases", "desk:new"),
        *(Stop("filer", reverse(f"desk:{step}", args=[draft])) for step in steps),
        *_stops("filer", ("desk:submitted", cases["submitted"].reference)),
        *(Stop("filer", reverse("desk:case", args=[case.reference])) for case in cases.values()),
        *_stops("viewer", "desk:home", "desk:cases", ("desk:case", cases["rejected"].reference)),
        *_stops("viewer", "desk:new"),
        *_stops("stranger", "desk:home", "desk:cases"),
    ]


def _triage(cases: dict[str, Case], operation: str) -> list[Stop]:
    shown = [case for status, case in cases.items() if status != "draft"]
    return [
        *_stops("moderator", "triage:list", "triage:operations", ("triage:operation", operation)),
        *_stops("moderator", "triage:overdue"),
        Stop("admin", reverse("triage:overdue") + "?step=acknowledged"),
        *(Stop("moderator", reverse("triage:case", args=[case.reference])) for case in shown),
        *_stops("admin", "triage:list", ("triage:case", cases["submitted"].reference)),
        *_stops("second_moderator", ("triage:case", cases["in_review"].reference)),
    ]


def _channels(cast: Personas) -> list[Stop]:
    """A webhook with failures and something given up, after a test; one that is replayed; a paused stream; a pull channel."""
    webhook, tested = troubled_webhook(cast.agency, by=cast.moderator)
    stream = factories.channel(cast.other_agency, name="Paused stream")
    operating.pause(channel=stream, by=cast.moderator, reason="They move house.")
    pull, _ = setup.create(agency=cast.agency, by=cast.admin, kind="pull", name="System")
    replayed, _ = factories.webhook("https://liaison.example/in", of=cast.other_agency)
    numbers = {"from_seq": 1, "next_seq": 4, "last_seq": 9}
    Resend.objects.create(channel=replayed, kind="replay", done=3, **numbers)
    page = reverse("triage:channel", args=[webhook.pk])
    return [
        *_stops("moderator", "triage:channels", ("triage:channel", stream.pk)),
        *_stops("moderator", ("triage:channel", replayed.pk)),
        *_stops("moderator", ("triage:channel", pull.pk), ("triage:channel_replay", webhook.pk)),
        *(Stop("moderator", f"{page}?show={tab}") for tab in ("dead", "failures", "tests", "acts")),
        Stop("moderator", reverse("triage:channel_replay", args=[webhook.pk]) + "?from_seq=1"),
        Stop("moderator", reverse("triage:channel_test_result", args=[webhook.pk, tested.pk])),
        Stop("admin", reverse("triage:channels") + "?state=inactive"),
        *_stops("admin", ("triage:channel", webhook.pk)),
        *sent.channels(webhook.pk),
    ]


def troubled_webhook(agency: Agency, *, by: User) -> tuple[Channel, ChannelTest]:
    """A webhook nobody answers at: a failure, a given-up update, a backlog; and the test that says so."""
    with override_settings(WEBHOOK_ALLOW_PRIVATE=True):
        webhook, _ = factories.webhook("http://127.0.0.1:1/updates", of=agency)
        for _number in range(2):
            factories.referred_case(agency)
        sending.drain(webhook.pk)
        test = tests.request_test(channel=webhook, by=by)
        test_update.perform(test.pk)
    first = webhook.deliveries.order_by("seq")[:1]
    Delivery.objects.filter(pk__in=first).update(dead_at=Now(), dead_reason="connect_failed")
    return webhook, test


def _liaison(offered: Referral, accepted: Referral, operation: str) -> list[Stop]:
    return [
        *_stops("officer", "liaison:queue", "liaison:operations", "liaison:report"),
        *_stops("officer", ("liaison:referral", offered.reference)),
        *_stops("officer", ("liaison:referral", accepted.reference)),
        *_stops("officer", ("liaison:operation", operation)),
        *_stops("other_officer", "liaison:queue", "liaison:operations"),
    ]
