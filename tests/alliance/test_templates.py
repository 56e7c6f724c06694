"""Every template compiles, also those that no test renders."""

from __future__ import annotations

import re
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


def test_labels_end_with_the_colon_of_the_language() -> None:
    """``{% colon %}`` is full-width in Chinese; the filter ``listed`` joins a list of the same kind."""
    translated = r"{% *(blocktranslate|comment)\b.*?{% *end(blocktranslate|comment) *%}"
    faults = []
    for path in sorted(FOLDER.rglob("*.html")):
        text = re.sub(translated, "", path.read_text(), flags=re.DOTALL)
        if re.search(r"(%}|}})(</\w+>)?:(\s|<|$)", text) or '|join:", "' in text:
            faults.append(path.name)
    assert not faults
