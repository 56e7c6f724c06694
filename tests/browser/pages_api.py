"""Browser visits of the pages for access tokens, and of the documents of the APIs."""

from __future__ import annotations

from django.urls import reverse

from tests.browser.visits import Visit, address
from tests.factories.api import access_token
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Return the pages, with tokens of two people."""
    access_token(cast.member, cast.filer, name="Lagerverwaltung und Produktkatalog " * 2)
    access_token(cast.member, cast.owner, "rights:read", name="库存系统")
    page = ("tokens:list", cast.member.slug)
    return [
        Visit("owner", address(page)),
        Visit("viewer", address(page)),
        Visit("officer", reverse("tokens:home")),
        Visit("anonymous", reverse("api_docs")),
        Visit("anonymous", reverse("liaison_api_docs")),
    ]
