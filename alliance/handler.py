"""A WSGI handler that accepts any ``Content-Type`` header."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class PortalRequest(WSGIRequest):
    """A request that is always decoded as UTF-8, regardless of the charset in its ``Content-Type``.

    Django decodes the query string with that charset when it creates the request. An unknown charset fails there,
    before any middleware can return an error response. ``alliance.middleware.utf_8_only`` rejects other charsets.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            parsed = "", {"charset": "unreadable"}
        self.content_type, self.content_params = parsed


class PortalHandler(WSGIHandler):
    """Django's handler, with :class:`PortalRequest`."""

    request_class = PortalRequest
