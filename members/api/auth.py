"""Authentication of the API: an access token, its scope, its limit, and the size and type of the body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pghistory
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security.http import HttpAuthBase

from alliance.lib.api import limits
from alliance.lib.api.problems import Problem
from alliance.lib.uploads import MAY_UPLOAD
from members.models import AccessToken, Member, User
from members.services import access_tokens

MAX_BODY_BYTES = 256 * 1024
_JSON = ("application/json",)
MULTIPART = ("multipart/form-data",)
_WITH_BODY = ("POST", "PATCH", "PUT")


class BearerToken(HttpAuthBase):
    """``Authorization: Bearer ap_…``: an access token with the scope. Sessions of browsers do not count."""

    openapi_scheme = "bearer"
    openapi_bearerFormat = "ap_…"  # noqa: N815  (a key of OpenAPI)
    openapi_description = (
        "An access token. People create tokens in the portal, in their account under Access tokens."
    )

    def __init__(
        self, scope: str, *, accepts: tuple[str, ...] = _JSON, max_bytes: int = MAX_BODY_BYTES
    ) -> None:
        super().__init__()
        self.scope, self.accepts, self.max_bytes = scope, accepts, max_bytes

    @classmethod
    def with_files(cls, scope: str, *, max_bytes: int) -> BearerToken:
        """Return the authentication of an operation with a form, whose files have up to ``max_bytes`` together."""
        return cls(scope, accepts=MULTIPART, max_bytes=max_bytes + MAX_BODY_BYTES)

    def __call__(self, request: HttpRequest) -> AccessToken | None:
        """Return the token, or ``None`` for 401. Raises :class:`Problem` with 403, 413, 415 or 429."""
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        token = access_tokens.find(secret.strip()) if kind.lower() == "bearer" else None
        if token is None:
            return None
        allowance = limits.take(str(token.pk), limit=settings.API_REQUESTS_PER_MINUTE)
        request.allowance = allowance  # type: ignore[attr-defined]  # for the headers of the answer
        if allowance.is_exceeded:
            raise Problem(429, headers={"Retry-After": str(allowance.reset)})
        check_scope(token, self.scope)
        _check_names(request, "query", request.GET, _("There is no such parameter."))
        self._check_body(request)
        # For the upload handler, which reads the files.
        setattr(request, MAY_UPLOAD, True)
        if self.accepts == MULTIPART:
            _check_names(
                request, "form", [*request.POST, *request.FILES], _("There is no such field.")
            )
        return token

    def _check_body(self, request: HttpRequest) -> None:
        if request.method not in _WITH_BODY:
            return
        if request.content_type not in self.accepts:
            text = _("Send the header Content-Type with one of these values: %(types)s.")
            raise Problem(415, text % {"types": ", ".join(self.accepts)})
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.max_bytes:
            text = _("The request is larger than %(limit)d bytes.")
            raise Problem(413, text % {"limit": self.max_bytes})


def check_scope(token: AccessToken, scope: str) -> None:
    """Raise :class:`Problem` with 403 unless the token has ``scope``, and for writing a role that may file."""
    if scope not in token.scopes:
        text = _("The token does not have the scope %(scope)s.")
        raise Problem(403, text % {"scope": scope})
    if scope.endswith(":write"):
        check_filer(token)


def check_filer(token: AccessToken) -> None:
    """Raise :class:`Problem` with 403 unless the person's role at the member may file."""
    if not token.membership.may_file:
        raise Problem(403, _("Your role at the member only reads."))


def _check_names(request: HttpRequest, place: str, sent: Iterable[str], text: str) -> None:
    """Refuse unknown names: a mistyped filter would give everything, and a mistyped field would be left out."""
    known: dict[str, set[str]] | None = getattr(request, "known_names", None)
    unknown = sorted(set(sent) - known[place]) if known is not None else []
    if unknown:
        raise Problem(422, errors=[(name[:100], text) for name in unknown])


def token_of(request: HttpRequest) -> AccessToken:
    """Return the token of the request, with its role, person and member."""
    token: AccessToken = request.auth  # type: ignore[attr-defined]  # set by BearerToken
    return token


def caller(request: HttpRequest) -> tuple[Member, User]:
    """Return the member and the person in whose name the request is made."""
    role = token_of(request).membership
    return role.member, role.user


@contextmanager
def recorded(request: HttpRequest) -> Iterator[None]:
    """Record the person and the token with every change in the block, in the history of the rows."""
    token = token_of(request)
    with pghistory.context(user=token.membership.user_id, token=token.pk):
        yield
