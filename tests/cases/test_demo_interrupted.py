"""An interrupted load of the demo leaves no data behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from alliance.lib import clock
from alliance.lib import redis as connections
from cases.demo import agencies, load
from cases.demo.scheduler import Story, replay
from cases.models import Evidence
from members.models import Member, User


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_interrupted_load_is_rolled_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Evidence._meta.get_field("file").storage, "location", str(tmp_path))

    def interrupted(stories: Sequence[Story], *, until: datetime) -> int:
        for story in stories[30:60]:
            with clock.at(next(story)):
                next(story)
        assert Evidence.objects.exists()
        assert _files(tmp_path)
        raise KeyboardInterrupt

    monkeypatch.setattr(load, "replay", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load.load()
    assert not load.is_loaded()
    assert not Member.objects.exists()
    assert not User.objects.exists()
    assert not Evidence.objects.exists()
    assert _files(tmp_path) == []


@pytest.mark.django_db
def test_existing_stream_keys_are_not_reused() -> None:
    connections.liaison().xadd("liaison:north", {"update": "old"}, id="7-0")
    keys = agencies.stream_keys(["north", "south"])
    assert keys == {"north": "liaison:north:2", "south": "liaison:south"}


def test_stories_are_replayed_in_chronological_order() -> None:
    start = datetime.fromisoformat("2026-01-01T00:00Z")
    replayed: list[tuple[str, datetime]] = []

    def story(name: str, *hours: int) -> Story:
        for hour in hours:
            yield start.replace(hour=hour)
            replayed.append((name, clock.now()))

    assert replay([story("a", 3, 5), story("b", 1, 4)], until=start.replace(hour=6)) == 4
    assert replayed == [
        (name, start.replace(hour=hour)) for name, hour in zip("baba", (1, 3, 4, 5), strict=True)
    ]


@pytest.mark.parametrize("hours", [(3, 2), (9,)])
def test_story_with_invalid_times_is_refused(hours: tuple[int, ...]) -> None:
    start = datetime.fromisoformat("2026-01-01T00:00Z")

    def story() -> Story:
        for hour in hours:
            yield start.replace(hour=hour)

    with pytest.raises(ValueError, match=r"goes back|continues at"):
        replay([story()], until=start.replace(hour=6))
