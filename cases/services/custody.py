"""Entries in the chain of custody of an evidence file, each linked to the one before by its hash."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from alliance.lib import clock
from cases.models import CustodyChain, CustodyEntry, Evidence
from cases.services import core
from members.models import User

log = structlog.get_logger(__name__)

# Looks at the preview of a file by the same person within this time are one entry.
ONE_LOOK = timedelta(hours=1)


@transaction.atomic
def record(
    evidence: Evidence, action: CustodyEntry.Action, *, by: User | None, reference: str
) -> CustodyEntry:
    """Add an entry to the chain of ``evidence``, a file of the case ``reference``, and return it.

    ``by`` is ``None`` for the portal itself. Entries to the same file wait for each other. The log line has the
    hash, so that a log kept on another machine can show that the whole chain was rewritten.
    """
    chain = _locked(evidence, reference)
    entry = CustodyEntry(
        evidence_id=evidence.pk,
        case_reference=reference,
        position=chain.length + 1,
        action=action,
        sha256=evidence.sha256,
        actor_id=by.pk if by else None,
        actor_label=by.name if by else core.PORTAL,
        at=clock.now(),
        previous_hash=chain.head,
    )
    entry.hash = entry.computed_hash()
    entry.save(force_insert=True)
    chain.length, chain.head = entry.position, entry.hash
    chain.save(update_fields=["length", "head"])
    log.info("custody_entry", evidence=str(evidence.pk), position=entry.position, sha256=entry.hash)
    return entry


@transaction.atomic
def record_look(evidence: Evidence, *, by: User, reference: str) -> None:
    """Record that ``by`` looks at the preview, unless an entry of the last :data:`ONE_LOOK` says so already."""
    _locked(evidence, reference)
    known = CustodyEntry.objects.filter(
        evidence_id=evidence.pk,
        action=CustodyEntry.Action.VIEWED,
        actor_id=by.pk,
        at__gt=clock.now() - ONE_LOOK,
    )
    if not known.exists():
        record(evidence, CustodyEntry.Action.VIEWED, by=by, reference=reference)


def _locked(evidence: Evidence, reference: str) -> CustodyChain:
    chains = CustodyChain.objects.select_for_update(no_key=True)
    chain, _created = chains.get_or_create(
        evidence_id=evidence.pk, defaults={"case_reference": reference}
    )
    return chain
