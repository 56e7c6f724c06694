"""Saved views, their readers, their tabs, and emails about them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib import clock
from cases.lists.saved_views import cases_of
from cases.mail import queue as mail_queue
from cases.models import Case, SavedView, ViewMail, ViewSubscription
from cases.services import saved_views, subscriptions
from members.models import User
from tests import factories
from tests.factories.bulk import list_layout, saved_view, subscription
from tests.forms import form_data
from tests.personas import browser_of

LIST = reverse("triage:list")


@pytest.fixture
def mo(db: None) -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def desk(mo: User) -> Client:
    return browser_of(mo)


def look() -> list[ViewMail]:
    """Look at due views; return the new emails."""
    before = set(ViewMail.objects.values_list("pk", flat=True))
    subscriptions.look_due(cases_of=cases_of, seconds=60)
    return list(ViewMail.objects.exclude(pk__in=before))


def due(of: ViewSubscription, *, looked_ago: timedelta = timedelta(hours=1)) -> None:
    """Make a look due whose period began ``looked_ago``."""
    now = clock.now()
    ViewSubscription.objects.filter(pk=of.pk).update(next_look_at=now, looked_at=now - looked_ago)


def submitted_ago(minutes: int, **facts: Any) -> Case:
    case = factories.submitted_case(**facts)
    moment = clock.now() - timedelta(minutes=minutes)
    Case.objects.filter(pk=case.pk).update(updated_at=moment)
    return case


def test_view_is_saved_from_the_list_changed_and_deleted(desk: Client, mo: User) -> None:
    new = f"{reverse('triage:view_new')}?back=view%3Dall%26violation%3Ddesign%26evil%3D1"
    data = form_data(desk.get(new), "view-form", **{"view-name": "Designs", "view-is_shared": "on"})
    response = desk.post(new, data)
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("view=all&violation=design", True)
    assert response["Location"] == f"{LIST}?view=all&violation=design&saved={view.pk}"
    # A bare link leads to the filters; the tab is active, and changed filters can be saved.
    bare = desk.get(f"{LIST}?saved={view.pk}")
    assert bare["Location"] == response["Location"]
    page = desk.get(f"{LIST}?view=all&violation=patent&saved={view.pk}")
    assert page.context["is_changed"]
    action = reverse("triage:view_filters", args=[view.pk])
    desk.post(action, form_data(page, action))
    view.refresh_from_db()
    assert view.query == "view=all&violation=patent"
    again = desk.post(new, data)
    assert again.status_code == 422
    assert "You already have a view with this name." in again.content.decode()
    desk.post(reverse("triage:view_delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_private_view_is_hidden_and_a_shared_one_belongs_to_its_owner(desk: Client) -> None:
    private, shared = saved_view(name="Private"), saved_view(name="Shared", is_shared=True)
    for name in ("view", "view_emails", "unsubscribe"):
        assert desk.get(reverse(f"triage:{name}", args=[private.pk])).status_code == 404
    assert desk.get(f"{LIST}?saved={private.pk}").status_code == 404
    assert desk.get(f"{LIST}?saved={shared.pk}&view=waiting").status_code == 200
    assert desk.get(reverse("triage:view", args=[shared.pk])).status_code == 403
    delete = reverse("triage:view_delete", args=[shared.pk])
    assert desk.post(delete).status_code == 403
    words = desk.get(reverse("triage:views")).content.decode()
    assert "Shared" in words
    assert "Private" not in words


def test_other_people_lose_a_view_that_is_no_longer_shared(mo: User) -> None:
    view = saved_view(by=mo, is_shared=True)
    other = subscription(view, by=factories.moderator())
    mine = subscription(view)
    due(other)
    submitted_ago(5)
    saved_views.change(view=view, by=mo, name="Mine", is_shared=False, position=1)
    assert list(ViewSubscription.objects.all()) == [mine]
    assert look() == []


def test_tabs_have_counts_with_a_constant_number_of_queries(desk: Client, mo: User) -> None:
    def queries(rows: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            page = desk.get(LIST)
        assert page.content.decode().count("data-bulk-row") == rows
        return len(caught)

    case = factories.submitted_case()
    kind = f"violation={case.violation}"
    saved_view(by=mo, name="Alpha", query=kind)
    desk.get(LIST)
    first = queries(1)
    for n in range(4):
        saved_view(by=mo, name=f"Beta {n}", query=f"member={case.member_id}&priority=2")
    saved_view(by=mo, name="Decided", query="view=decided")
    SavedView.objects.filter(name="Beta 3").update(query="q=nowhere")
    for _ in range(2):
        factories.submitted_case(citing=case.right)
    assert queries(3) == first
    tabs = {tab["label"]: tab["count"] for tab in desk.get(LIST).context["saved_tabs"]}
    assert tabs["Beta 0"] == "3"
    assert tabs["Beta 1"] == "3"
    assert (tabs["Beta 3"], tabs["Decided"]) == (None, None)
    SavedView.objects.filter(name="Alpha").update(query="member=0")
    assert next(tab["count"] for tab in desk.get(LIST).context["saved_tabs"]) == "0"


def test_at_once_reports_new_cases_once_and_bundled(mo: User) -> None:
    view = saved_view(by=mo, query="")
    of = subscription(view, how="at_once")
    due(of)
    assert look() == []
    due(of)
    for _ in range(2):
        submitted_ago(5)
    submitted_ago(0)  # its transaction may not have ended: the next look counts it
    [sent] = look()
    assert sent.data == {"how": "at_once", "new": 2}
    assert look() == []
    of.refresh_from_db()
    assert of.next_look_at > clock.now() + timedelta(minutes=4)


def test_daily_and_weekly_emails_come_at_eight_in_the_persons_zone(mo: User) -> None:
    User.objects.filter(pk=mo.pk).update(time_zone="Asia/Shanghai")
    mo.refresh_from_db()
    zone = ZoneInfo("Asia/Shanghai")
    daily = subscription(saved_view(by=mo, query=""))
    weekly = subscription(saved_view(by=mo, query=""), how="weekly")
    for of in (daily, weekly):
        local: datetime = of.next_look_at.astimezone(zone)
        assert (local.hour, local.minute) == (8, 0)
        assert of.next_look_at > clock.now()
    assert weekly.next_look_at.astimezone(zone).weekday() == 0
    submitted_ago(5)
    submitted_ago(500)
    due(daily)
    [sent] = look()
    assert sent.data == {"how": "daily", "new": 1, "waiting": 2}


def test_more_than_n_reports_once_until_it_has_fallen(mo: User) -> None:
    of = subscription(saved_view(by=mo, query=""), how="above", threshold=1)
    first, _second = submitted_ago(5), submitted_ago(5)
    due(of)
    [sent] = look()
    assert sent.data == {"how": "above", "waiting": 2, "threshold": 1}
    due(of)
    assert look() == []
    Case.objects.filter(pk=first.pk).update(status="withdrawn")
    due(of)
    assert look() == []
    Case.objects.filter(pk=first.pk).update(status="submitted")
    due(of)
    assert len(look()) == 1


def test_email_has_links_in_the_readers_language_and_its_link_asks(
    desk: Client, mo: User, mailoutbox: Any
) -> None:
    User.objects.filter(pk=mo.pk).update(language="zh-hans")
    mo.refresh_from_db()
    view = saved_view(by=mo, name="Designs", query="")
    of = subscription(view, how="at_once")
    submitted_ago(5)
    due(of)
    look()
    mail_queue.send_due(seconds=20)
    [message] = [one for one in mailoutbox if "Designs" in one.subject]
    assert f"{LIST}?saved={view.pk}" in message.body
    link = reverse("triage:unsubscribe", args=[view.pk])
    assert link in message.body
    assert "“Designs”" in message.body
    page = desk.get(link)
    assert ViewSubscription.objects.exists()
    desk.post(link, form_data(page, "unsubscribe-form"))
    assert not ViewSubscription.objects.exists()


def test_subscription_form_keeps_what_was_entered_and_needs_a_number(
    desk: Client, mo: User
) -> None:
    url = reverse("triage:view_emails", args=[saved_view(by=mo).pk])
    page = desk.get(url)
    wrong = desk.post(url, form_data(page, "emails-form", **{"subscription-how": "above"}))
    assert wrong.status_code == 422
    data = {"subscription-how": "above", "subscription-threshold": "20"}
    desk.post(url, form_data(wrong, "emails-form", **data))
    assert ViewSubscription.objects.get().threshold == 20


def test_columns_and_density_are_the_persons(desk: Client, mo: User) -> None:
    factories.submitted_case()
    url = reverse("triage:layout")
    page = desk.get(url)
    data = form_data(
        page, "layout-form", **{"layout-columns": ["seller"], "layout-density": "comfortable"}
    )
    assert desk.post(url, data)["Location"] == f"{LIST}?"
    words = desk.get(LIST).content.decode()
    assert "triage-comfortable" in words
    assert "col-seller" in words
    assert "col-brand" not in words
    list_layout(factories.moderator())
    assert "col-seller" in browser_of(mo).get(LIST).content.decode()
