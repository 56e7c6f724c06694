"""Measure the lists of members, people, rights, products and authorised sellers at the size the portal is built for.

    DATABASE_URL=… python -m benchmarks.membership --rights 100000 --people 2000

fills an empty, migrated database and then prints for every list its queries, the tables that they read in full, and
the time; ``--measure`` measures a database that was filled before. Requests and ratios are those of
``benchmarks.pages``.

PostgreSQL generates the rows. There is a member for every four people. Member 1 has 30 % of the rights, products and
authorised sellers and 40 % of the people; the last members have a few rights each. There are half as many products and
authorised sellers as rights. An agent acts for every second member. 4 % of the rights are not verified.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import django

from alliance.lib import tokens
from benchmarks import pages
from benchmarks.fill import prepare, timed, without_indexes
from benchmarks.membership_steps import BIG, STEPS
from benchmarks.pages import Page

# Tables of fewer rows are rightly read in full.
SMALL_TABLE = 5_000
# Members that are active and have filers, and the logins of their owners.
BIG_MEMBER, SMALL_MEMBER = "member-1", "member-7"
AGENT, MODERATOR, ADMIN = "agent-1", "moderator-1", "admin"

PREFIX = "ap"
_TOKEN_OF_OWNER = """
UPDATE members_accesstoken AS t SET digest = %s
  FROM members_membership AS s JOIN members_member AS m ON m.id = s.member_id
 WHERE t.membership_id = s.id AND s.role = 'owner' AND m.slug = %s
"""


def fill(cursor: Any, *, rights: int, people: int) -> None:
    """Insert ``rights`` rights and ``people`` people, with everything that belongs to them, in a transaction."""
    prepare(cursor)
    numbers = {"rights": rights, "people": people, "members": max(people // 4, 20)}
    with without_indexes(cursor, BIG):
        for name, sql in STEPS:
            timed(name, cursor, sql, numbers)
    for slug in (BIG_MEMBER, SMALL_MEMBER):
        cursor.execute(_TOKEN_OF_OWNER, [tokens.digest(_token(slug)), slug])


def _token(slug: str) -> str:
    """Return the access token of the owner of a member."""
    return tokens.with_checksum(f"{PREFIX}_{slug:x<43}")


def lists() -> Iterator[Page]:
    """Yield the floors, then every list: of a big and of a small member, of moderators, admins, programs and the public."""
    from django.urls import reverse

    for login in (BIG_MEMBER, SMALL_MEMBER, AGENT, MODERATOR, ADMIN):
        yield Page("floor", "floor", login, reverse("usersessions_list"))
    yield Page("floor", "floor", "", reverse("account_login"))
    for owner, slug in (("big", BIG_MEMBER), ("small", SMALL_MEMBER)):
        yield from _of_member(owner, slug)
        yield from _api(owner, slug)
    yield from _agent()
    yield from _moderator()
    yield from _admin()
    yield from _public()


def _of_member(owner: str, slug: str) -> Iterator[Page]:
    from django.urls import reverse

    from members.forms.right_filter import STATES
    from members.models import Brand, IPRight

    def page(name: str, url: str, query: str = "") -> Page:
        return Page(name, owner, slug, reverse(url, args=[slug]) + query)

    brand = Brand.objects.filter(member__slug=slug).order_by("pk")[0].pk
    right = IPRight.objects.filter(member__slug=slug).order_by("pk")[0]
    yield page("rights", "rights:list")
    for state in STATES:
        yield page(f"rights, {state}", "rights:list", f"?state={state}")
    yield page("rights, one kind", "rights:list", "?kind=gi")
    yield page("rights, one brand", "rights:list", f"?brand={brand}")
    yield Page("a right", owner, slug, reverse("rights:detail", args=[slug, right.pk]))
    yield page("products", "products:list")
    yield page("products, search", "products:list", "?q=Golden")
    yield page("products, nothing found", "products:list", "?q=nowhere+to+be+found")
    yield page("products, retired", "products:list", "?state=retired")
    yield Page("a brand guide", owner, slug, reverse("guides:brand", args=[brand]))
    yield page("authorised sellers", "allow_list:list")
    yield page("authorised sellers, search", "allow_list:list", "?q=shop-1")
    yield page("authorised sellers, over", "allow_list:list", "?state=over")
    yield page("people", "people:list")
    yield page("access tokens", "tokens:list")
    yield page("imports", "imports:list")
    yield Page("desk", owner, slug, reverse("desk:home"))
    yield Page("notifications", owner, slug, reverse("notifications:list"))


def _api(owner: str, slug: str) -> Iterator[Page]:
    from django.urls import reverse

    token = _token(slug)
    for noun in ("brands", "rights", "products", "sellers"):
        address = reverse(f"api:{noun}")
        yield Page(f"API, {noun}", owner, "", address, token)
        since = f"{address}?updated_since=2020-01-01T00:00:00Z"
        yield Page(f"API, {noun} updated since", owner, "", since, token)


def _agent() -> Iterator[Page]:
    from django.urls import reverse

    for name in ("rights:home", "products:home", "people:home", "desk:home", "desk:cases"):
        yield Page(f"agent, {name}", "big", AGENT, reverse(name))


def _moderator() -> Iterator[Page]:
    from django.urls import reverse

    from cases.views.triage.rights import TABS
    from cases.views.triage.roster import VIEWS

    for tab in TABS:
        yield Page(f"queue, {tab}", "big", MODERATOR, reverse("triage:rights") + f"?status={tab}")
    for tab in ("waiting", "all"):
        address = reverse("triage:applications") + f"?status={tab}"
        yield Page(f"applications, {tab}", "big", MODERATOR, address)
    for view in VIEWS:
        yield Page(f"roster, {view}", "big", MODERATOR, reverse("triage:roster") + f"?show={view}")
    inactive = reverse("triage:roster") + "?show=members&activity=none"
    yield Page("roster, inactive members", "big", MODERATOR, inactive)
    for owner, slug in (("big", BIG_MEMBER), ("small", SMALL_MEMBER)):
        yield Page("a member", owner, MODERATOR, reverse("triage:member", args=[slug]))


def _admin() -> Iterator[Page]:
    from django.urls import reverse

    names = ["user", "member", "membership", "authorisation", "invitation", "brand", "ipright"]
    names += ["product", "accesstoken", "application", "importjob", "document"]
    for name in (*(f"members_{one}" for one in names), "cases_authorisedseller"):
        address = reverse(f"admin:{name}_changelist")
        yield Page(f"admin, {name}", "big", ADMIN, address)
        yield Page(f"admin, {name}, search", "big", ADMIN, f"{address}?q=Golden")


def _public() -> Iterator[Page]:
    from django.urls import reverse

    address = reverse("members:directory")
    for name, query in {
        "directory": "",
        "directory, search": "?q=Brand+7",
        "directory, filtered": "?country=HK",
        "directory, by country": "?sort=country",
        "directory, map": "?view=map",
    }.items():
        yield Page(name, "big", "", address + query)
    yield Page("directory, CSV", "big", "", reverse("members:directory_csv"))
    yield Page("a member's page", "big", "", reverse("members:detail", args=[BIG_MEMBER]))


def read_in_full(page: Page) -> list[str]:
    """Return the big tables of which a query of ``page`` reads half or more row by row, without an index."""
    from django.db import connection

    browser, found = pages.client(page.login), []
    pages.watched(lambda: pages.get(browser, page), lambda sql, _rows, _took: found.append(sql))
    read: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for sql in found:
            if sql.lstrip("( ").upper().startswith("SELECT"):
                # Without parameters, so a percent sign is not doubled.
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
                (plan,) = cursor.fetchone()
                for table, rows in _sequential(
                    plan if isinstance(plan, list) else json.loads(plan)
                ):
                    read[table] = max(read[table], rows)
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s) AND reltuples >= %s",
            [sorted(read), SMALL_TABLE],
        )
        return sorted(name for name, size in cursor.fetchall() if read[name] >= size / 2)


def _sequential(plans: Any) -> Iterator[tuple[str, int]]:
    """Yield the tables that are read without an index and how many rows, from ``plans`` in PostgreSQL's JSON."""
    if isinstance(plans, list):
        for plan in plans:
            yield from _sequential(plan)
    elif isinstance(plans, dict):
        if plans.get("Node Type") == "Seq Scan":
            rows = plans["Actual Rows"] + plans.get("Rows Removed by Filter", 0)
            yield plans["Relation Name"], int(rows * plans["Actual Loops"])
        for value in plans.values():
            if isinstance(value, dict | list):
                yield from _sequential(value)


def main() -> int:
    """Fill the database that DATABASE_URL names, measure it and print the table; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rights", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--measure", action="store_true", help="the database is filled already")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", default="", help="measure only lists whose name begins with this")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    os.environ |= {"REQUIRE_SECOND_FACTOR": "0", "LOG_LEVEL": "ERROR"}
    # Rounds of the same list exceed the limit of a token.
    os.environ |= {"API_REQUESTS_PER_MINUTE": "1000000"}
    django.setup()
    from django.db import connection, transaction

    from members.models import User

    if not arguments.measure:
        if User.objects.exists():
            print("This database already contains rows. Set DATABASE_URL to an empty one.")
            return 1
        with transaction.atomic(), connection.cursor() as cursor:
            fill(cursor, rights=arguments.rights, people=arguments.people)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            timed("vacuum", cursor, "VACUUM ANALYZE")
    with pages.test_settings():
        chosen = [
            page
            for page in lists()
            if page.owner == "floor" or page.name.startswith(arguments.only)
        ]
        pages.measure(chosen, arguments.rounds)
        print("\n".join(pages.table(chosen)))
        print("\nTables read in full:")
        for page in chosen:
            if tables := read_in_full(page):
                print(f"{page.name} ({page.owner}): {', '.join(tables)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
