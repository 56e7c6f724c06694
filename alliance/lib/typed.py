"""What was typed survives a session that ran out.

A form that wants it renders :func:`owner_token` as the hidden field ``typed_by``. When such a form
arrives after the session ended, the middleware puts its fields (never files, never passwords) into the
new, anonymous session; after logging in again, the same person finds them in the form.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.utils.crypto import constant_time_compare, salted_hmac

FIELD = "typed_by"
_SALT = "alliance.lib.typed"
_KEY = "typed"
_MAX_BYTES = 128 * 1024
_MAX_AGE = 24 * 3600
# How often in an hour fields are kept for one person: each time they are a row of the size above.
_AN_HOUR = 20


def owner_token(user: AbstractBaseUser, request: HttpRequest) -> str:
    """Return a signed note of whose form this is and in which browser, so that it is of use nowhere else."""
    get_token(request)  # sets the CSRF cookie, which outlives the session
    return signing.dumps([user.pk, _browser(request)], salt=_SALT)


def keep(request: HttpRequest) -> None:
    """Keep the posted fields of an anonymous ``request`` in its session, if they say whose they are.

    They are kept if they come from the browser that the form was made for, are no longer than 128 kB, and not
    more often than twenty times an hour for each person.
    """
    owner = _owner(request)
    if owner is None:
        return
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name not in (FIELD, "csrfmiddlewaretoken") and "password" not in name
    }
    texts = [text for name, values in fields.items() for text in (name, *values)]
    if sum(len(text.encode(errors="replace")) for text in texts) > _MAX_BYTES:
        return
    if _is_too_often(owner):
        return
    request.session[_KEY] = {"owner": owner, "path": request.path, "fields": fields}


def _owner(request: HttpRequest) -> int | None:
    """Return the key of the person whose form this is, if it was made for this browser."""
    try:
        owner, browser = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_MAX_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return int(owner) if constant_time_compare(browser, _browser(request)) else None


def _browser(request: HttpRequest) -> str:
    """Return what stands for the browser: a digest of its CSRF cookie."""
    return salted_hmac(_SALT, request.META.get("CSRF_COOKIE", "")).hexdigest()[:32]


def _is_too_often(owner: int) -> bool:
    key = f"typed:{owner}"
    cache.add(key, 0, timeout=3600)
    try:
        return int(cache.incr(key)) > _AN_HOUR
    except ValueError:  # the cache is away, or forgot the number just now
        return False


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
