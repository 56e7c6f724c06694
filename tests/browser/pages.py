"""Create data for every page of the site, and list every page with its URL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.test import override_settings
from django.urls import reverse

from alliance import pages
from alliance.lib import clock
from cases.liaison.delivery import test_update
from cases.liaison.delivery.push import sending
from cases.liaison.models import Agency, Channel, ChannelTest, Delivery, Referral, Resend
from cases.models import Case
from cases.services import complaint_templates, previews
from cases.services.channels import operating, setup, testing
from members.models import User
from members.services import rights
from tests import factories
from tests.browser import (
    form_pages,
    pages_admission,
    pages_api,
    pages_bulk,
    pages_held,
    pages_products,
    pages_purchases,
    pages_sheets,
    pages_sso,
    pages_teamwork,
    pages_webhooks,
)
from tests.browser.visits import Visit, address
from tests.personas import Personas, make

NOWHERE = "/there-is-no-such-page/"


def build() -> tuple[Personas, list[Visit]]:
    """Create the data and return the personas and every HTML page except the admin."""
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
    visits = [
        *_public(cast),
        *_people(cast),
        *pages_admission.visits(cast),
        *_rights(cast),
        *pages_products.visits(cast, referral),
        *pages_purchases.visits(cast),
        *pages_bulk.visits(cast),
        *_account(),
        *pages_api.visits(cast),
        *pages_webhooks.visits(cast),
        *_desk(cases, cast),
        *_triage(cases, operation.reference),
        *_channels(cast),
        *_liaison(referral, accepted, operation.reference),
        *form_pages.desk(cast, cases),
        *form_pages.triage(cast, cases, operation.reference),
        *form_pages.liaison(cast, referral),
        *form_pages.directory(cast),
        *form_pages.account(cast),
        *form_pages.errors(),
        *form_pages.login_pages(cast),
        *pages_sheets.visits(cast),
        *pages_sso.visits(cast),
        *pages_held.visits(cast),
        *pages_teamwork.visits(cast, cases["in_review"]),
    ]
    return cast, visits


def _visits(persona: str, *pages: str | tuple[str, Any]) -> list[Visit]:
    """Return visits by URL name, or by name and one argument."""
    return [Visit(persona, address(page)) for page in pages]


def _public(cast: Personas) -> list[Visit]:
    return [
        *_visits("anonymous", "public:home", "public:impact", "members:directory"),
        *_visits("anonymous", ("members:detail", cast.member.slug), "public:watch_lists"),
        *_visits(
            "anonymous", ("public:marketplace", factories.watch_list_entry().marketplace.slug)
        ),
        Visit("anonymous", reverse("members:directory") + "?country=FR&q=nobody"),
        Visit("anonymous", reverse("members:directory") + "?view=map"),
        Visit("anonymous", reverse("members:directory") + f"?country=XX&q={'x' * 300}"),
        *_visits("anonymous", *(f"pages:{name}" for name in pages.NAMES)),
        Visit("anonymous", NOWHERE),
        *_visits("anonymous", "account_login", "account_reset_password"),
        *_visits("anonymous", "account_reset_password_done", "account_inactive", "account_signup"),
        *_visits("anonymous", "account_email_verification_sent"),
        Visit("anonymous", reverse("account_reset_password_from_key", args=["1", "none"])),
    ]


def _people(cast: Personas) -> list[Visit]:
    invitation = factories.invitation(cast.member, by=cast.owner)
    factories.directory_entry(cast.member, by=cast.owner, description="We weave.")
    agent = factories.agent(cast.member, name="Ana Agent")
    today = clock.today()
    ending = {"valid_from": today - timedelta(days=60), "valid_until": today + timedelta(days=6)}
    agent.authorisations.update(**ending)
    role = agent.memberships.get()
    return [
        *_visits("owner", ("members:edit", cast.member.slug), ("members:detail", cast.member.slug)),
        Visit("owner", reverse("people:authorisation", args=[cast.member.slug, role.pk])),
        Visit("owner", reverse("people:list", args=[cast.member.slug])),
        Visit("viewer", reverse("people:list", args=[cast.member.slug])),
        Visit("anonymous", reverse("invitation", args=[invitation.key])),
        Visit("stranger", reverse("invitation", args=[invitation.key])),
    ]


def _rights(cast: Personas) -> list[Visit]:
    """Return pages of rights: waiting, verified, returned, expired and expiring."""
    today, slug = clock.today(), cast.member.slug
    brand = {"by": cast.owner, "under": cast.brand}
    long = "Velmondra: pattern of the lining of the travelling bag"
    waiting = factories.registered_right(cast.member, title=long, **brand)
    returned = factories.registered_right(cast.member, title="شركة الدر", **brand)
    rights.send_back(right=returned, by=cast.moderator, reason="Class 18 is missing.")
    expired = factories.right(cast.brand, expires_on=today - timedelta(days=9))
    factories.right(cast.brand, expires_on=today + timedelta(days=9))
    pages = [("rights:detail", slug, one.pk) for one in (waiting, returned, expired, cast.right)]
    return [
        *(Visit("owner", address(page)) for page in pages),
        *_visits("owner", ("rights:list", slug), ("rights:register", slug)),
        Visit("owner", address(("rights:change", slug, returned.pk))),
        Visit("owner", address(("rights:change", slug, cast.right.pk))),
        Visit("viewer", address(("rights:list", slug)) + "?state=expiring"),
        Visit("viewer", address(("rights:list", slug)) + "?kind=patent"),
        *_visits("viewer", ("rights:detail", slug, returned.pk)),
        *_visits("stranger", ("rights:list", cast.other_member.slug)),
        *_visits("officer", "rights:home"),
        *_visits("moderator", "triage:rights", ("triage:right", waiting.pk)),
        *_visits("moderator", ("triage:right", returned.pk), ("triage:right", cast.right.pk)),
        Visit("moderator", reverse("triage:rights") + "?status=returned"),
        *_visits("admin", ("triage:right", waiting.pk)),
        *form_pages.rights(slug, waiting.pk),
    ]


def _account() -> list[Visit]:
    return _visits(
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
        "profile",
        "notifications:list",
        "people:home",
    )


def _desk(cases: dict[str, Case], cast: Personas) -> list[Visit]:
    draft = cases["draft"].reference
    template = complaint_templates.save(case=cases["draft"], by=cast.filer, name="Velmondra caps")
    new = reverse("desk:new")
    previews.make_due(seconds=30)
    file = cases["draft"].evidence.get().pk
    factories.found_contact(cases["draft"])
    factories.found_contact(cases["submitted"])
    steps = ("complaint", "listings", "details", "evidence", "check", "withdraw")
    return [
        *_visits("filer", "desk:home", "desk:cases", "desk:new"),
        *(Visit("filer", reverse(f"desk:{step}", args=[draft])) for step in steps),
        *_visits("filer", ("desk:submitted", cases["submitted"].reference)),
        *_visits("filer", "desk:templates", ("desk:template_rename", template.pk)),
        *_visits("filer", ("desk:template_save", draft)),
        Visit("filer", f"{new}?template={template.pk}"),
        *_visits("stranger", "desk:templates"),
        *_visits("filer", ("desk:evidence_details", file)),
        *(Visit("filer", reverse("desk:case", args=[case.reference])) for case in cases.values()),
        *_visits("viewer", "desk:home", "desk:cases", ("desk:case", cases["rejected"].reference)),
        *_visits("viewer", "desk:new"),
        *_visits("stranger", "desk:home", "desk:cases", "desk:report"),
        Visit("viewer", f"{reverse('desk:report')}?month={clock.today():%Y-%m}"),
        *_visits("filer", "desk:report"),
        Visit("filer", reverse("desk:cases") + "?outcome=rejected&since=someday"),
    ]


def _triage(cases: dict[str, Case], operation: str) -> list[Visit]:
    shown = [case for status, case in cases.items() if status != "draft"]
    return [
        *_visits("moderator", "triage:list", "triage:operations", ("triage:operation", operation)),
        *_visits("moderator", "triage:overdue", "triage:roster"),
        *(
            Visit("admin", f"{reverse('triage:roster')}?show={show}")
            for show in ("industries", "years", "members", "rights", "agents", "members&country=FR")
        ),
        Visit("admin", reverse("triage:overdue") + "?step=acknowledged"),
        *(Visit("moderator", reverse("triage:case", args=[case.reference])) for case in shown),
        *_visits("admin", "triage:list", ("triage:case", cases["submitted"].reference)),
        *_visits("second_moderator", ("triage:case", cases["in_review"].reference)),
        *_visits("moderator", ("desk:evidence_details", cases["in_review"].evidence.get().pk)),
    ]


def _channels(cast: Personas) -> list[Visit]:
    """Return pages of channels: failing, tested, replaying, paused and pull."""
    webhook, tested = failing_webhook(cast.agency, by=cast.moderator)
    stream = factories.channel(cast.other_agency, name="Paused stream")
    operating.pause(channel=stream, by=cast.moderator, reason="They move house.")
    pull, _ = setup.create(agency=cast.agency, by=cast.admin, kind="pull", name="System")
    replayed, _ = factories.webhook("https://liaison.example/in", of=cast.other_agency)
    numbers = {"from_seq": 1, "next_seq": 4, "last_seq": 9}
    Resend.objects.create(channel=replayed, kind="replay", done=3, **numbers)
    page = reverse("triage:channel", args=[webhook.pk])
    return [
        *_visits("moderator", "triage:channels", ("triage:channel", stream.pk)),
        *_visits("moderator", ("triage:channel", replayed.pk)),
        *_visits("moderator", ("triage:channel", pull.pk), ("triage:channel_replay", webhook.pk)),
        *(
            Visit("moderator", f"{page}?show={tab}")
            for tab in ("dead", "failures", "tests", "activity")
        ),
        Visit("moderator", reverse("triage:channel_replay", args=[webhook.pk]) + "?from_seq=1"),
        Visit("moderator", reverse("triage:channel_test_result", args=[webhook.pk, tested.pk])),
        Visit("admin", reverse("triage:channels") + "?state=inactive"),
        *_visits("admin", ("triage:channel", webhook.pk)),
        *form_pages.channels(webhook.pk),
    ]


def failing_webhook(agency: Agency, *, by: User) -> tuple[Channel, ChannelTest]:
    """Return a webhook with a failure, a dead letter and a backlog, and a failed test of it."""
    with override_settings(WEBHOOK_ALLOW_PRIVATE=True):
        webhook, _ = factories.webhook("http://127.0.0.1:1/updates", of=agency)
        for _number in range(2):
            factories.referred_case(agency)
        sending.drain(webhook.pk)
        test = testing.request_test(channel=webhook, by=by)
        test_update.perform(test.pk)
    first = webhook.deliveries.order_by("seq")[:1]
    Delivery.objects.filter(pk__in=first).update(dead_at=Now(), dead_reason="connect_failed")
    return webhook, test


def _liaison(offered: Referral, accepted: Referral, operation: str) -> list[Visit]:
    return [
        *_visits("officer", "liaison:queue", "liaison:operations", "liaison:report"),
        *_visits("officer", ("liaison:referral", offered.reference)),
        *_visits("officer", ("liaison:referral", accepted.reference)),
        *_visits("officer", ("liaison:operation", operation)),
        *_visits("other_officer", "liaison:queue", "liaison:operations"),
    ]
