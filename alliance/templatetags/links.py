"""Links to user-supplied URLs. The settings load them in every template."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def web_address(url: str | None) -> str:
    """Return ``url`` if it is an absolute HTTP or HTTPS URL, else ``""``."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return str(url) if parts.scheme in ("http", "https") and parts.netloc else ""


@register.simple_tag
def external_link(url: str | None, text: str = "") -> SafeString:
    """Return a link to an external URL that opens in a new tab, or plain text if ``url`` is not an HTTP(S) URL.

    ``text`` replaces the URL as the text of the link.
    """
    if not web_address(url):
        return format_html("<bdi>{}</bdi>", url or "")
    # The print style sheet adds the URL to all other links.
    kind = "" if text else ' class="shows-url"'
    return format_html(
        f'<a href="{{}}"{kind} rel="noopener noreferrer nofollow" target="_blank">{{}}'
        '<span class="visually-hidden"> {}</span></a>',
        url,
        text or url,
        _("(opens in a new tab)"),
    )
