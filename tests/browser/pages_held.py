"""Visits to the pages of held decisions and of the second review."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests import factories
from tests.browser.visits import FormVisit, Visit
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Return the queue, and a held case as its moderator, a second one and an admin see it."""
    mine: dict[str, Any] = {"by": cast.filer, "of": cast.brand, "citing": cast.right}
    waiting = factories.held_decision(moderator=cast.moderator, **mine)
    second = factories.reviewed_decision(moderator=cast.moderator, **mine)
    page = reverse("triage:case", args=[second.case.reference])
    queue = reverse("triage:second_review")
    send_back = reverse("triage:send_back", args=[second.pk])
    return [
        Visit("second_moderator", queue),
        Visit("moderator", queue + "?cursor=none"),
        Visit("moderator", reverse("triage:case", args=[waiting.case.reference])),
        *(Visit(persona, page) for persona in ("moderator", "second_moderator", "admin")),
        Visit("second_moderator", f"{page}?otherwise={second.pk}"),
        FormVisit("second_moderator", send_back, {"reason": " "}),
    ]
