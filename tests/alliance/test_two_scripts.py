"""Which of two names a reader sees first."""

from __future__ import annotations

import pytest
from django.utils import translation

from cases.liaison.models import Agency
from cases.models import Marketplace
from members.models import Member


@pytest.mark.parametrize("model", [Member, Agency, Marketplace])
@pytest.mark.parametrize(
    ("local", "country", "english", "chinese"),
    [
        ("曙光", "CN", "Dawn", "曙光"),
        ("曙光", "TW", "Dawn", "曙光"),
        ("暁", "JP", "Dawn", "Dawn"),
        ("", "CN", "Dawn", "Dawn"),
    ],
)
def test_chinese_names_come_first_for_readers_of_chinese(
    model: type[Member | Agency | Marketplace], local: str, country: str, english: str, chinese: str
) -> None:
    thing = model(name="Dawn", name_local=local, country=country)
    with translation.override("en"):
        assert (thing.shown_name, thing.other_name) == (english, local)
        assert str(thing).startswith(english)
    with translation.override("zh-hans"):
        assert thing.shown_name == chinese
        assert str(thing).startswith(chinese)
        assert thing.other_name == ("Dawn" if chinese == local and local else local)
