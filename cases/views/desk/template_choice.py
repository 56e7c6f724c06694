"""The templates offered when a case is started."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from cases.queries import complaint_templates
from members.models import User

OFFERED = 200


def context(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the ``templates`` that the person can choose from, and the chosen ``template`` with its ``obstacle``."""
    rows = complaint_templates.of_filer(user)
    found: dict[str, Any] = {"templates": list(rows[:OFFERED])}
    key = request.GET.get("template", "")
    if key.isascii() and key.isdecimal() and len(key) < 19:
        chosen = next((row for row in found["templates"] if row.pk == int(key)), None)
        chosen = chosen or rows.filter(pk=int(key)).first()
        if chosen:
            found |= {"template": chosen, "obstacle": complaint_templates.obstacle(chosen)}
    return found
