"""Saved views of the two moderators with a published login, and a subscription."""

from __future__ import annotations

from cases.demo.world import World
from cases.models import ViewSubscription
from cases.services import saved_views, subscriptions

_VIEWS = (
    ("Urgent", "priority=4", True),
    ("Counterfeits", "violation=counterfeit", True),
    ("Designs · 外观设计", "violation=design", False),
)


def save(world: World) -> None:
    """Save some views for the first moderator. The second one subscribes to a shared one."""
    first, second = world.moderators[:2]
    for position, (name, query, is_shared) in enumerate(_VIEWS, start=1):
        view = saved_views.create(
            by=first, name=name, query=query, is_shared=is_shared, position=position
        )
        if position == 1:
            subscriptions.subscribe(view=view, by=second, how=ViewSubscription.How.DAILY)
