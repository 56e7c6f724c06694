"""Parsing of amounts and counts; ambiguous input is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from alliance.lib.amounts import AmountField, CountField, in_words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12500.50", "12500.50"),
        ("12,500.50", "12500.50"),
        ("1,250,000", "1250000"),
        ("1 250 000.5", "1250000.5"),
        ("1'250'000", "1250000"),
        ("１２，５００．５０", "12500.50"),
        ("¥ 1,250 元", "1250"),
        ("CNY 12,500", "12500"),
        ("人民币12500元", "12500"),
        ("125万", "1250000"),
        ("125 万元", "1250000"),
        ("1.2345万", "12345"),
        ("３千万", "30000000"),
        ("1亿2500万", "125000000"),
        ("1.25億", "125000000"),
        ("1万5000", "15000"),
        ("0", "0"),
    ],
)
def test_amount_is_parsed(typed: str, meant: str) -> None:
    assert AmountField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "12500,50",
        "1,5",
        "12.500,50",
        "1.250.000",
        "12,50,000",
        "125,0000",
        "1,250 000",
        "1250,000",
        "5万3亿",
        "1万2万",
        "1万50000",
        "万",
        "about 5",
        "1e5",
        "NaN",
        "½",
        "9" * 70,
    ],
)
def test_ambiguous_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"12,500\.50"):
        AmountField().clean(typed)


@pytest.mark.parametrize("typed", ["12.500", "12,500.505", "-1"])
def test_amount_has_two_decimals_and_is_not_negative(typed: str) -> None:
    with pytest.raises(ValidationError):
        AmountField(min_value=0).clean(typed)


@pytest.mark.parametrize(("typed", "meant"), [("1,200", 1200), ("3万", 30000), ("12500.00", 12500)])
def test_count_is_parsed(typed: str, meant: int) -> None:
    assert CountField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["1.000", "1,5", "1.5", "12,00"])
def test_ambiguous_count_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="12,500"):
        CountField().clean(typed)


@pytest.mark.parametrize("field", [AmountField(), CountField(max_value=10**9)])
def test_too_many_digits_are_refused(field: AmountField | CountField) -> None:
    for typed in ("9" * 30, f"{'9' * 30}.00"):
        with pytest.raises(ValidationError, match="Ensure"):
            field.clean(typed)


def test_amount_in_words() -> None:
    assert in_words(Decimal("1250050.00")) == "1 million 250 thousand 50"
    assert in_words(Decimal("12500.50")) == "12 thousand 500.50"
    assert in_words(9999) == in_words(None) == ""
    with translation.override("zh-hans"):
        assert in_words(Decimal(125000000)) == "1亿2,500万"


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_formatted_amount_is_parsed_back_unchanged(value: Decimal) -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            field = AmountField()
            assert field.clean(str(field.prepare_value(value))) == value


@given(st.text(max_size=30))
def test_arbitrary_text_never_crashes_the_fields(text: str) -> None:
    for field in (AmountField(required=False), CountField(required=False)):
        try:
            field.clean(text)
        except ValidationError:
            pass
