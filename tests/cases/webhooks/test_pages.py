"""The pages of a member's webhooks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from cases.liaison.delivery import numbering
from cases.liaison.models import Channel, ChannelTest, Delivery, Resend
from cases.models import Case
from cases.services import filing
from tests import factories
from tests.forms import form_data
from tests.personas import Personas, confirmed

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/in?key=1"


def submitted(cast: Personas, **fields: Any) -> Case:
    case = factories.draft_case(by=cast.filer, citing=cast.right, **fields)
    return filing.submit(case=case, by=cast.filer, good_faith=True)


@pytest.fixture
def channel(personas: Personas) -> Channel:
    return factories.member_webhook(URL, personas.member, by=personas.owner)[0]


@pytest.fixture
def owner(personas: Personas) -> Client:
    return confirmed(personas.client("owner"))


def page_of(channel: Channel) -> str:
    assert channel.member
    return f"/webhooks/{channel.member.slug}/{channel.pk}/"


def sent_again(channel: Channel) -> list[int | None]:
    return list(
        channel.deliveries.filter(sent_at=None).order_by("seq").values_list("seq", flat=True)
    )


def delivered(channel: Channel) -> None:
    """Number the deliveries of the channel and mark them as sent."""
    numbering.assign_all_numbers(channel.pk)
    channel.deliveries.update(sent_at=Now(), attempts=1)


def test_a_webhook_is_created_and_its_secret_shown_once(personas: Personas, owner: Client) -> None:
    url = f"/webhooks/{personas.member.slug}/"
    other = factories.brand(personas.other_member)
    data = form_data(owner.get(url), url)
    refused = owner.post(
        url,
        data
        | {
            "name": "\u200b",
            "url": "http://x.example",
            "reported": "chosen",
            "brands": [other.pk],
        },
    )
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"name", "url", "brands"}
    sent = data | {
        "name": "Cases <b>",
        "url": URL,
        "reported": "chosen",
        "brands": [personas.brand.pk],
    }
    shown = owner.post(url, sent)
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    found = re.search(r'id="webhook-secret">(whsec_[^<]+)<', shown.content.decode())
    assert found
    channel = Channel.objects.of_members().get()
    assert channel.signing_secrets() == [found[1]]
    assert (channel.url, channel.all_brands) == (URL, False)
    assert [row.brand for row in channel.brands.all()] == [personas.brand]
    for page in (owner.get(url), owner.get(page_of(channel))):
        text = page.content.decode()
        assert found[1] not in text
        assert escape("Cases <b>") in text
    assert "key=1" not in owner.get(url).content.decode()
    repeated = owner.post(url, sent)
    assert repeated.status_code == 409
    assert repeated.context["form"].data["url"] == URL
    assert Channel.objects.of_members().count() == 1


def test_creating_and_rotating_ask_for_the_password(personas: Personas, channel: Channel) -> None:
    client, url = personas.client("owner"), f"/webhooks/{personas.member.slug}/"
    data = form_data(client.get(url), url, name="Other", url=URL)
    for answer in (client.post(url, data), client.post(page_of(channel) + "rotate/")):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert Channel.objects.of_members().count() == 1
    channel.refresh_from_db()
    assert not channel.previous_secret_until


def test_the_secret_is_rotated(owner: Client, channel: Channel) -> None:
    rotate = page_of(channel) + "rotate/"
    before = channel.signing_secrets()
    shown = owner.post(rotate, form_data(owner.get(page_of(channel)), rotate)).content.decode()
    channel.refresh_from_db()
    new, old = channel.signing_secrets()
    assert [old] == before
    assert f'id="webhook-secret">{new}<' in shown


def test_a_webhook_is_changed(personas: Personas, owner: Client, channel: Channel) -> None:
    change = page_of(channel) + "change/"
    data = form_data(owner.get(page_of(channel)), change)
    seen = data["seen"]
    assert data == {"name": channel.name, "url": URL, "reported": "all", "seen": seen}
    refused = owner.post(change, data | {"url": "https://user:pass@x.example"})
    assert refused.status_code == 422
    assert refused.context["form"].data["url"] == "https://user:pass@x.example"
    chosen = {"reported": "chosen", "brands": [personas.brand.pk]}
    moved = data | {"url": "https://new.example/in"} | chosen
    assert owner.post(change, moved).status_code == 302
    channel.refresh_from_db()
    assert (channel.url, channel.all_brands) == ("https://new.example/in", False)
    assert form_data(owner.get(page_of(channel)), change)["brands"] == str(personas.brand.pk)
    assert owner.post(change, moved).status_code == 302
    assert channel.events.filter(kind="changed").count() == 1


def test_a_webhook_never_reports_all_brands_by_clearing_the_chosen_ones(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    change = page_of(channel) + "change/"
    data = form_data(owner.get(page_of(channel)), change)
    owner.post(change, data | {"reported": "chosen", "brands": [personas.brand.pk]})
    narrow = form_data(owner.get(page_of(channel)), change)
    assert (narrow["reported"], narrow.pop("brands")) == ("chosen", str(personas.brand.pk))
    refused = owner.post(change, narrow)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"brands"})
    channel.refresh_from_db()
    assert not channel.all_brands
    assert owner.post(change, narrow | {"reported": "all"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.all_brands, channel.brands.count()) == (True, 0)


def test_two_owners_do_not_overwrite_each_other(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    change = page_of(channel) + "change/"
    mine = form_data(owner.get(page_of(channel)), change)
    brands = {"reported": "chosen", "brands": [personas.brand.pk]}
    for theirs in ({"name": "Case system"}, {"url": "https://new.example/in"}, brands):
        now = form_data(owner.get(page_of(channel)), change)
        assert owner.post(change, now | theirs).status_code == 302
        refused = owner.post(change, mine | {"name": "My name"})
        assert refused.status_code == 409
        assert "Two versions of this webhook" in refused.content.decode()
        mine = form_data(refused, change)
        assert mine["name"] == "My name"
    assert owner.post(change, mine).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.url, channel.all_brands) == ("My name", URL, True)


def test_it_is_switched_off_and_on_and_deleted(owner: Client, channel: Channel) -> None:
    switch, delete = page_of(channel) + "switch/", page_of(channel) + "delete/"
    data = form_data(owner.get(page_of(channel)), switch)
    owner.post(switch, data | {"on": "0"})
    assert "The webhook is off." in owner.get(page_of(channel)).content.decode()
    owner.post(switch, data | {"on": "1"})
    channel.refresh_from_db()
    assert channel.is_active
    gone = owner.post(delete, form_data(owner.get(page_of(channel)), delete))
    assert gone.status_code == 302
    assert owner.get(page_of(channel)).status_code == 404
    left = owner.get(gone.headers["Location"])
    assert left.context["rows"] == []
    assert page_of(channel) not in left.content.decode()
    channel.refresh_from_db()
    assert (channel.url, channel.secret_sealed) == ("", "")


def test_the_page_says_why_nothing_arrives(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    states: list[tuple[dict[str, Any], str]] = [
        ({"failures": 6, "last_error": "certificate_refused"}, "The certificate of your server"),
        (
            {"paused_at": Now(), "pause_reason": "HTTP 410"},
            "HTTP 410: Your server says that the URL no longer exists",
        ),
    ]
    for fields, text in states:
        Channel.objects.filter(pk=channel.pk).update(**fields)
        assert text in owner.get(page_of(channel)).content.decode()
    factories.set_status(personas.member, "suspended")
    assert "Your member is suspended." in owner.get(page_of(channel)).content.decode()


def test_owners_of_a_suspended_member_switch_off_and_delete(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    factories.set_status(personas.member, "suspended")
    switch, delete = page_of(channel) + "switch/", page_of(channel) + "delete/"
    page = owner.get(page_of(channel))
    for path in ("change/", "rotate/", "test/"):
        assert page_of(channel) + path not in page.content.decode()
    assert owner.post(switch, form_data(page, switch)).status_code == 302
    page = owner.get(page_of(channel))
    assert "The webhook is off." in page.content.decode()
    assert switch not in page.content.decode()
    assert owner.post(switch, {"on": "1"}).status_code == 403
    channel.refresh_from_db()
    assert not channel.is_active
    assert owner.post(delete, form_data(page, delete)).status_code == 302
    assert owner.get(page_of(channel)).status_code == 404


def test_deliveries_are_listed_and_sent_again(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    case = submitted(personas)
    factories.rejected_case(moderator=personas.moderator, case=case)
    delivered(channel)
    page = owner.get(page_of(channel))
    text = page.content.decode()
    assert [row.seq for row in page.context["page"].rows] == [3, 2, 1]
    assert text.count("Delivered") == 3
    assert case.reference in text
    resend = page_of(channel) + "resend/"
    second = channel.deliveries.get(seq=2)
    owner.post(resend, form_data(page, resend) | {"delivery": second.pk})
    assert sent_again(channel) == [2]
    Delivery.objects.filter(pk=second.pk).update(dead_at=Now(), dead_reason="HTTP 422")
    dead = owner.get(page_of(channel) + "?show=dead")
    assert "HTTP 422: Your server rejected the update." in dead.content.decode()
    all_dead = page_of(channel) + "resend-dead/"
    owner.post(all_dead, form_data(dead, all_dead))
    assert channel.deliveries.get(seq=2).dead_at is None
    assert "Resent" in owner.get(page_of(channel) + "?show=activity").content.decode()


def test_a_delivery_of_another_webhook_is_not_sent_again(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    foreign, _secret = factories.member_webhook(URL, personas.other_member)
    factories.submitted_case(of=factories.brand(personas.other_member))
    delivered(foreign)
    data = {"delivery": foreign.deliveries.get().pk}
    assert owner.post(page_of(channel) + "resend/", data).status_code == 404
    assert sent_again(foreign) == []


def test_updates_since_a_time_are_sent_again_after_a_preview(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    submitted(personas)
    delivered(channel)
    replay = page_of(channel) + "replay/"
    assert owner.get(replay, {"since": "2124-01-01T00:00"}).status_code == 422
    page = owner.get(replay, {"since": "2020-01-01T00:00"})
    assert "1 update since" in page.content.decode()
    assert sent_again(channel) == []
    assert owner.post(replay, form_data(page, replay)).status_code == 302
    assert sent_again(channel) == [1]
    order = Resend.objects.get()
    assert (order.actor_label, order.done) == (personas.owner.name, 1)
    assert "Resend requested by" in owner.get(page_of(channel)).content.decode()


def test_a_test_is_requested_and_its_response_shown(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    test = page_of(channel) + "test/"
    asked = owner.post(test, form_data(owner.get(page_of(channel)), test))
    made = ChannelTest.objects.get()
    assert asked.headers["Location"] == f"{page_of(channel)}tests/{made.pk}/"
    assert "Waiting for a worker" in owner.get(asked.headers["Location"]).content.decode()
    ChannelTest.objects.update(
        started_at=Now(), finished_at=Now(), status=500, answer="HTTP/1.1 500\n\n<oops>"
    )
    page = owner.get(asked.headers["Location"]).content.decode()
    assert "Your server failed. Check its logs at this time." in page
    assert escape("<oops>") in page


def test_the_pages_take_the_same_queries_for_many_rows(
    personas: Personas, owner: Client, channel: Channel
) -> None:
    def counted(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.get(url).status_code == 200
        return len(captured)

    submitted(personas)
    delivered(channel)
    urls = (page_of(channel), f"/webhooks/{personas.member.slug}/")
    before = [counted(url) for url in urls]
    factories.member_webhook(URL, personas.member, by=personas.owner)
    for _ in range(3):
        submitted(personas)
    delivered(channel)
    assert [counted(url) for url in urls] == before
