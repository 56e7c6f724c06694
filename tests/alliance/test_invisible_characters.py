"""Invisible characters are removed from names; a name without visible characters is blank."""

from __future__ import annotations

import pytest

from alliance.lib.visible import cleaned, has_invisible, is_blank


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Shop\u202egnp.exe", "Shopgnp.exe"),
        ("\u200bShop\ufeff \u2066x\u2069", "Shop x"),
        ("Two\nlines\tand a tab", "Two lines and a tab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_invisible_characters_are_removed(name: str, left: str) -> None:
    assert cleaned(name) == left
    assert has_invisible(name) is ("\u202e" in name or "\u200b" in name)


@pytest.mark.parametrize(
    "name", ["", "\u200b\u200b", "\u200d", "\u3164", "\u2800 \u00ad", "\u202e", "\ufe0f", "\u0301"]
)
def test_invisible_name_is_blank(name: str) -> None:
    assert is_blank(name)


@pytest.mark.parametrize("name", ["a", "店", "7", "😀", "©", "-", "می"])
def test_visible_name_is_not_blank(name: str) -> None:
    assert not is_blank(name)
