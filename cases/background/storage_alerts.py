"""Notifies the operators by email once a day while the evidence storage is low on space."""

from __future__ import annotations

import hashlib

import structlog
from django.conf import settings

from alliance.lib import clock, private_files
from cases.liaison.models import Notice
from cases.liaison.monitoring.alerts import recipients
from cases.mail import queue as mail_queue

log = structlog.get_logger(__name__)


def check_free_space() -> int:
    """Queue one notice a day (in UTC) to each recipient if space is low; return how many were queued."""
    space = private_files.space()
    if space is None or not space.is_below(settings.EVIDENCE_LOW_SPACE_PERCENT):
        return 0
    log.warning("evidence_space_low", free=space.free, total=space.total)
    data = {"free": space.free, "total": space.total}
    made = {
        _key(one.address): Notice(
            kind=Notice.Kind.LOW_SPACE, to=one.address, language=one.language, data=data
        )
        for one in recipients()
    }
    for key, notice in made.items():
        notice.key = key
    known = set(Notice.objects.filter(key__in=made).values_list("key", flat=True))
    missing = [notice for key, notice in made.items() if key not in known]
    Notice.objects.bulk_create(missing, ignore_conflicts=True)
    if missing:
        mail_queue.wake()
    return len(missing)


def _key(address: str) -> str:
    digest = hashlib.sha256(address.lower().encode()).hexdigest()[:16]
    return f"low_space:{clock.today().isoformat()}:{digest}"
