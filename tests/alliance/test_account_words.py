"""The library's pages of accounts speak as the portal does: sentence case, “log in” and “log out”."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

CATALOGUE = Path(allauth.__file__).parent / "locale/en/LC_MESSAGES/django.po"
OURS = re.compile(r"(account|mfa|usersessions)/")
# Names, and the first word of a further sentence.
CAPITALS = re.compile(r"(?<![.!?:>] )(?<!^)\b(?!JavaScript|Click\b)[A-Z][a-z]+")


def texts() -> list[str]:
    with CATALOGUE.open("rb") as file:
        found = [
            str(message.id)
            for message in read_po(file)
            if isinstance(message.id, str)
            and any(OURS.search(place) and "socialaccount" not in place for place, _line in message.locations)
        ]  # fmt: skip
    return [text for text in found if text and "\n" not in text and "  " not in text]


def test_english_is_in_sentence_case_and_says_log_in() -> None:
    every = texts()
    assert len(every) > 150
    with translation.override("en"):
        for text in every:
            shown = gettext(text)
            assert not CAPITALS.search(re.sub(r"%\(\w+\)s|<[^>]+>", "", shown)), shown
            assert not re.search(r"\bsign(ed)?[ -]?(in|out|up)\b", shown, re.IGNORECASE), shown
            assert set(re.findall(r"%\(\w+\)s", shown)) == set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "heading"),
    [("/accounts/password/reset/key/1-none/", "Invalid link"), ("/accounts/login/", "Log in")],
)
def test_a_page_shows_it(client: Client, address: str, heading: str) -> None:
    assert re.search(rf"<h1[^>]*>\s*{heading}\s*</h1>", client.get(address).content.decode())
