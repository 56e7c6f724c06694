"""Filters for the pages of a member's webhooks: what a failure means for the owner of the receiving system."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.liaison.models import ChannelTest

register = template.Library()

# By the name of the error in alliance.lib.http. The texts for operators are in the filters of channels.
ERRORS: dict[str, Promise] = {
    "address_malformed": gettext_lazy("The URL is not valid."),
    "not_https": gettext_lazy("The URL does not begin with https."),
    "name_not_found": gettext_lazy("The name of the server was not found in the DNS."),
    "name_timed_out": gettext_lazy("The DNS did not answer in time."),
    "address_refused": gettext_lazy(
        "The name resolves to a private or reserved IP address. A webhook needs a public one."
    ),
    "connect_timed_out": gettext_lazy("The connection timed out. A firewall may be blocking it."),
    "connect_failed": gettext_lazy("Your server refused the connection."),
    "too_slow": gettext_lazy(
        "The response took too long. Store the update, respond, and process it afterwards."
    ),
    "timed_out": gettext_lazy(
        "Your server did not respond within ten seconds. Respond as soon as the update is stored."
    ),
    "certificate_refused": gettext_lazy(
        "The certificate of your server is not valid, or its chain is incomplete."
    ),
    "tls_failed": gettext_lazy(
        "The TLS handshake failed. Your server must support TLS 1.2 or later."
    ),
    "connection_lost": gettext_lazy("The connection was closed before a response arrived."),
    "answer_malformed": gettext_lazy("The response is not HTTP."),
    "secret_unreadable": gettext_lazy("The secret can no longer be read. Rotate it."),
}
STATUSES: dict[int, Promise] = {
    401: gettext_lazy("Your server refused access. Check that it uses the current secret."),
    403: gettext_lazy("Your server refused access. Check that it uses the current secret."),
    404: gettext_lazy("Your server does not know this URL."),
    405: gettext_lazy("Your server does not accept POST requests at this URL."),
    410: gettext_lazy("Your server says that the URL no longer exists, which pauses the webhook."),
    413: gettext_lazy("The update is larger than your server accepts."),
    429: gettext_lazy("Your server asked for a pause."),
    502: gettext_lazy("Your gateway cannot reach the system behind it."),
    503: gettext_lazy("Your server is overloaded or temporarily unavailable."),
    504: gettext_lazy("Your gateway cannot reach the system behind it."),
}


@register.filter
def failure(reason: str) -> str:
    """Return what a failure means, as a sentence.

    ``reason`` is the name of an error, or ``HTTP`` and a status. Unknown names are returned as they are.
    """
    if reason in ERRORS:
        return str(ERRORS[reason])
    name, _space, status = reason.partition(" ")
    if name == "HTTP" and status.isdecimal():
        return f"{reason}: {_of_status(int(status))}"
    return reason


@register.filter
def test_failure(test: ChannelTest) -> str:
    """Return what the failure of a test means, as a sentence; ``""`` if it arrived."""
    if test.error:
        return failure(test.error)
    return failure(f"HTTP {test.status}") if test.status and test.status >= 300 else ""


def _of_status(status: int) -> str:
    if status in STATUSES:
        return str(STATUSES[status])
    if 300 <= status < 400:
        return _("Redirects are not followed. Enter the final URL instead.")
    if status >= 500:
        return _("Your server failed. Check its logs at this time.")
    return _("Your server rejected the update.")
