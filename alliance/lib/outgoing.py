"""A session of the requests library for user-supplied URLs, with the protections of :mod:`alliance.lib.http`.

Libraries that make their own requests take it. Redirects are errors, private addresses are refused, one exchange has
a limit, and a response that is larger than :data:`alliance.lib.http.MAX_BODY_BYTES` is an error.
"""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from alliance.lib import http


class GuardedAdapter(BaseAdapter):
    """Sends requests over connections of :mod:`alliance.lib.http`."""

    def __init__(self, *, private: bool, seconds: float) -> None:
        super().__init__()
        self.private, self.seconds = private, seconds

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the response. Raises :class:`requests.RequestException` with an error code that has no secret."""
        sent: Any = request.body
        body = sent.encode() if isinstance(sent, str) else sent
        # The library sets these two itself.
        headers = {
            name: str(value)
            for name, value in request.headers.items()
            if name.lower() not in ("accept-encoding", "content-length")
        }
        try:
            with http.Endpoint(
                request.url or "", private=self.private, seconds=self.seconds
            ) as endpoint:
                answer = endpoint.request(request.method or "GET", body, headers)
        except http.Failed as failed:
            raise requests.ConnectionError(failed.kind) from None
        if 300 <= answer.status < 400:
            raise requests.TooManyRedirects("redirected")
        if len(answer.body) >= http.MAX_BODY_BYTES:
            raise requests.ConnectionError("answer_too_large")
        return _response(request, answer)

    def close(self) -> None:
        """Connections are closed after each request."""


def session(*, private: bool, seconds: float) -> requests.Session:
    """Return a session that ignores proxies and credentials of the environment.

    ``private`` permits private addresses and plain HTTP, for tests. ``seconds`` limits each request.
    """
    made = requests.Session()
    made.trust_env = False
    made.adapters.clear()
    made.mount("", GuardedAdapter(private=private, seconds=seconds))
    return made


def _response(request: requests.PreparedRequest, answer: http.Answer) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = answer.status, answer.reason
    response.headers = CaseInsensitiveDict(answer.headers)
    response.encoding = "utf-8"
    response._content = answer.body
    response.url, response.request = request.url or "", request
    return response
