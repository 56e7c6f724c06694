"""Measure server time, queries and returned rows of the pages that read large tables.

    DATABASE_URL=… python -m benchmarks.pages

``benchmarks.fill`` fills the database. Each page is requested as the biggest owner and as a small one, with Django's
test client, so no network is involved. Times are given as ratios to the *floor* of the login: a page with the same
header and navigation that shows one row. It is the list of the user's own sessions, and the login page for the public.
The floor is requested after every page, so other load on the machine affects both sides of a ratio.

Queries that load the session and the user are not counted. Rows are the rows that the counted queries return.
``--sql NAME`` prints the queries of the pages whose name contains NAME, with their times, instead of the table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import django

# Parts of the SQL of queries that every page of a logged-in user makes before its view runs.
FRAME = ('FROM "django_session"', "SAVEPOINT", '"usersessions_usersession"')
LOGINS = ("member-1", "member-500", "agency-1", "agency-20", "moderator-1", "admin")


@dataclass
class Page:
    """A page to measure, and its results. ``times`` are milliseconds.

    ``owner`` is ``big`` or ``small``, or ``floor`` for the page with which the other pages of the login are compared.
    ``token`` is the access token for an address of the API.
    """

    name: str
    owner: str
    login: str
    address: str
    token: str = ""
    queries: int = 0
    rows: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]


def pages() -> Iterator[Page]:
    """Yield the floors, then the pages of the biggest owner and of a small one. No URL gives 404."""
    from django.urls import reverse

    for login in LOGINS:
        yield Page("floor", "floor", login, reverse("usersessions_list"))
    yield Page("floor", "floor", "", reverse("account_login"))
    for owner, login in (("big", "member-1"), ("small", "member-500")):
        yield from _desk(owner, login)
    for owner, member in (("big", "member-1"), ("small", "member-500")):
        yield from _triage(owner, member)
    for owner, login in (("big", "agency-1"), ("small", "agency-20")):
        yield from _liaison(owner, login)
    yield from _admin()
    yield Page("front page", "big", "", reverse("public:home"))
    yield Page("directory", "big", "", reverse("members:directory"))
    yield Page("directory, search", "big", "", reverse("members:directory") + "?q=Brand 7")
    yield Page("impact", "big", "", reverse("public:impact"))


def _desk(owner: str, login: str) -> Iterator[Page]:
    from django.urls import reverse

    from cases.models import Case

    cases = reverse("desk:cases")
    closed = Case.objects.filter(member__slug=login, status="closed").order_by("-pk")[0]
    yield Page("desk", owner, login, reverse("desk:home"))
    yield Page("case list", owner, login, cases)
    yield Page("case list, filtered", owner, login, f"{cases}?status=rejected&violation=design")
    yield Page("case list, waiting for us", owner, login, f"{cases}?status=ours")
    yield Page("case list, upheld", owner, login, f"{cases}?status=accepted")
    yield Page("case list, reference", owner, login, f"{cases}?q={closed.reference}")
    yield Page("case list, shop ID", owner, login, _search(cases, closed.seller.external_id))
    yield Page("case list, shop name", owner, login, _search(cases, closed.seller.name))
    yield Page("case list, nothing found", owner, login, _search(cases, "nowhere to be found"))
    yield Page("case", owner, login, reverse("desk:case", args=[closed.reference]))


def _triage(owner: str, slug: str) -> Iterator[Page]:
    from django.urls import reverse

    from cases.lists.saved_views import url_of
    from cases.lists.triage import VIEWS
    from cases.models import Case, SavedView, Seller
    from members.models import Member

    login, address = "moderator-1", reverse("triage:list")
    member = Member.objects.get(slug=slug).pk
    if owner == "big":
        for view in VIEWS:
            yield Page(f"triage, {view}", owner, login, f"{address}?view={view}")
        for saved in SavedView.objects.filter(owner__email="moderator-1@bench.example"):
            yield Page(f"triage, saved view {saved}", owner, login, url_of(saved))
    for view in ("waiting", "decided", "all"):
        filtered = f"{address}?view={view}&member={member}"
        yield Page(f"triage, {view}, one member", owner, login, filtered)
    yield Page(
        "triage, filtered", owner, login, f"{address}?view=all&violation=design&member={member}"
    )
    sellers = Seller.objects.order_by("pk")
    seller = sellers[0] if owner == "big" else sellers[57]
    yield Page("triage, shop ID", owner, login, _search(address, seller.external_id, view="all"))
    yield Page("triage, shop name", owner, login, _search(address, seller.name, view="all"))
    words = "Golden Deals" if owner == "big" else "nowhere to be found"
    yield Page("triage, words", owner, login, _search(address, words, view="all"))
    one = Case.objects.filter(seller=seller).order_by("-pk")
    closed = one.filter(status="closed")[0].reference
    yield Page("triage, reference", owner, login, f"{address}?view=all&q={closed}")
    yield Page("triage, closed case", owner, login, reverse("triage:case", args=[closed]))
    waiting = Case.objects.filter(status="submitted", member=member).order_by("-pk")
    waiting = waiting.filter(seller=seller) if owner == "big" else waiting
    address = reverse("triage:case", args=[waiting[0].reference])
    yield Page("triage, waiting case", owner, login, address)


def _liaison(owner: str, login: str) -> Iterator[Page]:
    from django.urls import reverse

    from cases.liaison.models import Referral
    from cases.views.liaison.referral import TABS

    queue = reverse("liaison:queue")
    mine = Referral.objects.filter(agency__slug=login).order_by("-pk")
    for tab in TABS:
        yield Page(f"referrals, {tab}", owner, login, f"{queue}?tab={tab}")
    yield Page("referrals, filtered", owner, login, f"{queue}?tab=all&violation=design")
    live, ended = mine.filter(status="accepted")[0], mine.filter(status="declined")[0]
    yield Page("referrals, reference", owner, login, _search(queue, live.reference, tab="all"))
    yield Page(
        "referrals, shop name", owner, login, _search(queue, live.case.seller.name, tab="all")
    )
    yield Page(
        "referrals, nothing found", owner, login, _search(queue, "nowhere to be found", tab="all")
    )
    yield Page("referral", owner, login, reverse("liaison:referral", args=[live.reference]))
    yield Page("referral, ended", owner, login, reverse("liaison:referral", args=[ended.reference]))
    yield Page("operations", owner, login, reverse("liaison:operations"))


def _admin() -> Iterator[Page]:
    from django.urls import reverse

    from cases.models import Case

    address = reverse("admin:cases_case_changelist")
    case = Case.objects.order_by("-pk")[0]
    yield Page("admin, cases", "big", "admin", address)
    yield Page("admin, cases, filtered", "big", "admin", f"{address}?violation__exact=design")
    yield Page("admin, cases, closed", "big", "admin", f"{address}?status__exact=closed")
    yield Page("admin, cases, reference", "big", "admin", f"{address}?q={case.reference}")
    for model in ("listing", "caseevent", "evidence", "decision", "seller", "strike"):
        address = reverse(f"admin:cases_{model}_changelist")
        yield Page(f"admin, {model}", "big", "admin", address)
    for model in ("referral", "update", "delivery"):
        address = reverse(f"admin:liaison_{model}_changelist")
        yield Page(f"admin, {model}", "big", "admin", address)


def _search(address: str, words: str, **more: str) -> str:
    return f"{address}?{urlencode({**more, 'q': words})}"


def count(chosen: list[Page]) -> dict[str, Any]:
    """Request every page once to warm up, and once to count its queries. Return the client of each login."""
    clients: dict[str, Any] = {login: client(login) for login in {page.login for page in chosen}}
    for page in chosen:
        browser = clients[page.login]
        get(browser, page)
        page.queries, page.rows = counted(lambda page=page, browser=browser: get(browser, page))  # type: ignore[misc]
    return clients


def measure(chosen: list[Page], rounds: int) -> None:
    """Count the queries of every page, and then request it ``rounds`` times in turn.

    The floor of the login is requested after each page.
    """
    clients = count(chosen)
    floors = {page.login: page for page in chosen if page.owner == "floor"}
    for _ in range(rounds):
        for page in chosen:
            for one in {id(one): one for one in (page, floors[page.login])}.values():
                started = time.perf_counter()
                get(clients[one.login], one)
                one.times.append((time.perf_counter() - started) * 1000)


def get(browser: Any, page: Page) -> None:
    """Request ``page`` and read the whole response. Any status but 200 ends the program."""
    headers = {"Authorization": f"Bearer {page.token}"} if page.token else {}
    response = browser.get(page.address, headers=headers)
    if response.status_code != 200:
        raise SystemExit(f"{page.name} ({page.login}, {page.address}): {response.status_code}")
    if response.streaming:
        for _part in response:
            pass


def counted(request: Callable[[], None]) -> tuple[int, int]:
    """Return how many queries the page itself makes and how many rows they return."""
    counts: list[int] = []
    watched(request, lambda sql, rows, _seconds: counts.append(rows))
    return len(counts), sum(counts)


def watched(request: Callable[[], None], note: Callable[[str, int, float], None]) -> None:
    """Call ``request``, and ``note`` for each query of the page itself.

    The arguments of ``note`` are the SQL, the number of rows and the time in seconds.
    """
    from django.db import connection

    # The first query for a user loads the logged-in user.
    has_loaded_user = False

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal has_loaded_user
        started = time.perf_counter()
        result = execute(sql, params, many, context)
        took = time.perf_counter() - started
        is_own_user = not has_loaded_user and 'FROM "members_user"' in sql
        has_loaded_user |= is_own_user
        if not is_own_user and not any(mark in sql for mark in FRAME):
            cursor = context["cursor"]
            text = cursor.cursor.query if hasattr(cursor.cursor, "query") else sql
            words = text.decode() if isinstance(text, bytes) else str(text)
            note(words, max(cursor.rowcount, 0), took)
        return result

    with connection.execute_wrapper(watch):
        request()


def _print_sql(chosen: list[Page], wanted: str) -> None:
    clients = {login: client(login) for login in {page.login for page in chosen}}
    for page in chosen:
        if wanted in page.name:
            get(clients[page.login], page)
            print(f"--- {page.name} ({page.owner})")
            watched(
                lambda page=page: get(clients[page.login], page),  # type: ignore[misc]
                lambda sql, rows, took: print(f"-- {took * 1000:.1f} ms, {rows} rows\n{sql};"),
            )


def test_settings() -> AbstractContextManager[None]:
    """Override settings, so that pages work without ``collectstatic``, over plain HTTP and for the test client."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        ALLOWED_HOSTS=["testserver"],
        SECURE_SSL_REDIRECT=False,
    )


def client(login: str) -> Any:
    """Return a test client in which ``login`` is logged in, or nobody for ``""``."""
    from django.test import Client

    from members.models import User

    browser = Client()
    if login:
        browser.force_login(
            User.objects.get(email=f"{login}@bench.example"),
            backend="members.backends.ModelBackend",
        )
    return browser


def table(chosen: list[Page]) -> Iterator[str]:
    """Yield the lines of the results: the floors, then a table in Markdown."""
    floors = {page.login: page for page in chosen if page.owner == "floor"}
    for login, floor in floors.items():
        yield f"floor {login or 'public':<14} p50 {floor.p50:5.1f} ms, p95 {floor.p95:5.1f} ms"
    yield ""
    yield "| page | owner | queries | rows | p50 | p95 | p50, ms |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for page in chosen:
        if page.owner != "floor":
            floor = floors[page.login]
            over, slow = page.p50 / floor.p50, page.p95 / floor.p50
            yield (
                f"| {page.name} | {page.owner} | {page.queries} | {page.rows} "
                f"| {over:.1f} | {slow:.1f} | {page.p50:.0f} |"
            )


def main() -> int:
    """Measure the database that DATABASE_URL names and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="measure only pages whose name begins with this")
    parser.add_argument("--sql", default="", metavar="NAME")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    os.environ |= {"REQUIRE_SECOND_FACTOR": "0", "LOG_LEVEL": "ERROR"}
    django.setup()
    with test_settings():
        chosen = [
            page
            for page in pages()
            if page.owner == "floor" or page.name.startswith(arguments.only)
        ]
        if arguments.sql:
            _print_sql(chosen, arguments.sql)
            return 0
        measure(chosen, arguments.rounds)
        print("\n".join(table(chosen)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
