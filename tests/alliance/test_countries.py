"""Names of countries and regions, and their order in lists."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django_countries import Countries, countries
from django_countries.fields import CountryField

from alliance.lib.countries import MAINLAND_CHINA_NAMES, sort_key

# The only states whose short Chinese name has the word "republic" in it.
_REPUBLICS = ("中非共和国",)


def in_chinese() -> dict[str, str]:
    with translation.override("zh-hans"):
        return {country.code: country.name for country in countries}


def test_chinese_names_are_present_short_and_in_chinese_punctuation() -> None:
    names = in_chinese()
    assert len(set(names.values())) == len(names) > 240
    for name in names.values():
        assert re.fullmatch(r"[\u4e00-\u9fff（）]+", name), name
        assert "共和国" not in name or name in _REPUBLICS, name
    expected = {
        "NP": "尼泊尔",
        "KG": "吉尔吉斯斯坦",
        "WS": "萨摩亚",
        "DM": "多米尼克",
        "MK": "北马其顿",
    }
    assert {code: names[code] for code in expected} == expected


def test_chinese_lists_begin_with_china_and_go_on_by_pinyin() -> None:
    names = list(in_chinese().values())
    assert names[:3] == ["中国", "阿尔巴尼亚", "阿尔及利亚"]
    for earlier, later in (
        ("比利时", "秘鲁"),
        ("秘鲁", "冰岛"),
        ("法国", "斐济"),
        ("斐济", "芬兰"),
        ("纳米比亚", "瑙鲁"),
        ("瑙鲁", "尼泊尔"),
        ("香港", "新加坡"),
    ):
        assert names.index(earlier) < names.index(later), (earlier, later)


def test_english_lists_are_alphabetical_without_accents() -> None:
    with translation.override("en"):
        names = [country.name for country in countries]
    assert names[:2] == ["Afghanistan", "Åland Islands"]
    assert names.index("Réunion") == names.index("Romania") - 1


def test_choices_of_a_model_field_have_the_same_order() -> None:
    with translation.override("zh-hans"):
        choices = list(CountryField().get_choices(include_blank=False))
        assert [code for code, _name in choices] == [country.code for country in countries]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {"HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Taiwan, China"}),
        ("zh-hans", {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}),
    ],
)
def test_an_installation_in_mainland_china_writes_its_names(
    language: str, expected: dict[str, str]
) -> None:
    mainland = Countries()
    mainland.override = MAINLAND_CHINA_NAMES  # type: ignore[attr-defined]
    with translation.override(language):
        listed = {country.code: country.name for country in mainland}
        assert {code: mainland.name(code) for code in expected} == expected
    assert {code: listed[code] for code in expected} == expected
    if language == "zh-hans":
        assert list(listed)[:4] == ["CN", "HK", "MO", "TW"]


def test_without_the_setting_only_china_comes_first() -> None:
    with translation.override("zh-hans"):
        assert sort_key("CN", "中国") < sort_key("AL", "阿尔巴尼亚") < sort_key("HK", "香港")
