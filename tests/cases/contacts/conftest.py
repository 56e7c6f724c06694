"""A draft without files, reading switched on, and programs that take the place of the one that reads pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from alliance.lib import ocr
from cases.models import Case
from tests import factories
from tests.personas import Personas

Program = Callable[[str], None]


@pytest.fixture(autouse=True)
def reading(settings: Any) -> None:
    settings.OCR_ENABLED = True


@pytest.fixture
def draft(personas: Personas) -> Case:
    market = factories.marketplace(country="CN")
    against = factories.seller(on=market)
    return factories.draft_case(by=personas.filer, citing=personas.right, against=against, files=0)


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Return a function that sets the source of the program which reads pictures. It runs as a process, as the real one."""

    def use(source: str) -> None:
        script = tmp_path / "program.py"
        script.write_text(source)
        monkeypatch.setattr(ocr, "PROGRAM", (sys.executable, "-I", "-S", str(script)))
        monkeypatch.setattr(ocr, "is_installed", lambda: True)

    return use


@pytest.fixture
def reads(program: Program) -> Callable[..., None]:
    """Return a function that lets every picture be read as the given lines, each with a confidence of 0.9."""

    def use(*lines: str) -> None:
        program(
            f"import sys; sys.stdin.buffer.read(); print({json.dumps([[line, 0.9] for line in lines])!r})"
        )

    return use
