"""What the failure of a delivery means, in words for operators and for the owners of a member's webhook.

A failure is stored as the name of the error in :mod:`alliance.lib.http` or in a library, optionally followed by a colon
and the library's message, or as ``HTTP`` and a status.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Words(NamedTuple):
    """What a failure means and what to do about it. ``owner`` is for the people who run the receiving system."""

    operator: Text
    owner: Text = ""


ERRORS: dict[str, Words] = {
    "address_malformed": Words(
        _("The URL is not valid. Ask an administrator to correct it."), _("The URL is not valid.")
    ),
    "not_https": Words(
        _("The URL does not begin with https. Ask an administrator to correct it."),
        _("The URL does not begin with https."),
    ),
    "name_not_found": Words(
        _(
            "The server’s name was not found in the DNS. Check the URL, or ask the agency whether the name has changed."
        ),
        _("The name of the server was not found in the DNS."),
    ),
    "name_timed_out": Words(
        _(
            "The DNS did not answer in time. If other channels are affected too, check the portal’s own resolver."
        ),
        _("The DNS did not answer in time."),
    ),
    "address_refused": Words(
        _(
            "The name resolves to a private or reserved IP address, and the portal does not send there. Ask the agency for a public address."
        ),
        _("The name resolves to a private or reserved IP address. A webhook needs a public one."),
    ),
    "connect_timed_out": Words(
        _(
            "The connection timed out. A firewall may be blocking it: ask the agency to allow the portal."
        ),
        _("The connection timed out. A firewall may be blocking it."),
    ),
    "connect_failed": Words(
        _("The receiver refused the connection. Ask the agency whether its system is running."),
        _("Your server refused the connection."),
    ),
    "too_slow": Words(
        _(
            "The response took too long and was cut off. The agency’s system should store the update, respond, and process it afterwards."
        ),
        _("The response took too long. Store the update, respond, and process it afterwards."),
    ),
    "timed_out": Words(
        _(
            "The receiver accepted the request but did not respond in time. The agency’s system should respond as soon as the update is stored."
        ),
        _("Your server did not respond in time. Respond as soon as the update is stored."),
    ),
    "certificate_refused": Words(
        _(
            "The server’s certificate is not valid. The agency must renew it or install the complete chain."
        ),
        _("The certificate of your server is not valid, or its chain is incomplete."),
    ),
    "tls_failed": Words(
        _("The TLS handshake failed. The agency’s server must support TLS 1.2 or later."),
        _("The TLS handshake failed. Your server must support TLS 1.2 or later."),
    ),
    "connection_lost": Words(
        _(
            "The connection was closed before a response arrived. A proxy or firewall may have closed it: ask the agency."
        ),
        _("The connection was closed before a response arrived."),
    ),
    "answer_malformed": Words(
        _("The response is not HTTP. Ask the agency whether the port is correct."),
        _("The response is not HTTP."),
    ),
    "secret_unreadable": Words(
        _("The signing secret can no longer be read. Ask an administrator to rotate it."),
        _("The secret can no longer be read. Rotate it."),
    ),
    "not_in_use": Words(
        _("The webhook was not in use any more, so nothing was sent."),
        _("The webhook was not in use any more, so nothing was sent."),
    ),
    "ConnectionError": Words(
        _(
            "The streams’ Redis does not respond. Check that it is running and that the workers can reach it."
        )
    ),
    "TimeoutError": Words(_("No response in time.")),
    "AuthenticationError": Words(_("The streams’ Redis rejects the portal’s password.")),
    "DataError": Words(
        _(
            "The stream contains updates that this database never sent. If an older backup of the database was restored, ask an administrator to start a new stream for the agency."
        )
    ),
    "OutOfMemoryError": Words(_("The streams’ Redis is full.")),
    "ConnectionRefusedError": Words(_("The mail server refused the connection.")),
    "SMTPRecipientsRefused": Words(_("The mail server rejects this address.")),
    "SMTPSenderRefused": Words(_("The mail server rejects the portal as a sender.")),
    "SMTPAuthenticationError": Words(_("The mail server rejects the portal’s password.")),
    "SMTPServerDisconnected": Words(_("The mail server closed the connection.")),
}
# Errors whose text is followed by the library's message.
WITH_DETAIL = {"DataError"}

_GATEWAY = Words(
    _("The agency’s gateway cannot reach its system. If this continues, ask the agency."),
    _("Your gateway cannot reach the system behind it."),
)
_NO_ACCESS = _("Your server refused access. Check that it uses the current secret.")
STATUSES: dict[int, Words] = {
    401: Words(
        _("Authentication failed. Check that the agency uses the current secret."), _NO_ACCESS
    ),
    403: Words(_("Access denied. Check that the agency uses the current secret."), _NO_ACCESS),
    404: Words(
        _("The URL was not found on the agency’s server. Check it, or ask the agency."),
        _("Your server does not know this URL."),
    ),
    405: Words(
        _("The URL does not accept POST requests. Check it, or ask the agency."),
        _("Your server does not accept POST requests at this URL."),
    ),
    410: Words(
        _("The receiver is gone for good. A real update would pause the channel."),
        _("Your server says that the URL no longer exists, which pauses the webhook."),
    ),
    413: Words(
        _("The update is too large for the receiver. The agency must raise its limit."),
        _("The update is larger than your server accepts."),
    ),
    429: Words(
        _("Too many requests. A real update would be retried later."),
        _("Your server asked for a pause."),
    ),
    502: _GATEWAY,
    503: Words(
        _(
            "The receiver is overloaded or temporarily unavailable. If this continues, ask the agency."
        ),
        _("Your server is overloaded or temporarily unavailable."),
    ),
    504: _GATEWAY,
}
_REDIRECT = Words(
    _("The receiver redirects, and redirects are not followed. Enter the final URL instead."),
    _("Redirects are not followed. Enter the final URL instead."),
)
_SERVER_ERROR = Words(
    _("The receiver failed. Ask the agency to check its logs at this time."),
    _("Your server failed. Check its logs at this time."),
)
_CLIENT_ERROR = Words(
    _("The receiver rejected the update. Ask the agency why."),
    _("Your server rejected the update."),
)


def explain(failure: str, *, for_owner: bool = False) -> str:
    """Return what a failure means, as a sentence; the failure itself if it is unknown."""
    error, _colon, detail = failure.partition(": ")
    if error in ERRORS:
        text = _chosen(ERRORS[error], for_owner)
        return f"{text} ({detail})" if detail and error in WITH_DETAIL else text
    name, _space, status = failure.partition(" ")
    if name == "HTTP" and status.isdecimal():
        text = explain_status(int(status), for_owner=for_owner)
        return f"{failure}: {text}" if text else failure
    return failure


def explain_status(status: int, *, for_owner: bool = False) -> str:
    """Return what an HTTP status means, as a sentence; ``""`` below 300."""
    if status < 300:
        return ""
    if status in STATUSES:
        words = STATUSES[status]
    elif status < 400:
        words = _REDIRECT
    else:
        words = _SERVER_ERROR if status >= 500 else _CLIENT_ERROR
    return _chosen(words, for_owner)


def _chosen(words: Words, for_owner: bool) -> str:
    return str((for_owner and words.owner) or words.operator)
