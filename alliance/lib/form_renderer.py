"""The form renderer: renders forms with the portal's form and field templates.

``FORM_RENDERER`` and ``"django.forms"`` in ``INSTALLED_APPS`` make `{{ form }}` and
`{{ form.field.as_field_group }}` use them. The admin has its own templates.
"""

from html import escape as escape_text
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Limits of the escaped value of a single-line and a multi-line widget in a form that is rendered again. Longer values
# are truncated. 5,000 pasted URLs of 300 characters fit twice.
MAX_LINE_LENGTH = 60_000
MAX_TEXT_LENGTH = 4_000_000
_MAX_ESCAPE_LENGTH = 6  # a quotation mark becomes &quot;
SELECT = "django/forms/widgets/select.html"


class PortalRenderer(TemplatesSetting):
    """Finds templates with the project's ``TEMPLATES`` setting, including Django's widgets."""

    form_template_name = "_components/form.html"
    field_template_name = "_components/field.html"

    def render(self, template_name: str, context: Any, request: Any = None) -> Any:
        """Render a widget or a form. Long widget values are truncated."""
        widget = context.get("widget")
        if widget and isinstance(widget.get("value"), str):
            widget["value"] = bounded(widget["value"], lines="textarea" in template_name)
        if template_name == SELECT:
            return _select(widget)
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    """Return the HTML of Django's select template. Django renders a template for each option, which may be 500."""
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_escaped(group)}">')
        parts += [
            f'<option value="{_escaped(option["value"])}"{_attributes(option["attrs"])}>'
            f"{_escaped(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return mark_safe("\n".join(parts))  # noqa: S308  # every value is escaped above


def _escaped(value: Any) -> str:
    """Escape like ``conditional_escape``, which takes three times as long."""
    text = str(value)
    return text if hasattr(text, "__html__") else escape_text(text)


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def bounded(text: str, *, lines: bool) -> str:
    """Return ``text``, truncated if its HTML is too long. ``lines`` is true for multi-line text."""
    limit = MAX_TEXT_LENGTH if lines else MAX_LINE_LENGTH
    if len(text) * _MAX_ESCAPE_LENGTH <= limit or (
        len(text) <= limit and len(escape(text)) <= limit
    ):
        return text
    return text[: limit // _MAX_ESCAPE_LENGTH]
