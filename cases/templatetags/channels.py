"""Words of the operator's pages: what a channel's state looks like, what an answer means and asks for."""

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

# What the guarded client says in one word (alliance.lib.http): what it is, and what to do about it.
ERRORS: dict[str, str | Promise] = {
    "address_malformed": gettext_lazy("The address is not one. Let an admin correct it."),
    "not_https": gettext_lazy("The address is not https. Let an admin correct it."),
    "name_not_found": gettext_lazy(
        "The name of the server was not found in the DNS. Check the address for a slip, or ask the "
        "agency whether the name has changed."
    ),
    "name_timed_out": gettext_lazy(
        "The DNS did not answer in time. If this happens with other channels too, see to the portal’s own "
        "resolver."
    ),
    "address_refused": gettext_lazy(
        "The name leads to a private or reserved address, to which nothing is sent. The agency must "
        "give a public one."
    ),
    "connect_timed_out": gettext_lazy(
        "The server did not answer the call. A firewall may be dropping it: ask the agency to let the "
        "portal in."
    ),
    "connect_failed": gettext_lazy(
        "The server refused the connection: nothing listens there. Ask the agency whether its system runs."
    ),
    "too_slow": gettext_lazy(
        "The answer took too long and was cut off. The agency should store first and work afterwards."
    ),
    "timed_out": gettext_lazy(
        "The server took the update and said nothing within ten seconds. The agency should answer as "
        "soon as it is stored."
    ),
    "certificate_refused": gettext_lazy(
        "The certificate of the server is not valid. The agency must renew it or install the whole chain."
    ),
    "tls_failed": gettext_lazy(
        "No secure connection came about. The agency’s server must speak TLS 1.2 or later."
    ),
    "connection_lost": gettext_lazy(
        "The connection was cut before an answer came. Something between may be ending it: ask the agency."
    ),
    "answer_malformed": gettext_lazy(
        "What came back is no HTTP. Is it the right port? Ask the agency."
    ),
    "secret_unreadable": gettext_lazy(
        "The signing secret cannot be read any more. Let an admin renew it."
    ),
    "ConnectionError": gettext_lazy(
        "The Redis of the streams does not answer. See whether it runs and can be reached from the workers."
    ),
    "TimeoutError": gettext_lazy("There was no answer in time."),
    "AuthenticationError": gettext_lazy("The Redis of the streams refuses the portal’s password."),
    "DataError": gettext_lazy(
        "The stream has what this database never sent. Was an older copy of the database restored? Then "
        "an admin starts a new stream for the agency."
    ),
    "OutOfMemoryError": gettext_lazy("The Redis of the streams is full."),
    "ConnectionRefusedError": gettext_lazy("The mail server does not take calls."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server refuses this address."),
    "SMTPSenderRefused": gettext_lazy("The mail server refuses the portal as a sender."),
    "SMTPAuthenticationError": gettext_lazy("The mail server refuses the portal’s password."),
    "SMTPServerDisconnected": gettext_lazy("The mail server hung up."),
}
# Of these the library's own words say which.
TOLD_IN_FULL = {"DataError"}
STATUSES: dict[int, str | Promise] = {
    401: gettext_lazy("It does not know who calls. Does the agency check with the present secret?"),
    403: gettext_lazy("It lets nobody in. Does the agency check with the present secret?"),
    404: gettext_lazy("Nothing is at this address. Check it for a slip, or ask the agency."),
    405: gettext_lazy("Nothing can be posted to this address. Check it, or ask the agency."),
    410: gettext_lazy(
        "It says that nobody is there any more. A real update would pause the channel."
    ),
    413: gettext_lazy("The update is too large for it. The agency must raise its limit."),
    429: gettext_lazy("It asks for a rest. A real update would wait and be tried again."),
    502: gettext_lazy(
        "What stands before its system cannot reach it. Ask the agency if it stays so."
    ),
    503: gettext_lazy("It is overloaded or away for a while. Ask the agency if it stays so."),
    504: gettext_lazy(
        "What stands before its system cannot reach it. Ask the agency if it stays so."
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
    """The icon of what was done with a channel."""
    return ICONS.get(kind, "dash-circle")


@register.filter
def act_detail(event: ChannelEvent) -> str:
    """What was done in particular: the reason, or which updates; nothing where the kind says it all."""
    data = event.data
    if reason := data.get("reason"):
        return error_words(str(reason))
    if "to_seq" in data:
        words = _("numbers %(number)s to %(last)s, updates: %(count)s")
        ends = {"number": _number(data["from_seq"]), "last": _number(data["to_seq"])}
        return words % (ends | {"count": _number(data.get("count"))})
    if "from_seq" in data:
        words = _("from number %(number)s on, updates: %(count)s")
        return words % {"number": _number(data["from_seq"]), "count": _number(data.get("count"))}
    if "dead" in data:
        count = data["dead"] + bool(data.get("more"))
        return _("all that were given up: %(count)s") % {"count": counts.words(count)}
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
    """What an update tells of, in words; the word itself for one that is not known."""
    return str(EventKind(kind).label) if kind in EventKind.values else kind


@register.filter
def first_line(text: str) -> str:
    """The first line of what came back: of a stream, the entry's ID."""
    return text.partition("\n")[0]


@register.filter
def error_words(kind: str) -> str:
    """What an error means, in a sentence; the error itself for one that is not known.

    ``kind`` is one word, perhaps with a colon and what the library said besides, or ``HTTP`` and a status.
    """
    word, _colon, said = kind.partition(": ")
    if word in ERRORS:
        return f"{ERRORS[word]} ({said})" if said and word in TOLD_IN_FULL else str(ERRORS[word])
    name, _space, status = kind.partition(" ")
    if name == "HTTP" and status.isdecimal() and (words := status_words(int(status))):
        return f"{kind}: {words}"
    return kind


@register.filter
def error_brief(kind: str) -> str:
    """What a one-word error means, without what to do about it."""
    if kind.startswith("HTTP "):
        return kind
    words = error_words(kind)
    for stop in (". ", "。", "，"):
        words = words.partition(stop)[0]
    return words.removesuffix(".") if kind.partition(":")[0] in ERRORS else words


@register.filter
def status_words(status: int | None) -> str:
    """What an HTTP status means for who operates the channel; nothing for one that speaks for itself."""
    if status is None:
        return ""
    if status in STATUSES:
        return str(STATUSES[status])
    if 300 <= status < 400:
        return _("It redirects, which is not followed. Give the address that it leads to.")
    if status >= 500:
        return _("Its system failed. Ask the agency to look into its logs at this time.")
    return _("It refused the update. Ask the agency why.") if status >= 400 else ""


@register.filter
def advice(test: ChannelTest) -> str:
    """What the outcome of a test asks for, in a sentence; nothing when it arrived."""
    if test.error:
        return error_words(test.error)
    return status_words(test.status)
