"""The agencies' accounts at the streams' Redis: each reads its own streams and can do nothing else.

PostgreSQL knows the accounts, by the hash of each password; Redis only has a copy. It is set when something
changes, and :func:`sweep`, which every worker does now and then, sets it again where it is missing: a
Redis that lost its data or was restarted has forgotten its users.
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
# What the consumers in docs/liaison-api.md need, and ways to look at one's own groups. Nothing writes an
# entry, trims or deletes one, and no key but the agency's own streams is ever touched. SELECT reaches no
# further: the names of keys are checked in every database.
COMMANDS = (
    "-@all",
    *("+auth", "+hello", "+ping", "+select", "+client|setname"),
    *("+xread", "+xrange", "+xrevrange", "+xlen"),
    *("+xreadgroup", "+xack", "+xpending", "+xclaim", "+xautoclaim"),
    *("+xgroup|create", "+xgroup|createconsumer", "+xgroup|setid"),
    *("+xinfo|stream", "+xinfo|groups", "+xinfo|consumers"),
)
_SPECIAL = re.compile(r"[\\*?\[]")
_APPLIED_AT_MOST = 3


class Problem(Exception):
    """Redis did not take an account. ``str()`` is a translated sentence for an admin."""


@dataclass(frozen=True)
class Account:
    """One agency's account, as it should be."""

    name: str
    password_hash: str
    keys: tuple[str, ...]

    def rules(self) -> list[str]:
        """Return the arguments of ``ACL SETUSER`` that make the account exactly this."""
        keys = [pattern(key) for key in self.keys]
        return ["reset", "on", f"#{self.password_hash}", *keys, "resetchannels", *COMMANDS]

    def is_met_by(self, listed: str) -> bool:
        """Say whether a line of ``ACL LIST`` has this password, these keys, and is in use."""
        words = listed.split(" ")
        wanted = {"on", f"#{self.password_hash}", *(pattern(key) for key in self.keys)}
        given = {word for word in words if word == "on" or word[:1] in ("#", "~", "%", "&")}
        return given == wanted


def pattern(key: str) -> str:
    """Return the rule that lets an account touch the key of exactly this name."""
    return "~" + _SPECIAL.sub(lambda found: "\\" + found[0], key)


def is_possible(key: str) -> bool:
    """Say whether a rule can name ``key``: Redis takes none with white space or null bytes."""
    return not re.search(r"[\s\0]", key)


def name(agency: Agency) -> str:
    """Return the name of the agency's account."""
    return f"{PREFIX}{agency.slug}"


def accounts(which: Q | None = None) -> dict[str, Account]:
    """Return the accounts that there should be, by name; ``which`` narrows the agencies.

    Those of active agencies that have a password and a stream, whether in use or not: what has been sent
    may still be read.
    """
    streams = Channel.objects.filter(
        kind=Channel.Kind.STREAM, agency__is_active=True, agency__stream_password_hash__gt=""
    )
    if which is not None:
        streams = streams.filter(which)
    found: dict[str, Account] = {}
    for channel in streams.select_related("agency").order_by("agency", "pk"):
        key, who = channel.stream_key or "", name(channel.agency)
        keys = found[who].keys if who in found else ()
        if is_possible(key):
            found[who] = Account(who, channel.agency.stream_password_hash, (*keys, key))
    return found


def apply(agency_id: int, *, end_connections: bool = False) -> None:
    """Bring the account of one agency to Redis, or take it away. Outside any transaction.

    ``end_connections`` closes those that were opened with a former password. Raises :class:`Problem`.
    """
    agency = Agency.objects.get(pk=agency_id)
    who, its = name(agency), Q(agency=agency_id)
    server = connections.liaison()
    try:
        wanted = _mend(server, [who], accounts(its), its)
        # Taking an account away ends its connections by itself.
        if end_connections and who in wanted:
            server.execute_command("CLIENT", "KILL", "USER", who)
    except redis.RedisError as error:
        log.warning("stream_account_not_set", agency=agency_id, error=type(error).__name__)
        raise Problem(_sentence(error)) from error


def apply_quietly(agency_id: int, *, end_connections: bool = False) -> None:
    """Like :func:`apply`; what Redis does not take now, :func:`check` brings to it later."""
    try:
        apply(agency_id, end_connections=end_connections)
    except Problem:
        pass


def problem(agency_id: int) -> str:
    """Return why Redis does not have the agency's account as it should be, in a sentence; ``""`` if it has."""
    agency = Agency.objects.get(pk=agency_id)
    wanted = accounts(Q(agency=agency_id)).get(name(agency))
    try:
        listed = _listed(connections.liaison()).get(name(agency))
    except redis.RedisError as error:
        return _sentence(error)
    if wanted is None and listed is None:
        return ""
    if wanted and listed and wanted.is_met_by(listed):
        return ""
    return _("The streams' Redis does not have the account yet. It is set again within a minute.")


def check(*, every_rule: bool = False) -> list[str]:
    """Compare Redis' accounts with what should be, and mend what differs; return whose were mended.

    Their passwords and keys are compared; Redis lists commands in its own words, so these are set anew with
    ``every_rule``. Raises nothing: a Redis that does not answer soon, or does not permit it, is logged.
    """
    wanted = accounts()
    try:
        with timeouts.server() as server:
            mended = _mend_all(server, wanted, every_rule=every_rule)
    except redis.RedisError as error:
        if wanted:
            log.warning("stream_accounts_not_checked", error=type(error).__name__)
        return []
    if mended:
        log.info("stream_accounts_set", count=len(mended))
    if every_rule:
        _Done.every_rule = True
    return mended


def sweep() -> None:
    """Check the accounts, unless Redis was silent a moment ago.

    The first time every rule is set anew: after an upgrade the accounts' commands may be others than those
    that Redis has.
    """
    if not timeouts.is_pausing():
        check(every_rule=not _Done.every_rule)


class _Done:
    """What the sweeper of this process has done already."""

    every_rule = False


def _mend_all(server: redis.Redis, wanted: dict[str, Account], *, every_rule: bool) -> list[str]:
    listed = _listed(server)
    missing = [
        who
        for who, account in wanted.items()
        if every_rule or who not in listed or not account.is_met_by(listed[who])
    ]
    surplus = [who for who in listed if who.startswith(PREFIX) and who not in wanted]
    _mend(server, missing + surplus, wanted)
    return sorted(missing + surplus)


def _mend(
    server: redis.Redis, names: list[str], wanted: dict[str, Account], which: Q | None = None
) -> dict[str, Account]:
    """Make the accounts of these ``names`` what is ``wanted``, and what PostgreSQL says when that is done.

    Somebody may have renewed or withdrawn one meanwhile: its former password must not be what stays, and
    whoever came in by it is sent off. ``which`` as in :func:`accounts`. Returns what was wanted at last.
    """
    for turn in range(_APPLIED_AT_MOST):
        for who in names:
            _set(server, who, wanted.get(who))
            if turn and who in wanted:
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
    """Return the lines of ``ACL LIST`` by the user they are about."""
    return {str(line).split(" ")[1]: str(line) for line in server.acl_list()}


def _sentence(error: redis.RedisError) -> str:
    if isinstance(error, redis.ConnectionError | redis.TimeoutError):
        return _("The streams' Redis does not answer just now. The account is set when it is back.")
    return _(
        "The streams' Redis does not let the portal manage accounts. Its own account there needs the commands ACL and CLIENT."
    )
