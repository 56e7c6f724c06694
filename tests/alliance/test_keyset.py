"""Keyset pages: forward, back, with ties, and with cursors that people made up."""

from __future__ import annotations

import base64
import itertools
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.lib.keyset import Page, paginate
from members.models import Industry, Member
from tests import factories

pytestmark = pytest.mark.django_db

ORDER = ("-position", "name", "id")


@pytest.fixture
def rows() -> list[Industry]:
    Industry.objects.all().delete()
    made = [
        factories.industry(position=position, name=name)
        for position, name in itertools.product((1, 2, 2, 3), ("甲", "b", "b"))
    ]
    return sorted(made, key=lambda row: (-row.position, row.name, row.pk))


def page(cursor: str | None, size: int = 5, order: tuple[str, ...] = ORDER) -> Page[Industry]:
    return paginate(Industry.objects.all(), order=order, cursor=cursor, size=size)


def walk(size: int, order: tuple[str, ...] = ORDER) -> list[Page[Industry]]:
    pages = [page(None, size, order)]
    while pages[-1].next:
        pages.append(page(pages[-1].next, size, order))
    return pages


@pytest.mark.parametrize("size", [1, 2, 5, 11, 12, 13])
def test_forward_every_row_comes_once_and_in_order(rows: list[Industry], size: int) -> None:
    expected = list(Industry.objects.order_by(*ORDER))
    pages = walk(size)
    assert [row for each in pages for row in each.rows] == expected
    assert pages[0].previous is None
    assert pages[-1].next is None
    assert len(pages) == -(-len(rows) // size)


@pytest.mark.parametrize("size", [1, 2, 5, 11])
def test_back_leads_to_the_same_pages(rows: list[Industry], size: int) -> None:
    pages = walk(size)
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(back[-1].previous, size))
    # Counted from the end, pages may begin elsewhere; the rows and their order are the same.
    found = [row for each in reversed(back) for row in each.rows]
    assert found == [row for each in pages for row in each.rows]


def test_a_deep_page_costs_as_much_as_the_first(rows: list[Industry]) -> None:
    for each in walk(2):
        with CaptureQueriesContext(connection) as captured:
            page(each.next, 2)
        assert len(captured) == 1
        assert "OFFSET" not in captured[0]["sql"]


def test_rows_that_come_and_go_shift_nothing(rows: list[Industry]) -> None:
    first = page(None)
    assert first.next
    Industry.objects.filter(pk=first.rows[0].pk).delete()
    factories.industry(position=9)
    expected = list(Industry.objects.order_by(*ORDER))
    following = page(first.next).rows
    assert following == expected[5:10]


def test_dates_survive_the_journey() -> None:
    for day in (1, 2, 2, 3):
        factories.member(joined_on=date(2024, 5, day))
    seen: list[Member] = []
    cursor: str | None = None
    while True:
        got = paginate(Member.objects.all(), order=("-joined_on", "-id"), cursor=cursor, size=1)
        seen += got.rows
        if not (cursor := got.next):
            break
    assert seen == list(Member.objects.order_by("-joined_on", "-id"))


def test_an_empty_list_is_one_empty_page() -> None:
    Industry.objects.all().delete()
    assert page(None) == Page(rows=[], next=None, previous=None)


def made_up(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "ä",
        "%00",
        "AAAA",
        "=" * 50,
        "A" * 5000,
        made_up(None),
        made_up([]),
        made_up(["n"]),
        made_up(["x", 1, "b", 2]),
        made_up(["n", 1, "b"]),
        made_up(["n", "one", "b", 2]),
        made_up(["n", 1, "b", "'; DROP TABLE members_industry"]),
        made_up(["n", None, None, None]),
        made_up(["n", 1e400, "b", 2]),
        made_up(["n", 10**30, "b", 2]),
        made_up(["p", [1], {"a": 1}, True]),
        made_up({"n": 1}),
        made_up("nnnn"),
        made_up(["n", 1, "b\x00", 2]),
    ],
)
def test_a_damaged_cursor_gives_the_first_page(rows: list[Industry], cursor: str) -> None:
    assert page(cursor).rows[:1] in ([rows[0]], page(None).rows[:1])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=6,
    )
)
def test_whatever_is_in_a_cursor_there_is_a_page(value: Any) -> None:
    for direction in ("n", "p"):
        page(made_up([direction, value, value, value]))
    page(made_up(value))


def test_a_cursor_of_another_list_gives_a_page(rows: list[Industry]) -> None:
    other = page(None, 2, ("name", "id")).next
    assert page(other).rows == page(None).rows
