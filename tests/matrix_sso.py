"""Rows of the access matrix: single sign-on. Its pages are for people who are not logged in."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.access import form, read, same
from tests.personas import Personas


def _provider(kind: str, *more: str) -> Any:
    def make(cast: Personas) -> tuple[str, ...]:
        metadata = "<md/>" if kind == "saml" else ""
        row = factories.single_sign_on(cast.member, kind=kind, metadata=metadata)
        return (row.key, *more)

    return make


# fmt: off
ROWS = [
    *form("single_sign_on", same(200, 302), same(422, 302)),
    # Without the form, no login begins.
    *read("single_sign_on_leave", *same(302, 302)),
    *read("single_sign_on_start", *same(302, 302)),
    *read("openid_connect_callback", *same(403, 403), make=_provider("oidc")),
    *read("openid_connect_callback", *same(404, 404), make=_provider("saml"), variant="SAML"),
    *read("saml_metadata", *same(200, 200), make=_provider("saml")),
    *form("saml_acs", same(405, 405), same(403, 403), _provider("saml")),
    *read("saml_acs_finish", *same(403, 403), make=_provider("saml", "guess")),
]
# fmt: on
