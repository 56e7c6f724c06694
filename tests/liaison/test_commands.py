"""The management commands of delivery: ``liaison_status`` and ``liaison_replay``."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from cases.liaison.delivery import numbering
from cases.liaison.models import Channel, ChannelEvent, Delivery
from tests import factories
from tests.liaison.updates import change

pytestmark = pytest.mark.django_db


def run(name: str, *args: Any, **options: Any) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def test_the_table_has_a_line_for_each_channel_most_urgent_first() -> None:
    fine = factories.channel()
    referral = factories.referred_case()
    Channel.objects.filter(agency=referral.agency).update(paused_at=Now(), pause_reason="x")
    lines = run("liaison_status").splitlines()
    assert lines[0].split()[:2] == ["channel", "agency"]
    assert [line.split()[1] for line in lines[1:]] == [referral.agency.slug, fine.agency.slug]
    assert "paused" in lines[1]


def test_as_json() -> None:
    referral = factories.referred_case()
    (found,) = json.loads(run("liaison_status", "--json"))
    assert (found["agency"], found["state"], found["backlog"]) == (referral.agency.slug, "ok", 1)
    assert found["oldest_at"]
    assert found["last_success_at"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"paused_at": Now(), "pause_reason": "x"},
        {"failures": 5},
        {"alert_backlog": 1},
        {"paused_at": Now(), "pause_reason": "x", "is_active": False},
    ],
)
def test_the_exit_status_with_check(wrong: dict[str, Any]) -> None:
    factories.referred_case()
    run("liaison_status", "--check")
    Channel.objects.update(**wrong)
    run("liaison_status")
    if not wrong.get("is_active", True):
        run("liaison_status", "--check")  # inactive channels are not checked
        return
    for form in ((), ("--json",)):
        with pytest.raises(SystemExit) as ended:
            run("liaison_status", "--check", *form)
        assert ended.value.code == 1


class Line:
    """A webhook to which three updates were sent."""

    def __init__(self) -> None:
        self.ada = factories.admin()
        self.channel, _secret = factories.webhook("https://liaison.example/in", by=self.ada)
        referral = factories.referred_case(self.channel.agency)
        for _ in range(2):
            change(referral.case, self.ada)
        numbering.assign_numbers(self.channel.pk)
        Delivery.objects.update(sent_at=Now())

    def replay(self, **options: Any) -> str:
        values: dict[str, Any] = {"from_seq": 2, "by": self.ada.email, "yes": True}
        return run("liaison_replay", str(self.channel.pk), **values | options)

    def waiting(self) -> list[int | None]:
        rows = Delivery.objects.filter(channel=self.channel, sent_at=None)
        return list(rows.order_by("seq").values_list("seq", flat=True))


def test_a_replay_is_recorded() -> None:
    line = Line()
    assert line.replay().endswith(": 2.\n")
    assert line.waiting() == [2, 3]
    event = ChannelEvent.objects.get(kind="replayed")
    assert (event.actor_label, event.data) == (line.ada.name, {"from_seq": 2, "count": 2})


def test_a_replay_may_end_at_a_number() -> None:
    line = Line()
    assert line.replay(from_seq=1, to_seq=2).endswith(": 2.\n")
    assert line.waiting() == [1, 2]


def test_it_asks_for_confirmation(monkeypatch: pytest.MonkeyPatch) -> None:
    line, asked = Line(), []

    def answer(question: str) -> str:
        asked.append(question)
        if len(asked) == 1:
            raise EOFError  # no terminal
        return ("", "n", "y")[len(asked) - 2]

    monkeypatch.setattr("builtins.input", answer)
    for _ in range(3):
        with pytest.raises(CommandError, match="Nothing was sent"):
            line.replay(yes=False)
        assert line.waiting() == []
    line.replay(yes=False)
    assert line.waiting() == [2, 3]
    assert "Updates to resend: 2." in asked[0]


def test_invalid_arguments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _: pytest.fail("asked for nothing"))
    line = Line()
    for by in ("nobody@portal.example", factories.moderator().email):
        with pytest.raises(CommandError, match="is not an active admin"):
            line.replay(by=by)
    with pytest.raises(CommandError, match="no channel"):
        run("liaison_replay", "0", from_seq=1, by=line.ada.email)
    with pytest.raises(CommandError, match="last one is 3"):
        line.replay(from_seq=4)
    stream = factories.channel()
    with pytest.raises(CommandError, match="does not support this"):
        run("liaison_replay", str(stream.pk), from_seq=1, by=line.ada.email)
    assert line.waiting() == []
