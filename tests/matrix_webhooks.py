"""The rows of the access matrix for a member's webhooks: nobody but its owners sees them."""

from __future__ import annotations

from typing import Any

from cases.liaison.models import ChannelTest
from tests import factories
from tests.access import LOGIN, Status, form, read, same
from tests.personas import Personas

URL = "https://hooks.example/in"


def _member(cast: Personas) -> tuple[str]:
    return (cast.member.slug,)


def webhook(cast: Personas) -> tuple[Any, ...]:
    """A webhook of the member."""
    channel, _secret = factories.member_webhook(URL, cast.member, by=cast.owner)
    return cast.member.slug, channel.pk


def webhook_test(cast: Personas) -> tuple[Any, ...]:
    """A test of a webhook of the member."""
    slug, pk = webhook(cast)
    return slug, pk, ChannelTest.objects.create(channel_id=pk).pk


def _operators(cast: Personas) -> tuple[Any, ...]:
    return (webhook(cast)[1],)


def _agencys(cast: Personas) -> tuple[Any, ...]:
    channel, _secret = factories.webhook(URL, cast.agency)
    return cast.member.slug, channel.pk


def _owner(expected: Status) -> tuple[Status, ...]:
    return (LOGIN, 404, 404, 404, expected, 404, 404, 404, 404, 404)


def _list(expected: Status) -> tuple[Status, ...]:
    """As of the other pages about a member that are for its owners: colleagues are refused."""
    return (LOGIN, 404, 403, 403, expected, 404, 404, 404, 404, 404)


_POST_ONLY = same(LOGIN, 405)

# fmt: off
ROWS = [
    *form("webhooks:list", _list(200), _list(422), _member),
    *read("webhooks:detail", *_owner(200), make=webhook),
    *read("webhooks:detail", *_owner(404), make=_agencys, variant="of an agency"),
    *form("webhooks:change", _POST_ONLY, _owner(422), webhook),
    *form("webhooks:switch", _POST_ONLY, _owner(302), webhook),
    *form("webhooks:rotate", _POST_ONLY, _owner(302), webhook),
    *form("webhooks:delete", _POST_ONLY, _owner(302), webhook),
    *form("webhooks:test", _POST_ONLY, _owner(302), webhook),
    *read("webhooks:test_result", *_owner(200), make=webhook_test),
    *form("webhooks:resend", _POST_ONLY, _owner(404), webhook),
    *form("webhooks:resend_dead", _POST_ONLY, _owner(302), webhook),
    *form("webhooks:replay", _owner(200), _owner(422), webhook),
    *form("webhooks:stop_resend", _POST_ONLY, _owner(409), webhook),
    # The pages of operators have the channels of agencies only.
    *read("triage:channel", LOGIN, 403, 403, 403, 403, 404, 404, 403, 403, 404, make=_operators, variant="of a member"),
    *form("triage:channel_test", (LOGIN, 403, 403, 403, 403, 404, 404, 403, 403, 404), (LOGIN, 403, 403, 403, 403, 404, 404, 403, 403, 404), _operators, variant="of a member"),
]
# fmt: on
