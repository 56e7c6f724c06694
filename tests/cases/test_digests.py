"""Emails follow the settings of their readers: at once, in one digest a day, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from alliance.lib import clock
from alliance.lib.mail.queued import MAX_ATTEMPTS
from cases import tasks
from cases.mail import digests, queue
from cases.models import Case, OutgoingMail
from cases.services import core, decisions
from members.models import Digest, Membership, User
from tests import factories
from tests.cases.notice_causes import subjects_sent_by_three_workers
from tests.personas import Personas

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def decide(personas: Personas) -> Callable[[], Case]:
    """Uphold a case of the filer, whose earlier notifications do not matter here."""

    def make() -> Case:
        case = factories.ready_case(
            moderator=personas.moderator, by=personas.filer, citing=personas.right
        )
        OutgoingMail.objects.filter(case=case).delete()
        return decisions.uphold(
            case=case,
            by=personas.moderator,
            reason=factories.reason(),
            ground="illegal_content",
            facts="The label is misspelt.",
            expected_version=case.version,
            outcomes={listing.pk: "remove" for listing in case.listings.all()},
        )

    return make


def row(case: Case) -> OutgoingMail:
    found: OutgoingMail = OutgoingMail.objects.get(case=case)
    return found


def next_morning(user: User) -> datetime:
    return Digest.objects.filter(user=user).latest("day").due_at


def send(at: datetime | None = None) -> list[str]:
    """Send what is due now, or at the moment ``at``; return the subjects."""
    mail.outbox.clear()
    with clock.at(at or clock.now()):
        tasks.send_mails()
    return [str(message.subject) for message in mail.outbox]


# --- At once, off, digest ------------------------------------------------------------------------


def test_off_sends_no_email_but_notifies(personas: Personas, decide: Callable[[], Case]) -> None:
    factories.choose(personas.filer, decisions="off")
    case = decide()
    assert send() == []
    found = row(case)
    assert (found.sent_at, found.last_error) == (None, "switched off by the recipient")
    assert found.failed_at is not None
    assert found.read_at is None


def test_digest_arrives_once_on_the_next_morning(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    factories.choose(personas.filer, decisions="digest")
    first, second = decide(), decide()
    assert send() == []
    morning = next_morning(personas.filer)
    assert send(morning - timedelta(seconds=1)) == []
    (subject,) = send(morning)
    assert subject == "[Alliance Portal] Daily digest: 2 updates"
    (message,) = mail.outbox
    text = str(message.body)
    assert message.to == [personas.filer.email]
    for case in (first, second):
        assert text.count(f"/cases/{case.reference}/") == 1
        assert row(case).sent_at is not None
    assert text.count("- Complaint upheld") == 2
    assert "/notifications/" in text
    assert send(morning + timedelta(hours=1)) == []
    assert send(morning + DAY) == [], "no digest without news"


def test_a_digest_is_grouped_by_case_and_in_the_readers_language(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    User.objects.filter(pk=personas.filer.pk).update(language="zh-hans", time_zone="Asia/Shanghai")
    factories.choose(personas.filer, decisions="digest", progress="digest")
    case = decide()
    decisions.record_removal(case=case, by=personas.moderator)
    send()
    morning = next_morning(personas.filer)
    assert morning.hour == 0  # 08:00 in Shanghai
    (subject,) = send(morning)
    assert "每日摘要" in subject
    text = str(mail.outbox[0].body)
    assert text.count(case.reference) == 2  # heading and link
    assert text.index("投诉成立") < text.index("已下架")


def test_a_long_digest_is_bounded(
    personas: Personas, decide: Callable[[], Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "LISTED", 2)
    factories.choose(personas.filer, decisions="digest")
    cases = [decide() for _ in range(4)]
    send()
    assert send(next_morning(personas.filer)) == ["[Alliance Portal] Daily digest: 4 updates"]
    text = str(mail.outbox[0].body)
    assert text.count("- Complaint upheld") == 2
    assert "… and 2 more." in text
    assert OutgoingMail.objects.filter(case__in=cases, sent_at=None).count() == 0


def test_a_question_in_a_digest_has_its_deadline(personas: Personas) -> None:
    factories.choose(personas.filer, questions="digest", progress="off")
    case = factories.information_requested_case(by=personas.filer, citing=personas.right)
    send()
    send(next_morning(personas.filer))
    text = str(mail.outbox[0].body)
    assert re.search(r"- Information requested: Reply by .+ \(UTC\)\.", text)
    assert case.reference in text


def test_an_answered_reminder_is_left_out(personas: Personas) -> None:
    factories.choose(personas.filer, reminders="digest")
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    OutgoingMail.objects.update(kind="member_reminded")
    assert case.answer_due_at is None
    send()
    assert send(next_morning(personas.filer)) == []
    assert row(case).last_error == "no longer awaiting an answer"


# --- Access --------------------------------------------------------------------------------------


def test_a_case_that_the_reader_may_no_longer_see_is_left_out(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    other = factories.member()
    right = factories.right(factories.brand(other))
    Membership.objects.create(user=personas.filer, member=other, role="filer")
    factories.choose(personas.filer, decisions="digest", progress="digest")
    hidden, seen = decide(), factories.submitted_case(by=personas.filer, citing=right)
    send()
    personas.filer.memberships.filter(member=personas.member).delete()
    assert send(next_morning(personas.filer)) == ["[Alliance Portal] Daily digest: 1 update"]
    text = str(mail.outbox[0].body)
    assert seen.reference in text
    assert hidden.reference not in text
    assert row(hidden).last_error == "no longer has access"


def test_no_digest_if_nothing_is_left(personas: Personas, decide: Callable[[], Case]) -> None:
    factories.choose(personas.filer, decisions="digest")
    case = decide()
    send()
    personas.filer.memberships.all().delete()
    assert send(next_morning(personas.filer)) == []
    assert Digest.objects.get().last_error == "nothing to report"
    assert row(case).failed_at is not None


def test_a_single_email_is_not_sent_after_the_access_has_ended(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    case = decide()
    personas.filer.memberships.all().delete()
    assert send() == []
    assert row(case).last_error == "no longer has access"


def test_an_inactive_account_gets_no_digest(personas: Personas, decide: Callable[[], Case]) -> None:
    factories.choose(personas.filer, decisions="digest")
    case = decide()
    send()
    User.objects.filter(pk=personas.filer.pk).update(is_active=False)
    assert send(next_morning(personas.filer)) == []
    assert row(case).last_error == "account inactive"


# --- Settings that change while emails wait -------------------------------------------------------


@pytest.mark.parametrize("frequency", ["off", "digest"])
def test_a_queued_email_follows_the_setting_of_when_it_is_sent(
    personas: Personas, decide: Callable[[], Case], frequency: str
) -> None:
    decide()
    factories.choose(personas.filer, decisions=frequency)
    assert send() == []
    assert Digest.objects.exists() == (frequency == "digest")


def test_off_empties_a_waiting_digest(personas: Personas, decide: Callable[[], Case]) -> None:
    factories.choose(personas.filer, decisions="digest")
    case = decide()
    send()
    factories.choose(personas.filer, decisions="off")
    assert send() == []
    assert row(case).last_error == "switched off by the recipient"
    assert send(next_morning(personas.filer)) == []


def test_at_once_sends_what_waits_for_the_digest(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    factories.choose(personas.filer, decisions="digest", progress="digest")
    decided = decide()
    other = factories.submitted_case(by=personas.filer, citing=personas.right)
    send()
    morning = next_morning(personas.filer)
    factories.choose(personas.filer, decisions="at_once")
    assert send() == [f"[Alliance Portal] {decided.reference}: Complaint upheld"]
    assert row(other).sent_at is None
    assert send(morning) == ["[Alliance Portal] Daily digest: 1 update"]
    assert other.reference in str(mail.outbox[0].body)


def test_news_after_a_change_of_settings_is_in_the_same_digest(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    factories.choose(personas.filer, decisions="digest")
    decide()
    send()
    factories.choose(personas.filer, progress="off")
    send()  # the worker looks at the digest and puts it back
    decide()
    send()
    assert send(next_morning(personas.filer)) == ["[Alliance Portal] Daily digest: 2 updates"]
    assert Digest.objects.count() == 1


# --- Workers that are late, run twice, or die -----------------------------------------------------


def test_nothing_is_lost_if_no_worker_runs_for_days(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    factories.choose(personas.filer, decisions="digest")
    collected = decide()
    send()
    never_seen = decide()
    late = next_morning(personas.filer) + 4 * DAY
    assert send(late) == ["[Alliance Portal] Daily digest: 1 update"]
    assert collected.reference in str(mail.outbox[0].body)
    assert send(late + DAY) == ["[Alliance Portal] Daily digest: 1 update"]
    assert never_seen.reference in str(mail.outbox[0].body)
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_one_digest(decide: Callable[[], Case]) -> None:
    factories.choose(row(decide()).user, decisions="digest")
    decide()
    send()
    subjects = subjects_sent_by_three_workers(Digest.objects.get().due_at)
    assert subjects == ["[Alliance Portal] Daily digest: 2 updates"]


def test_what_happens_while_a_digest_is_sent_is_in_the_next_one(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    factories.choose(personas.filer, decisions="digest")
    decide()
    send()
    morning = next_morning(personas.filer)
    with clock.at(morning):
        claimed = Digest.objects.select_related("user").claim_next()
    late = decide()
    with clock.at(morning - timedelta(seconds=1)):
        tasks.send_mails()  # another worker, whose clock is behind
    assert row(late).digest != claimed
    with clock.at(morning):
        queue._send(claimed, digests)
    assert late.reference not in str(mail.outbox[-1].body)
    assert send(next_morning(personas.filer)) == ["[Alliance Portal] Daily digest: 1 update"]


def test_a_failed_digest_is_retried_with_the_same_updates(
    personas: Personas, decide: Callable[[], Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.choose(personas.filer, decisions="digest")
    case = decide()
    send()
    morning = next_morning(personas.filer)

    def refuse(self: Any, **_: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert send(morning) == []
    digest = Digest.objects.get()
    assert (digest.attempts, digest.last_error) == (1, "ConnectionRefusedError")
    assert row(case).sent_at is None
    assert send(morning) == [], "not yet"
    Digest.objects.update(next_attempt_at=Now())
    assert send(morning) == ["[Alliance Portal] Daily digest: 1 update"]
    assert row(case).sent_at is not None


def test_a_digest_that_fails_for_good_fails_its_updates(
    personas: Personas, decide: Callable[[], Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.choose(personas.filer, decisions="digest")
    case = decide()
    send()

    def refuse(self: Any, **_: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    Digest.objects.update(attempts=MAX_ATTEMPTS - 1)
    send(next_morning(personas.filer))
    found = row(case)
    assert (found.sent_at, found.last_error) == (None, "ConnectionRefusedError")
    assert found.failed_at is not None


def test_an_update_whose_digest_was_forgotten_gets_into_the_next_one(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    """A safety net: no bug or restored backup leaves a notification in a digest that has been sent."""
    factories.choose(personas.filer, decisions="digest")
    case = decide()
    send()
    Digest.objects.update(sent_at=Now(), attempts=1)
    OutgoingMail.objects.update(next_attempt_at=Now())
    send()
    assert row(case).digest == Digest.objects.latest("day")
    assert Digest.objects.count() == 2
    OutgoingMail.objects.update(next_attempt_at=Now())
    Digest.objects.update(attempts=1)
    send()
    assert Digest.objects.count() == 2, "it stays in a digest that a worker is sending"


# --- Who is notified -----------------------------------------------------------------------------


def test_owners_are_notified_with_their_own_settings_if_the_filer_has_left(
    personas: Personas, decide: Callable[[], Case]
) -> None:
    second = factories.owner(personas.member)
    factories.choose(personas.filer, decisions="off")
    factories.choose(second, decisions="digest")
    case = factories.ready_case(
        moderator=personas.moderator, by=personas.filer, citing=personas.right
    )
    personas.filer.memberships.all().delete()
    OutgoingMail.objects.all().delete()
    core.record(
        core.lock(case),
        "upheld",  # type: ignore[arg-type]
        by=personas.moderator,
        role="moderator",  # type: ignore[arg-type]
        audience=core.MEMBER,
    )
    assert len(send()) == 1
    assert mail.outbox[0].to == [personas.owner.email]
    assert Digest.objects.get().user == second


def test_what_a_person_did_is_read_already(personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    assert row(case).read_at == case.events.get().at
