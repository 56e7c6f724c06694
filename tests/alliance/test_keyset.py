"""Keyset pagination: forwards, backwards, with ties and with invalid cursors."""

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
def test_forward_pages_have_every_row_once_in_order(rows: list[Industry], size: int) -> None:
    expected = list(Industry.objects.order_by(*ORDER))
    pages = walk(size)
    assert [row for each in pages for row in each.rows] == expected
    assert pages[0].previous is None
    assert pages[-1].next is None
    assert len(pages) == -(-len(rows) // size)


@pytest.mark.parametrize("size", [1, 2, 5, 11])
def test_backward_pages_have_the_same_rows(rows: list[Industry], size: int) -> None:
    pages = walk(size)
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(back[-1].previous, size))
    # Backward pages may start at other rows; the rows and their order are the same.
    found = [row for each in reversed(back) for row in each.rows]
    assert found == [row for each in pages for row in each.rows]


def test_deep_page_uses_one_query_without_offset(rows: list[Industry]) -> None:
    for each in walk(2):
        with CaptureQueriesContext(connection) as captured:
            page(each.next, 2)
        assert len(captured) == 1
        assert "OFFSET" not in captured[0]["sql"]


def test_inserted_and_deleted_rows_do_not_shift_pages(rows: list[Industry]) -> None:
    first = page(None)
    assert first.next
    Industry.objects.filter(pk=first.rows[0].pk).delete()
    factories.industry(position=9)
    expected = list(Industry.objects.order_by(*ORDER))
    following = page(first.next).rows
    assert following == expected[5:10]


def test_cursor_keeps_dates() -> None:
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


def test_empty_list_is_one_empty_page() -> None:
    Industry.objects.all().delete()
    assert page(None) == Page(rows=[], next=None, previous=None)


def encode_cursor(value: Any) -> str:
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
        encode_cursor(None),
        encode_cursor([]),
        encode_cursor(["n"]),
        encode_cursor(["x", 1, "b", 2]),
        encode_cursor(["n", 1, "b"]),
        encode_cursor(["n", "one", "b", 2]),
        encode_cursor(["n", 1, "b", "'; DROP TABLE members_industry"]),
        encode_cursor(["n", None, None, None]),
        encode_cursor(["n", 1e400, "b", 2]),
        encode_cursor(["n", 10**30, "b", 2]),
        encode_cursor(["p", [1], {"a": 1}, True]),
        encode_cursor({"n": 1}),
        encode_cursor("nnnn"),
        encode_cursor(["n", 1, "b\x00", 2]),
    ],
)
def test_invalid_cursor_gives_the_first_page(rows: list[Industry], cursor: str) -> None:
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
def test_arbitrary_cursor_never_crashes(value: Any) -> None:
    for direction in ("n", "p"):
        page(encode_cursor([direction, value, value, value]))
    page(encode_cursor(value))


def test_cursor_of_another_list_gives_the_first_page(rows: list[Industry]) -> None:
    other = page(None, 2, ("name", "id")).next
    assert page(other).rows == page(None).rows
