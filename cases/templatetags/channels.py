"""Filters for the channel pages: texts and icons of errors, responses and events."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import counts
from alliance.templatetags.figures import grouped
from cases.liaison.models import ChannelEvent, ChannelTest
from cases.models.event import EventKind

register = template.Library()

# What an error means and what to do about it, by its name in alliance.lib.http or in the library.
ERRORS: dict[str, str | Promise] = {
    "address_malformed": gettext_lazy("The URL is not valid. Ask an administrator to correct it."),
    "not_https": gettext_lazy(
        "The URL does not begin with https. Ask an administrator to correct it."
    ),
    "name_not_found": gettext_lazy(
        "The server’s name was not found in the DNS. Check the URL, or ask the agency whether the name has changed."
    ),
    "name_timed_out": gettext_lazy(
        "The DNS did not answer in time. If other channels are affected too, check the portal’s own resolver."
    ),
    "address_refused": gettext_lazy(
        "The name resolves to a private or reserved IP address, and the portal does not send there. Ask the agency for a public address."
    ),
    "connect_timed_out": gettext_lazy(
        "The connection timed out. A firewall may be blocking it: ask the agency to allow the portal."
    ),
    "connect_failed": gettext_lazy(
        "The receiver refused the connection. Ask the agency whether its system is running."
    ),
    "too_slow": gettext_lazy(
        "The response took too long and was cut off. The agency’s system should store the update, respond, and process it afterwards."
    ),
    "timed_out": gettext_lazy(
        "The receiver accepted the request but did not respond within ten seconds. The agency’s system should respond as soon as the update is stored."
    ),
    "certificate_refused": gettext_lazy(
        "The server’s certificate is not valid. The agency must renew it or install the complete chain."
    ),
    "tls_failed": gettext_lazy(
        "The TLS handshake failed. The agency’s server must support TLS 1.2 or later."
    ),
    "connection_lost": gettext_lazy(
        "The connection was closed before a response arrived. A proxy or firewall may have closed it: ask the agency."
    ),
    "answer_malformed": gettext_lazy(
        "The response is not HTTP. Ask the agency whether the port is correct."
    ),
    "secret_unreadable": gettext_lazy(
        "The signing secret can no longer be read. Ask an administrator to rotate it."
    ),
    "ConnectionError": gettext_lazy(
        "The streams’ Redis does not respond. Check that it is running and that the workers can reach it."
    ),
    "TimeoutError": gettext_lazy("No response in time."),
    "AuthenticationError": gettext_lazy("The streams’ Redis rejects the portal’s password."),
    "DataError": gettext_lazy(
        "The stream contains updates that this database never sent. If an older backup of the database was restored, ask an administrator to start a new stream for the agency."
    ),
    "OutOfMemoryError": gettext_lazy("The streams’ Redis is full."),
    "ConnectionRefusedError": gettext_lazy("The mail server refused the connection."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server rejects this address."),
    "SMTPSenderRefused": gettext_lazy("The mail server rejects the portal as a sender."),
    "SMTPAuthenticationError": gettext_lazy("The mail server rejects the portal’s password."),
    "SMTPServerDisconnected": gettext_lazy("The mail server closed the connection."),
}
# Errors whose text is followed by the library's message.
WITH_DETAIL = {"DataError"}
# What an HTTP status means and what to do about it.
STATUSES: dict[int, str | Promise] = {
    401: gettext_lazy("Authentication failed. Check that the agency uses the current secret."),
    403: gettext_lazy("Access denied. Check that the agency uses the current secret."),
    404: gettext_lazy("The URL was not found on the agency’s server. Check it, or ask the agency."),
    405: gettext_lazy("The URL does not accept POST requests. Check it, or ask the agency."),
    410: gettext_lazy("The receiver is gone for good. A real update would pause the channel."),
    413: gettext_lazy("The update is too large for the receiver. The agency must raise its limit."),
    429: gettext_lazy("Too many requests. A real update would be retried later."),
    502: gettext_lazy(
        "The agency’s gateway cannot reach its system. If this continues, ask the agency."
    ),
    503: gettext_lazy(
        "The receiver is overloaded or temporarily unavailable. If this continues, ask the agency."
    ),
    504: gettext_lazy(
        "The agency’s gateway cannot reach its system. If this continues, ask the agency."
    ),
}


ICONS = {
    "created": "plus",
    "secret_rotated": "key",
    "token_rotated": "key",
    "password_renewed": "key",
    "paused": "hourglass",
    "resumed": "arrow-right",
    "resent": "send",
    "replayed": "undo",
    "stopped": "x-circle",
    "changed": "edit",
    "tested": "send",
}
NUMBERS_SHOWN = 20


@register.filter
def event_icon(kind: str) -> str:
    """Return the icon of a channel event of this kind."""
    return ICONS.get(kind, "dash-circle")


@register.filter
def event_detail(event: ChannelEvent) -> str:
    """Return the details of a channel event: the reason, or the updates; ``""`` if there are none."""
    data = event.data
    if reason := data.get("reason"):
        return error_text(str(reason))
    if "to_seq" in data:
        words = _("numbers %(number)s to %(last)s, updates: %(count)s")
        ends = {"number": grouped(data["from_seq"]), "last": grouped(data["to_seq"])}
        return words % (ends | {"count": grouped(data.get("count", ""))})
    if "from_seq" in data:
        words = _("from number %(number)s on, updates: %(count)s")
        return words % {
            "number": grouped(data["from_seq"]),
            "count": grouped(data.get("count", "")),
        }
    if "dead" in data:
        count = data["dead"] + bool(data.get("more"))
        return _("all dead letters: %(count)s") % {"count": counts.words(count)}
    if "due_again" in data:
        return _("queued before the stop: %(count)s") % {"count": grouped(data["due_again"])}
    numbers = data.get("numbers") or ([data["seq"]] if "seq" in data else [])
    shown = ", ".join(str(number) for number in numbers[:NUMBERS_SHOWN])
    more = "…" if len(numbers) > NUMBERS_SHOWN else ""
    return _("numbers %(numbers)s") % {"numbers": shown + more} if numbers else ""


@register.filter
def event_label(kind: str) -> str:
    """Return the label of an update's kind; the kind itself if it is unknown."""
    return str(EventKind(kind).label) if kind in EventKind.values else kind


@register.filter
def first_line(text: str) -> str:
    """Return the first line of a response: for a stream, the entry's ID."""
    return text.partition("\n")[0]


@register.filter
def error_text(kind: str) -> str:
    """Return what an error means, as a sentence; the error itself if it is unknown.

    ``kind`` is the error's name, optionally followed by a colon and the library's message, or ``HTTP`` and a
    status.
    """
    error, _colon, detail = kind.partition(": ")
    if error in ERRORS:
        with_detail = detail and error in WITH_DETAIL
        return f"{ERRORS[error]} ({detail})" if with_detail else str(ERRORS[error])
    name, _space, status = kind.partition(" ")
    if name == "HTTP" and status.isdecimal() and (words := status_text(int(status))):
        return f"{kind}: {words}"
    return kind


@register.filter
def error_summary(kind: str) -> str:
    """Return the first clause of :func:`error_text`: what an error means, without the advice."""
    if kind.startswith("HTTP "):
        return kind
    words = error_text(kind)
    for stop in (". ", "。", "，"):
        words = words.partition(stop)[0]
    return words.removesuffix(".") if kind.partition(":")[0] in ERRORS else words


@register.filter
def status_text(status: int | None) -> str:
    """Return what an HTTP status means for the operator; ``""`` for ``None`` and below 300."""
    if status is None:
        return ""
    if status in STATUSES:
        return str(STATUSES[status])
    if 300 <= status < 400:
        return _(
            "The receiver redirects, and redirects are not followed. Enter the final URL instead."
        )
    if status >= 500:
        return _("The receiver failed. Ask the agency to check its logs at this time.")
    return _("The receiver rejected the update. Ask the agency why.") if status >= 400 else ""


@register.filter
def advice(test: ChannelTest) -> str:
    """Return advice for a failed test, as a sentence; ``""`` if the test arrived."""
    if test.error:
        return error_text(test.error)
    return status_text(test.status)
