"""Remove invisible characters from names: control, zero-width and bidirectional formatting characters."""

from __future__ import annotations

import re
import unicodedata

# U+200C and U+200D are not removed: Persian and Indic scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
# Letters without a glyph, and joiners, which are invisible on their own.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u200c\u200d\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def cleaned(text: str) -> str:
    """Return ``text`` on one line without invisible characters."""
    text = re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]", " ", text)
    return " ".join(_INVISIBLE.sub("", text).split())


def has_invisible(text: str) -> bool:
    """Return whether ``text`` has invisible characters other than tabs and line breaks."""
    return bool(_INVISIBLE.search(re.sub(r"[\t\r\n]", " ", text)))


def is_blank(text: str) -> bool:
    """Return whether ``text`` has no visible character."""
    left = _BLANK.sub("", _INVISIBLE.sub("", text))
    return not any(unicodedata.category(character)[0] in "LNPS" for character in left)
