"""The notification settings on a person's profile page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Frequency, Topic
from members.models.notification import NEEDED, OF_MODERATORS, frequencies_for, not_allowed

# What the emails about each topic report.
CONTENTS = {
    Topic.QUESTIONS: _("A moderator asks for information, or a seller has sent a counter-notice."),
    Topic.REMINDERS: _("A reply is due soon."),
    Topic.DECISIONS: _("A complaint is upheld or rejected, or a counter-notice is decided."),
    Topic.PROGRESS: _("A case is submitted, withdrawn or closed, or listings are removed."),
    Topic.LAW_ENFORCEMENT: _("A case is referred to an agency, or an operation is verified."),
    Topic.RIGHTS: _("A moderator has verified or returned a right."),
    Topic.EXPIRIES: _("Rights, an agent’s authorisation or an access token expire soon."),
    Topic.PEOPLE: _(
        "A person has accepted your invitation, or your authorisation as an agent was renewed."
    ),
    Topic.ACCESS: _(
        "Your role has changed or ended, a membership is suspended, reinstated or ended, or a new way to log in was "
        "connected to your account."
    ),
    Topic.MENTIONS: _("A moderator mentions you in an internal note."),
    Topic.WATCHED: _("Another person does something on a case that you watch."),
}

# The topics under each heading of the page.
GROUPS = (
    (
        _("Cases"),
        (
            Topic.QUESTIONS,
            Topic.REMINDERS,
            Topic.DECISIONS,
            Topic.PROGRESS,
            Topic.LAW_ENFORCEMENT,
        ),
    ),
    (_("Rights and deadlines"), (Topic.RIGHTS, Topic.EXPIRIES)),
    (_("People and access"), (Topic.PEOPLE, Topic.ACCESS)),
    (_("Working together"), OF_MODERATORS),
)


class NotificationForm(forms.Form):
    """One field for each topic: when emails about it are sent."""

    prefix = "mail"

    def __init__(
        self,
        *args: Any,
        frequencies: dict[Topic, Frequency],
        moderator: bool = False,
        **kwargs: Any,
    ) -> None:
        """``frequencies`` are the current settings. A ``moderator`` has topics of their own."""
        super().__init__(*args, **kwargs)
        for topic in Topic:
            if (topic in OF_MODERATORS) != moderator:
                continue
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label,
                help_text=_help(topic),
                choices=[(one.value, one.label) for one in frequencies_for(topic)],
                initial=frequencies[topic],
                error_messages={"invalid_choice": not_allowed(topic)},
            )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the headings with their fields."""
        return [
            (heading, [self[topic.value] for topic in topics])
            for heading, topics in GROUPS
            if topics[0].value in self.fields
        ]


def _help(topic: Topic) -> Any:
    if topic not in NEEDED:
        return CONTENTS[topic]
    return format_lazy("{} {}", CONTENTS[topic], NEEDED[topic])
