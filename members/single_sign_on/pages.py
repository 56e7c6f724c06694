"""The page of a login by single sign-on that did not succeed."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from members.models import SingleSignOn

log = structlog.get_logger(__name__)


def failed(
    request: HttpRequest, reason: str, *, kind: str, status: int = 403, detail: str = ""
) -> HttpResponse:
    """Return the page that says why the login failed. ``kind`` and ``detail`` are for the log and have no secret."""
    log.warning("single_sign_on_failed", kind=kind, detail=detail)
    return render(request, "account/single_sign_on_failed.html", {"reason": reason}, status=status)


def required(request: HttpRequest, provider: SingleSignOn) -> HttpResponse:
    """Return the page for a person who must log in by ``provider`` and has used another way."""
    return failed(request, must_use(provider), kind="required")


def must_use(provider: SingleSignOn) -> str:
    """Return the sentence that tells people to log in by ``provider``."""
    return _("Your organisation, %(member)s, requires single sign-on.") % {
        "member": provider.member.shown_name
    }


def only_its_domains(provider: SingleSignOn) -> str:
    """Return the sentence for a person of ``provider`` who wants to use an address of another domain."""
    return _(
        "Your organisation, %(member)s, requires single sign-on. Only addresses of its email domains can be used."
    ) % {"member": provider.member.shown_name}


def unreachable() -> str:
    """Return the sentence for a provider that cannot be reached or answers with an error."""
    return _("The identity provider cannot be reached at the moment. Try again in a few minutes.")


def unverified() -> str:
    """Return the sentence for a response that cannot be trusted."""
    return _("The response of the identity provider could not be verified. Start again.")


def expired() -> str:
    """Return the sentence for a response to no login of this browser."""
    return _("This login has expired, or was not started in this browser. Start again.")
