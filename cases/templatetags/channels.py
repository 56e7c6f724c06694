"""Filters that explain errors, HTTP statuses and activity of channels to operators."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import counts
from cases.liaison.models import ChannelEvent, ChannelTest
from cases.models.event import EventKind

register = template.Library()

# By error code of the HTTP client (alliance.lib.http) or exception name: what is wrong and what to do.
ERRORS: dict[str, str | Promise] = {
    "address_malformed": gettext_lazy("The URL is not valid. Ask an administrator to correct it."),
    "not_https": gettext_lazy("The URL does not use HTTPS. Ask an administrator to correct it."),
    "name_not_found": gettext_lazy(
        "The server name was not found in DNS. Check the URL for typing errors, or ask the "
        "agency whether the name has changed."
    ),
    "name_timed_out": gettext_lazy(
        "DNS did not answer in time. If other channels are affected too, check the "
        "portal’s own resolver."
    ),
    "address_refused": gettext_lazy(
        "The server name resolves to a private or reserved address. The portal sends only "
        "to public addresses: ask the agency for one."
    ),
    "connect_timed_out": gettext_lazy(
        "The connection timed out. A firewall may be blocking it: ask the agency to allow "
        "the portal."
    ),
    "connect_failed": gettext_lazy(
        "The server refused the connection. Ask the agency whether its system is running."
    ),
    "too_slow": gettext_lazy(
        "The response took too long and was cut off. The agency should store the update "
        "first and process it afterwards."
    ),
    "timed_out": gettext_lazy(
        "The server did not respond within ten seconds. The agency should respond as soon "
        "as the update is stored."
    ),
    "certificate_refused": gettext_lazy(
        "The certificate of the server is not valid. The agency must renew it or install "
        "the complete chain."
    ),
    "tls_failed": gettext_lazy(
        "The TLS handshake failed. The agency’s server must support TLS 1.2 or later."
    ),
    "connection_lost": gettext_lazy(
        "The connection was closed before a response arrived. A device in between may have "
        "closed it: ask the agency."
    ),
    "answer_malformed": gettext_lazy(
        "The response is not HTTP. Ask the agency whether the port is correct."
    ),
    "secret_unreadable": gettext_lazy(
        "The signing secret can no longer be read. Ask an administrator to rotate it."
    ),
    "ConnectionError": gettext_lazy(
        "The Redis server of the streams does not respond. Check that it is running and "
        "that workers can reach it."
    ),
    "TimeoutError": gettext_lazy("There was no response in time."),
    "AuthenticationError": gettext_lazy(
        "The Redis server of the streams rejected the portal’s password."
    ),
    "DataError": gettext_lazy(
        "The stream contains entries that this database never sent. If an older copy of "
        "the database was restored, ask an administrator to start a new stream for the "
        "agency."
    ),
    "OutOfMemoryError": gettext_lazy("The Redis server of the streams is out of memory."),
    "ConnectionRefusedError": gettext_lazy("The mail server refused the connection."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server rejected this address."),
    "SMTPSenderRefused": gettext_lazy("The mail server rejected the portal as the sender."),
    "SMTPAuthenticationError": gettext_lazy("The mail server rejected the portal’s password."),
    "SMTPServerDisconnected": gettext_lazy("The mail server closed the connection."),
}
# Errors that are shown with the message of the library.
WITH_DETAIL = {"DataError"}
STATUSES: dict[int, str | Promise] = {
    401: gettext_lazy("Authentication failed. Check that the agency uses the current secret."),
    403: gettext_lazy("Access was refused. Check that the agency uses the current secret."),
    404: gettext_lazy(
        "Nothing was found at this URL. Check it for typing errors, or ask the agency."
    ),
    405: gettext_lazy("This URL does not accept POST requests. Check it, or ask the agency."),
    410: gettext_lazy("The receiver no longer exists. A real update would pause the channel."),
    413: gettext_lazy("The update is too large for the receiver. The agency must raise its limit."),
    429: gettext_lazy("Too many requests. A real update would be retried later."),
    502: gettext_lazy(
        "The gateway in front of the agency’s system cannot reach it. Ask the agency if "
        "this persists."
    ),
    503: gettext_lazy(
        "The agency’s system is overloaded or temporarily unavailable. Ask the agency if "
        "this persists."
    ),
    504: gettext_lazy(
        "The gateway in front of the agency’s system cannot reach it. Ask the agency if "
        "this persists."
    ),
}


ICONS = {
    "created": "plus",
    "secret_rotated": "key",
    "token_rotated": "key",
    "password_renewed": "key",
    "paused": "hourglass",
    "resumed": "arrow-right",
    "sent_again": "send",
    "replayed": "undo",
    "stopped": "x-circle",
    "changed": "edit",
    "tested": "send",
}
NUMBERS_SHOWN = 20


@register.filter
def act_icon(kind: str) -> str:
    """Return the icon of an entry of the activity log."""
    return ICONS.get(kind, "dash-circle")


@register.filter
def act_detail(event: ChannelEvent) -> str:
    """Return the details of an entry of the activity log: the reason or the updates, or ""."""
    data = event.data
    if reason := data.get("reason"):
        return error_words(str(reason))
    if "to_seq" in data:
        words = _("numbers %(number)s to %(last)s, updates: %(count)s")
        ends = {"number": _number(data["from_seq"]), "last": _number(data["to_seq"])}
        return words % (ends | {"count": _number(data.get("count"))})
    if "from_seq" in data:
        words = _("from number %(number)s, updates: %(count)s")
        return words % {"number": _number(data["from_seq"]), "count": _number(data.get("count"))}
    if "dead" in data:
        count = data["dead"] + bool(data.get("more"))
        return _("all dead letters: %(count)s") % {"count": counts.words(count)}
    if "due_again" in data:
        return _("due again by then: %(count)s") % {"count": _number(data["due_again"])}
    numbers = data.get("numbers") or ([data["seq"]] if "seq" in data else [])
    shown = ", ".join(str(number) for number in numbers[:NUMBERS_SHOWN])
    more = "…" if len(numbers) > NUMBERS_SHOWN else ""
    return _("numbers %(numbers)s") % {"numbers": shown + more} if numbers else ""


def _number(count: int | None) -> str:
    return "" if count is None else number_format(count, force_grouping=True)


@register.filter
def event_words(kind: str) -> str:
    """Return the label of an event kind; an unknown kind is returned unchanged."""
    return str(EventKind(kind).label) if kind in EventKind.values else kind


@register.filter
def first_line(text: str) -> str:
    """Return the first line of a response; for a stream, the ID of the entry."""
    return text.partition("\n")[0]


@register.filter
def error_words(kind: str) -> str:
    """Return an explanation of an error; an unknown error is returned unchanged.

    ``kind`` is a code, optionally followed by a colon and a message, or ``HTTP`` and a status.
    """
    word, _colon, detail = kind.partition(": ")
    if word in ERRORS:
        return f"{ERRORS[word]} ({detail})" if detail and word in WITH_DETAIL else str(ERRORS[word])
    name, _space, status = kind.partition(" ")
    if name == "HTTP" and status.isdecimal() and (words := status_words(int(status))):
        return f"{kind}: {words}"
    return kind


@register.filter
def error_brief(kind: str) -> str:
    """Return the explanation of an error without the advice."""
    if kind.startswith("HTTP "):
        return kind
    words = error_words(kind)
    for stop in (". ", "。", "，"):
        words = words.partition(stop)[0]
    return words.removesuffix(".") if kind.partition(":")[0] in ERRORS else words


@register.filter
def status_words(status: int | None) -> str:
    """Return an explanation of an HTTP status for operators, or ""."""
    if status is None:
        return ""
    if status in STATUSES:
        return str(STATUSES[status])
    if 300 <= status < 400:
        return _(
            "The response is a redirect, which the portal does not follow. Enter the URL that "
            "it points to."
        )
    if status >= 500:
        return _("The agency’s system failed. Ask the agency to check its logs for this time.")
    return _("The receiver rejected the update. Ask the agency why.") if status >= 400 else ""


@register.filter
def advice(test: ChannelTest) -> str:
    """Return an explanation of a failed test, or "" if it succeeded."""
    if test.error:
        return error_words(test.error)
    return status_words(test.status)
