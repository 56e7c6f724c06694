"""The API for members: one document of all nouns, of members and of cases."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alliance.lib.api import document
from alliance.lib.api.portal_api import PortalAPI
from cases.api import cases, evidence, imports, sellers
from cases.liaison.delivery.pull import api as pull
from members.api import brands, products, rights

DESCRIPTION = """A member's own cases, brands, rights, products and authorised sellers, read and written by its programs.

Every request has an access token in the header `Authorization: Bearer …`. People create tokens in the portal, in
their account under Access tokens. A token acts in the name of the person at one member, with the scopes that the person
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
api.add_router("", products.router)
api.add_router("", sellers.router)
api.add_router("", cases.router)
api.add_router("", evidence.router)
api.add_router("", imports.router)
urls = api.urls


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document of the API for members as a page."""
    return _page(request, api)


@login_not_required
@require_safe
def liaison_docs(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document of the pull API for agencies as a page."""
    return _page(request, pull.api)


def _page(request: HttpRequest, shown: PortalAPI) -> HttpResponse:
    found = shown.get_openapi_schema()
    context = {
        "document": found,
        "introduction": document.paragraphs(found["info"]["description"]),
        "operations": document.operations(found),
        "schemas": document.schemas(found),
        "json_url": reverse(f"{shown.urls_namespace}:openapi-json"),
    }
    return render(request, "api/document.html", context)
