"""Template tags and filters for every page: fields, badges, times, money, icons' request id.

`{% load portal %}`. Nothing here queries the database or decides who may do what.
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

# The tone of each status word, whichever model it stands on. A word not listed is neutral.
TONES = {
    "info": {
        "submitted", "in_review", "offered", "acknowledged", "investigating", "pending", "running",
        "removal_requested", "reported", "invited", "sending", "queued", "waiting",
    },
    "success": {
        "upheld", "removed", "accepted", "active", "verified", "reinstated", "approved", "done",
        "concluded", "sent", "published", "delivered", "ok", "arrived",
    },
    "warning": {
        "information_requested", "info_requested", "counter_noticed", "applied", "expiring", "overdue",
        "corrected", "paused", "retrying", "suspended", "due_soon", "half_open", "lost", "missed",
    },
    "danger": {
        "rejected", "declined", "dead", "failed", "expired", "retracted", "revoked", "blocked", "live",
        "behind", "open",
    },
}  # fmt: skip
TONE_OF = {word: tone for tone, words in TONES.items() for word in words}


def _css_class(widget: Widget) -> str:
    """The Bootstrap class that belongs on this widget's input."""
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, Select | SelectMultiple):
        return "form-select"
    if isinstance(widget, HiddenInput):
        return ""
    return "form-control"


@register.simple_tag
def widget(field: BoundField, more: dict[str, Any] | None = None, **attrs: Any) -> SafeString:
    """The field's input with the portal's classes.

    Keyword arguments, or a dictionary, become attributes: `{% widget form.urls rows=8 data_max=300 %}`.
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
    """The radio buttons or checkboxes of a field, each with `tag`, `id_for_label` and `choice_label`."""
    kind = field.field.widget
    attrs: dict[str, str | bool] = {"class": "form-check-input"}
    if field.auto_id:
        attrs["id"] = field.auto_id
    attrs = field.build_widget_attrs(attrs, kind)
    subwidgets = kind.subwidgets(field.html_name, field.value(), attrs)
    return [BoundWidget(kind, data, field.form.renderer) for data in subwidgets]


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which layout a field needs: `hidden`, `checkbox`, `choices` (several inputs), `file` or `text`."""
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
    """One whole field: label, help, error, input. Keyword arguments become attributes of the input.

    `label=` and `help=` replace the form's own words; `label_class="visually-hidden"` hides the label
    from the eye only.
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
    """A `<time>` element in the reader's time zone and language; an en dash for none.

    Styles: `datetime`, `date`, `time`. The element's title carries the full time with its zone.
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
def money(amount: Decimal | int | None, currency: str = "") -> str:
    """An amount with its ISO 4217 code, grouped by the reader's locale: `CNY 12,500.00`.

    Whole amounts lose their zeros. None gives an en dash.
    """
    if amount is None or amount == "":
        return "–"
    value = Decimal(amount)
    places = 0 if value == value.to_integral_value() else 2
    number = formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{currency}\N{NO-BREAK SPACE}{number}".strip()


@register.filter
def compact(value: Decimal | int | None) -> str:
    """A large number for a headline: `998.4 million`; in Chinese counted in 万 and 亿. None gives an en dash."""
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
    """The badge tone of a status word: `info`, `success`, `warning`, `danger` or `neutral`."""
    return TONE_OF.get(str(status or "").lower().replace("-", "_"), "neutral")


@register.filter
def status_badge(thing: Any, name: str = "status") -> SafeString:
    """The badge of an object's status field (or of the choices field called `name`), tone by its value."""
    return format_html(
        '<span class="tag tag-{}">{}</span>', tone(getattr(thing, name)), label(thing, name)
    )


@register.filter
def label(thing: Any, name: str) -> Any:
    """The words of an object's choices field, as `get_<name>_display`; a value without words as it is.

    For tables: Django's method builds a dictionary of all choices each time.
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
    """A browser's self-description in a few words: `Firefox, Windows`. Unknown ones are cut short."""
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
    """The current query string with some parameters changed; None or '' removes one. `?` included."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}"


@register.simple_tag
def request_id() -> str:
    """The id under which this request stands in the logs, or '' outside one. Needs no context."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


@register.simple_tag
def safe_static(path: str) -> str:
    """As `{% static %}`, but never fails: the server-error page uses it."""
    try:
        return static(path)
    except (ValueError, OSError, ImproperlyConfigured):
        return f"/static/{path}"
