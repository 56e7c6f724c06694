"""The handler of requests: Django's own, with requests that can be made from any headers."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class PortalRequest(WSGIRequest):
    """A request whose fields are UTF-8, whatever its ``Content-Type`` says.

    Django reads the query while it makes the request, in the charset that the header names: what fails there is
    outside its middleware, where nothing answers it. ``alliance.middleware.utf_8_only`` refuses other charsets.
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
