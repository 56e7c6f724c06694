"""Identity providers of members."""

from __future__ import annotations

from typing import Any

from members.models import LoginDomain, Member, SingleSignOn
from tests.factories.directory import member
from tests.factories.numbers import number


def single_sign_on(
    of: Member | None = None, *, domains: tuple[str, ...] | None = None, **facts: Any
) -> SingleSignOn:
    """Return an active OpenID Connect provider of the member, with one domain."""
    secret = facts.pop("secret", "")
    values: dict[str, Any] = {"is_active": True}
    if facts.get("kind") != SingleSignOn.Kind.SAML:
        values |= {"issuer": "https://login.brand.example", "client_id": "portal"}
    row = SingleSignOn(member=of or member(), **values | facts)
    row.secret = secret
    row.save()
    for name in domains if domains is not None else (f"brand-{number()}.example",):
        LoginDomain.objects.create(single_sign_on=row, name=name)
    return row
