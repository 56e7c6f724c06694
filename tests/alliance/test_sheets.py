"""Sheets: encodings, spreadsheet formats, titles, limits, and files that try to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext_lazy

from alliance.lib.sheets import checking, columns, reading, writing
from alliance.lib.sheets.columns import Column, Form
from alliance.lib.sheets.limits import Limits
from tests.factories.files import png

LIMITS = Limits(rows=20, columns=12, cell=100, unpacked=1024**2)
COLUMNS = (
    Column("title", gettext_lazy("Mark or title"), "Moon", required=True),
    Column("number", gettext_lazy("Registration number"), "12", form=Form.CODE, required=True),
    Column("day", gettext_lazy("Registered on"), "2020-01-31", form=Form.DATE),
    Column("note", gettext_lazy("Note"), ""),
)
LINES = ("商标或权利名称;Note;注册号;registered  ON", "月亮;“a”, b;007;2020/1/31", "Größe;;8;")


def read(data: bytes, limits: Limits = LIMITS, name: str = "sheet.csv") -> list[Any]:
    """Return the values of each row with its number and problems."""
    sheet = reading.read(io.BytesIO(data), name=name, limits=limits)
    layout = columns.layout(sheet.header, COLUMNS, extra=writing.EXTRA_TITLES)
    found = []
    for row in sheet.rows:
        values, problems = layout.values(row)
        found.append((row.number, list(values.values()), [str(one) for one in problems]))
    return found


def refusal(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises((reading.Unreadable, columns.WrongHeader)) as refused:
        read(data, limits)
    return str(refused.value)


def csv(*rows: str) -> bytes:
    return (
        "\r\n".join(["Title,Number,Registered on,Note", *rows]).replace("Title", "title").encode()
    )


def xlsx(rows: Sequence[Sequence[Any]], **formulas: str) -> bytes:
    """Return a workbook. ``formulas`` are the cached values of formulas by cell."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for cell, value in formulas.items():
        sheet.write_formula(cell, '=HYPERLINK("http://evil.example","x")', None, value)
    book.close()
    return file.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook with one file replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return file.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    text = "\r\n".join(LINES[:2] if encoding == "gb18030" else LINES)
    text = text.replace(", b", "").replace(";", separator)
    found = read(text.encode(encoding))
    assert found[0] == (2, ["月亮", "007", "2020-01-31", "“a”"], [])
    if encoding != "gb18030":
        assert found[1] == (3, ["Größe", "8", "", ""], [])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("title,number\nMüller Schönheit,1\nCafé é,2", "latin-1"),
        ("title,number\nかたかなひらがな,1", "shift-jis"),
        ("title,number\n商標註冊權利證書,1", "big5"),
    ],
)
def test_other_encodings_are_refused(text: str, encoding: str) -> None:
    assert "encoding of “sheet.csv” is not supported" in refusal(text.encode(encoding))


def test_quotation_marks_line_breaks_and_empty_rows() -> None:
    found = read(csv("", '"He said ""no"", twice",1,,"two\r\nlines"', ",,,", "b,2"))
    assert [(number, values[0], values[3]) for number, values, _ in found] == [
        (3, 'He said "no", twice', "two\r\nlines"),
        (5, "b", ""),
    ]
    assert read(b'sep=|\r\ntitle|number\r\n"a|b"|3')[0][:2] == (3, ["a|b", "3", "", ""])
    assert "Row 2: a cell has more than" in refusal(csv('"open,1' + "\r\nx,2" * 50))


def test_titles_are_found_in_any_language_and_order() -> None:
    assert "columns are missing: “Registration number”" in refusal(b"Note,Mark or title\na,b")
    assert "first row must have the titles" in refusal(b"1,2,3\n4,5,6")
    assert "twice: “商标或权利名称”" in refusal("title,商标或权利名称,number\na,b,1".encode())
    layout = columns.layout(
        ["Number*", "TITLE", "Colour", "出错原因", "What is wrong", ""], COLUMNS
    )
    assert "Colour" in layout.ignored
    with translation.override("zh-hans"):
        assert "注册号" in refusal(b"Note,Mark or title\na,b")


def test_what_excel_has_spoilt_is_reported() -> None:
    rows = read(csv("a,6.9E+12,31.12.2020,", "b,3-Jan,2020-02-30,", "c,3E5,44197,"))
    assert [len(problems) for _n, _v, problems in rows] == [2, 2, 1]
    assert "Registration number: Excel has rounded this number: 6.9E+12." in rows[0][2][0]
    assert "“31.12.2020” is not a date" in rows[0][2][1]
    assert "turned this into a date: 3-Jan" in rows[1][2][0]
    day = datetime(2020, 1, 31)
    book = xlsx([["title", "number", "Registered on"], [day, 6901234567892, day], ["c", 1e15, ""]])
    (_n, values, problems), second = read(book)
    assert values == ["", "6901234567892", "2020-01-31", ""]
    assert problems == [
        "Mark or title: Excel has turned this into a date: 2020-01-31. Format the column as text and enter it again."
    ]
    assert "rounded this number: 1.00000E+15" in second[2][0]


def test_workbook_rows_and_formulas() -> None:
    rows = [["Our rights"], [], ["title", "number", "Registered on"], ["a", 1, date(2020, 1, 31)]]
    found = read(xlsx([*rows, [], ["b", "2"]], A8="cached", B8="3"))
    assert [(number, values[:3]) for number, values, _ in found] == [
        (4, ["a", "1", "2020-01-31"]),
        (6, ["b", "2", ""]),
        (8, ["cached", "3", ""]),
    ]


def test_limits() -> None:
    assert read(csv()) == []
    assert "is empty" in refusal(b" \r\n")
    assert "more than 20 rows" in refusal(csv(*["a,1"] * 21))
    assert "more than 20 rows" in refusal(xlsx([["title", "number"], *[["a", "1"]] * 21]))
    assert "more than 12 columns" in refusal(csv("a,1" + ",x" * 12))
    assert "more than 100 characters" in refusal(csv("a" * 101 + ",1"))


def test_files_that_are_no_sheet() -> None:
    book = xlsx([["title", "number"], ["a", "1"]])
    neither = "neither a CSV file nor an Excel file"
    assert neither in refusal(png("rights.csv").read())
    assert neither in refusal(b"title,number\n\0\1\2\3,\xff")
    assert neither in refusal(b"%PDF-1.4\ntitle,number\na,1")
    assert "old Excel format" in refusal(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    for broken in (book[:-200], book[:30], repacked(book, "xl/workbook.xml", b"<")):
        assert "is damaged" in refusal(broken)
    for sheet in (b"<sheetData><row", b"<!DOCTYPE x [<!ENTITY y 'z'>]><sheetData>&y;</sheetData>"):
        assert "is damaged" in refusal(repacked(book, "xl/worksheets/sheet1.xml", sheet))


def test_archives_that_unpack_to_too_much() -> None:
    book = xlsx([["title", "number"], ["a", "1"]])
    bomb = repacked(book, "xl/sharedStrings.xml", b"<sst>" + b" " * 2 * 1024**2 + b"</sst>")
    assert "unpacks to too much" in refusal(bomb)
    # The same with a false size in the directory of the archive.
    size = (2 * 1024**2 + 11).to_bytes(4, "little")
    assert bomb.count(size) == 2
    assert "unpacks to too much" in refusal(bomb.replace(size, (999).to_bytes(4, "little")))
    # Two cells for which a parser would make room for 17 billion.
    cells = '<row r="1"><c r="A1"/></row>{}<row r="1048576"><c r="XFD1048576"/></row>'
    for more in ("", "<row/>" * 3000):
        sheet = (
            f"<x:worksheet xmlns:x='y'><sheetData>{cells.format(more)}</sheetData></x:worksheet>"
        )
        assert "more than" in refusal(repacked(book, "xl/worksheets/sheet1.xml", sheet.encode()))


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ('<row><c r="A1"/><c r="XFD1"/></row>', checking.TooManyColumns),
        ("<row>" + "<c/>" * 13 + "</row>", checking.TooManyColumns),
        ('<row r="1048576"/>', checking.TooManyRows),
        ('<row r="1x"/>', checking.Damaged),
    ],
)
def test_cells_beyond_the_limits_never_reach_the_parser(cells: str, error: type[Exception]) -> None:
    sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
    book = repacked(xlsx([["title"]]), "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(error):
        checking.check(io.BytesIO(book), LIMITS)


CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="a"><table:table-row><table:table-cell office:value-type="string"'
    ' table:number-columns-repeated="2"><text:p>title</text:p></table:table-cell></table:table-row>'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"


def archive(**files: str) -> bytes:
    """Return an archive. In the names, ``__`` stands for a slash and ``_`` for a full stop."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        for name, content in files.items():
            found.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    "more",
    [
        {"mimetype": OPEN_DOCUMENT},
        {"content_xml": CONTENT},
        {"xl__workbook_bin": ""},
        {"xl__worksheets__sheet1_bin": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("is_workbook", [True, False])
def test_formats_without_limits_never_reach_the_parser(
    more: dict[str, str], is_workbook: bool
) -> None:
    file = io.BytesIO(xlsx([["title", "number"], ["a", "1"]]) if is_workbook else archive(**more))
    if is_workbook:
        with zipfile.ZipFile(file, "a") as book:
            for name, content in more.items():
                book.writestr(name.replace("__", "/").replace("_", "."), content)
    with pytest.raises(checking.OtherFormat):
        checking.check(file, LIMITS)
    assert "neither a CSV file nor an Excel file" in refusal(file.getvalue())


def test_open_document_sheet_is_refused() -> None:
    data = archive(mimetype=OPEN_DOCUMENT, content_xml=CONTENT, META_INF="")
    assert "neither a CSV file nor an Excel file" in refusal(data)


def strings(*texts: str) -> bytes:
    found = "".join(f"<si><r><t>{one[:3]}</t></r><r><t>{one[3:]}</t></r></si>" for one in texts)
    return f"<sst>{found}</sst>".encode()


def test_copies_of_shared_strings_are_limited() -> None:
    book = xlsx([["title", "number"], ["a", "1"], *[["b", "2"]] * 18])
    texts = ["title", "number", "a", "1", "b", "2"]
    # No cell of the sheet has the long string.
    unused = repacked(book, "xl/sharedStrings.xml", strings(*texts, "x" * 60_000))
    assert len(read(unused)) == 19
    texts[4] = "x" * 60_000
    assert "unpacks to too much" in refusal(repacked(book, "xl/sharedStrings.xml", strings(*texts)))
    missing = repacked(book, "xl/sharedStrings.xml", strings(*texts[:4]))
    assert "is damaged" in refusal(missing)


def test_numbers_of_strings_that_can_be_misread_count_as_the_longest() -> None:
    cells = '<row r="1">' + '<c t="s"><v>0<!-- -->1</v></c>' * 12 + "</row>"
    sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
    book = repacked(xlsx([["title"]]), "xl/worksheets/sheet1.xml", sheet)
    book = repacked(book, "xl/sharedStrings.xml", strings("x" * 100_000, "a"))
    with pytest.raises(checking.TooLarge):
        checking.check(io.BytesIO(book), LIMITS)


def test_only_the_first_sheet_has_limits() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for end in ((1, 1), (5000, 200)):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["title", "number"])
        sheet.write(*end, "7")
    book.close()
    data = file.getvalue()
    assert [number for number, _values, _problems in read(data)] == [2]
    # Which sheet is the first one is not told by the names of the files.
    name = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        relations = old.read(name)
    swapped = relations.replace(b"sheet1.xml", b"x").replace(b"sheet2.xml", b"sheet1.xml")
    swapped = swapped.replace(b"worksheets/x", b"/XL/worksheets/Sheet2.xml")
    assert "more than 20 rows" in refusal(repacked(data, name, swapped))
    twice = relations.replace(b'Id="rId2"', b'Id="rId1"')
    assert "is damaged" in refusal(repacked(data, name, twice))


def test_error_sheet_is_text_and_can_be_uploaded_again() -> None:
    header = ["title", "number", "Colour"]
    cells = ["=1+1", "-2", "@SUM(A1)"]
    file = writing.errors(header, [(7, cells, "Number: Check it.")])
    data = file.read()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert read(data) == [(2, ["=1+1", "-2", "", ""], [])]
    found = reading.read(io.BytesIO(data), name="x", limits=LIMITS)
    assert next(found.rows).cells == [*cells, "7", "Number: Check it."]


def test_template_is_read_back() -> None:
    data = writing.template(COLUMNS, ["Note one"]).read()
    assert read(data) == [(2, ["Moon", "12", "2020-01-31", ""], [])]
