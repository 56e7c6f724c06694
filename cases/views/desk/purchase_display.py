"""What the page of a test purchase shows: its steps, its facts and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import clock
from cases.models import TestPurchase, TestPurchaseEvent
from cases.models.test_purchase import FACTS
from cases.states import PURCHASE_TRANSITIONS, PurchaseStatus

Kind = TestPurchaseEvent.Kind

# The icon and the tone of each kind of event.
_STYLES = {
    Kind.PLANNED: ("edit", "neutral"),
    Kind.ORDERED: ("cash", "neutral"),
    Kind.RECEIVED: ("inbox", "info"),
    Kind.EXAMINED: ("search", "info"),
    Kind.STORED: ("archive", "success"),
    Kind.DISPOSAL_PROPOSED: ("hourglass", "warning"),
    Kind.KEPT: ("undo", "neutral"),
    Kind.DISPOSED: ("trash", "neutral"),
    Kind.CANCELLED: ("x-circle", "danger"),
    Kind.CORRECTED: ("edit", "warning"),
    Kind.FILE_ADDED: ("paperclip", "neutral"),
    Kind.FILE_READ: ("eye", "neutral"),
    Kind.CASE_ADDED: ("link", "info"),
}


@dataclass(frozen=True)
class NextStep:
    """The next step of a purchase: what to do, and the button."""

    text: str
    label: str
    url: str


@dataclass(frozen=True)
class Section:
    """The facts of a recorded step. ``url`` leads to their correction, or is empty."""

    step: str
    title: str
    facts: list[tuple[str, str, Any]]
    url: str


def titles() -> dict[str, str]:
    """Return the titles of the steps whose facts people enter."""
    return {
        "plan": _("Plan"),
        "order": _("Order"),
        "receive": _("Parcel"),
        "examine": _("Examination"),
        "store": _("Evidence store"),
    }


def actions() -> dict[str, str]:
    """Return what the forms of the steps are called, for their headings and buttons."""
    return {
        "order": _("Record the order"),
        "receive": _("Record the arrival"),
        "examine": _("Record the examination"),
        "store": _("Record the storage"),
        "propose_disposal": _("Propose disposal"),
    }


def next_verb(purchase: TestPurchase) -> str:
    """Return the verb that takes the purchase further, or ``""``."""
    for verb in ("order", "receive", "examine", "store", "propose_disposal"):
        if purchase.status in PURCHASE_TRANSITIONS[verb][0]:
            return verb
    return ""


def next_step(purchase: TestPurchase) -> NextStep | None:
    """Return the next step, or ``None``: after the last one, while another person must confirm, and while goods are kept."""
    texts = {
        "order": _("Order the goods, keep the confirmation, and photograph the listing."),
        "receive": _(
            "Photograph the parcel with its label before you open it, and film the unboxing."
        ),
        "examine": _("The brand or a laboratory examines the goods and reports what it finds."),
        "store": _("Seal the goods and put them into the evidence store."),
        "propose_disposal": _(
            "When the goods need no longer be kept, propose to dispose of them. Another person confirms it."
        ),
    }
    verb = next_verb(purchase)
    is_kept = purchase.keep_until is not None and clock.today() <= purchase.keep_until
    if not verb or (verb == "propose_disposal" and is_kept):
        return None
    name = "propose" if verb == "propose_disposal" else "step"
    args = [purchase.member.slug, purchase.reference, *([verb] if name == "step" else [])]
    label = actions()[verb]
    return NextStep(texts[verb], label, reverse(f"purchases:{name}", args=args))


def progress(purchase: TestPurchase) -> list[dict[str, Any]]:
    """Return the steps for the component that shows the progress."""
    coming = next_verb(purchase)
    rows = []
    for step, title in titles().items():
        done = purchase.has_done(step)
        state = "done" if done else "current" if step == coming else "todo"
        rows.append({"label": title, "url": f"#{step}" if done else "", "state": state})
    ends = {
        PurchaseStatus.DISPOSED: "done",
        PurchaseStatus.STORED: "todo",
        PurchaseStatus.DISPOSAL_PROPOSED: "current",
    }
    rows.append(
        {
            "label": _("Disposal"),
            "url": "",
            "state": ends.get(PurchaseStatus(purchase.status), "todo"),
        }
    )
    return rows


def sections(purchase: TestPurchase, *, may_change: bool) -> list[Section]:
    """Return the facts of the recorded steps."""
    correctable = (
        may_change
        and not purchase.has_ended
        and purchase.status != PurchaseStatus.DISPOSAL_PROPOSED
    )
    found = []
    for step, title in titles().items():
        if not purchase.has_done(step):
            continue
        args = [purchase.member.slug, purchase.reference, step]
        url = reverse("purchases:step", args=args) if correctable else ""
        facts = [_fact(purchase, name) for name in FACTS[step] if name != "currency"]
        found.append(Section(step, title, facts, url))
    return found


def _fact(purchase: TestPurchase, name: str) -> tuple[str, str, Any]:
    """Return the label, the kind (``day``, ``money`` or ``text``) and the value of a fact."""
    value = getattr(purchase, name)
    kind = (
        "day"
        if name.endswith("_on") or name == "keep_until"
        else "money"
        if name == "price"
        else "text"
    )
    return label(name), kind, shown(name, value) if kind == "text" else value


def shown(name: str, value: Any) -> str:
    """Return the value of a column, or its text in an event, as a reader sees it."""
    field: Any = TestPurchase._meta.get_field(name)
    if value in (None, ""):
        return ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return date_format(day, pgettext("date format", "j M Y"))
    if isinstance(field, models.DecimalField):
        return number_format(Decimal(value), decimal_pos=2, force_grouping=True)
    if isinstance(field, models.IntegerField):
        return number_format(int(value), force_grouping=True)
    return str(value)


def label(name: str) -> str:
    """Return the name of a column, as labels of forms show it."""
    field: Any = TestPurchase._meta.get_field(name)
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def events(purchase: TestPurchase, most: int) -> list[dict[str, Any]]:
    """Return the latest events, the newest first, each with its icon, tone and details."""
    rows = []
    for event in purchase.events.order_by("-sequence")[:most]:
        icon, tone = _STYLES[Kind(event.kind)]
        rows.append({"event": event, "icon": icon, "tone": tone, "text": _details(event)})
    return rows


def _details(event: TestPurchaseEvent) -> str:
    data = event.data
    if event.kind == Kind.CORRECTED:
        arrows = (
            f"{label(name)}: {shown(name, old) or '–'} → {shown(name, new) or '–'}"
            for name, (old, new) in data["changed"].items()
        )
        return "\n".join(arrows)
    return "\n".join(filter(None, (event.note, data.get("name", ""), data.get("case", ""))))
