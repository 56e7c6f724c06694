"""Verification of chains of custody against their hashes, their files' rows and the stored files.

Everything is read row by row or in chunks, so memory does not grow with the number of chains or the size of a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cases.models import CustodyChain, CustodyEntry, Evidence

AT_ONCE = 1000
CHUNK_BYTES = 1024**2


@dataclass(frozen=True)
class Break:
    """Something that does not match. ``position`` is the entry's number in the chain, if one entry is concerned."""

    case_reference: str
    evidence_id: UUID
    what: str
    position: int | None = None

    def __str__(self) -> str:
        place = f", entry {self.position}" if self.position is not None else ""
        return f"{self.case_reference} {self.evidence_id}{place}: {self.what}"


def broken_chains(*, case: str = "") -> Iterator[Break]:
    """Yield what is wrong with the chains of the case with the reference ``case``, or of all cases.

    Finds an entry that was changed, inserted, removed or moved, also the last one; a chain whose file has other facts;
    and a file without a chain. It cannot find a chain that somebody removed or computed again as a whole, with its row
    in ``CustodyChain`` and its file: docs/operations.md says what does.
    """
    yield from _broken_links(case)
    yield from _chains_without_entries(case)
    yield from _files_without_chain(case)


def broken_files(*, case: str = "") -> Iterator[Break]:
    """Yield the stored files that are missing or do not have the SHA-256 of their row. Reads every byte."""
    files = Evidence.objects.select_related("case").only(
        "file", "sha256", "size", "case__reference"
    )
    if case:
        files = files.filter(case__reference=case)
    for file in _in_slices(files):
        if what := _what_is_wrong(file):
            yield Break(file.case.reference, file.pk, what)


def _broken_links(case: str) -> Iterator[Break]:
    entries = CustodyEntry.objects.annotate(
        chain_length=_of_chain("length"),
        chain_head=_of_chain("head"),
        chain_case=_of_chain("case_reference"),
        file_sha256=Subquery(
            Evidence.objects.filter(pk=OuterRef("evidence_id")).values("sha256")[:1]
        ),
    ).order_by("evidence_id", "position")
    if case:
        # Not the entries' own references alone, which somebody may have changed.
        chains = CustodyChain.objects.filter(case_reference=case).values("evidence_id")
        entries = entries.filter(Q(evidence_id__in=chains) | Q(case_reference=case))
    with transaction.atomic():  # the cursor lives as long as the transaction, also behind PgBouncer
        rows = entries.iterator(chunk_size=AT_ONCE)
        for _evidence_id, chain in groupby(rows, key=lambda entry: entry.evidence_id):
            yield from _breaks_of(chain)


def _breaks_of(chain: Iterator[Any]) -> Iterator[Break]:
    """Yield the breaks of the entries of one file, which come in the order of their positions."""
    position, head, last = 0, "", None
    for entry in chain:
        found: list[str] = []
        if entry.position != position + 1:
            found.append(f"entries {position + 1} to {entry.position - 1} are missing")
        elif entry.previous_hash != head:
            found.append("the hash of the previous entry does not match it")
        if not entry.is_intact:
            found.append("the facts do not match the hash")
        if last and (last.sha256, last.case_reference) != (entry.sha256, entry.case_reference):
            found.append("the file or the case is another one than in the entry before")
        if last and last.action in CustodyEntry.FINAL:
            found.append("the entry before says that the file no longer exists")
        for what in found:
            yield Break(entry.case_reference, entry.evidence_id, what, entry.position)
        position, head, last = entry.position, entry.hash, entry
    assert last is not None  # groupby makes no empty groups
    for what in _wrong_at_the_end(last):
        yield Break(last.case_reference, last.evidence_id, what)


def _wrong_at_the_end(last: Any) -> Iterator[str]:
    if last.chain_length is None:
        yield "the row of the chain is missing"
    elif (last.chain_length, last.chain_head) != (last.position, last.hash):
        yield f"the chain has {last.chain_length} entries, but the last one found is {last.position}"
    elif last.chain_case != last.case_reference:
        yield "the chain belongs to another case than its entries"
    if last.action in CustodyEntry.FINAL:
        if last.file_sha256 is not None:
            yield "the file exists after its removal"
    elif last.file_sha256 is None:
        yield "the row of the file is missing, and no entry records its removal"
    elif last.file_sha256 != last.sha256:
        yield "the row of the file has another SHA-256 than its chain"


def _chains_without_entries(case: str) -> Iterator[Break]:
    entries = CustodyEntry.objects.filter(evidence_id=OuterRef("evidence_id"))
    chains = CustodyChain.objects.filter(~Exists(entries))
    if case:
        chains = chains.filter(case_reference=case)
    for chain in _in_slices(chains):
        yield Break(chain.case_reference, chain.evidence_id, "all entries of the chain are missing")


def _files_without_chain(case: str) -> Iterator[Break]:
    entries = CustodyEntry.objects.filter(evidence_id=OuterRef("pk"))
    chains = CustodyChain.objects.filter(evidence_id=OuterRef("pk"))
    files = Evidence.objects.filter(~Exists(entries), ~Exists(chains)).select_related("case")
    if case:
        files = files.filter(case__reference=case)
    for file in _in_slices(files.only("case__reference")):
        yield Break(file.case.reference, file.pk, "the file has no chain of custody")


def _of_chain(field: str) -> Subquery:
    chains = CustodyChain.objects.filter(evidence_id=OuterRef("evidence_id"))
    return Subquery(chains.values(field)[:1])


def _in_slices(rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield ``rows`` in the order of their keys, a bounded number at a time and without a long transaction."""
    rows, after = rows.order_by("pk"), None
    while found := list((rows if after is None else rows.filter(pk__gt=after))[:AT_ONCE]):
        yield from found
        after = found[-1].pk


def _what_is_wrong(file: Evidence) -> str:
    """Return what is wrong with the stored file, or ``""``."""
    digest = hashlib.sha256()
    try:
        with file.file.open("rb") as stored:
            for chunk in stored.chunks(CHUNK_BYTES):
                digest.update(chunk)
    except FileNotFoundError:
        return "the stored file is missing"
    except OSError as error:
        return f"the stored file cannot be read ({type(error).__name__})"
    return "" if digest.hexdigest() == file.sha256 else "the stored file has another SHA-256"
