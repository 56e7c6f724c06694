"""The text of an email from its template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string


def render(template: str, context: Mapping[str, Any]) -> str:
    """Return the text. Template tags may stand on lines of their own: blank lines are reduced to one."""
    text = render_to_string(template, dict(context))
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"
