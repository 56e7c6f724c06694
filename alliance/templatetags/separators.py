"""The separators of lists and labels. The settings load these tags in every template."""

from __future__ import annotations

from django import template

from alliance.lib import text

register = template.Library()

register.simple_tag(text.comma, name="comma")
register.simple_tag(text.colon, name="colon")
register.filter("listed", text.join)
