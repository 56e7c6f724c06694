"""Signs in names that nobody sees: control characters, zero-width signs, and those that turn the reading direction."""

from __future__ import annotations

import re
import unicodedata

# The joiners U+200C and U+200D stay: Persian and Indian scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
# Letters that are drawn as nothing, and the joiners, which are nothing by themselves.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u200c\u200d\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def cleaned(text: str) -> str:
    """Return ``text`` on one line, without the signs that nobody sees."""
    text = re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]", " ", text)
    return " ".join(_UNSEEN.sub("", text).split())


def has_invisible(text: str) -> bool:
    """Say whether :func:`cleaned` takes more than blanks and line breaks out of ``text``."""
    return bool(_UNSEEN.search(re.sub(r"[\t\r\n]", " ", text)))


def is_blank(text: str) -> bool:
    """Say whether nothing of ``text`` is seen: no letter, digit, sign or picture is left."""
    left = _BLANK.sub("", _UNSEEN.sub("", text))
    return not any(unicodedata.category(sign)[0] in "LNPS" for sign in left)
