"""Sheets of authorised sellers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import visible
from alliance.lib.sheets.columns import Column, Form, Problem
from cases.imports.marketplace_names import MarketplaceNames
from cases.models import AuthorisedSeller, Marketplace
from cases.queries.listing_facts import unknown_marketplace
from cases.services import authorised_sellers
from members.imports import names
from members.imports.registry import Kind, Outcome, RowChecker, Verdict
from members.models import ImportJob, Member, User

VALUES = ("valid_from", "valid_until", "note")


class SellerChecker(RowChecker):
    """An entry is identified by brand, marketplace and shop."""

    def __init__(self, job: ImportJob, by: User, given: Collection[str]) -> None:
        super().__init__(job, by, given)
        self._brands = names.Brands(self.member.brands.order_by("name", "pk"))
        self._titles = {column.name: str(column.title) for column in AuthorisedSellers.columns}
        self._marketplaces = MarketplaceNames(Marketplace.objects.all())

    def check(self, rows: Sequence[dict[str, str]]) -> list[Verdict]:
        verdicts = [self._clean(row) for row in rows]
        keys = {one.key[2] for one in verdicts if isinstance(one.key, tuple)}
        ours = AuthorisedSeller.objects.filter(member=self.member, external_key__in=keys)
        known = {
            (one.brand_id, one.marketplace_id, one.external_key): one
            for one in ours.select_related("brand__member", "marketplace")
        }
        for verdict in verdicts:
            if isinstance(verdict.key, tuple) and (entry := known.get(verdict.key)):
                self._compare(verdict, entry)
        return verdicts

    def _clean(self, row: dict[str, str]) -> Verdict:
        problems: list[Problem] = []

        def wrong(name: str, message: str) -> None:
            problems.append(Problem(self._titles[name], message))

        brand = self._brands.get(row["brand"])
        if self._brands.is_ambiguous(row["brand"]):
            wrong("brand", names.ambiguous())
        elif brand is None:
            wrong("brand", _("Your member has no brand of this name."))
        marketplace = self._marketplaces.get(row["marketplace"])
        if marketplace is None:
            wrong("marketplace", unknown_marketplace())
        shop = ""
        days = {name: _day(row[name]) for name in ("valid_from", "valid_until")}
        values: dict[str, Any] = days | {"note": visible.cleaned(row["note"])}
        try:
            authorised_sellers.check(**values)
            if marketplace is not None:
                shop = authorised_sellers.shop_id(row["shop"], marketplace)
        except authorised_sellers.InvalidEntry as error:
            wrong(error.field, str(error))
        if problems or brand is None or marketplace is None:
            return Verdict(Outcome.FAILED, problems)
        key = marketplace.shop_key(shop)
        given = values | {"brand": brand, "marketplace": marketplace, "shop": row["shop"]}
        return Verdict(Outcome.CREATED, key=(brand.pk, marketplace.pk, key), values=given)

    def _compare(self, verdict: Verdict, known: AuthorisedSeller) -> None:
        for name in set(VALUES) - set(self.given):
            verdict.values[name] = getattr(known, name)
        verdict.known = known
        same = all(getattr(known, name) == verdict.values[name] for name in VALUES)
        is_same = same and known.ended_at is None
        verdict.outcome = Outcome.UNCHANGED if is_same else Outcome.CHANGED

    def apply(self, verdict: Verdict) -> Outcome:
        values = dict(verdict.values)
        if verdict.known is None:
            authorised_sellers.add(by=self.by, **values)
            return Outcome.CREATED
        changed = {name: values[name] for name in VALUES}
        seen = authorised_sellers.version(verdict.known)
        authorised_sellers.change(entry=verdict.known, by=self.by, seen=seen, **changed)
        return Outcome.CHANGED


def _day(given: str) -> date | None:
    return date.fromisoformat(given) if given else None


class AuthorisedSellers(Kind):
    name = "authorised-sellers"
    title = gettext_lazy("Authorised sellers")
    lead = gettext_lazy("Shops against which no case can be filed, with their validity")
    icon = "shop"
    explanations = (
        gettext_lazy(
            "An entry that exists already is recognised by brand, marketplace and shop, and is changed. An ended entry is "
            "renewed."
        ),
        gettext_lazy("Shops that are not in the sheet stay as they are."),
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
            "marketplace",
            gettext_lazy("Marketplace"),
            "Taobao",
            gettext_lazy("As in the form in which a case is filed."),
            required=True,
            other_titles=("platform", "平台"),
        ),
        Column(
            "shop",
            gettext_lazy("Shop ID or shop URL"),
            "https://shop10001.taobao.com",
            gettext_lazy("The ID that the marketplace uses for the shop, or the URL of the shop."),
            required=True,
            form=Form.CODE,
            other_titles=("shop", "shop id", "shop url", "店铺", "店铺id", "店铺网址"),
        ),
        Column(
            "valid_from",
            gettext_lazy("Valid from"),
            "2026-01-01",
            gettext_lazy("The first day. Leave empty if there is none."),
            form=Form.DATE,
            other_titles=("from", "起始日期"),
        ),
        Column(
            "valid_until",
            gettext_lazy("Valid until"),
            "2026-12-31",
            gettext_lazy("The last day. Leave empty if there is none."),
            form=Form.DATE,
            other_titles=("until", "to", "截止日期", "失效日期"),
        ),
        Column("note", gettext_lazy("Note"), "Own shop"),
    )
    checker = SellerChecker

    def list_url(self, member: Member) -> str:
        return reverse("allow_list:list", args=[member.slug])
