"""The agencies' accounts in the streams' Redis: each may read its own streams and nothing else.

PostgreSQL holds the accounts, with the hash of each password; Redis has a copy. An account is written to
Redis when it changes, and :func:`sweep`, which workers run regularly, restores it where it is missing: a
Redis that lost its data or restarted has no users.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import redis
import structlog
from django.db.models import Q
from django.utils.translation import gettext as _

from alliance.lib import redis as connections
from cases.liaison.delivery.stream import timeouts
from cases.liaison.models import Agency, Channel

log = structlog.get_logger(__name__)

PREFIX = "agency-"
# The commands that the consumers in docs/liaison-api.md need, and those that inspect groups. They do not add,
# trim or delete entries, and only the keys of the agency's own streams are allowed. SELECT is harmless,
# because key patterns apply in every database.
COMMANDS = (
    "-@all",
    *("+auth", "+hello", "+ping", "+select", "+client|setname"),
    *("+xread", "+xrange", "+xrevrange", "+xlen"),
    *("+xreadgroup", "+xack", "+xpending", "+xclaim", "+xautoclaim"),
    *("+xgroup|create", "+xgroup|createconsumer", "+xgroup|setid"),
    *("+xinfo|stream", "+xinfo|groups", "+xinfo|consumers"),
)
_SPECIAL = re.compile(r"[\\*?\[]")
_MAX_ROUNDS = 3


class Problem(Exception):
    """Redis did not accept an account. ``str()`` is a translated sentence for an admin."""


@dataclass(frozen=True)
class Account:
    """The account that an agency should have in Redis."""

    name: str
    password_hash: str
    keys: tuple[str, ...]

    def rules(self) -> list[str]:
        """Return the arguments of ``ACL SETUSER`` that create exactly this account."""
        keys = [pattern(key) for key in self.keys]
        return ["reset", "on", f"#{self.password_hash}", *keys, "resetchannels", *COMMANDS]

    def is_met_by(self, listed: str) -> bool:
        """Return whether a line of ``ACL LIST`` has this password and these keys, and is enabled."""
        words = listed.split(" ")
        wanted = {"on", f"#{self.password_hash}", *(pattern(key) for key in self.keys)}
        given = {word for word in words if word == "on" or word[:1] in ("#", "~", "%", "&")}
        return given == wanted


def pattern(key: str) -> str:
    """Return the ACL key pattern that matches exactly this key."""
    return "~" + _SPECIAL.sub(lambda found: "\\" + found[0], key)


def is_possible(key: str) -> bool:
    """Return whether an ACL rule can name ``key``: Redis allows no white space and no null bytes."""
    return not re.search(r"[\s\0]", key)


def name(agency: Agency) -> str:
    """Return the name of the agency's account."""
    return _named(agency.slug)


def _named(slug: str) -> str:
    return f"{PREFIX}{slug}"


def accounts(which: Q | None = None) -> dict[str, Account]:
    """Return the accounts that should exist, by name. ``which`` filters the channels.

    These are the accounts of active agencies with a password and a stream. The stream need not be in use,
    because what was sent may still be read.
    """
    streams = Channel.objects.filter(
        kind=Channel.Kind.STREAM, agency__is_active=True, agency__stream_password_hash__gt=""
    )
    if which is not None:
        streams = streams.filter(which)
    found: dict[str, Account] = {}
    rows = streams.order_by("agency", "pk").values_list(
        "stream_key", "agency__slug", "agency__stream_password_hash"
    )
    for stream_key, slug, password_hash in rows:
        key, who = stream_key or "", _named(slug)
        keys = found[who].keys if who in found else ()
        if is_possible(key):
            found[who] = Account(who, password_hash, (*keys, key))
    return found


def apply(agency_id: int, *, end_connections: bool = False) -> None:
    """Write the account of one agency to Redis, or delete it there. Call it outside any transaction.

    ``end_connections`` closes connections that were opened with a former password. Raises :class:`Problem`.
    """
    agency = Agency.objects.get(pk=agency_id)
    who, its = name(agency), Q(agency=agency_id)
    server = connections.liaison()
    try:
        wanted = _repair(server, [who], accounts(its), its)
        # Deleting an account closes its connections by itself.
        if end_connections and who in wanted:
            server.execute_command("CLIENT", "KILL", "USER", who)
    except redis.RedisError as error:
        log.warning("stream_account_not_set", agency=agency_id, error=type(error).__name__)
        raise Problem(_explanation(error)) from error


def apply_quietly(agency_id: int, *, end_connections: bool = False) -> None:
    """Like :func:`apply`, but never raises: :func:`check` repeats later what failed now."""
    try:
        apply(agency_id, end_connections=end_connections)
    except Problem:
        pass


def problem(agency_id: int) -> str:
    """Return why the agency's account in Redis is not correct, as a sentence; ``""`` if it is correct."""
    agency = Agency.objects.get(pk=agency_id)
    wanted = accounts(Q(agency=agency_id)).get(name(agency))
    try:
        listed = _listed(connections.liaison()).get(name(agency))
    except redis.RedisError as error:
        return _explanation(error)
    if wanted is None and listed is None:
        return ""
    if wanted and listed and wanted.is_met_by(listed):
        return ""
    return _(
        "The streams’ Redis does not have the account yet. It will be created within a minute."
    )


def check(*, every_rule: bool = False) -> list[str]:
    """Compare the accounts in Redis with those that should exist. Return the names of those it repaired.

    Passwords and keys are compared. Commands are not, because Redis lists them in its own form; with
    ``every_rule`` every account is written again. Never raises: if Redis does not answer in time, or does
    not permit it, that is logged.
    """
    wanted = accounts()
    try:
        with timeouts.server() as server:
            repaired = _repair_all(server, wanted, every_rule=every_rule)
    except redis.RedisError as error:
        if wanted:
            log.warning("stream_accounts_not_checked", error=type(error).__name__)
        return []
    if repaired:
        log.info("stream_accounts_set", count=len(repaired))
    if every_rule:
        _Done.every_rule = True
    return repaired


def sweep() -> None:
    """Check the accounts, unless Redis did not answer a moment ago.

    The first check of a process writes every account again, because an upgrade may have changed the commands.
    """
    if not timeouts.is_pausing():
        check(every_rule=not _Done.every_rule)


class _Done:
    """Whether the sweeper of this process has written every account."""

    every_rule = False


def _repair_all(server: redis.Redis, wanted: dict[str, Account], *, every_rule: bool) -> list[str]:
    listed = _listed(server)
    missing = [
        who
        for who, account in wanted.items()
        if every_rule or who not in listed or not account.is_met_by(listed[who])
    ]
    surplus = [who for who in listed if who.startswith(PREFIX) and who not in wanted]
    _repair(server, missing + surplus, wanted)
    return sorted(missing + surplus)


def _repair(
    server: redis.Redis, names: list[str], wanted: dict[str, Account], which: Q | None = None
) -> dict[str, Account]:
    """Write the accounts of these ``names`` as ``wanted``, and again if PostgreSQL has changed since.

    A password may be rotated or an account revoked in the meantime. The former password must not remain, and
    connections opened with it are closed. ``which`` as in :func:`accounts`. Returns the accounts as last read.
    """
    for round_number in range(_MAX_ROUNDS):
        for who in names:
            _set(server, who, wanted.get(who))
            if round_number and who in wanted:
                server.execute_command("CLIENT", "KILL", "USER", who)
        latest = accounts(which) if names else wanted
        names = [who for who in names if latest.get(who) != wanted.get(who)]
        wanted = latest
    return wanted


def _set(server: redis.Redis, who: str, account: Account | None) -> None:
    if account is None:
        server.execute_command("ACL", "DELUSER", who)
    else:
        server.execute_command("ACL", "SETUSER", who, *account.rules())


def _listed(server: redis.Redis) -> dict[str, str]:
    """Return the lines of ``ACL LIST``, by user."""
    return {str(line).split(" ")[1]: str(line) for line in server.acl_list()}


def _explanation(error: redis.RedisError) -> str:
    if isinstance(error, redis.ConnectionError | redis.TimeoutError):
        return _(
            "The streams’ Redis does not respond. The account will be set when it is available again."
        )
    return _(
        "The streams’ Redis does not let the portal manage accounts. The portal’s own account needs the commands ACL and CLIENT."
    )
