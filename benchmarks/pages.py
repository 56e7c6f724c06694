"""Server time and queries of the pages, at two sizes of the same alliance, as ratios in one run.

    SMALL_DATABASE_URL=… BIG_DATABASE_URL=… python -m benchmarks.pages

Both databases are filled by ``benchmarks.fill``. Each page is asked for through Django's test client,
without a network: what is measured is the portal. Goals: at most 8 queries of the page's own (session,
user and savepoint aside), p95 at most 50 ms, p50 big/small at most 1.5 (searches 3).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import django


def pages() -> Iterator[tuple[str, str, str]]:
    """Yield name, address and persona of every page that lists or shows rows of big tables."""
    from django.urls import reverse

    from cases.liaison.models import Referral
    from cases.models import Case

    member_case = Case.objects.filter(status="removed").order_by("-pk")[0]
    waiting = Case.objects.filter(status="submitted").order_by("-pk")[0]
    referral = Referral.objects.filter(status="offered").order_by("-pk")[0]
    triage = reverse("triage:list")
    yield "home", reverse("public:home"), "anonymous"
    yield "directory", reverse("members:directory"), "anonymous"
    yield "impact", reverse("public:impact"), "anonymous"
    yield "desk", reverse("desk:home"), "filer"
    yield "case list", reverse("desk:cases"), "filer"
    yield "case list, filtered", reverse("desk:cases") + "?status=rejected", "filer"
    yield "case list, search", reverse("desk:cases") + "?q=Shop 7", "filer"
    yield "case", reverse("desk:case", args=[member_case.reference]), "filer"
    yield "triage", triage, "moderator"
    for view in ("mine", "removal", "objections", "decided", "all"):
        yield f"triage, {view}", f"{triage}?view={view}", "moderator"
    yield "triage, filtered", triage + "?view=all&violation=design", "moderator"
    yield "triage, search", triage + "?view=all&q=Shop 7", "moderator"
    yield "triage, case", reverse("triage:case", args=[waiting.reference]), "moderator"
    yield "liaison queue", reverse("liaison:queue"), "officer"
    yield "liaison, all", reverse("liaison:queue") + "?view=all", "officer"
    yield "liaison, referral", reverse("liaison:referral", args=[referral.reference]), "officer"
    yield "admin, cases", reverse("admin:cases_case_changelist"), "admin"
    yield "admin, listings", reverse("admin:cases_listing_changelist"), "admin"
    yield "admin, events", reverse("admin:cases_caseevent_changelist"), "admin"


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Ask for every page ``rounds`` times; return p50 and p95 in ms and the queries of one round."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clients = {name: _client(make) for name, make in personas().items()}
    found = {}
    for name, address, persona in pages():
        client = clients[persona]
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address).status_code
        # Now: the next request empties the log that they are counted in.
        count = len(queries)
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - started) * 1000)
        found[name] = {
            "status": status,
            "queries": count,
            "p50": statistics.median(times),
            "p95": statistics.quantiles(times, n=20)[-1],
        }
    return found


def personas() -> dict[str, Callable[[], object]]:
    """Return who looks at the pages; officer and admin are made when they are missing."""
    from cases.liaison.models import Agency, Officer, Referral
    from cases.models import Case
    from members.models import User

    def officer() -> User:
        user, _ = User.objects.get_or_create(email="officer@bench.example", name="Officer")
        agency = Agency.objects.get(
            pk=Referral.objects.filter(status="offered").order_by("-pk")[0].agency_id
        )
        Officer.objects.get_or_create(user=user, defaults={"agency": agency})
        return user

    def admin() -> User:
        return User.objects.get_or_create(
            email="admin@bench.example",
            defaults={"name": "Admin", "is_staff": True, "is_superuser": True},
        )[0]

    return {
        "anonymous": lambda: None,
        "filer": lambda: Case.objects.filter(status="removed").order_by("-pk")[0].created_by,
        "moderator": lambda: User.objects.filter(is_moderator=True)[0],
        "officer": officer,
        "admin": admin,
    }


def _uncollected_files() -> AbstractContextManager[None]:
    """Let pages name their files without ``collectstatic``."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        ALLOWED_HOSTS=["testserver"],
        SECURE_SSL_REDIRECT=False,
    )


def _client(make: Callable[[], object]) -> object:
    from django.test import Client

    client, user = Client(), make()
    if user is not None:
        client.force_login(user)
    return client


def main() -> int:
    """Measure both databases in children of this process and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    if arguments.child:
        django.setup()
        with _uncollected_files():
            print(json.dumps(measure(arguments.rounds)))
        return 0
    sizes = {}
    for size in ("SMALL", "BIG"):
        environment = os.environ | {
            "DATABASE_URL": os.environ[f"{size}_DATABASE_URL"],
            "REQUIRE_SECOND_FACTOR": "0",
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "benchmarks.pages", "--child"]
        command += ["--rounds", str(arguments.rounds)]
        child = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        sizes[size] = json.loads(child.stdout.splitlines()[-1])
    print(f"{'page':<22}{'queries':>9}{'p50 ms':>9}{'p95 ms':>9}{'big/small':>11}")
    for name, big in sizes["BIG"].items():
        ratio = big["p50"] / sizes["SMALL"][name]["p50"]
        line = f"{name:<22}{big['queries']:>9.0f}{big['p50']:>9.1f}{big['p95']:>9.1f}{ratio:>11.2f}"
        print(line + ("" if big["status"] == 200 else f"   status {big['status']:.0f}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
