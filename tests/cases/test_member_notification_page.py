"""Notices about rights, people and access appear in the portal, in one list with those about cases."""

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
from cases.models import Case, OutgoingMail
from cases.queries import notifications as queries
from cases.queries.notifications import Bell
from cases.services import notifications as service
from members import visibility
from members.mail import notices
from members.models import Member, MemberNotice, Membership, User
from members.services import people
from tests import factories
from tests.cases.notice_causes import CAUSES, change_role, latest, send, send_back
from tests.cases.test_retention import prefer_indexes
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
LIST, PROFILE = "/notifications/", "/accounts/profile/"
Kind = MemberNotice.Kind


@pytest.fixture(params=CAUSES, ids=[cause[0] for cause in CAUSES])
def cause(request: pytest.FixtureRequest) -> Any:
    return request.param


# --- The page and the number in the header -------------------------------------------------------


def test_it_appears_in_the_list_and_is_read(personas: Personas, cause: Any) -> None:
    _topic, happen, label, detail, path = cause
    reader = happen(personas)
    client = Client()
    client.force_login(reader)
    page = client.get(f"{LIST}?show=unread")
    assert "(1 unread)" in page.text
    assert label in page.text
    assert detail in page.text
    url = reverse("notifications:read_notice", args=[latest(reader).pk])
    response = client.post(url, form_data(page, url))
    assert response.headers["Location"] == f"{LIST}?show=unread"
    first = latest(reader).read_at
    assert first is not None
    assert Bell(reader).count == 0
    follow = reverse("notifications:follow_notice", args=[latest(reader).pk])
    assert path in client.get(follow).headers["Location"]
    assert client.get(client.get(follow).headers["Location"]).status_code == 200
    assert latest(reader).read_at == first


def test_following_marks_as_read_and_head_does_not(personas: Personas) -> None:
    reader = change_role(personas)
    client = personas.client("filer")
    url = reverse("notifications:follow_notice", args=[latest(reader).pk])
    client.head(url)
    assert latest(reader).read_at is None
    client.get(url)
    assert latest(reader).read_at is not None


@pytest.fixture
def fill(personas: Personas) -> Callable[[int], None]:
    """Add pairs of notifications of the filer, about a case and about a member, with equal times for some."""
    case: Case = factories.submitted_case(by=personas.filer, citing=personas.right)

    def make(count: int) -> None:
        now, start = clock.now(), MemberNotice.objects.count()
        numbers = range(start, start + count)
        moments = [now - timedelta(seconds=n // 3) for n in numbers]
        about: dict[str, Any] = {"user": personas.filer, "case": case, "kind": "closed"}
        OutgoingMail.objects.bulk_create(
            OutgoingMail(event_sequence=100 + n, created_at=at, **about)
            for n, at in zip(numbers, moments, strict=True)
        )
        notice: dict[str, Any] = {"user": personas.filer, "member": personas.member}
        notice |= {"kind": Kind.RIGHT_RETURNED, "right": personas.right}
        MemberNotice.objects.bulk_create(
            MemberNotice(key=f"k{n}", created_at=at, to=personas.filer.email, **notice)
            for n, at in zip(numbers, moments, strict=True)
        )

    return make


@pytest.mark.parametrize("show", ["", "unread"])
def test_pages_of_both_kinds_forwards_and_backwards(
    personas: Personas, fill: Callable[[int], None], show: str
) -> None:
    fill(70)
    client = personas.client("filer")

    def walk(url: str, rel: str) -> tuple[list[list[str]], str]:
        pages: list[list[str]] = []
        while True:
            text = client.get(url).text
            pages.append(re.findall(r'href="/notifications/((?:notices/)?\d+)/"', text))
            found = re.search(rf'rel="{rel}"\s+href="([^"]+)"', text)
            if not found:
                return pages, url
            url = LIST + found[1].replace("&amp;", "&")

    forwards, last = walk(f"{LIST}?show={show}", "next")
    seen = [row for page in forwards for row in page]
    expected = 140 if show else 141  # the filer submitted the case
    assert len(seen) == len(set(seen)) == expected
    assert sum(row.startswith("notices/") for row in seen) == 70
    assert {row.startswith("notices/") for row in forwards[0]} == {True, False}
    backwards, _first = walk(last, "prev")
    assert [row for page in reversed(backwards) for row in page] == seen


def test_queries_are_constant_and_use_indexes(
    personas: Personas, fill: Callable[[int], None]
) -> None:
    client, counts = personas.client("filer"), []
    client.get(LIST)
    for number in (1, 60):
        fill(number)
        with CaptureQueriesContext(connection) as made:
            client.get(LIST)
        counts.append(len(made))
    assert counts[0] == counts[1] <= 8
    with CaptureQueriesContext(connection) as made:
        assert Bell(personas.filer).count == queries.CAP + 1
    assert len(made) == 2
    mine = visibility.notices(personas.filer).order_by("-created_at", "-id")
    with prefer_indexes():
        assert "using member_notices_of_person" in mine[:51].explain()
        assert "using member_notices_unread" in mine.unread()[:51].explain()
        assert "using member_notice_in_digest" in MemberNotice.objects.filter(digest=1).explain()


def test_all_are_marked_as_read_up_to_the_page(personas: Personas) -> None:
    factories.upheld_case(moderator=personas.moderator, by=personas.filer, citing=personas.right)
    send_back(personas)
    client = personas.client("filer")
    url = reverse("notifications:read_all")
    data = form_data(client.get(LIST), url)
    with clock.at(clock.now() + timedelta(seconds=5)):
        change_role(personas)
    for _double_click in range(2):
        assert client.post(url, data).status_code == 302
    assert [row.kind for row in MemberNotice.objects.unread().filter(user=personas.filer)] == [
        Kind.ROLE_CHANGED
    ]
    assert not OutgoingMail.objects.unread().filter(user=personas.filer).exists()
    assert MemberNotice.objects.unread().filter(user=personas.owner).exists()


# --- Access --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "viewer", "stranger", "moderator", "admin"])
def test_other_people_never_see_it(personas: Personas, who: str) -> None:
    row = latest(change_role(personas))
    client = personas.client(who)
    assert "Your role has changed" not in client.get(LIST).text
    assert client.get(reverse("notifications:follow_notice", args=[row.pk])).status_code == 404
    assert client.post(reverse("notifications:read_notice", args=[row.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        service.mark_read(notification=row, by=getattr(personas, who))
    assert latest(personas.filer).read_at is None


def test_after_the_role_has_ended_only_its_end_is_shown_and_sent(personas: Personas) -> None:
    send_back(personas)
    returned = latest(personas.filer)
    people.remove(membership=Membership.objects.get(user=personas.filer), by=personas.owner)
    messages = [one.subject for one in send() if one.to == [personas.filer.email]]
    assert messages == ["[Alliance Portal] Your access has ended: Alder Works"]
    assert MemberNotice.objects.get(pk=returned.pk).last_error == "no longer has access"
    client = personas.client("filer")
    page = client.get(LIST).text
    assert "Your access has ended" in page
    assert "A right was returned" not in page
    assert Bell(personas.filer).count == 1
    url = reverse("notifications:follow_notice", args=[latest(personas.filer).pk])
    assert client.get(url).headers["Location"] == reverse("start")
    hidden = reverse("notifications:follow_notice", args=[returned.pk])
    assert client.get(hidden).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_a_line_and_a_page(personas: Personas, language: str) -> None:
    """The data are those that the services store."""
    day = clock.today().isoformat()
    stored: dict[str, dict[str, Any]] = {
        Kind.TOKEN_EXPIRES: {"token_name": "ERP", "ends": clock.now().isoformat(), "zone": "UTC"},
        Kind.AGENT_ENDS: {"agent": "Ann Agent", "is_agent": False, "ends": day},
        Kind.AGENT_RENEWED: {"by": "Olu", "starts": day, "ends": day},
        Kind.ROLE_CHANGED: {"by": "Olu", "role": "viewer"},
        Kind.RIGHTS_EXPIRE: {"days": 30, "count": 12_345, "rights": []},
        Kind.MEMBER_SUSPENDED: {"reason": "The fee is unpaid.", "day": day},
        Kind.MEMBER_REINSTATED: {"reason": "It was paid.", "day": day},
        Kind.MEMBER_LEFT: {"reason": "It has merged.", "day": day},
    }
    User.objects.filter(pk=personas.filer.pk).update(language=language)
    reader = User.objects.get(pk=personas.filer.pk)
    member: Member = personas.member
    for kind in MemberNotice.TOPICS:
        notices.tell(
            Kind(kind),
            reader,
            about="x",
            member=member,
            right=personas.right if kind.startswith("right_") else None,
            **stored.get(kind, {}),
        )
    client = personas.client("filer")
    text = client.get(LIST).text
    shown = {Kind(kind).label for kind in MemberNotice.TOPICS} if language == "en" else set()
    shown |= {"ERP", "Ann Agent", "The fee is unpaid.", "12,345", personas.right.title}
    assert [one for one in shown if str(one) not in text] == []
    for row in MemberNotice.objects.filter(user=reader):
        url = reverse("notifications:follow_notice", args=[row.pk])
        assert client.get(url, follow=True).status_code == 200, row.kind
