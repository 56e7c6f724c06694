"""Measure how a sheet of listings is checked and filed, in time and in memory.

    DATABASE_URL=… python -m benchmarks.listings_import
    DATABASE_URL=… python -m benchmarks.listings_import --rows 10000 --shops 100

The database is migrated; the benchmark adds a member, its rows and its cases, and does not remove them. Sheets of a
tenth of the rows and of all rows are checked and filed as a worker does it, each in a process of its own, whose peak
memory is compared. Processor times are also given as a ratio to the *floor*, the time in which the same process parses
the addresses of the sheet once, so another machine or other load changes both sides. Goals: 10,000 rows are checked in 5 s and filed in
10 s on a quiet machine, and need at most 1.3 times the memory of 1,000 rows.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import resource
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--shops", type=int, default=100, help="shops in the larger sheet")
    parser.add_argument("--alone", action="store_true", help="measure one sheet, print JSON")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    if options.alone:
        print(json.dumps(measure(options.rows, options.shops)))
        return
    small, large = (
        _process(options.rows // 10, options.shops // 10),
        _process(options.rows, options.shops),
    )
    for name, one in (("a tenth", small), ("all", large)):
        print(f"{name}: {one['rows']:,} rows, {one['cases']} cases, {one['memory']:.0f} MB")
        for step in ("upload", "check", "file"):
            seconds, processor = one[step]
            ratio = processor / one["floor"][1]
            print(
                f"  {step}: {seconds:.1f} s, processor {processor:.1f} s ({ratio:.1f} × the floor)"
            )
    print(f"memory, all ÷ a tenth: {large['memory'] / small['memory']:.2f}")
    per_case = large["file_queries"] / max(large["cases"], 1)
    print(f"queries: {large['check_queries']} to check, {per_case:.0f} to file each case")


def _process(rows: int, shops: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.listings_import", "--alone"]
    command += ["--rows", str(rows), "--shops", str(max(shops, 1))]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return found


def measure(rows: int, shops: int) -> dict[str, Any]:
    """Check and file a sheet in this process. Times are pairs of seconds: passed, and of the processor. Memory is in MB."""
    django.setup()
    from cases.marketplaces import catalogue
    from cases.marketplaces.addresses import parse
    from cases.marketplaces.lookup import Marketplaces
    from cases.models import PlannedCase
    from members.models import ImportJob
    from members.services import import_runs, imports

    addresses, data = _sheet(rows, shops)
    right, by = _right()
    upload, job = _timed(lambda: _upload(data, right, by))
    check, check_queries = _counted(lambda: import_runs.run(job.pk, until=time.monotonic() + 600))
    imports.confirm(job=job, by=job.uploaded_by, stated=True)
    file, file_queries = _counted(lambda: import_runs.run(job.pk, until=time.monotonic() + 600))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    job = ImportJob.objects.get(pk=job.pk)
    assert (job.state, job.created) == ("done", rows), (job.state, job.created, job.failed)
    marketplaces = Marketplaces.all()
    catalogue.read.cache_clear()
    floor, _done = _timed(lambda: [parse(one, marketplaces) for one in addresses])
    return {
        "rows": rows,
        "cases": PlannedCase.objects.filter(job=job, state="filed").count(),
        "upload": upload,
        "check": check,
        "file": file,
        "floor": floor,
        "memory": memory,
        "check_queries": check_queries,
        "file_queries": file_queries,
    }


def _sheet(rows: int, shops: int) -> tuple[list[str], bytes]:
    """Return the addresses and the CSV file of listings that no other run has."""
    run = uuid.uuid4().int % 10**9
    addresses = [f"https://item.taobao.com/item.htm?id={run}{number:06d}" for number in range(rows)]
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(
        [
            "Listing URL",
            "Shop ID or shop URL",
            "Shop name",
            "Title",
            "Price",
            "Currency",
            "Units sold",
        ]
    )
    for number, address in enumerate(addresses):
        shop = number % shops
        cells = [f"bench-{run}-{shop}", f"Shop {shop}", f"Handbag {number}", "199.00", "CNY", "12"]
        sheet.writerow([address, *cells])
    return addresses, written.getvalue().encode("utf-8-sig")


def _upload(data: bytes, right: Any, by: Any) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cases.imports import listing_uploads

    return listing_uploads.upload(
        by=by,
        sheet=SimpleUploadedFile("listings.csv", data),
        right=right,
        violation="counterfeit",
        jurisdiction="CN",
        goods_class=18,
        infringement_in=["product"],
        explanation="The label is misspelt.",
        evidence=[SimpleUploadedFile("comparison.png", _png())],
    )


def _right() -> tuple[Any, Any]:
    """Return a right that can be cited, and a person who may cite it."""
    from alliance.lib import clock
    from cases.services import catalogued_marketplaces
    from members.models import Brand, IPRight, Member, Membership, User

    catalogued_marketplaces.add_missing()
    name = f"bench-{uuid.uuid4().hex[:8]}"
    today = clock.today()
    member = Member.objects.create(
        slug=name, name=name, status=Member.Status.ACTIVE, joined_on=today
    )
    brand = Brand.objects.create(member=member, name=name)
    by = User.objects.create_user(f"{name}@bench.example", name="Bench")
    Membership.objects.create(member=member, user=by, role=Membership.Role.FILER)
    right = IPRight.objects.create(
        member=member,
        brand=brand,
        kind=IPRight.Kind.TRADEMARK,
        title=name,
        office="CNIPA",
        number=name,
        territory=["CN"],
        nice_classes=[18],
        registered_owner=name,
        registered_on=today,
        verified_at=clock.now(),
        verified_by=by,
    )
    return right, by


def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (800, 600), (uuid.uuid4().int % 256, 40, 40)).save(out, "PNG")
    return out.getvalue()


def _timed(call: Any) -> tuple[tuple[float, float], Any]:
    """Return the seconds and the processor seconds that a call takes, and its result."""
    started, processor = time.perf_counter(), time.process_time()
    result = call()
    return (time.perf_counter() - started, time.process_time() - processor), result


def _counted(call: Any) -> tuple[tuple[float, float], int]:
    """Return the times that a call takes and the number of its queries."""
    from django.db import connection

    count = [0]

    def wrapper(execute: Any, *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(wrapper):
        times, _result = _timed(call)
    return times, count[0]


if __name__ == "__main__":
    main()
