"""Preserve form input when a session expires.

A form opts in with the hidden field ``form_owner``, whose value is :func:`owner_token`. If such a form is posted
after the session has expired, the middleware saves its fields in the new, anonymous session. Files and passwords
are not saved. After logging in again, the same person finds the values in the form.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.utils.crypto import constant_time_compare, salted_hmac

FIELD = "form_owner"
_SALT = "alliance.lib.form_recovery"
_KEY = "unsaved_form"
_MAX_BYTES = 128 * 1024
_MAX_AGE = 24 * 3600
# Saves per person per hour. Each one writes a session row of up to _MAX_BYTES.
_LIMIT_PER_HOUR = 20


def owner_token(user: AbstractBaseUser, request: HttpRequest) -> str:
    """Return a signed token that binds the form to ``user`` and to this browser."""
    get_token(request)  # sets the CSRF cookie, which outlives the session
    return signing.dumps([user.pk, _browser(request)], salt=_SALT)


def save(request: HttpRequest) -> None:
    """Save the posted fields of an anonymous ``request`` in its session, if it carries a valid token.

    The token must have been issued to the same browser. Nothing is saved above 128 kB or after 20 saves per person
    within an hour.
    """
    owner = _owner(request)
    if owner is None:
        return
    fields = sent_fields(request)
    texts = [text for name, values in fields.items() for text in (name, *values)]
    if sum(len(text.encode(errors="replace")) for text in texts) > _MAX_BYTES:
        return
    if _exceeds_limit(owner):
        return
    request.session[_KEY] = {"owner": owner, "path": request.path, "fields": fields}


def sent_fields(request: HttpRequest) -> dict[str, list[str]]:
    """Return the values of the posted fields by name, without passwords and what the portal adds."""
    return {
        name: values
        for name, values in request.POST.lists()
        if name not in (FIELD, "csrfmiddlewaretoken") and "password" not in name
    }


def _owner(request: HttpRequest) -> int | None:
    """Return the primary key of the form's owner, if the token was issued to this browser."""
    try:
        owner, browser = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_MAX_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return int(owner) if constant_time_compare(browser, _browser(request)) else None


def _browser(request: HttpRequest) -> str:
    """Return an identifier of the browser: a digest of its CSRF cookie."""
    return salted_hmac(_SALT, request.META.get("CSRF_COOKIE", "")).hexdigest()[:32]


def _exceeds_limit(owner: int) -> bool:
    key = f"unsaved_form:{owner}"
    cache.add(key, 0, timeout=3600)
    try:
        return int(cache.incr(key)) > _LIMIT_PER_HOUR
    except ValueError:  # the cache is unreachable or has just evicted the counter
        return False


def restore(request: HttpRequest) -> QueryDict | None:
    """Return the fields saved for the logged-in person at this path, and delete them from the session."""
    saved: dict[str, Any] | None = request.session.get(_KEY)
    if not saved or not request.user.is_authenticated or saved["path"] != request.path:
        return None
    del request.session[_KEY]
    if saved["owner"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in saved["fields"].items():
        data.setlist(name, values)
    return data
