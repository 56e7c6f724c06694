"""Explains to admins how the rules read addresses: which marketplace, listing or shop, or why they are refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.marketplaces import addresses, catalogue, share_texts
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import Marketplace
from cases.queries import listing_checks

MOST_LINES = 100

KINDS: dict[str, str | Promise] = {
    "item": _("Listing"),
    "shop": _("Page of a shop"),
    "live": _("Live stream"),
    "video": _("Video"),
    "ad": _("Advertisement"),
    "short": _("Short link"),
    "search": _("Search page"),
    "home": _("Home page"),
    "page": _("Other page"),
}


@dataclass(frozen=True)
class Explained:
    """What the rules find in one address.

    ``line`` is the number of the line, from 1, and ``text`` the address as found in it. ``address`` is ``None`` if no
    key can be made; ``marketplace`` and ``kind`` are empty if they are not known. ``refusal`` is the message with which
    the address is refused, and ``question`` the one with which the filer has to confirm it; both may be empty.
    ``is_ignored`` marks a line of words beside the links of a shared text.
    """

    line: int
    text: str
    address: Address | None
    marketplace: Marketplace | None
    kind: str
    refusal: str = ""
    question: str = ""
    is_ignored: bool = False

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(KINDS.get(self.kind, ""))


def count_of_lines(text: str) -> int:
    """Return the number of lines that are not empty."""
    return len(addresses.lines(text))


def explain(text: str, marketplaces: Marketplaces) -> list[Explained]:
    """Explain every address in ``text``, of which at most :data:`MOST_LINES` lines are read.

    Lines without an address are explained too, since the form for listings ignores or refuses them.
    """
    numbered = addresses.lines(text)[:MOST_LINES]
    words = share_texts.beside_links(line for _number, line in numbered)
    found: list[Explained] = []
    for number, line in numbered:
        if line in words:
            found.append(Explained(number, line, None, None, "", is_ignored=True))
            continue
        found += [
            one(each.text, marketplaces, line=number, is_doubtful=each.doubtful)
            for each in addresses.found_in(line)
        ]
    return found


def one(
    text: str, marketplaces: Marketplaces, *, line: int = 0, is_doubtful: bool = False
) -> Explained:
    """Explain one address."""
    try:
        address = replace(addresses.parse(text, marketplaces), is_doubtful=is_doubtful)
    except ValidationError as error:
        marketplace, kind = _known(text, marketplaces)
        return Explained(line, text, None, marketplace, kind, refusal=str(error.messages[0]))
    issues = listing_checks.find_issues(addresses=[address])
    messages = {issue.is_blocking: issue.message for issue in issues}
    return Explained(
        line,
        text,
        address,
        address.marketplace,
        address.kind,
        refusal=messages.get(True, ""),
        question=messages.get(False, ""),
    )


def _known(text: str, marketplaces: Marketplaces) -> tuple[Marketplace | None, str]:
    """Return what is known about an address that the portal does not accept."""
    try:
        reading = catalogue.read(text)
    except ValidationError:
        return None, ""
    marketplace = marketplaces.catalogued(reading)
    return marketplace, reading.kind if marketplace else ""
