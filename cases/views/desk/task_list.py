"""The steps of filing with their states, as a task list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case
from cases.queries.readiness import Problem, Step

LABELS = {
    Step.COMPLAINT: _("Complaint"),
    Step.LISTINGS: _("Seller and listings"),
    Step.EVIDENCE: _("Evidence"),
    Step.CHECK: _("Check and submit"),
}


class State(models.TextChoices):
    """The state of a step."""

    NOT_STARTED = "not_started", pgettext_lazy("step", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("step", "In progress")
    ATTENTION = "attention", pgettext_lazy("step", "Needs attention")
    COMPLETE = "complete", pgettext_lazy("step", "Complete")


TONES = {
    State.NOT_STARTED: "neutral",
    State.IN_PROGRESS: "info",
    State.ATTENTION: "warning",
    State.COMPLETE: "success",
}


@dataclass(frozen=True)
class Task:
    """A step. ``url`` is empty as long as there is no draft."""

    label: Any
    url: str
    state: State
    is_current: bool

    @property
    def tone(self) -> str:
        return TONES[self.state]


def of(draft: Case | None, problems: Sequence[Problem], current: Step) -> list[Task]:
    """Return the steps in order. ``draft`` is from :func:`readiness.loaded`, and ``problems`` are its problems."""
    return [
        Task(
            label=LABELS[step],
            url=reverse(f"desk:{step}", args=[draft.reference]) if draft else "",
            state=_state(draft, problems, step),
            is_current=step == current,
        )
        for step in Step
    ]


def _state(draft: Any, problems: Sequence[Problem], step: Step) -> State:
    own = [problem for problem in problems if problem.step == step]
    if draft is None or step == Step.CHECK:
        return State.NOT_STARTED
    if any(not problem.missing for problem in own):
        return State.ATTENTION
    if not own:
        return State.COMPLETE
    started = step == Step.COMPLAINT or (
        step == Step.LISTINGS and (draft.seller_id is not None or draft.has_listings)
    )
    return State.IN_PROGRESS if started else State.NOT_STARTED
