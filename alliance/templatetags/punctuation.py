"""Punctuation of the active language. The settings load it in every template."""

from __future__ import annotations

from django import template

from alliance.lib import punctuation, text

register = template.Library()

register.simple_tag(punctuation.colon, name="colon")
register.filter("listed", text.join)
