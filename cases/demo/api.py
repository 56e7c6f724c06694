"""One access token of the filer. Its secret is not kept, so it opens nothing."""

from __future__ import annotations

from datetime import timedelta

from alliance.lib import clock
from cases.demo import logins
from cases.demo.world import World
from members.models import AccessToken, Scope
from members.services import access_tokens


def create_token(world: World) -> None:
    """Create the token three weeks ago; it was used yesterday."""
    now = clock.now()
    with clock.at(now - timedelta(days=21)):
        token, _secret = access_tokens.create(
            member=world.people["filer"].memberships.get(member__slug=logins.MEMBER).member,
            by=world.people["filer"],
            name="Product catalogue",
            scopes=[Scope.RIGHTS_READ, Scope.PRODUCTS_READ, Scope.PRODUCTS_WRITE],
        )
    used = (now - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    AccessToken.objects.filter(pk=token.pk).update(last_used_at=used)
