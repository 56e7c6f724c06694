"""The storage quota for evidence and files of test purchases: a counter for each member, updated in the transaction that changes the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from alliance.lib.refusals import NotAllowed, Refusal
from cases.models import StorageUse
from members.models import Member, Membership, User

log = structlog.get_logger(__name__)

# The dashboard shows the storage used from this share of the quota on.
NEAR = 0.8


@dataclass(frozen=True)
class Storage:
    """The storage that a member uses and its quota, in bytes."""

    member: Member
    used: int
    allowed: int


def filer(by: User, member_id: int) -> Membership:
    """Return the role with which ``by`` adds files to the member, for :func:`check`. Raises :class:`NotAllowed`."""
    role = with_use(Membership.objects.may_file().filter(user=by, member=member_id)).first()
    if role is None:
        raise NotAllowed(_("Your role does not allow adding files for this member."))
    return role


def check(role: Membership, *, size: int) -> None:
    """Raise :class:`Refusal` if ``size`` more bytes exceed the member's quota. Takes no lock.

    ``role`` comes from :func:`filer`. Makes no query otherwise.
    """
    _check_quota(_use(role) or StorageUse(member_id=role.member_id), size)


def add(member_id: int, *, size: int) -> None:
    """Add ``size`` bytes to the counter. Its row stays locked until the transaction ends.

    Raises :class:`Refusal` if the member's quota is exceeded.
    """
    used = StorageUse.objects.filter(member=member_id, used_bytes__lte=_allowed() - size)
    if used.update(used_bytes=F("used_bytes") + size):
        return
    # The member's first file, or a full storage.
    use = _lock(member_id)
    _check_quota(use, size)
    use.used_bytes += size
    use.save(update_fields=["used_bytes"])


def subtract(member_id: int, *, size: int) -> None:
    """Subtract ``size`` bytes from the counter. Its row stays locked until the transaction ends."""
    use = _lock(member_id)
    use.used_bytes = max(use.used_bytes - size, 0)
    use.save(update_fields=["used_bytes"])


def with_use(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate ``memberships`` with ``used_bytes`` and ``quota_mb`` of their members.

    For :func:`check` and :func:`near_the_limit`.
    """
    uses = StorageUse.objects.filter(member=OuterRef("member"))
    return memberships.annotate(
        used_bytes=Subquery(uses.values("used_bytes")), quota_mb=Subquery(uses.values("quota_mb"))
    )


def near_the_limit(memberships: Iterable[Membership]) -> list[Storage]:
    """Return the storage of members that use at least :data:`NEAR` of their quota. Makes no query.

    ``memberships`` come from :func:`with_use`. Members without a counter are left out.
    """
    found: dict[int, Storage] = {}
    for role in memberships:
        if use := _use(role):
            found[role.member_id] = Storage(role.member, use.used_bytes, allowed(use))
    return [storage for storage in found.values() if storage.used >= NEAR * storage.allowed]


def allowed(use: StorageUse) -> int:
    """Return the member's quota in bytes."""
    megabytes: int = settings.EVIDENCE_QUOTA_MB if use.quota_mb is None else use.quota_mb
    return megabytes * 1024**2


def _allowed() -> Combinable:
    """Return :func:`allowed` as an expression of a query."""
    megabytes = Coalesce(F("quota_mb"), Value(settings.EVIDENCE_QUOTA_MB))
    return Cast(megabytes, BigIntegerField()) * 1024**2


def recount() -> int:
    """Correct counters that differ from the files in the database; return how many were corrected."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        differing = [row[0] for row in cursor.fetchall()]
    return sum(_correct(member_id) for member_id in differing)


@transaction.atomic
def _correct(member_id: int) -> bool:
    """Recompute one counter under the lock, since files may have been added since the comparison."""
    use = _lock(member_id)
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [member_id])
        stored = cursor.fetchone()[0]
    if stored == use.used_bytes:
        return False
    log.warning("storage_use_corrected", member=member_id, counted=use.used_bytes, stored=stored)
    use.used_bytes = stored
    use.save(update_fields=["used_bytes"])
    return True


def _use(role: Membership) -> StorageUse | None:
    """Return the counter of the member of ``role``, from :func:`with_use`; ``None`` if it has none."""
    used, quota_mb = (getattr(role, name) for name in ("used_bytes", "quota_mb"))
    if used is None:
        return None
    return StorageUse(member_id=role.member_id, used_bytes=used, quota_mb=quota_mb)


def _lock(member_id: int) -> StorageUse:
    StorageUse.objects.get_or_create(member_id=member_id)
    return StorageUse.objects.select_for_update(no_key=True).get(member_id=member_id)


def _check_quota(use: StorageUse, size: int) -> None:
    if use.used_bytes + size <= allowed(use):
        return
    raise Refusal(
        _(
            "The evidence storage of %(member)s is full: %(used)s of %(allowed)s used. Remove files from drafts, "
            "or ask the alliance for more storage."
        )
        % {
            "member": use.member.name,
            "used": filesizeformat(use.used_bytes),
            "allowed": filesizeformat(allowed(use)),
        }
    )


_FILES = """
SELECT cases_case.member_id, evidence.size
  FROM cases_evidence AS evidence JOIN cases_case ON cases_case.id = evidence.case_id
 UNION ALL
SELECT purchase.member_id, file.size
  FROM cases_testpurchasefile AS file JOIN cases_testpurchase AS purchase ON purchase.id = file.purchase_id
"""
_STORED = f"""
SELECT coalesce(sum(size), 0)::bigint FROM ({_FILES}) AS files WHERE member_id = %s
"""  # noqa: S608 - no parameter is inserted
_DIFFERING = f"""
WITH stored AS (SELECT member_id, sum(size) AS bytes FROM ({_FILES}) AS files GROUP BY member_id)
SELECT coalesce(used.member_id, stored.member_id)
  FROM cases_storageuse AS used FULL JOIN stored USING (member_id)
 WHERE coalesce(used.used_bytes, 0) <> coalesce(stored.bytes, 0)
"""  # noqa: S608 - no parameter is inserted
