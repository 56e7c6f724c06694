"""Every template compiles, including those that no test renders."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


def test_every_template_compiles() -> None:
    faults = []
    for name in NAMES:
        try:
            get_template(name)
        except (TemplateSyntaxError, UnicodeDecodeError) as fault:
            faults.append(f"{name}: {fault}")
    assert NAMES
    assert not faults, "\n".join(faults)
