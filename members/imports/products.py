"""Sheets of products, with their names, GTIN, packaging and places of production."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from alliance.lib import text
from alliance.lib.sheets.columns import Column, Form, Problem
from members import territories
from members.forms.right import ClassesField
from members.imports import names
from members.imports.registry import Kind, Outcome, RowChecker, Verdict
from members.models import ImportJob, Member, Product, User
from members.services import products

FACTS = (
    "gtin",
    "name",
    "name_local",
    "description",
    "packaging",
    "production_places",
    "nice_classes",
)


class ProductChecker(RowChecker):
    """A product is identified by its GTIN, or by brand and name if the sheet or the portal has no GTIN of it."""

    def __init__(self, job: ImportJob, by: User, given: Collection[str]) -> None:
        super().__init__(job, by, given)
        self._brands = names.Brands(self.member.brands.order_by("name", "pk"))
        self._titles = {column.name: str(column.title) for column in Products.columns}
        self._facts = [name for name in FACTS if name in given]
        # The GTINs in the rows so far by brand and name, and the products that they change.
        self._rows: dict[tuple[int, str], set[str]] = {}
        self._taken: set[int] = set()

    def check(self, rows: Sequence[dict[str, str]]) -> list[Verdict]:
        verdicts = [self._clean(row) for row in rows]
        found = [one for one in verdicts if one.key]
        gtins = {one.values["gtin"] for one in found if one.values.get("gtin")}
        titles = {one.values["name"] for one in found}
        ours = Product.objects.filter(member=self.member).select_related("brand", "member")
        known = list(ours.filter(Q(gtin__in=gtins) | Q(name__in=titles)).order_by("pk"))
        for verdict in found:
            self._identify(verdict, known)
        return verdicts

    def _identify(self, verdict: Verdict, known: Sequence[Product]) -> None:
        """Find the product of a row among ``known``, or report that the row may mean several."""
        gtin, name = verdict.values.get("gtin", ""), _name(verdict)
        seen = self._rows.setdefault(name, set())
        if seen and ("" in seen) != (not gtin):
            message = _("Another row has a product of this name. Enter the GTIN in both rows.")
            _refuse(verdict, self._titles["gtin"], message)
            return
        seen.add(gtin)
        if not gtin:
            # An empty cell does not clear the stored GTIN.
            verdict.values.pop("gtin", None)
        same = self._candidates(gtin, name, known)
        if len(same) > 1:
            message = _("The brand has several products of this name. Change them on their pages.")
            _refuse(verdict, self._titles["name"], message)
        elif same:
            self._taken.add(same[0].pk)
            self._compare(verdict, same[0])

    def _candidates(
        self, gtin: str, name: tuple[int, str], known: Sequence[Product]
    ) -> list[Product]:
        """Return the products that a row may mean: a row with a GTIN means no product with another one."""
        if gtin and (found := [one for one in known if one.gtin == gtin]):
            return found
        named = [one for one in known if (one.brand_id, one.name) == name]
        return [one for one in named if not gtin or not (one.gtin or one.pk in self._taken)]

    def _clean(self, row: dict[str, str]) -> Verdict:
        problems: list[Problem] = []
        brand = self._brands.get(row["brand"])
        if self._brands.is_ambiguous(row["brand"]):
            problems.append(Problem(self._titles["brand"], names.ambiguous()))
        elif brand is None:
            message = _(
                "Your member has no brand of this name. Check the name, or register a right of the brand first."
            )
            problems.append(Problem(self._titles["brand"], message))
        facts: dict[str, Any] = {}
        for name in self._facts:
            try:
                facts |= products.clean({name: _PARSERS.get(name, str)(row[name])})
            except products.InvalidProduct as error:
                problems += [Problem(self._titles[name], one) for one in error.errors.values()]
            except (ValueError, _Invalid) as error:
                problems.append(Problem(self._titles[name], str(error)))
        if problems or brand is None:
            return Verdict(Outcome.FAILED, problems)
        key = facts.get("gtin") or (brand.pk, facts["name"])
        return Verdict(Outcome.CREATED, key=key, values=facts | {"brand": brand})

    def _compare(self, verdict: Verdict, known: Product) -> None:
        verdict.known = known
        facts = products.facts_of(known)
        wanted = facts | {
            name: sorted(value) if name in ("production_places", "nice_classes") else value
            for name, value in verdict.values.items()
            if name != "brand"
        }
        wanted["brand_id"] = verdict.values["brand"].pk
        verdict.outcome = Outcome.UNCHANGED if wanted == facts else Outcome.CHANGED

    def apply(self, verdict: Verdict) -> Outcome:
        if verdict.known is None:
            products.create(member=self.member, by=self.by, **verdict.values)
            return Outcome.CREATED
        seen = products.version(verdict.known)
        products.change(product=verdict.known, by=self.by, seen=seen, **verdict.values)
        return Outcome.CHANGED


def _name(verdict: Verdict) -> tuple[int, str]:
    return verdict.values["brand"].pk, verdict.values["name"]


def _refuse(verdict: Verdict, column: str, message: str) -> None:
    verdict.outcome, verdict.problems = Outcome.FAILED, [Problem(column, message)]


class _Invalid(Exception):
    """The text of a cell cannot be read. ``str()`` is the message."""


def _places(given: str) -> list[str]:
    codes, unknown = territories.parse(given)
    if unknown:
        message = ngettext(
            "%(names)s is not a country or region.",
            "These are not countries or regions: %(names)s.",
            len(unknown),
        )
        raise _Invalid(message % {"names": text.join(f"“{one[:50]}”" for one in unknown[:5])})
    return codes


def _classes(given: str) -> list[int]:
    try:
        return list(ClassesField().clean(given))
    except ValidationError as error:
        raise _Invalid(str(error.messages[0])) from error


_PARSERS: dict[str, Any] = {
    "production_places": _places,
    "nice_classes": _classes,
    "gtin": lambda given: re.sub(r"\s+", "", given),
}


class Products(Kind):
    name = "products"
    title = gettext_lazy("Products")
    lead = gettext_lazy("GTIN, names, packaging and places of production")
    icon = "tag"
    explanations = (
        gettext_lazy(
            "A product that exists already is recognised by its GTIN, or without one by brand and name, and is changed."
        ),
        gettext_lazy(
            "Columns that are not in the sheet stay as they are. Add features and pictures on the pages."
        ),
    )
    columns = (
        Column(
            "brand",
            gettext_lazy("Brand"),
            "Velmondra",
            gettext_lazy("The name of a brand of the member."),
            required=True,
        ),
        Column(
            "name",
            gettext_lazy("Name of the product"),
            "Travelling bag Lune 45",
            required=True,
            other_titles=("product", "product name", "产品", "商品名称"),
        ),
        Column(
            "gtin",
            gettext_lazy("GTIN"),
            "6901234567892",
            gettext_lazy(
                "8, 12, 13 or 14 digits. Format the column as text, so that Excel does not round them."
            ),
            form=Form.CODE,
            other_titles=("EAN", "UPC", "barcode", "条码", "商品条码", "全球贸易项目代码"),
        ),
        Column(
            "name_local",
            gettext_lazy("Name in another script"),
            "月亮旅行包",
            other_titles=("Chinese name", "中文名称"),
        ),
        Column("description", pgettext_lazy("product", "Description"), ""),
        Column("packaging", gettext_lazy("Packaging"), "", other_titles=("包装说明",)),
        Column(
            "production_places",
            gettext_lazy("Places of production"),
            "FR, IT",
            gettext_lazy(
                "Codes or names of countries and regions, separated by commas: CN, Japan, EU."
            ),
            other_titles=("origin", "原产地", "生产地"),
        ),
        Column(
            "nice_classes",
            gettext_lazy("Nice classes"),
            "18",
            gettext_lazy("Separate them by commas: 18, 25."),
            other_titles=("class", "classes", "类别", "尼斯类别"),
        ),
    )
    checker = ProductChecker

    def list_url(self, member: Member) -> str:
        return reverse("products:list", args=[member.slug])
