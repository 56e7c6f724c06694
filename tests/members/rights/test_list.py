"""The list of a member's rights: filters, pages, number of queries, indexes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.urls import reverse

from alliance.lib import clock
from members.forms.right_filter import RightFilterForm
from members.models import IPRight
from members.services import rights
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def titles(personas: Personas, query: str = "", who: str = "viewer") -> list[str]:
    url = reverse("rights:list", args=[personas.member.slug])
    page = personas.client(who).get(f"{url}?{query}")
    assert page.status_code == 200
    return [right.title for right in page.context["page"].rows]


@pytest.fixture
def shelf(personas: Personas) -> Personas:
    """One right in each state, and one of another member."""
    today = clock.today()
    IPRight.objects.filter(pk=personas.right.pk).update(title="verified")
    factories.right(personas.brand, title="expiring", expires_on=today + timedelta(days=90))
    factories.right(personas.brand, title="later", expires_on=today + timedelta(days=91))
    factories.right(personas.brand, title="expired", expires_on=today - timedelta(days=1))
    other = factories.brand(personas.member, name="ZELDER")
    factories.registered_right(
        personas.member, under=other, title="waiting", kind="design", nice_classes=[]
    )
    back = factories.registered_right(personas.member, under=other, title="returned")
    rights.send_back(right=back, by=personas.moderator, reason="No.")
    factories.right(factories.brand(personas.other_member), title="foreign")
    return personas


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["returned", "waiting", "expired", "later", "expiring", "verified"]),
        ("state=verified", ["later", "expiring", "verified"]),
        ("state=waiting", ["waiting"]),
        ("state=returned", ["returned"]),
        ("state=expiring", ["expiring"]),
        ("state=expired", ["expired"]),
        ("kind=design", ["waiting"]),
        ("kind=design&state=returned", []),
        ("state=nonsense", ["returned", "waiting", "expired", "later", "expiring", "verified"]),
        ("brand=0", ["returned", "waiting", "expired", "later", "expiring", "verified"]),
    ],
)
def test_filters(shelf: Personas, query: str, expected: list[str]) -> None:
    assert titles(shelf, query) == expected


def test_filter_by_brand(shelf: Personas) -> None:
    assert titles(shelf, f"brand={shelf.brand.pk}") == ["expired", "later", "expiring", "verified"]


def test_nothing_found_has_a_way_on(shelf: Personas) -> None:
    url = reverse("rights:list", args=[shelf.member.slug])
    page = shelf.client("viewer").get(f"{url}?kind=patent").text
    assert "No matching rights" in page
    assert f'href="{url}"' in page


def test_empty_list_leads_to_the_form(personas: Personas) -> None:
    url = reverse("rights:list", args=[personas.other_member.slug])
    page = personas.client("stranger").get(url).text
    assert "No rights yet" in page
    assert reverse("rights:register", args=[personas.other_member.slug]) in page


def test_pages(personas: Personas) -> None:
    for number in range(60):
        factories.right(personas.brand, title=f"Mark number {number}")
    client = personas.client("viewer")
    url = reverse("rights:list", args=[personas.member.slug])
    first = client.get(url)
    second = client.get(f"{url}?cursor={first.context['page'].next}")
    seen = [right.pk for page in (first, second) for right in page.context["page"].rows]
    assert len(seen) == len(set(seen)) == 61


def test_constant_number_of_queries(personas: Personas, django_assert_max_num_queries: Any) -> None:
    client = personas.client("owner")
    url = reverse("rights:list", args=[personas.member.slug])
    client.get(url)
    with django_assert_max_num_queries(8) as few:
        client.get(url)
    for _number in range(20):
        factories.right(factories.brand(personas.member))
    with django_assert_max_num_queries(8) as many:
        client.get(url)
    assert len(few) == len(many)


INDEX = {
    "": "right_of_member",
    "kind=design": "right_of_kind",
    "state=waiting": "right_queued_of_member",
    "state=incomplete": "right_incomplete_of_member",
    "state=returned": "right_returned_of_member",
    "state=expiring": "right_expiry_of_member",
    "state=expired": "right_expiry_of_member",
    "brand": "right_of_brand",
}


@pytest.mark.parametrize("query", INDEX)
def test_every_filter_has_an_index(personas: Personas, query: str) -> None:
    """Each list reads an index in its order, without a sort, also if most rights are of one member."""
    few = query in ("", "brand")  # for a member with most of the rights, the primary key is as good
    _many(personas.brand.pk, 600 if few else 3000)
    if few:
        _many(factories.brand().pk, 12_000, prefix="M")
    name, _equals, value = query.partition("=")
    data = {name: value or str(personas.brand.pk)} if query else {}
    form = RightFilterForm(data, member=personas.member)
    plan = form.rights.order_by(*form.order)[:51].explain()
    assert INDEX[query] in plan
    assert "Sort" not in plan


def _many(brand: int, count: int, prefix: str = "N") -> None:
    """Insert rights by SQL: 98% verified designs, a few in each other state."""
    # The history of so many rows in one transaction takes seconds.
    with pgtrigger.ignore("members.IPRight:insert_insert"), connection.cursor() as cursor:
        cursor.execute("SELECT max(verified_by_id) FROM members_ipright")
        (moderator,) = cursor.fetchone()
        cursor.execute(
            """
            INSERT INTO members_ipright (brand_id, kind, title, office, number, territory, nice_classes,
                   registered_on, expires_on, verified_at, verified_by_id, returned_at, returned_by_id, return_reason)
            SELECT %s, CASE WHEN n %% 100 = 7 THEN 'design' ELSE 'trademark' END, 'Mark ' || n, 'CNIPA', %s || n,
                   '{CN}', '{25}', '2015-01-01',
                   CASE WHEN n %% 100 = 1 THEN current_date - 5 WHEN n %% 100 = 2 THEN current_date + 5
                        ELSE current_date + 900 END,
                   CASE WHEN n %% 100 < 96 THEN now() END, CASE WHEN n %% 100 < 96 THEN %s END,
                   CASE WHEN n %% 100 = 99 THEN now() END, CASE WHEN n %% 100 = 99 THEN %s END,
                   CASE WHEN n %% 100 = 99 THEN 'No.' ELSE '' END
              FROM generate_series(1, %s) AS n
            """,
            [brand, prefix, moderator, moderator, count],
        )
        cursor.execute("ANALYZE members_ipright")


def test_link_from_the_filing_form(personas: Personas) -> None:
    page = personas.client("filer").get(reverse("desk:new")).text
    assert "The right is not in the list?" in page
    assert reverse("rights:home") in page
    nobody = factories.filer(factories.member())
    client = personas.client("filer")
    client.force_login(nobody)
    page = client.get(reverse("desk:new")).text
    assert "No right can be cited yet" in page
    assert reverse("rights:home") in page


def test_navigation(personas: Personas) -> None:
    assert 'href="/rights/"' in personas.client("viewer").get(reverse("desk:home")).text
    assert 'href="/triage/rights/"' in personas.client("moderator").get("/triage/").text
