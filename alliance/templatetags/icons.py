"""The tag for icons. A built-in library: no ``{% load %}`` is needed."""

from django import template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, *, label: str = "", css_class: str = "") -> SafeString:
    """Render an icon of ``static/img/icons.svg``: `{% icon "plus" %}`.

    ``name`` is its ID in the file. ``label`` is read by screen readers; without one, the icon is decorative. It is a
    tag, because a page has a dozen icons, and an included template takes several times as long.
    """
    attributes = {
        "class": f"icon {css_class}".strip(),
        "width": 16,
        "height": 16,
        "focusable": "false",
        **({"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}),
    }
    return format_html(
        '<svg{}><use href="{}#{}"></use></svg>', flatatt(attributes), static("img/icons.svg"), name
    )
