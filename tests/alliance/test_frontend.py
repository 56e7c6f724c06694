"""Vendored files, templates under the Content-Security-Policy, and the ``portal`` template tags."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from alliance.lib.geo import map_points
from alliance.templatetags import portal

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = (ROOT / "static/img/icons.svg").read_text()


def test_vendored_files_match_the_list() -> None:
    """VENDORED.md has each file's checksum and lists every script and stylesheet."""
    folder = ROOT / "static/vendor"
    rows = re.findall(
        r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (folder / "VENDORED.md").read_text(), re.MULTILINE
    )
    for name, digest in rows:
        assert hashlib.sha256((folder / name).resolve().read_bytes()).hexdigest() == digest, name
    listed = {(folder / name).resolve() for name, _ in rows}
    shipped = {file.resolve() for file in folder.rglob("*") if file.suffix in {".css", ".js"}}
    assert shipped
    assert shipped <= listed


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_templates_comply_with_the_policy(path: Path) -> None:
    """No inline styles, handlers or scripts except data blocks; every icon exists."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:|<style\b", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    for name in re.findall(r'{% icon "([^"]+)"', text):
        assert f'id="{name}"' in SPRITE, name


def test_icons_are_found_in_templates() -> None:
    """Guards the check above: it would find nothing if the tag were renamed."""
    assert sum(path.read_text().count('{% icon "') for path in TEMPLATES) > 100


class Filing(forms.Form):
    name = forms.CharField(label="Seller", help_text="As the shop shows it")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_field_links_label_help_and_error_to_the_input() -> None:
    html = Template("{% load portal %}{% field form.name data_max=3 %}").render(
        Context({"form": Filing({"name": ""})})
    )
    assert '<label class="form-label " for="id_name">Seller' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html
    assert 'data-max="3"' in html


def test_form_renders_summary_fields_and_fieldset() -> None:
    html = str(Filing({"name": "<b>"}))
    assert 'href="#id_kind"' in html
    assert '<fieldset aria-describedby="id_kind_error"' in html
    assert html.count('type="radio"') == 2
    assert html.count('class="form-check-input"') == 3
    assert html.count('type="hidden"') == 1
    assert "&lt;b&gt;" in html


def test_localdatetime_uses_the_readers_time_zone() -> None:
    moment = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)
    with timezone.override("Asia/Shanghai"), translation.override("en"):
        assert "2 Mar 2025, 07:30" in portal.localdatetime(moment)
        assert "2025-03-02T07:30:00+08:00" in portal.localdatetime(moment)
        assert ">2 Mar 2025<" in portal.localdatetime(moment, "date")
    with translation.override("en"):
        assert ">1 Mar 2025<" in portal.localdatetime(date(2025, 3, 1))
    assert portal.localdatetime(None) == "–"


def amount(*args: Any) -> str:
    """Return an amount without the element that keeps it in one line."""
    found = re.fullmatch('<span class="amount">(.+)</span>', portal.money(*args))
    assert found
    return found[1]


def test_money_and_large_numbers() -> None:
    with translation.override("en"):
        assert amount(Decimal("12500.50"), "CNY") == "CNY\N{NO-BREAK SPACE}12,500.50"
        assert amount(12500, "CNY") == "CNY\N{NO-BREAK SPACE}12,500"
        assert amount(12500) == "12,500"
        assert portal.money(None) == "–"
        assert portal.compact(Decimal(998400000)) == "998.4 million"
        assert portal.compact(1234) == "1,234"
    with translation.override("zh-hans"):
        assert amount(12500, "CNY") == "12,500元"
        assert amount(12500, "USD") == "USD\N{NO-BREAK SPACE}12,500"
        assert portal.compact(Decimal(998400000)) == "9.98亿"
        assert portal.compact(20000) == "2万"


def test_badge_has_tone_and_escaped_text() -> None:
    thing = SimpleNamespace(status="rejected", get_status_display=lambda: "<Rejected>")
    assert portal.status_badge(thing) == '<span class="tag tag-danger">&lt;Rejected&gt;</span>'
    assert portal.tone("in-review") == "info"
    assert portal.tone("something else") == "neutral"


def test_browser_name_is_short() -> None:
    assert (
        portal.browser("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120")
        == "Edge, Windows"
    )
    assert portal.browser("curl/8") == "curl/8"


def test_map_points_are_sorted_by_size_and_include_hong_kong_macao_and_taiwan() -> None:
    points = map_points({"HK": 1, "CN": 34, "MO": 2, "TW": 3, "XX": 9, "FR": 0}, chosen={"HK"})
    assert [point.code for point in points] == ["CN", "TW", "MO", "HK"]
    assert points[-1].chosen
    assert all(0 < point.x < 1000 and 0 < point.y < 435 for point in points)
    assert map_points({}) == []


def test_server_error_page_renders_without_context() -> None:
    html = render_to_string("500.html")
    assert "<h1>" in html
    assert "css/portal" in html


def test_a_select_is_drawn_as_by_django_itself() -> None:
    class Form(forms.Form):
        choice = forms.ChoiceField(
            choices=[("", "None & all"), ("a", "<A>"), ('Group "1"', [(1, "one"), (2, "two")])],
            initial=2,
            widget=forms.Select(attrs={"class": "form-select", "disabled": True, "data-x": "'"}),
        )

    def drawn(renderer: str) -> str:
        html = str(Form(renderer=import_string(renderer)())["choice"])
        return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html))

    ours = drawn("alliance.lib.form_renderer.PortalRenderer")
    assert ours == drawn("django.forms.renderers.TemplatesSetting")
    assert "&lt;A&gt;" in ours
    assert " selected" in ours
