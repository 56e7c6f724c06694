"""The texts of macros: placeholders that the portal fills, and blanks that a moderator fills. Nothing here touches the database.

``{brand}`` is a placeholder, filled when a macro is chosen. ``[[batch number]]`` is a blank: a text with one is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.lib import text as words

# What a placeholder stands for is in cases.queries.macros.
PLACEHOLDERS = ("reference", "brand", "seller", "right", "listings")

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_BLANK = re.compile(r"\[\[\s*(.*?)\s*\]\]", re.DOTALL)
# Any pair of brackets counts, so that a blank whose other half was deleted is not sent either.
_REST = re.compile(r"\[\[|\]\]")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with its placeholders replaced by ``values``. Those without a value stay."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def blanks(text: str) -> list[str]:
    """Return what is still missing in ``text``, each once, as its blanks name it."""
    found = [blank or "…" for blank in _BLANK.findall(text)]
    found += [rest for rest in _REST.findall(_BLANK.sub("", text)) if not found]
    # A placeholder that was typed by hand would be sent as it is.
    found += [f"{{{name}}}" for name in _PLACEHOLDER.findall(text) if name in PLACEHOLDERS]
    return list(dict.fromkeys(found))


def missing(text: str) -> str:
    """Return a message that names what is missing in ``text``, or ``""`` if it can be sent."""
    found = blanks(text)
    if not found:
        return ""
    quoted = words.join(_("“%(blank)s”") % {"blank": blank} for blank in found)
    return _("Fill in the blanks of the text first: %(blanks)s.") % {"blanks": quoted}


def check_placeholders(text: str) -> None:
    """Raise ``ValidationError`` if ``text`` has a placeholder that does not exist, or a blank that is not closed."""
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        shown = words.join(f"{{{name}}}" for name in dict.fromkeys(unknown))
        known = words.join(f"{{{name}}}" for name in PLACEHOLDERS)
        message = _("There is no placeholder %(unknown)s. Use %(known)s, or a blank: [[…]].")
        raise ValidationError(message % {"unknown": shown, "known": known}, code="unknown")
    if _REST.search(_BLANK.sub("", text)):
        raise ValidationError(_("A blank begins with [[ and ends with ]]."), code="open")
