"""The translations follow docs/glossary.md: it is short, and the words it bans occur in no text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


class Rule(NamedTuple):
    """A row of a table of banned words: a pattern for them, and patterns for places where they are right."""

    banned: re.Pattern[str]
    allowed: list[re.Pattern[str]]

    def found_in(self, text: str) -> list[str]:
        """Return the banned words in the text, placeholders and allowed places left out."""
        for pattern in (PLACEHOLDER, *self.allowed):
            text = pattern.sub("\N{OBJECT REPLACEMENT CHARACTER}", text)
        return self.banned.findall(text)


def table(heading: str) -> list[list[str]]:
    """Return the cells of the rows of the table under a heading, without its head."""
    section = re.split(
        r"^#+ ", GLOSSARY.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE
    )[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def rules(language: str) -> list[Rule]:
    """Return the rules for a language. English words have word boundaries, Chinese has none."""
    found = []
    for words, _, allowed in table(language):
        separator, boundary = (",", r"\b") if language == "English" else ("、", "")
        # A word that ends in punctuation, such as “Yes,”, is written last in its row.
        parts = [word.strip() for word in re.split(rf"{separator}(?=.)", words)]
        banned = "|".join(
            re.escape(word) + (boundary if word[-1].isalnum() else "") for word in parts
        )
        found.append(
            Rule(
                re.compile(f"{boundary}(?:{banned})", re.IGNORECASE),
                [re.compile(code, re.IGNORECASE) for code in re.findall("`(.+?)`", allowed)],
            )
        )
    return found


ENGLISH, CHINESE = rules("English"), rules("Chinese")


def found_in(rules: list[Rule], texts: str | tuple[str, ...]) -> list[str]:
    """Return the banned words in a message's text, or in its singular and plural."""
    texts = (texts,) if isinstance(texts, str) else texts
    return [word for text in texts for rule in rules for word in rule.found_in(text)]


def faults(message: Message) -> list[str]:
    """Return a line for each banned word in a message or its translation."""
    english, chinese = found_in(ENGLISH, message.id), found_in(CHINESE, message.string)
    return [f"{word!r} in {message.id!r}" for word in english] + [
        f"{word} in {message.string!r}" for word in chinese
    ]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_banned_word_is_in_a_catalogue(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    found = [fault for message in catalogue if message.id for fault in faults(message)]
    assert not found, "\n".join(["see docs/glossary.md", *found])


def test_the_glossary_has_at_most_forty_terms() -> None:
    terms = table("Terms")
    assert 30 < len(terms) <= 40
    assert all(english and chinese and meaning for english, chinese, meaning in terms)
    assert len({english for english, *_ in terms}) == len(terms)


def test_the_glossary_uses_no_word_that_it_bans() -> None:
    for english, chinese, meaning in table("Terms"):
        assert not found_in(ENGLISH, (english, meaning)), english
        assert not found_in(CHINESE, (chinese, re.sub(r"[^\u3000-\uffef]+", " ", meaning))), english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The seller's objection", ["objection"]),
        ("Object history", []),
        ("E-mail address", ["E-mail"]),
        ("%(told)s has an account on a platform", ["platform"]),
        ("Use a platform authenticator", []),
        ("Nobody was told by e-mail.", ["e-mail", "told", "Nobody"]),
        ("Tell the agency the name of its stream.", []),
        ("The owner tells the alliance, which tells the agency", ["tells"]),
        ("The seller may still object.", ["may still object"]),
        ("You can object to the processing.", []),
        ("Yes, stop", ["Yes,"]),
        ("The hardened garden denser", []),
        ("Agency’s queue: your queue", ["Agency’s queue", "your queue"]),
    ],
)
def test_banned_english_words_are_found(text: str, expected: list[str]) -> None:
    assert sorted(found_in(ENGLISH, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联盟会员", ["会员"]),
        ("电商平台与平台规则", []),
        ("电商平台和本平台", ["平台"]),
        ("移送审查起诉后移送", ["移送"]),
        ("收款账户与登录账户", ["账户"]),
        ("驳回申请", []),
        ("驳回异议", ["驳回", "异议"]),
        ("若是，请停止", []),
        ("是，停止！", ["是，", "！"]),
    ],
)
def test_banned_chinese_words_are_found(text: str, expected: list[str]) -> None:
    assert sorted(found_in(CHINESE, text)) == sorted(expected)
