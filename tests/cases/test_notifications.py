"""The page of a person's notifications, and the number of unread ones in the header."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed
from cases import visibility
from cases.background import retention
from cases.models import Case, OutgoingMail
from cases.queries import notifications as queries
from cases.queries.notifications import Bell
from cases.services import notifications as service
from members.models import Digest, User
from tests import factories
from tests.cases.test_retention import prefer_indexes
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
LIST = "/notifications/"


@pytest.fixture
def upheld(personas: Personas) -> Case:
    """A case of the filer with one unread notification: the filer submitted it, and a moderator upheld it."""
    return factories.upheld_case(
        moderator=personas.moderator, by=personas.filer, citing=personas.right
    )


@pytest.fixture
def add(upheld: Case, personas: Personas) -> Callable[..., list[OutgoingMail]]:
    """Add notifications about the case, one second apart, the latest first."""

    def make(count: int, **values: Any) -> list[OutgoingMail]:
        now = clock.now()
        about = {"user": personas.filer, "case": upheld, "kind": "closed"} | values
        rows = [
            OutgoingMail(event_sequence=100 + n, created_at=now - timedelta(seconds=n), **about)
            for n in range(count)
        ]
        return OutgoingMail.objects.bulk_create(rows)

    return make


def references(page: Any) -> list[str]:
    return re.findall(r"AP-\w{4}-\w{4}", re.sub(r"(?s)^.*<tbody>|</tbody>.*$", "", page.text))


# --- The page ------------------------------------------------------------------------------------


def test_newest_first_with_a_link_to_the_case(personas: Personas, upheld: Case) -> None:
    page = personas.client("filer").get(LIST)
    assert page.text.index("Complaint upheld") < page.text.index("Case submitted")
    assert page.text.count(">Unread</span>") == 1
    assert upheld.reference in references(page)
    assert "Notifications are kept for 365 days." in page.text


def test_following_a_notification_marks_it_as_read(personas: Personas, upheld: Case) -> None:
    client, row = personas.client("filer"), factories.latest(personas.filer)
    url = reverse("notifications:follow", args=[row.pk])
    assert client.head(url).status_code == 302
    row.refresh_from_db()
    assert row.read_at is None, "HEAD changes nothing"
    assert client.get(url).headers["Location"] == reverse("desk:case", args=[upheld.reference])
    row.refresh_from_db()
    assert row.read_at is not None


def test_marking_one_as_read_returns_to_the_same_part_of_the_list(
    personas: Personas, upheld: Case
) -> None:
    client, row = personas.client("filer"), factories.latest(personas.filer)
    shown = client.get(f"{LIST}?show=unread")
    url = reverse("notifications:read", args=[row.pk])
    data = form_data(shown, url)
    for _double_click in range(2):
        response = client.post(url, data)
        assert (response.status_code, response.headers["Location"]) == (302, f"{LIST}?show=unread")
    first = OutgoingMail.objects.get(pk=row.pk).read_at
    assert first is not None
    assert "You have read everything" in client.get(f"{LIST}?show=unread").text
    with clock.at(clock.now() + timedelta(hours=1)):
        service.mark_read(notification=row, by=personas.filer)
    assert OutgoingMail.objects.get(pk=row.pk).read_at == first


def test_marking_all_as_read_keeps_what_came_after_the_page(
    personas: Personas, upheld: Case, add: Callable[..., list[OutgoingMail]]
) -> None:
    add(3)
    client, other = personas.client("filer"), personas.client("owner")
    data = form_data(client.get(LIST), reverse("notifications:read_all"))
    with clock.at(clock.now() + timedelta(seconds=5)):
        later = OutgoingMail.objects.create(
            user=personas.filer, case=upheld, kind="reinstated", event_sequence=999
        )
    for _double_click in range(2):
        assert client.post(reverse("notifications:read_all"), data).status_code == 302
    assert list(OutgoingMail.objects.unread()) == [later]
    assert other.post(reverse("notifications:read_all"), data).status_code == 302
    assert list(OutgoingMail.objects.unread()) == [later]


@pytest.mark.parametrize("until", ["", "yesterday", "9999-99-99", "\0", "x" * 5000, "-1", "NaN"])
def test_a_time_that_is_none_changes_nothing(personas: Personas, upheld: Case, until: str) -> None:
    response = personas.client("filer").post(reverse("notifications:read_all"), {"until": until})
    assert response.status_code == 422
    assert "Nothing was changed." in response.text
    assert OutgoingMail.objects.unread().count() == 1


@pytest.mark.parametrize(
    "until", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01"]
)
def test_a_time_at_the_edge_is_accepted(personas: Personas, until: str) -> None:
    User.objects.filter(pk=personas.filer.pk).update(time_zone="Pacific/Kiritimati")
    url = reverse("notifications:read_all")
    assert personas.client("filer").post(url, {"until": until}).status_code == 302


def test_the_list_can_show_unread_ones_only(personas: Personas, upheld: Case) -> None:
    client = personas.client("filer")
    assert len(references(client.get(f"{LIST}?show=unread"))) < len(references(client.get(LIST)))


@pytest.mark.parametrize("show", ["", "unread"])
def test_pages_of_fifty(
    personas: Personas, add: Callable[..., list[OutgoingMail]], show: str
) -> None:
    add(120)
    client, url, seen = personas.client("filer"), f"{LIST}?show={show}", []
    while url:
        page = client.get(url)
        seen += re.findall(r"/notifications/(\d+)/\"", page.text)
        found = re.search(r'rel="next"\s+href="([^"]+)"', page.text)
        url = LIST + found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) >= 121


@pytest.mark.parametrize("cursor", ["x", "WyJuIiwxXQ", "%00", "WyJuIiwiMjAyNiIsMV0", "x" * 4000])
def test_a_cursor_that_was_tampered_with_gives_the_first_page(
    personas: Personas, upheld: Case, cursor: str
) -> None:
    page = personas.client("filer").get(f"{LIST}?cursor={cursor}")
    assert page.status_code == 200
    assert upheld.reference in references(page)


def test_empty_list(client: Client) -> None:
    client.force_login(factories.user())  # a person without a role
    page = client.get(LIST)
    assert page.status_code == 200
    assert "No notifications" in page.text
    assert "Mark all as read" not in page.text


# --- Access --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "viewer", "stranger", "moderator", "admin"])
def test_other_people_never_see_it(personas: Personas, upheld: Case, who: str) -> None:
    row = factories.latest(personas.filer)
    client = personas.client(who)
    assert upheld.reference not in client.get(LIST).text
    assert client.get(reverse("notifications:follow", args=[row.pk])).status_code == 404
    assert client.post(reverse("notifications:read", args=[row.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        service.mark_read(notification=row, by=getattr(personas, who))
    row.refresh_from_db()
    assert row.read_at is None


def test_nothing_is_shown_after_the_role_has_ended(personas: Personas, upheld: Case) -> None:
    client, row = personas.client("filer"), factories.latest(personas.filer)
    assert Bell(personas.filer).count == 1
    personas.filer.memberships.update(valid_until=clock.today() - timedelta(days=1))
    assert Bell(personas.filer).count == 0
    assert upheld.reference not in client.get(LIST).text
    assert client.get(reverse("notifications:follow", args=[row.pk])).status_code == 404
    assert client.post(reverse("notifications:read", args=[row.pk])).status_code == 404


# --- The number in the header --------------------------------------------------------------------


def test_the_header_shows_the_number(
    personas: Personas, upheld: Case, add: Callable[..., list[OutgoingMail]]
) -> None:
    client = personas.client("filer")
    assert "(1 unread)" in client.get("/desk/").text
    add(98)
    assert "(99 unread)" in client.get("/desk/").text
    add(5, kind="upheld", case=factories.submitted_case(by=personas.filer, citing=personas.right))
    assert "(99+ unread)" in client.get("/desk/").text
    OutgoingMail.objects.update(read_at=clock.now())
    text = client.get("/desk/").text
    assert "unread)" not in text
    assert f'href="{LIST}"' in text


@pytest.mark.parametrize("who", ["anonymous", "officer", "admin"])
def test_only_brand_staff_and_moderators_have_a_bell(personas: Personas, who: str) -> None:
    assert f'href="{LIST}"' not in personas.client(who).get("/members/").text


def test_the_number_takes_few_queries_and_the_page_has_no_more_for_more_rows(
    personas: Personas, add: Callable[..., list[OutgoingMail]]
) -> None:
    for person, number in ((personas.filer, 2), (personas.stranger, 1)):
        with CaptureQueriesContext(connection) as made:
            assert bool(Bell(person).count) == (number == 2)
        assert len(made) == number
    client = personas.client("filer")
    client.get(LIST)
    counts = []
    for number in (1, 60):
        add(number, kind="rejected" if number == 1 else "closed", case=_case(personas))
        with CaptureQueriesContext(connection) as made:
            client.get(LIST)
        counts.append(len(made))
    assert counts[0] == counts[1] <= 8


def _case(personas: Personas) -> Case:
    return factories.submitted_case(by=personas.filer, citing=personas.right)


def test_the_number_stops_after_the_latest_ones(
    personas: Personas,
    add: Callable[..., list[OutgoingMail]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "LATEST", 3)
    add(5)
    assert Bell(personas.filer).count == 3


def test_the_number_and_the_list_use_indexes(personas: Personas) -> None:
    mine = visibility.notifications(personas.filer).order_by("-created_at", "-id")
    unread = OutgoingMail.objects.unread().filter(user=personas.filer)
    with prefer_indexes():
        assert "using notifications_of_person" in mine[:51].explain()
        assert "using notifications_unread" in mine.unread()[:51].explain()
        assert "using notifications_unread" in unread.order_by("-created_at", "-id")[:9].explain()


# --- Retention -----------------------------------------------------------------------------------


def test_notifications_and_digests_are_deleted_after_their_time(personas: Personas) -> None:
    factories.choose(personas.filer, progress="digest")
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    kept = factories.submitted_case(by=personas.filer, citing=personas.right)
    digest = factories.digest(personas.filer)
    OutgoingMail.objects.update(digest=digest)
    year_ago = clock.now() - timedelta(days=366)
    for model in (OutgoingMail, Digest):
        model.objects.update(sent_at=clock.now(), created_at=year_ago)
    OutgoingMail.objects.filter(case=kept).update(created_at=clock.now())
    assert retention.delete_old_mails() == 2
    assert not OutgoingMail.objects.filter(case=case).exists()
    assert OutgoingMail.objects.get(case=kept).digest is None


def test_an_unknown_kind_is_shown_by_its_name(personas: Personas, upheld: Case) -> None:
    OutgoingMail.objects.update(kind="a step that no longer exists")
    assert "a step that no longer exists" in personas.client("filer").get(LIST).text


def test_a_deleted_user_takes_their_notifications_along(personas: Personas) -> None:
    person: User = factories.user()
    factories.digest(person)
    person.delete()
    assert not Digest.objects.exists()
