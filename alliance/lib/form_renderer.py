"""How Django draws forms here: with the portal's own field, form and error-list templates.

`FORM_RENDERER = "alliance.lib.form_renderer.PortalRenderer"` together with `"django.forms"` in
INSTALLED_APPS makes `{{ form }}` and `{{ form.field.as_field_group }}` use them. The admin has its own.
"""

from html import escape as escape_text
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# A refused form shows again what was sent. A quote becomes six characters of HTML, so the HTML is counted.
# The end of a longer value is cut off. Nobody types that much: 5,000 pasted addresses of 300 characters fit twice.
LINE_AT_MOST = 60_000
TEXT_AT_MOST = 4_000_000
_LONGEST_ESCAPE = 6
SELECT = "django/forms/widgets/select.html"


class PortalRenderer(TemplatesSetting):
    """Templates come from the project's TEMPLATES setting, Django's own widgets included."""

    form_template_name = "_components/form.html"
    field_template_name = "_components/field.html"

    def render(self, template_name: str, context: Any, request: Any = None) -> Any:
        """Render a widget or a form; the value of a widget is bounded."""
        widget = context.get("widget")
        if widget and isinstance(widget.get("value"), str):
            widget["value"] = bounded(widget["value"], lines="textarea" in template_name)
        if template_name == SELECT:
            return _select(widget)
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    """Return what Django's template of a select renders, without a template for each of 500 options."""
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
    """As ``conditional_escape``, which costs three times as much."""
    text = str(value)
    return text if hasattr(text, "__html__") else escape_text(text)


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def bounded(text: str, *, lines: bool) -> str:
    """Return ``text``, or its beginning if its HTML would be too long; ``lines``: a text of several lines."""
    most = TEXT_AT_MOST if lines else LINE_AT_MOST
    if len(text) * _LONGEST_ESCAPE <= most or (len(text) <= most and len(escape(text)) <= most):
        return text
    return text[: most // _LONGEST_ESCAPE]
