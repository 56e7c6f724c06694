"""The console: heartbeat and presence, the place in the list, pictures, standard texts and keyboard shortcuts."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from cases.models import Case, CustodyEntry, ReasonCode
from cases.services import presence, previews
from members.models import User
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_session_tracking(settings: Any) -> None:
    """Disable session tracking, which adds queries to every page."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False


def beat(client: Client, case: Case, *, active: bool = True) -> str:
    """Send a heartbeat, and return the words of the answer."""
    url = reverse("triage:heartbeat", args=[case.reference])
    response = client.post(url, {"active": "1" if active else ""})
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def lease_of(case: Case) -> Any:
    return Case.objects.values_list("lease_until", flat=True).get(pk=case.pk)


def test_heartbeat_renews_the_claim_of_an_active_moderator_only() -> None:
    mo, other = factories.moderator(), factories.moderator()
    case = factories.claimed_case(moderator=mo)
    start, version = lease_of(case), case.version
    with clock.at(clock.now() + timedelta(seconds=30)):
        beat(browser_of(mo), case)
        assert lease_of(case) == start, "renewed less than a minute ago"
    with clock.at(clock.now() + timedelta(minutes=10)):
        beat(browser_of(other), case)
        beat(browser_of(mo), case, active=False)
        assert lease_of(case) == start
        assert "You have claimed this case until" in beat(browser_of(mo), case)
        assert lease_of(case) >= start + timedelta(minutes=10)
    case.refresh_from_db()
    assert (case.version, case.assignee) == (version, mo)


def test_heartbeat_does_not_revive_a_claim_that_has_ended() -> None:
    mo, other = factories.moderator(), factories.moderator(name="Min Moderator")
    case = factories.claimed_case(moderator=mo)
    ended = lease_of(case)
    with clock.at(ended + timedelta(minutes=1)):
        words = beat(browser_of(mo), case)
        assert "Your claim has ended. You can claim the case again" in words
        assert lease_of(case) == ended
        browser_of(other).post(reverse("triage:claim", args=[case.reference]))
        assert "Min Moderator has already claimed this case." in beat(browser_of(mo), case)


def test_presence_names_the_others_until_they_leave(personas: Personas) -> None:
    case = factories.submitted_case()
    mo, second = personas.client("moderator"), personas.client("second_moderator")
    assert "Also looking" not in beat(mo, case)
    assert f"Also looking at this case: {personas.moderator.name}" in beat(second, case)
    assert personas.second_moderator.name in beat(mo, case)
    assert "Also looking" not in beat(mo, factories.submitted_case())
    with clock.at(clock.now() + presence.LIFE + timedelta(seconds=1)):
        assert "Also looking" not in beat(mo, case)


def test_heartbeat_works_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_timeout: float) -> Any:
        raise redis.ConnectionError

    mo = factories.moderator()
    case = factories.claimed_case(moderator=mo)
    presence.record(case=case, by=factories.moderator())
    monkeypatch.setattr("alliance.lib.redis.shared", unreachable)
    words = beat(browser_of(mo), case)
    assert "You have claimed this case until" in words
    assert "Also looking" not in words


def test_heartbeat_needs_three_queries(
    no_session_tracking: None, django_assert_num_queries: Any
) -> None:
    mo = factories.moderator()
    desk, case = browser_of(mo), factories.claimed_case(moderator=mo)
    with clock.at(clock.now() + timedelta(minutes=5)):
        presence.record(case=case, by=factories.moderator())
        with django_assert_num_queries(2 + 3):  # session and user; case, renewed claim and names
            beat(desk, case)


def test_place_in_the_filtered_list(desk: Client) -> None:
    marks = [factories.submitted_case(violation="trademark") for _ in range(3)]
    factories.submitted_case(violation="counterfeit")
    page = desk.get(
        reverse("triage:case", args=[marks[1].reference]), {"back": "violation=trademark"}
    )
    place = page.context["place"]
    assert (place.previous, place.next) == (marks[0].reference, marks[2].reference)
    assert (place.position, place.size) == ("2", "3")
    html = page.content.decode()
    for other in (marks[0], marks[2]):
        url = reverse("triage:case", args=[other.reference])
        assert f'href="{url}?back=violation%3Dtrademark"' in html
    desk.post(reverse("triage:claim", args=[marks[1].reference]))
    claimed = desk.get(
        reverse("triage:case", args=[marks[1].reference]), {"back": "violation=trademark"}
    ).context["place"]
    assert (claimed.previous, claimed.next, claimed.position) == (place.previous, place.next, "")
    mine = desk.get(reverse("triage:case", args=[marks[0].reference]), {"back": "view=mine"})
    assert mine.context["place"] is None, "without a claim it has no place in that order"


def test_viewer_records_a_look_when_a_picture_is_shown_large(personas: Personas) -> None:
    case = factories.submitted_case(citing=personas.right, by=personas.filer, files=2)
    previews.make_due(seconds=20)
    mo = personas.client("moderator")
    html = mo.get(reverse("triage:case", args=[case.reference])).content.decode()
    files = list(case.evidence.order_by("uploaded_at"))
    shown = [reverse("desk:evidence_preview", args=[file.pk]) for file in files]
    assert html.count(f'src="{shown[0]}"') == 1
    assert f'src="{shown[1]}"' not in html, "the second is loaded when it is shown"
    assert f'data-preview="{shown[1]}"' in html
    looks = CustodyEntry.objects.filter(action=CustodyEntry.Action.VIEWED)
    assert not looks.exists()
    for _ in range(2):
        mo.get(shown[0])
    assert looks.get().evidence_id == files[0].pk


def test_standard_text_is_in_the_language_of_the_filer(personas: Personas) -> None:
    reason = ReasonCode.objects.get(code="counterfeit-evident")
    User.objects.filter(pk=personas.filer.pk).update(language="zh-hans")
    case = factories.claimed_case(
        moderator=personas.moderator, citing=personas.right, by=personas.filer
    )
    html = (
        personas.client("moderator")
        .get(reverse("triage:case", args=[case.reference]))
        .content.decode()
    )
    found = re.search(r'<script id="standard-texts"[^>]*>(.*?)</script>', html)
    assert found
    assert json.loads(found[1])[str(reason.pk)] == reason.facts_zh
    assert reason.facts_zh.startswith("涉案")


def test_shortcuts_are_switched_off_for_the_account(desk: Client, mo: User) -> None:
    assert 'data-shortcuts="off"' not in desk.get(reverse("triage:list")).content.decode()
    desk.post(reverse("profile_shortcuts"), {"on": "0"})
    mo.refresh_from_db()
    assert not mo.uses_shortcuts
    assert 'data-shortcuts="off"' in desk.get(reverse("triage:list")).content.decode()


def test_palette_is_for_people_who_read_the_triage_list(personas: Personas) -> None:
    for name, expected in (("moderator", True), ("admin", True), ("filer", False)):
        html = personas.client(name).get(reverse("members:directory")).content.decode()
        assert ("data-palette-places" in html) is expected, name
    mine = f"{reverse('triage:list')}?view=mine"
    assert mine in personas.client("moderator").get(reverse("members:directory")).content.decode()
