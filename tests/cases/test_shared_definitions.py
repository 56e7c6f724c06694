"""Shared facts are defined once: refusal statuses, event icons, references and messages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from alliance.lib import ids, refusals
from cases.models.event import EventKind
from cases.views import event_styles

SOURCES = [
    path
    for app in ("alliance", "members", "cases")
    for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
    if "migrations" not in path.parts
]
SPRITE = (settings.BASE_DIR / "static/img/icons.svg").read_text()


class UnlistedRefusal(refusals.NotAllowed):
    """A refusal class that is not listed in any mapping."""


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (refusals.Refusal(""), 422),
        (refusals.Incomplete("", []), 422),
        (refusals.NotAllowed(""), 403),
        (UnlistedRefusal(""), 403),
        (refusals.Conflict(""), 409),
        (refusals.Changed(""), 409),
    ],
)
def test_refusal_status_follows_its_class(refusal: refusals.Refusal, status: int) -> None:
    assert refusal.http_status == status


@pytest.mark.parametrize("kind", EventKind.values)
def test_each_kind_of_event_has_an_icon_and_tone(kind: str) -> None:
    style = event_styles._STYLES[kind]
    assert f'id="{style.icon}"' in SPRITE
    assert style.tone in {"neutral", "info", "success", "warning", "danger"}
    assert event_styles.style_of(kind) == style


def test_unknown_kind_of_event_has_a_default_icon() -> None:
    assert event_styles.style_of("of tomorrow") == ("check", "neutral")


@pytest.mark.parametrize("text", ["AP-7K3M-9QXD", "ap-7k3m-9qxd"])
def test_references_are_case_insensitive(text: str) -> None:
    assert ids.is_reference(text, "AP")
    assert ids.is_reference(text, "LR", "AP")
    assert not ids.is_reference(text, "LR")


@pytest.mark.parametrize(
    "text", ["", "AP-7K3M-9QXD\n", "AP-7K3M-9QX", "XAP-7K3M-9QXD", "AP-7K3M-9QX\N{KELVIN SIGN}"]
)
def test_invalid_references(text: str) -> None:
    assert not ids.is_reference(text, "AP")
    with pytest.raises(Resolver404):
        resolve(f"/cases/{text}/check/")


def test_urls_normalise_references() -> None:
    address = reverse("desk:check", args=["AP-7K3M-9QXD"])
    assert resolve(address.lower()).kwargs == {"reference": "AP-7K3M-9QXD"}


@pytest.mark.parametrize(
    "words", ["Your session expired. Your text was restored", "0-9A-Z]{4}", "0-9A-Za-z]{4}"]
)
def test_definitions_are_not_repeated(words: str) -> None:
    lines = [
        f"{path}: {line}"
        for path in SOURCES
        for line in path.read_text().splitlines()
        if words in line
    ]
    assert len(lines) <= 1, "\n".join(lines)
