"""Bulk actions, saved views and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases.bulk import jobs
from cases.models import BulkJob, Case, ListLayout, SavedView, ViewMail, ViewSubscription
from cases.services import saved_views, subscriptions
from members.models import User
from tests.factories.cases import submitted_case
from tests.factories.numbers import number
from tests.factories.people import moderator


def bulk_job(
    *,
    by: User | None = None,
    verb: str = "claim",
    cases: Iterable[Case] | None = None,
    confirmed: bool = False,
    **values: Any,
) -> BulkJob:
    """Return a checked or a confirmed bulk action."""
    by = by or moderator()
    chosen = [submitted_case()] if cases is None else cases
    job = jobs.create(by=by, verb=verb, values=values, cases=chosen)
    return jobs.confirm(job=job, by=by) if confirmed else job


def saved_view(
    *, by: User | None = None, query: str = "violation=design", **facts: Any
) -> SavedView:
    """Return a saved view of a moderator."""
    values: dict[str, Any] = {"name": f"View {number()}", "is_shared": False, "position": 10}
    return saved_views.create(by=by or moderator(), query=query, **(values | facts))


def subscription(view: SavedView, *, by: User | None = None, **how: Any) -> ViewSubscription:
    """Return the subscription of a person, of its owner by default, to a view."""
    return subscriptions.subscribe(view=view, by=by or view.owner, **({"how": "daily"} | how))


def view_mail(of: ViewSubscription) -> ViewMail:
    """Return a queued email of a subscription."""
    return ViewMail.objects.create(
        key=f"view:{of.pk}:{number()}",
        to=of.user.email,
        subscription=of,
        data={"how": of.how, "new": 2, "waiting": 3},
    )


def list_layout(by: User) -> ListLayout:
    """Return the layout of the triage list that a person has chosen."""
    return saved_views.set_layout(by=by, columns=["status"], density="compact")
