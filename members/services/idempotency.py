"""Requests with an idempotency key have one effect, however often and at whatever moment they are repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from members.models import AccessToken, StoredAnswer

KEPT_FOR = timedelta(hours=24)
BATCH = 1000
# The status of a row whose work is still being done.
_UNANSWERED = 0


class OtherRequest(Refusal):
    """The key was used for another request."""


@dataclass(frozen=True)
class Answer:
    """What a request is answered with: status, JSON and headers."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def once(
    *, token: AccessToken, key: str, request: tuple[str, str, bytes], work: Callable[[], Answer]
) -> Answer:
    """Return the answer of ``work``, or the stored one if the token has sent the same request with ``key`` before.

    ``request`` is its method, URL and body. A second request at the same moment waits for the first one. If ``work``
    raises, nothing is stored, and the key can be used again. Raises :class:`OtherRequest`.
    """
    digest = _digest(*request)
    with transaction.atomic():
        row = _claim(token, key, digest)
        if row.status:
            return _replayed(row)
        answer = work()
        row.status, row.body, row.headers = answer.status, answer.body, answer.headers
        row.save(update_fields=["status", "body", "headers"])
        return answer


def once_in_steps(
    *, token: AccessToken, key: str, request: tuple[str, str, bytes], work: Callable[[], Answer]
) -> Answer:
    """As :func:`once`, for ``work`` that writes files and must not run in one transaction.

    ``work`` is idempotent by itself: after a crash, and at the same moment, it can be called twice. The key is claimed
    before, so that it never belongs to two requests.
    """
    digest = _digest(*request)
    with transaction.atomic():
        row = _claim(token, key, digest)
    if row.status:
        return _replayed(row)
    # Not the row itself: if a request at the same moment was refused, the key may belong to another one by now.
    unanswered = StoredAnswer.objects.filter(
        token=token, key=key, request_digest=digest, status=_UNANSWERED
    )
    try:
        answer = work()
    except BaseException:
        unanswered.delete()
        raise
    unanswered.update(status=answer.status, body=answer.body, headers=answer.headers)
    return answer


def _digest(method: str, url: str, body: bytes) -> str:
    return hashlib.sha256(f"{method} {url}\n".encode() + body).hexdigest()


def _claim(token: AccessToken, key: str, digest: str) -> StoredAnswer:
    """Return the row of the key, which is inserted if there is none. Raises :class:`OtherRequest`.

    Waits for a transaction that inserts it.
    """
    rows = StoredAnswer.objects.filter(token=token, key=key)
    rows.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
    while True:
        if new := _inserted(token, key, digest):
            return new
        # There is none if the request that has inserted it was refused in between.
        if known := rows.first():
            break
    if known.request_digest != digest:
        raise OtherRequest(_("This idempotency key was used for another request. Use a new one."))
    return known


def _inserted(token: AccessToken, key: str, digest: str) -> StoredAnswer | None:
    """Insert the row of a new key, and return ``None`` for a known one."""
    row = StoredAnswer(token=token, key=key, request_digest=digest)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "answer_once_per_key" not in str(error):
            raise
        return None
    return row


def _replayed(row: StoredAnswer) -> Answer:
    return Answer(row.status, row.body, {**row.headers, "Idempotency-Replayed": "true"})


def delete_expired() -> int:
    """Delete up to :data:`BATCH` answers that are older than :data:`KEPT_FOR`; return how many."""
    old = StoredAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).order_by("created_at")
    return StoredAnswer.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()[0]
