"""What was typed survives a session that ran out.

A form that wants it renders :func:`owner_token` as the hidden field ``typed_by``. When such a form
arrives after the session ended, the middleware puts its fields (never files, never passwords) into the
new, anonymous session; after logging in again, the same person finds them in the form.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from members.models import User

FIELD = "typed_by"
_SALT = "alliance.typed"
_KEY = "typed"
_MAX_BYTES = 256 * 1024
_MAX_AGE = 24 * 3600


def owner_token(user: User) -> str:
    """Return a signed note of whose form this is, so that nobody else is shown its contents."""
    return signing.dumps(user.pk, salt=_SALT)


def keep(request: HttpRequest) -> None:
    """Keep the posted fields of an anonymous ``request`` in its session, if they say whose they are."""
    token = request.POST.get(FIELD)
    if not token:
        return
    try:
        owner = signing.loads(token, salt=_SALT, max_age=_MAX_AGE)
    except signing.BadSignature:
        return
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name not in (FIELD, "csrfmiddlewaretoken") and "password" not in name
    }
    if sum(len(value) for values in fields.values() for value in values) > _MAX_BYTES:
        return
    request.session[_KEY] = {"owner": owner, "path": request.path, "fields": fields}


def take(request: HttpRequest) -> QueryDict | None:
    """Return what the logged-in person typed at this path before their session ended, once."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if not kept or not request.user.is_authenticated or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    if kept["owner"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        data.setlist(name, values)
    return data
