"""The version of a draft that a form was opened on: a later save never deletes another one's work in silence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from cases.models import Case
from cases.services.refusals import Conflict


class DraftChanged(Conflict):
    """The draft was saved from elsewhere since the form was opened. ``case`` is the draft as it is now."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            _(
                "This draft was changed in another window or by a colleague while you were typing. "
                "Nothing you typed is lost, and nothing was saved."
            )
        )
        self.case = case


def complaint_version(case: Case) -> str:
    """Return a fingerprint of what the draft complains of, as it is stored."""
    return _fingerprint(
        case.right_id, case.violation, str(case.jurisdiction), case.goods_class, case.explanation
    )


def listings_version(case: Case) -> str:
    """Return a fingerprint of the draft's seller and of its addresses in their order."""
    urls = list(case.listings.order_by("position").values_list("url", flat=True))
    return _fingerprint(case.seller_id, case.seller_name, case.shop_url, urls)


def details_version(case: Case) -> str:
    """Return a fingerprint of what is said of the listings: titles, prices, units sold."""
    rows = case.listings.order_by("position").values_list(
        "pk", "title", "price", "currency", "units_sold"
    )
    return _fingerprint([[str(value) for value in row] for row in rows])


def check(case: Case, before: str, after: str, seen: Collection[str] | None) -> None:
    """Refuse a save over a version that its form did not show. Saving what is there already changes nothing.

    ``seen``: the versions that the form was opened on or saved itself; ``None`` asks for no check. Called under
    the case's lock, after the change and within its transaction, which :class:`DraftChanged` rolls back.
    """
    if seen is not None and before not in seen and after != before:
        raise DraftChanged(case)


def _fingerprint(*parts: Any) -> str:
    text = json.dumps(parts, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
