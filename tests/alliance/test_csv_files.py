"""CSV files for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from alliance.lib import csv_files


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u3000=1",
        "＝1",
        "＠x",
        "=cmd|' /C calc'!A0",
    ],
)
def test_formulas_become_text(text: str) -> None:
    assert csv_files.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Dawn", "晨曦", "a=b", "1-2", "", "(+86)", '"quoted"'])
def test_other_text_is_unchanged(text: str) -> None:
    assert csv_files.cell(text) == text
    assert csv_files.cell(None) == ""
    assert csv_files.cell(12) == "12"


def test_file_begins_with_a_byte_order_mark_and_is_read_as_it_was() -> None:
    rows = [["晨曦", 'a "b", c'], ["two\nlines", None]]
    sent = csv_files.response(iter(rows), header=["Name", "=Note"], name="x.csv")
    content = b"".join(sent.streaming_content)  # type: ignore[arg-type]
    assert content.startswith(b"\xef\xbb\xbf")
    assert sent["Content-Disposition"] == 'attachment; filename="x.csv"'
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert found == [["Name", "'=Note"], ["晨曦", 'a "b", c'], ["two\nlines", ""]]
