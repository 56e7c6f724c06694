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
    method, url, body = request
    digest = _digest(method, url, body)
    with transaction.atomic():
        row = _claim(token, key, digest)
        if row is None:
            return _stored(token, key, digest)
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
    method, url, body = request
    digest = _digest(method, url, body)
    with transaction.atomic():
        _claim(token, key, digest)
    known = _stored(token, key, digest)
    if known.status:
        return known
    unanswered = StoredAnswer.objects.filter(token=token, key=key, status=_UNANSWERED)
    try:
        answer = work()
    except BaseException:
        unanswered.filter(request_digest=digest).delete()
        raise
    unanswered.update(status=answer.status, body=answer.body, headers=answer.headers)
    return answer


def _digest(method: str, url: str, body: bytes) -> str:
    return hashlib.sha256(f"{method} {url}\n".encode() + body).hexdigest()


def _claim(token: AccessToken, key: str, digest: str) -> StoredAnswer | None:
    """Insert the row of a new key, and return ``None`` for a known one. Waits for a transaction that inserts it."""
    old = StoredAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR)
    old.filter(token=token, key=key).delete()
    row = StoredAnswer(token=token, key=key, request_digest=digest)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "answer_once_per_key" not in str(error):
            raise
        return None
    return row


def _stored(token: AccessToken, key: str, digest: str) -> Answer:
    row = StoredAnswer.objects.get(token=token, key=key)
    if row.request_digest != digest:
        raise OtherRequest(_("This idempotency key was used for another request. Use a new one."))
    return Answer(row.status, row.body, {**row.headers, "Idempotency-Replayed": "true"})


def delete_expired() -> int:
    """Delete up to :data:`BATCH` answers that are older than :data:`KEPT_FOR`; return how many."""
    old = StoredAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).order_by("created_at")
    return StoredAnswer.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()[0]
