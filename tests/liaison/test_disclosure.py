"""Withheld information reaches an agency by no channel, page, file or search."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from cases.liaison.delivery.pull.api import SCHEMAS
from cases.liaison.delivery.push import email, sending
from cases.liaison.delivery.push.cloudevent import cloud_event, encoded
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Agency, Channel, Delivery, Disclosed, Referral, Update
from cases.models import Evidence
from cases.services import decisions, evidence, filing, operations, teamwork, triage
from cases.services import referral as referrals
from cases.services.channels import setup
from members.models import User
from tests import factories
from tests.liaison.updates import read_stream
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

# Texts that would reveal each part.
SECRETS: dict[str, tuple[str, ...]] = {
    Disclosed.MEMBER: ("Quarrystone", "石坑公司", "VELVETGOAT"),
    Disclosed.RIGHT: ("55501234",),
    Disclosed.SELLER: (
        "Moonlight Outlet",
        "shop-moonlight",
        "moonlight.example",
        "Bazaar of moons",
    ),
    Disclosed.LISTINGS: ("listed.example", "Goat bag, like new"),
    Disclosed.NOTE: (
        "Explained by the brand",
        "Noted for the agency",
        "Facts of the first decision",
        "Why it stands",
        "Objected to",
        "Figures were counted twice",
        "A reason of the platform",
    ),
    Disclosed.EVIDENCE: ("proof-of-label.png",),
}
# What moderators add to a case for each other, which no agency sees whatever it may see.
AMONG_MODERATORS = "Among moderators only"
TITLE = "VELVETGOAT word mark"  # the brand's name, and of the right


@dataclass
class World:
    """A case with every step that an agency is notified of, and the agency."""

    agency: Agency
    officer: User
    moderator: User
    referral: Referral
    withdrawn: Referral
    operation: Any
    token: str

    @property
    def pull(self) -> Channel:
        return Channel.objects.get(agency=self.agency, kind="pull")


def build(discloses: list[str]) -> World:
    agency = factories.agency(name="Harbour Police", discloses=discloses)
    _channel, token = setup.create(agency=agency, by=factories.admin(), kind="pull", name="System")
    officer, moderator = factories.officer(agency), factories.moderator()
    referral = factories.referred_case(agency, moderator=moderator, case=_case(moderator))
    assert referral.case.seller is not None
    referral = _refer_again(referral, agency, moderator)
    for verb in ("acknowledge", "accept", "investigate"):
        note = "" if verb == "acknowledge" else f"Our own words on {verb}"
        referrals.answer(referral=referral, by=officer, verb=verb, note=note)
    _further_steps(referral, moderator)
    operation = factories.verified_operation(referral, officer=officer)
    operations.retract(operation=operation, by=moderator, reason="Figures were counted twice")
    withdrawn = factories.referred_case(agency, moderator=moderator, case=_case(moderator, "2"))
    referrals.withdraw(referral=withdrawn, by=moderator, note="Noted for the agency at the end")
    referral.refresh_from_db()
    return World(agency, officer, moderator, referral, withdrawn, operation, token)


def _case(moderator: User, suffix: str = "") -> Any:
    member = factories.member(name=f"Quarrystone{suffix}", name_local="石坑公司")
    brand = factories.brand(member, name=f"VELVETGOAT{suffix}")
    right = factories.right(brand, number=f"55501234{suffix}", title=TITLE)
    market = factories.marketplace(
        name=f"Bazaar of moons{suffix}", hosts=[f"listed{suffix}.example"]
    )
    if suffix:
        market.hosts = [f"shop{suffix}.listed.example"]
        market.save()
    shop = factories.seller(
        market,
        name=f"Moonlight Outlet{suffix}",
        external_id=f"shop-moonlight{suffix}",
        country="VN",
    )
    shop.shop_url = f"https://moonlight.example/{suffix}"
    shop.save()
    factories.identifier(shop, value=f"boss{suffix}@moonlight.example")
    case = factories.draft_case(
        citing=right, against=shop, files=0, explanation="Explained by the brand"
    )
    case.listings.update(title="Goat bag, like new")
    evidence.add(
        case=case,
        by=case.created_by,
        upload=factories.png("proof-of-label.png"),
        kind=Evidence.Kind.SCREENSHOT,
    )
    case = filing.submit(case=case, by=case.created_by, good_faith=True)
    case = triage.claim(case=case, by=moderator)
    return decisions.uphold(
        case=case,
        by=moderator,
        reason=factories.reason(label="A reason of the platform"),
        ground="illegal_content",
        facts="Facts of the first decision",
        expected_version=case.version,
        outcomes=dict.fromkeys(case.listings.values_list("pk", flat=True), "remove"),
    )


def _refer_again(referral: Referral, agency: Agency, moderator: User) -> Referral:
    referrals.withdraw(referral=referral, by=moderator, note="Noted for the agency: in error")
    return referrals.refer(
        case=referral.case, by=moderator, agency=agency, note="Noted for the agency"
    )


def _among_moderators(case: Any, moderator: User) -> None:
    other = factories.submitted_case()
    teamwork.add_tag(case=case, by=moderator, name=AMONG_MODERATORS)
    teamwork.watch(case=case, by=moderator)
    teamwork.link(case=case, by=moderator, other=other.reference, note=AMONG_MODERATORS)
    triage.comment(case=case, by=moderator, note=f"{AMONG_MODERATORS} @{moderator.name}")


def _further_steps(referral: Referral, moderator: User) -> None:
    _among_moderators(referral.case, moderator)
    case = decisions.record_removal(case=referral.case, by=moderator)
    case = decisions.record_counter_notice(case=case, by=moderator, statement="Objected to")
    case = factories.answered_counter_notice(case)
    case = decisions.uphold_again(case=case, by=factories.moderator(), facts="Why it stands")
    decisions.close(case=case, by=moderator)


# --- Channels and pages ------------------------------------------------------------------------


def shown_on_pages(world: World) -> dict[str, str]:
    client = browser_of(world.officer)
    pages = [
        *(reverse("liaison:queue") + f"?tab={tab}" for tab in ("new", "in-hand", "done", "all")),
        reverse("liaison:referral", args=[world.referral.reference]),
        reverse("liaison:referral", args=[world.referral.reference]) + "?listings=all",
        reverse("liaison:referral", args=[world.withdrawn.reference]),
        reverse("liaison:operations"),
        reverse("liaison:operation", args=[world.operation.reference]),
        reverse("liaison:report") + f"?referral={world.referral.reference}",
    ]
    found = {}
    for path in pages:
        page = client.get(path)
        assert page.status_code in (200, 404)
        found[path] = f"{page.headers}{page.content.decode()}"
    refused = reverse("liaison:answer", args=[world.referral.reference, "conclude"])
    answer = client.post(refused, {"note": "x" * 5001})
    assert answer.status_code == 422
    return found | {"refused answer": answer.content.decode()}


def sent(world: World) -> dict[str, str]:
    """Return what each kind of channel sends for the same updates."""
    stream = Channel.objects.get(agency=world.agency, kind="stream")
    relay.drain(stream.pk)
    entries = read_stream(stream)
    deliveries = Delivery.objects.filter(channel=world.pull).select_related("update")
    jobs = [sending._job(delivery) for delivery in deliveries]
    pulled = Client().get(
        "/api/v1/liaison/updates", headers={"authorization": f"Bearer {world.token}"}
    )
    assert len(entries) == len(jobs) == len(pulled.json()["updates"]) > 10
    made = [
        cloud_event(update_id=job.update_id, kind=job.kind, at=job.created_at, payload=job.payload)
        for job in jobs
    ]
    mails = [email.compose(job, "desk@harbour.example") for job in jobs]
    return {
        "stream": json.dumps(entries, ensure_ascii=False),
        "webhook": b"".join(encoded(one) for one in made).decode(),
        "pull": json.dumps(pulled.json(), ensure_ascii=False),
        "e-mail": "".join(mail.message().as_string() + mail.body for mail in mails),
    }


@pytest.mark.parametrize("what", list(Disclosed))
def test_withheld_information_is_never_shown(what: Disclosed) -> None:
    world = build([str(value) for value in Disclosed if value != what])
    ways = shown_on_pages(world) | sent(world)
    for way, text in ways.items():
        found = [secret for secret in SECRETS[what] if secret in text]
        # The title of a right and the member's words belong to other parts.
        assert not found, f"{way} shows {found}"
    everything = "".join(ways.values())
    assert AMONG_MODERATORS not in everything
    for other in Disclosed:
        missing = [s for s in SECRETS[other] if other != what and s not in everything]
        assert not missing, f"{missing} should be seen"


@pytest.mark.parametrize("what", list(Disclosed))
def test_only_the_disclosed_part_is_shown(what: Disclosed) -> None:
    world = build([str(what)])
    ways = shown_on_pages(world) | sent(world)
    everything = "".join(ways.values())
    assert AMONG_MODERATORS not in everything
    for other in Disclosed:
        found = [secret for secret in SECRETS[other] if secret in everything]
        assert bool(found) == (other == what), f"{other}: {found}"
    assert TITLE not in everything
    for words in ("Our own words on accept", "AP-", "counterfeit", world.referral.reference):
        assert words in everything


def test_withheld_parts_have_no_key_and_updates_match_the_schema() -> None:
    schema = json.loads((SCHEMAS / "update.v1.json").read_text(encoding="utf-8"))
    world = build([])
    kinds = set()
    for update in Update.objects.filter(referral__agency=world.agency):
        jsonschema.validate(update.payload, schema)
        body, case = update.payload, update.payload["case"]
        kinds.add(update.kind)
        assert set(case) == {"reference", "status", "violation", "jurisdiction"}
        assert {"sequence", "referral", "link"} < set(body)
        own = update.kind.removeprefix("referral_") in (
            *("acknowledged", "accepted", "investigating"),
            "operation_reported",
        )
        assert ("note" in body) == own, update.kind
    assert kinds == {
        *("referral_offered", "referral_acknowledged", "referral_accepted"),
        *("referral_investigating", "referral_withdrawn", "listings_removed", "counter_noticed"),
        *("upheld_again", "closed"),
        *("operation_reported", "operation_verified", "operation_retracted"),
    }


def test_fully_disclosed_updates_match_the_schema() -> None:
    schema = json.loads((SCHEMAS / "update.v1.json").read_text(encoding="utf-8"))
    world = build([str(value) for value in Disclosed])
    for update in Update.objects.filter(referral__agency=world.agency):
        jsonschema.validate(update.payload, schema)
        assert {"member", "brand", "right", "seller"} < set(update.payload["case"])
        assert ("listings" in update.payload["case"]) == (update.kind == "referral_offered")
        assert "note" in update.payload


# --- Files and searches ------------------------------------------------------------------------


@pytest.mark.parametrize("may", [True, False])
def test_files_are_served_only_with_the_disclosure(may: bool) -> None:
    agency = factories.agency(discloses=["evidence"] if may else ["member", "note"])
    referral = factories.accepted_referral(agency, officer=factories.officer(agency))
    file = referral.case.evidence.get()
    address = reverse("desk:evidence_file", args=[file.pk])
    answer = browser_of(factories.officer(agency)).get(address)
    assert answer.status_code == (200 if may else 404)
    assert (file.original_name in str(answer.headers)) == may


@pytest.mark.parametrize("words", ["Moonlight", "shop-moonlight"])
@pytest.mark.parametrize("may", [True, False])
def test_search_does_not_reveal_a_withheld_seller(may: bool, words: str) -> None:
    agency = factories.agency(discloses=["seller"] if may else [])
    shop = factories.seller(name="Moonlight Outlet", external_id="shop-moonlight")
    referral = factories.referred_case(agency, against=shop)
    page = browser_of(factories.officer(agency)).get("/liaison/", {"q": words}).content.decode()
    assert (referral.reference in page) == may
    assert ("file number or seller" in page) == may


# --- When the setting changes ------------------------------------------------------------------


def test_updates_are_unchanged_and_pages_follow_the_setting() -> None:
    agency = factories.agency(discloses=["member"])
    referral = factories.referred_case(agency, case=_case(factories.moderator()))
    client = browser_of(factories.officer(agency))
    page = reverse("liaison:referral", args=[referral.reference])
    before = Update.objects.get(referral=referral).payload
    assert "VELVETGOAT" in client.get(page).content.decode()
    agency.discloses = ["seller"]
    agency.save()
    assert Update.objects.get(referral=referral).payload == before
    html = client.get(page).content.decode()
    assert "VELVETGOAT" not in html
    assert "Moonlight Outlet" in html
    decisions.record_removal(case=referral.case, by=factories.moderator())
    later = Update.objects.get(referral=referral, sequence=2).payload["case"]
    assert "member" not in later
    assert later["seller"]["name"] == "Moonlight Outlet"


def test_the_reason_of_a_withdrawal_is_a_note() -> None:
    for may in (True, False):
        agency = factories.agency(discloses=["note"] if may else ["seller"])
        referral = factories.referred_case(agency)
        referrals.withdraw(referral=referral, by=factories.moderator(), note="Wrong city.")
        update = Update.objects.get(referral=referral, sequence=2)
        assert update.payload["referral"]["status"] == "withdrawn"
        assert update.payload.get("note") == ("Wrong city." if may else None)
        assert ("note" in update.payload) == may
        page = browser_of(factories.officer(agency)).get(
            reverse("liaison:referral", args=[referral.reference])
        )
        assert ("Wrong city." in page.content.decode()) == may


def test_pages_list_what_is_withheld() -> None:
    agency = factories.agency(discloses=["seller", "listings", "note", "right"])
    referral = factories.referred_case(agency)
    page = reverse("liaison:referral", args=[referral.reference])
    html = " ".join(browser_of(factories.officer(agency)).get(page).content.decode().split())
    assert "not visible to your agency: The member and the brand, The evidence" in html
