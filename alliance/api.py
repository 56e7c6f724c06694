"""The API for members: one document of all nouns, of members and of cases."""

from __future__ import annotations

from alliance.lib.api.portal_api import PortalAPI
from members.api import brands, rights

DESCRIPTION = """A member's own data, read and written by its programs. Guide: docs/members-api.md.

Every request has an access token, which acts in the name of a person at one member, with the scopes that the person
chose. Errors are `application/problem+json` (RFC 9457). Lists have pages: follow `next` until it is null.
"""

api = PortalAPI(
    title="Alliance Portal: API for members",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
)
api.add_router("", brands.router)
api.add_router("", rights.router)
urls = api.urls
