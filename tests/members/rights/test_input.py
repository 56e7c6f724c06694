"""Bad input in the form of a right: a clear error, and what was typed is kept."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.lib import clock
from members.models import IPRight
from members.services import rights
from members.territories import MEMBER_STATES, expanded, parse, shortened, words
from tests import factories
from tests.members.rights.conftest import register
from tests.personas import Personas

pytestmark = pytest.mark.django_db

SCRIPT = b"#!/bin/sh\nrm -rf /\n"
HTML = b"<html><script>alert(1)</script></html>"
ZIP = b"PK\x03\x04" + b"\0" * 64


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": "x" * 300}, "at most 200 characters (it has 300)"),
        ({"registered_owner": "阿" * 300}, "at most 200 characters (it has 300)"),
        ({"title": "\u200b\u200d\u2060"}, "Enter a text with visible characters."),
        ({"registered_owner": "\u202e\u2066"}, "Enter a text with visible characters."),
        ({"number": "\u3164"}, "Enter a text with visible characters."),
        ({"number": "ﷺ" * 20}, "Use fewer special characters."),
        ({"territory": "CN, Atlantis"}, "“Atlantis” is not a country or region."),
        ({"territory": "XX, YY"}, "These are not countries or regions: “XX”, “YY”."),
        ({"territory": " , ;"}, "Enter at least one country or region."),
        ({"nice_classes": "25, 46"}, "46 is not a Nice class. The classes are 1 to 45."),
        ({"nice_classes": "0"}, "0 is not a Nice class."),
        ({"nice_classes": "1-45"}, "Enter each class, not a range."),
        ({"nice_classes": "shoes"}, "Enter numbers only, not “shoes”."),
        ({"nice_classes": ""}, "Enter the Nice classes of the trademark."),
        ({"kind": "copyright"}, "Only trademarks have Nice classes."),
        ({"expires_on": "2014-01-01"}, "The right cannot expire before it is registered."),
        ({"registered_on": "0001-01-01"}, "Check the year."),
        ({"expires_on": "9999-12-31"}, "Check the year."),
        ({"registered_on": "31/31/2020"}, "Enter a valid date."),
        ({"kind": "plant"}, "not one of the available choices"),
        ({"brand": "new", "new_brand": "\u200b"}, "Enter the name of the new brand."),
        ({"brand": ""}, "This field is required."),
        ({"certificate": None}, "This field is required."),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, dict) else "",
)
def test_error_keeps_what_was_typed(
    personas: Personas, changes: dict[str, Any], error: str
) -> None:
    before = IPRight.objects.count()
    page = register(personas, **{"registered_owner": "Kept as typed"} | changes)
    assert page.status_code == 422
    text = html.unescape(page.text)
    assert error in text
    if "registered_owner" not in changes:
        assert 'value="Kept as typed"' in text
    for name, value in changes.items():
        if name in ("territory", "nice_classes", "number", "title") and value:
            assert value in text
    assert IPRight.objects.count() == before


def test_registration_in_the_future_is_refused(personas: Personas) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    page = register(personas, registered_on=tomorrow.isoformat())
    assert page.status_code == 422
    assert "This date is in the future." in page.text


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("certificate.pdf", SCRIPT, "is not a PDF, PNG or JPEG file."),
        ("certificate.png", HTML, "is not a PDF, PNG or JPEG file."),
        ("certificate.zip", ZIP, "is not a PDF, PNG or JPEG file."),
        ("certificate.pdf", ZIP, "is not a PDF, PNG or JPEG file."),
        ("certificate.webp", b"RIFF\0\0\0\0WEBP", "is not a PDF, PNG or JPEG file."),
        ("certificate.exe", b"%PDF-1.7\n", "has the wrong extension"),
        ("certificate.pdf", b"", "is empty."),
        ("certificate.png", b"\x89PNG\r\n\x1a\n", "is damaged or incomplete"),
    ],
)
def test_certificate_that_is_not_one_is_refused(
    personas: Personas, name: str, data: bytes, error: str
) -> None:
    page = register(personas, certificate=SimpleUploadedFile(name, data))
    assert page.status_code == 422
    assert error in page.text
    assert "Choose the document again" in page.text
    assert not IPRight.objects.filter(number="30000001").exists()


def test_large_certificate_is_refused(personas: Personas, monkeypatch: Any) -> None:
    monkeypatch.setattr("members.services.documents.MAX_BYTES", 1024**2)
    big = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7\n" + b"x" * 1024**2)
    page = register(personas, certificate=big)
    assert page.status_code == 422
    assert "is larger than 1 MB" in page.text


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("شركة الدر", "شركة الدر"),
        ("A\u0308lder\u0301", "A\u0308lder\u0301"),
        ("AL\u200bDER\u202e", "ALDER"),
        ("枫叶\n品牌", "枫叶 品牌"),
        ("👟 ALDER", "👟 ALDER"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_titles_in_any_script(personas: Personas, title: str, kept: str) -> None:
    client = personas.client("owner")
    response = register(personas, client, title=title)
    assert response.status_code == 302
    right = IPRight.objects.get(number="30000001")
    assert right.title == kept
    for url in (response["Location"], f"/rights/{personas.member.slug}/"):
        page = client.get(url)
        assert "<script>alert" not in page.text
        assert html.escape(kept) in page.text


def test_office_and_number_have_one_form(personas: Personas) -> None:
    assert register(personas, office="ｃｎｉｐａ ", number=" 30 000　００１").status_code == 302
    assert IPRight.objects.filter(office="CNIPA", number="30000001").exists()


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ("CN, Japan; EU", ["CN", "JP", *MEMBER_STATES]),
        ("AU-EM-JP", ["AU", *MEMBER_STATES, "JP"]),
        ("CN JP us", ["CN", "JP", "US"]),
        ("Benelux", ["BE", "NL", "LU"]),
        ("日本、法国", ["JP", "FR"]),
        ("Bonaire, Sint Eustatius and Saba, FR", ["BQ", "FR"]),
        ("UK\r\nHong Kong", ["GB", "HK"]),
        ("Japan (JP)", ["JP"]),
        # One place each, as many registers write it, and not also mainland China.
        ("Hong Kong, China; Macao, China", ["HK", "MO"]),
        ("China, Hong Kong SAR", ["HK"]),
        ("中国香港、中国澳门、中国台湾", ["HK", "MO", "TW"]),
        ("CN, HK", ["CN", "HK"]),
        ("BE, EU", ["BE", *[code for code in MEMBER_STATES if code != "BE"]]),
    ],
)
def test_territories_by_code_and_name(given: str, codes: list[str]) -> None:
    assert parse(given) == (codes, [])


def test_regions_are_shown_as_regions() -> None:
    assert words(expanded(["OA"])) == "OAPI: all member states"
    assert shortened(expanded(["EU", "CN"])) == ["EU", "CN"]
    assert words(["BE", "NL", "LU", "CN"]) == "Benelux, China"


def test_geographical_indication_can_be_cited_against_counterfeits(personas: Personas) -> None:
    facts = {"kind": "gi", "nice_classes": "", "title": "Longjing", "number": "GI-7"}
    assert register(personas, **facts).status_code == 302
    right = IPRight.objects.get(number="GI-7")
    rights.verify(right=right, by=personas.moderator)
    case = factories.submitted_case(
        by=personas.filer, citing=right, violation="counterfeit", goods_class=None
    )
    assert case.right == right
