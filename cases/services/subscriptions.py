"""Subscriptions to saved views: who gets an email about a view, and when.

A worker looks at each view that is due, in a transaction that locks the subscription, counts, queues the email and sets
the time of the next look. So a look that is repeated or late sends nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, counts, time_zones
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.mail import queue as mail_queue
from cases.models import SavedView, ViewMail, ViewSubscription
from cases.models.case import CaseQuerySet
from cases.models.saved_view import LOOK_EVERY, MOST_WAITING
from members.models import User
from members.services.digests import next_morning

log = structlog.get_logger(__name__)

How = ViewSubscription.How
CasesOf = Callable[[SavedView, User], CaseQuerySet]
# A change counts when its transaction has surely ended, so that no look misses it.
SETTLED = timedelta(minutes=1)
# A view whose count takes longer is not looked at for an hour.
_TIMEOUT = "5s"
_PAUSE = timedelta(hours=1)


@transaction.atomic
def subscribe(
    *, view: SavedView, by: User, how: str, threshold: int | None = None
) -> ViewSubscription:
    """Subscribe ``by`` to a view, or change when they get its emails. Idempotent.

    Raises :class:`Refusal` if ``by`` may not see the view, and without a threshold for :attr:`How.ABOVE`.
    """
    if not visibility.saved_views(by).filter(pk=view.pk).exists():
        raise Refusal(_("The view is no longer shared with you."))
    if (how == How.ABOVE) != (threshold is not None):
        raise Refusal(_("Enter the number of cases above which you want an email."))
    now = clock.now()
    values: dict[str, Any] = {"how": how, "threshold": threshold}
    known = ViewSubscription.objects.select_for_update(no_key=True).filter(view=view, user=by)
    if known.filter(**values).exists():
        return known.get()
    values |= {"looked_at": now, "is_above": False}
    subscription, _created = ViewSubscription.objects.update_or_create(
        view=view, user=by, defaults=values
    )
    subscription.next_look_at = _next_look(subscription, now)
    subscription.save(update_fields=["next_look_at"])
    return subscription


def unsubscribe(*, view: SavedView, by: User) -> None:
    """End the subscription of ``by``. Idempotent."""
    ViewSubscription.objects.filter(view=view, user=by).delete()


def look_due(*, cases_of: CasesOf, seconds: float) -> None:
    """Look at the views of due subscriptions for up to ``seconds``. ``cases_of`` returns the cases of a view."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        key = None
        try:
            with transaction.atomic():
                subscription = _next_due()
                if subscription is None:
                    return
                key = subscription.pk
                _look(subscription, cases_of)
        except DatabaseError:
            if key is None:
                raise
            log.exception("view_not_counted", subscription=key)
            later = clock.now() + _PAUSE
            ViewSubscription.objects.filter(pk=key).update(next_look_at=later)


def _next_due() -> ViewSubscription | None:
    due = ViewSubscription.objects.filter(next_look_at__lte=clock.now())
    due = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return due.select_related("view", "user").order_by("next_look_at").first()


def _look(subscription: ViewSubscription, cases_of: CasesOf) -> None:
    now = clock.now()
    seen = visibility.saved_views(subscription.user).filter(pk=subscription.view_id)
    if seen.exists():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [_TIMEOUT])
        found = cases_of(subscription.view, subscription.user)
        numbers = _numbers(subscription, found, now - SETTLED)
        if numbers:
            _queue(subscription, numbers, now)
    subscription.next_look_at = _next_look(subscription, now)
    subscription.save(update_fields=["looked_at", "next_look_at", "is_above"])


def _numbers(subscription: ViewSubscription, found: CaseQuerySet, end: datetime) -> dict[str, int]:
    """Return the numbers for the email, or none if there is nothing to report."""
    if subscription.how == How.ABOVE:
        assert subscription.threshold is not None  # constraint
        was_above, waiting = subscription.is_above, counts.count(found, MOST_WAITING)
        subscription.is_above = waiting > subscription.threshold
        is_news = subscription.is_above and not was_above
        return {"waiting": waiting, "threshold": subscription.threshold} if is_news else {}
    since, subscription.looked_at = subscription.looked_at, max(subscription.looked_at, end)
    new = counts.count(found.filter(updated_at__gt=since, updated_at__lte=end), MOST_WAITING)
    if subscription.how == How.AT_ONCE:
        return {"new": new} if new else {}
    waiting = counts.count(found, MOST_WAITING)
    return {"new": new, "waiting": waiting} if waiting else {}


def _queue(subscription: ViewSubscription, numbers: dict[str, int], now: datetime) -> None:
    ViewMail.objects.create(
        key=f"view:{subscription.pk}:{now.isoformat()}",
        to=subscription.user.email,
        language=subscription.user.language,
        subscription=subscription,
        data={"how": subscription.how, **numbers},
    )
    transaction.on_commit(mail_queue.wake)


def _next_look(subscription: ViewSubscription, now: datetime) -> datetime:
    """Return the next look: 08:00 of the next day or Monday in the person's time zone, or in some minutes."""
    if subscription.how not in (How.DAILY, How.WEEKLY):
        return now + LOOK_EVERY
    zone = time_zones.named(subscription.user.time_zone)
    moment = next_morning(zone, now)
    while subscription.how == How.WEEKLY and moment.astimezone(zone).weekday() != 0:
        moment = next_morning(zone, moment)
    return moment
