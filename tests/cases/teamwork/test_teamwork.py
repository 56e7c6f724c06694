"""Tags, watchers, mentions and links by hand: for moderators, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib import changes
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.mail import queue
from cases.models import Case, CaseLink, CaseTag, OutgoingMail, Tag
from cases.models.event import EventKind
from cases.models.mail import FOR_MODERATORS, WATCHED
from cases.queries import teamwork as queries
from cases.services import decisions, teamwork, triage
from members.models import Membership, User
from tests import factories
from tests.forms import form_data
from tests.personas import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mo() -> User:
    return factories.moderator(name="Mo Moderator")


def page(case: Case) -> str:
    return reverse("triage:case", args=[case.reference])


def send(desk: Client, case: Case, verb: str, **values: Any) -> Any:
    """Send the form of ``verb`` as the page of the case holds it."""
    url = reverse(f"triage:{verb}", args=[case.reference])
    return desk.post(url, form_data(desk.get(page(case)), url, **values))


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def kinds_for(user: User) -> list[str]:
    return list(
        OutgoingMail.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    )


# --- Tags -------------------------------------------------------------------------------------------


def test_moderators_tag_cases_and_filter_by_tag(mo: User) -> None:
    case, other, desk = (
        factories.claimed_case(moderator=mo),
        factories.submitted_case(),
        browser_of(mo),
    )
    assert send(desk, case, "tag", name=" #Batch  7 ").status_code == 302
    assert send(desk, case, "tag", name="batch 7").status_code == 302
    tag = Tag.objects.get()
    assert (tag.name, CaseTag.objects.get().added_by) == ("Batch 7", mo)
    # A tag is no event: a moderator who is deciding is not disturbed.
    assert Case.objects.get(pk=case.pk).version == case.version
    answer = send(desk, case, "tag", name="x" * 41)
    assert answer.status_code == 422
    assert answer.context["forms"]["tag"]["name"].value() == "x" * 41

    listed = desk.get(reverse("triage:list"), {"view": "all", "tag": tag.pk})
    assert [row.reference for row in listed.context["page"].rows] == [case.reference]
    assert "Batch 7" in text(listed)
    teamwork.add_tag(case=other, by=mo, name="Batch 7")
    assert send(desk, case, "untag").status_code == 302
    assert list(CaseTag.objects.values_list("case", flat=True)) == [other.pk]
    assert (
        changes.rows_of(CaseTag, 0).model._default_manager.filter(pgh_label="delete").count() == 1
    )


def test_the_queries_of_the_pages_do_not_grow(
    mo: User, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    desk, cases = browser_of(mo), [factories.submitted_case() for _ in range(4)]
    one = cases[0]
    urls = [reverse("triage:list"), page(one)]
    teamwork.add_tag(case=one, by=mo, name="One")
    teamwork.link(case=one, by=mo, other=cases[1].reference, note="Same parcel")
    teamwork.watch(case=one, by=mo)
    numbers = []
    for url in urls:
        desk.get(url)
        with CaptureQueriesContext(connection) as made:
            desk.get(url)
        numbers.append(len(made))
    for case in cases[2:]:
        teamwork.add_tag(case=case, by=mo, name="One")
        teamwork.add_tag(case=one, by=mo, name=f"Tag {case.pk}")
        teamwork.link(case=one, by=mo, other=case.reference, note="Same parcel")
        teamwork.watch(case=one, by=factories.moderator())
    for url, number in zip(urls, numbers, strict=True):
        with django_assert_num_queries(number):
            desk.get(url)


# --- Watchers and mentions --------------------------------------------------------------------------


def test_watchers_are_notified_once_of_each_step_of_others(mo: User) -> None:
    min_ = factories.moderator(name="Min Moderator", language="zh-hans")
    case, desk = factories.ready_case(moderator=mo), browser_of(min_)
    for _ in range(2):
        assert desk.post(reverse("triage:watch", args=[case.reference])).status_code == 302
    teamwork.watch(case=case, by=mo)
    decisions.uphold(
        case=case,
        by=mo,
        reason=factories.reason("uphold"),
        ground="illegal_content",
        facts="Forged.",
        expected_version=case.version,
    )
    # The strike is part of the same step.
    assert kinds_for(min_) == ["watch_upheld"]
    assert kinds_for(mo) == []
    case = decisions.record_removal(case=case, by=min_)
    assert kinds_for(mo) == ["watch_listings_removed"]

    shown = text(desk.get(reverse("notifications:list"), HTTP_ACCEPT_LANGUAGE="en"))
    assert case.reference in shown
    row = OutgoingMail.objects.get(user=min_)
    assert desk.get(reverse("notifications:follow", args=[row.pk])).url == page(case)
    assert OutgoingMail.objects.get(user=min_).read_at is not None
    assert desk.get(page(case)).context["bell"].count == 0

    mail.outbox.clear()
    queue.send_due(seconds=5)
    (message,) = [one for one in mail.outbox if one.to == [min_.email]]
    assert page(case) in message.body
    assert "Forged" not in message.body
    assert "Forged" not in message.subject

    assert send(desk, case, "unwatch").status_code == 302
    decisions.close(case=case, by=mo)
    assert kinds_for(min_) == ["watch_upheld"]


def test_a_mention_notifies_a_moderator(mo: User) -> None:
    li, li_na = factories.moderator(name="Li"), factories.moderator(name="Li Na")
    min_, gone = factories.moderator(name="Min"), factories.moderator(name="Gone", is_active=False)
    party, person = factories.moderator(name="Party"), factories.user(name="Person")
    case = factories.submitted_case()
    factories.give_role(party, case.member, Membership.Role.VIEWER).save()
    note = "@li na and ＠MIN请看, @Gone @Party @Person @Mo Moderator, mail a@minster.example"
    assert send(browser_of(mo), case, "comment", note=note).status_code == 302
    assert kinds_for(li_na) == kinds_for(min_) == ["mentioned"]
    for other in (li, gone, party, person, mo):
        assert kinds_for(other) == []
    # A watcher who is mentioned gets one notification, which says so.
    teamwork.watch(case=case, by=min_)
    triage.comment(case=case, by=mo, note="Once more, @Min.")
    assert kinds_for(min_) == ["mentioned", "mentioned"]
    assert queries.mentioned("@Li, see @Li Na", [li, li_na]) == [li, li_na]


def test_notifications_of_moderators_are_seen_by_moderators_only(mo: User) -> None:
    case = factories.submitted_case()
    triage.comment(case=case, by=factories.moderator(), note="@Mo Moderator: secret-note")
    row = OutgoingMail.objects.get(user=mo)
    follow = reverse("notifications:follow", args=[row.pk])
    assert "You were mentioned" in text(browser_of(mo).get(reverse("notifications:list")))
    role = factories.give_role(mo, case.member, Membership.Role.OWNER)
    role.save()
    for moderator in (True, False):
        User.objects.filter(pk=mo.pk).update(is_moderator=moderator)
        desk = browser_of(User.objects.get(pk=mo.pk))
        assert desk.get(follow).status_code == 404
        assert "You were mentioned" not in text(desk.get(reverse("notifications:list")))
        assert desk.get(reverse("notifications:list")).context["bell"].count == 0
    mail.outbox.clear()
    queue.send_due(seconds=5)
    assert [one for one in mail.outbox if one.to == [mo.email]] == []


def test_moderators_choose_their_emails(mo: User) -> None:
    desk, url = browser_of(mo), reverse("profile")
    form = desk.get(url).context["notifications"]
    assert list(form.fields) == ["mentions", "watched"]
    assert (
        desk.post(url, form_data(desk.get(url), url, **{"mail-watched": "off"})).status_code == 302
    )
    case = factories.submitted_case()
    teamwork.watch(case=case, by=mo)
    triage.comment(case=case, by=factories.moderator(), note="Look.")
    mail.outbox.clear()
    queue.send_due(seconds=5)
    assert [one for one in mail.outbox if one.to == [mo.email]] == []
    assert kinds_for(mo) == ["watch_commented"]


def test_the_kind_of_a_watched_event_fits_its_column() -> None:
    longest = OutgoingMail._meta.get_field("kind").max_length
    assert max(len(kind) for kind in FOR_MODERATORS) <= longest
    assert OutgoingMail(kind=f"{WATCHED}{EventKind.UPHELD}").label == EventKind.UPHELD.label


# --- Links by hand ----------------------------------------------------------------------------------


def test_linked_cases_show_each_other(mo: User) -> None:
    one, other, desk = factories.submitted_case(), factories.submitted_case(), browser_of(mo)
    draft = factories.draft_case()
    note = "The parcels have the same sender"
    for wrong in (one.reference, draft.reference, "AP-0000-0000", "x"):
        answer = send(desk, one, "link", other=wrong, note=note)
        assert answer.status_code == 422
        assert answer.context["forms"]["link"]["note"].value() == note
    for case, target in ((one, other), (other, one)):  # twice, from either side
        given = f" {target.reference.lower()} "
        assert send(desk, case, "link", other=given, note=note).status_code == 302
    assert CaseLink.objects.count() == 1
    for case, target in ((one, other), (other, one)):
        shown = text(desk.get(page(case)))
        assert target.reference in shown
        assert note in shown
    stranger = factories.submitted_case()
    link = CaseLink.objects.get()
    with pytest.raises(Conflict):
        teamwork.unlink(case=stranger, by=mo, link=link.pk)
    assert [send(desk, other, "unlink").status_code] == [302]
    teamwork.unlink(case=one, by=mo, link=link.pk)
    assert not CaseLink.objects.exists()


def test_services_refuse_others_and_too_many(mo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    case, other = factories.submitted_case(), factories.submitted_case()
    party = factories.moderator()
    factories.give_role(party, case.member, Membership.Role.VIEWER).save()
    steps = [
        lambda by: teamwork.add_tag(case=case, by=by, name="Tag"),
        lambda by: teamwork.remove_tag(case=case, by=by, tag=0),
        lambda by: teamwork.watch(case=case, by=by),
        lambda by: teamwork.link(case=other, by=by, other=case.reference, note="Same"),
        lambda by: teamwork.unlink(case=case, by=by, link=0),
    ]
    for step in steps:
        for by in (party, case.created_by, factories.admin()):
            with pytest.raises(NotAllowed):
                step(by)
    monkeypatch.setattr(teamwork, "MOST_TAGS", 1)
    monkeypatch.setattr(teamwork, "MOST_LINKS", 1)
    teamwork.add_tag(case=case, by=mo, name="Tag")
    teamwork.link(case=case, by=mo, other=other.reference, note="Same")
    third = factories.submitted_case()
    for refused in (
        lambda: teamwork.add_tag(case=case, by=mo, name="Other"),
        lambda: teamwork.link(case=third, by=mo, other=case.reference, note="Same"),
    ):
        with pytest.raises(Refusal):
            refused()
