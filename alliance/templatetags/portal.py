"""General template tags and filters: fields, badges, dates, money and others. Load with ``{% load portal %}``.

They neither query the database nor check permissions.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import structlog
from django import template
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.forms import (
    BoundField,
    CheckboxInput,
    FileInput,
    Select,
    SelectMultiple,
    Widget,
)
from django.forms.boundfield import BoundWidget
from django.forms.widgets import (
    CheckboxSelectMultiple,
    HiddenInput,
    RadioSelect,
)
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

register = template.Library()

# The badge tone of each status value, for all models. Other values are neutral.
TONES = {
    "info": {
        "submitted", "in_review", "offered", "acknowledged", "investigating", "pending", "running", "upcoming",
        "removal_requested", "reported", "invited", "sending", "queued", "waiting", "ordered", "received", "examined",
        "checking", "planned", "ready", "undoing",
    },
    "success": {
        "upheld", "removed", "accepted", "active", "verified", "reinstated", "approved", "done",
        "admitted", "in_force", "concluded", "sent", "published", "delivered", "ok", "arrived", "stored",
        "genuine", "filed",
    },
    "warning": {
        "information_requested", "info_requested", "counter_noticed", "applied", "expiring", "overdue",
        "corrected", "paused", "retrying", "suspended", "due_soon", "half_open", "lost", "missed",
        "returned", "incomplete", "checked", "disposal_proposed", "unclear", "impossible", "kept", "stopped",
    },
    "danger": {
        "rejected", "declined", "refused", "dead", "failed", "expired", "retracted", "revoked", "blocked", "live",
        "behind", "open", "fake",
    },
}  # fmt: skip
TONE_OF = {word: tone for tone, words in TONES.items() for word in words}


def _css_class(widget: Widget) -> str:
    """Return the Bootstrap class of the widget's input."""
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, Select | SelectMultiple):
        return "form-select"
    if isinstance(widget, HiddenInput):
        return ""
    return "form-control"


@register.simple_tag
def widget(field: BoundField, more: dict[str, Any] | None = None, **attrs: Any) -> SafeString:
    """Render the field's input with the portal's CSS classes.

    Keyword arguments, or the dictionary ``more``, become attributes: `{% widget form.urls rows=8 data_max=300 %}`.
    """
    own = field.field.widget.attrs
    classes = [_css_class(field.field.widget), own.get("class", "")]
    if field.errors:
        classes.append("is-invalid")
    extra = {name.replace("_", "-"): value for name, value in {**(more or {}), **attrs}.items()}
    classes.append(str(extra.pop("class", "")))
    return field.as_widget(attrs={**extra, "class": " ".join(c for c in classes if c)})


@register.simple_tag
def choice_inputs(field: BoundField) -> list[BoundWidget]:
    """Return the radio buttons or checkboxes of a field, each with `tag`, `id_for_label` and `choice_label`."""
    kind = field.field.widget
    attrs: dict[str, str | bool] = {"class": "form-check-input"}
    if field.auto_id:
        attrs["id"] = field.auto_id
    attrs = field.build_widget_attrs(attrs, kind)
    subwidgets = kind.subwidgets(field.html_name, field.value(), attrs)
    return [BoundWidget(kind, data, field.form.renderer) for data in subwidgets]


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return the layout of a field: `hidden`, `checkbox`, `choices` (several inputs), `file` or `text`."""
    kind = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(kind, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(kind, CheckboxInput):
        return "checkbox"
    return "file" if isinstance(kind, FileInput) else "text"


@register.simple_tag
def field(field: BoundField, **attrs: Any) -> SafeString:
    """Render a field with label, help text, errors and input. Keyword arguments become attributes of the input.

    `label=` and `help=` replace the texts of the form. `label_class="visually-hidden"` shows the label to screen
    readers only.
    """
    context = {
        "field": field,
        "label": attrs.pop("label", None),
        "help_text": attrs.pop("help", None),
        "label_class": attrs.pop("label_class", ""),
        "widget_attrs": attrs,
    }
    return render_to_string("_components/field.html", context)


@register.filter
def localdatetime(value: datetime | date | None, style: str = "datetime") -> SafeString | str:
    """Return a `<time>` element in the active time zone and language, or an en dash for ``None``.

    Styles: `datetime`, `date`, `time`. The title has the full time with its time zone.
    """
    if value is None or value == "":
        return "–"
    # Translators: PHP-like date formats, as Django's date filter takes them.
    if not isinstance(value, datetime):
        words = date_format(value, pgettext("date format", "j M Y"))
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    both = date_format(moment, pgettext("date format", "j M Y, H:i"))
    shown = both
    if style == "date":
        shown = date_format(moment, pgettext("date format", "j M Y"))
    elif style == "time":
        shown = date_format(moment, pgettext("time format", "H:i"))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        f"{both} {moment.tzname() or ''}".strip(),
        shown,
    )


@register.filter
def money(amount: Decimal | int | None, currency: str = "") -> SafeString | str:
    """Return an amount with its ISO 4217 code in the active locale: `CNY 12,500.50`, in Chinese `12,500.50元`.

    Whole amounts have no decimals. ``None`` gives an en dash.
    """
    if amount is None or amount == "":
        return "–"
    value = Decimal(amount)
    places = 0 if value == value.to_integral_value() else 2
    number = formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    if currency == "CNY":
        # Translators: an amount in yuan.
        text = _("CNY %(amount)s") % {"amount": number}
        text = text.replace("CNY ", "CNY\N{NO-BREAK SPACE}")
    else:
        text = f"{currency}\N{NO-BREAK SPACE}{number}".strip()
    # The element keeps the number on one line: broken, it reads as two numbers.
    return format_html('<span class="amount">{}</span>', text)


@register.filter
def compact(value: Decimal | int | None) -> str:
    """Return a large number in short form: `998.4 million`, in Chinese with 万 and 亿. ``None`` gives an en dash."""
    if value is None or value == "":
        return "–"
    number = Decimal(value)
    if (get_language() or "").startswith("zh"):
        steps = [(Decimal(10**8), "亿"), (Decimal(10**4), "万")]
        gap = ""
    else:
        # Translators: words for large numbers on headline figures.
        steps = [(Decimal(10**9), _("billion")), (Decimal(10**6), _("million"))]
        gap = " "
    for size, word in steps:
        if abs(number) >= size:
            short = round(number / size, 2).normalize()
            return f"{formats.number_format(short, use_l10n=True)}{gap}{word}"
    return formats.number_format(round(number), use_l10n=True, force_grouping=True)


@register.filter
def tone(status: str | None) -> str:
    """Return the badge tone of a status: `info`, `success`, `warning`, `danger` or `neutral`."""
    return TONE_OF.get(str(status or "").lower().replace("-", "_"), "neutral")


@register.filter
def status_badge(thing: Any, name: str = "status") -> SafeString:
    """Render the badge of an object's status field, or of the choices field called `name`."""
    return format_html(
        '<span class="tag tag-{}">{}</span>', tone(getattr(thing, name)), label(thing, name)
    )


@register.filter
def label(thing: Any, name: str) -> Any:
    """Return the label of an object's choices field, like `get_<name>_display`. A value without a label is returned.

    The labels are cached. Django's method builds a dictionary of all choices on each call, which is slow in tables.
    """
    value = getattr(thing, name)
    options = getattr(thing, "_meta", None)
    if options is None:
        display = getattr(thing, f"get_{name}_display", None)
        return display() if display else value
    return _labels(options.model, name).get(value, value)


@cache
def _labels(model: type[Model], name: str) -> dict[Any, Any]:
    field: Any = model._meta.get_field(name)
    return dict(field.flatchoices)


@register.filter
def browser(user_agent: str) -> str:
    """Return the browser and system of a user agent: `Firefox, Windows`. Unknown ones are truncated."""
    names = {
        "Edg": "Edge",
        "OPR": "Opera",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    systems = {
        "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
        "Mac OS": "macOS", "Linux": "Linux",
    }  # fmt: skip
    found = [
        next((words for mark, words in table.items() if mark in user_agent), "")
        for table in (names, systems)
    ]
    return ", ".join(filter(None, found)) or user_agent[:60]


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return the current query string with changed parameters, including the `?`. None or '' removes one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}"


@register.simple_tag
def request_id() -> str:
    """Return the id of this request in the logs, or '' outside a request. Needs no template context."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


@register.simple_tag
def safe_static(path: str) -> str:
    """Return a static URL like `{% static %}`, but never raise. For the server error page."""
    try:
        return static(path)
    except (ValueError, OSError, ImproperlyConfigured):
        return f"/static/{path}"
