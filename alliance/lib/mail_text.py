"""Renders the text of an email."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string


def render(template: str, context: Mapping[str, Any]) -> str:
    """Render a template. Consecutive blank lines become one, so that template tags can have their own lines."""
    text = render_to_string(template, dict(context))
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"
