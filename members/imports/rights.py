"""Sheets of rights. A sheet has no certificates, so an imported right waits for its certificate first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import text
from alliance.lib.sheets.columns import Column, Form, Problem
from members.forms.registration import NEW_BRAND, RegistrationForm
from members.imports import names
from members.imports.registry import Kind, Outcome, RowChecker, Verdict
from members.models import ImportJob, IPRight, Member, User
from members.services import rights

FACTS = tuple(name for name in rights.FACTS if name not in ("brand_id", "certificate_id"))
_NEW_SHOWN = 10


class RowForm(RegistrationForm):
    """The registration form without a certificate, which is filled in again for each row."""

    def __init__(self, member: Member) -> None:
        super().__init__({}, member=member)
        del self.fields["certificate"]
        self.names = names.Brands(self._brands.values())

    def fill(self, values: dict[str, str]) -> None:
        brand = self.names.get(values["brand"])
        key = str(brand.pk) if brand else (NEW_BRAND if values["brand"] else "")
        kind = names.kinds_of_right().get(names.plain(values["kind"]), values["kind"])
        # "nice_classes" may be "18 25", as registers write them.
        self.data = values | {"brand": key, "new_brand": values["brand"], "kind": kind}
        self._errors = None

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service."""
        facts = {name: self.cleaned_data[name] for name in FACTS}
        brand = self._brands.get(self.cleaned_data["brand"])
        return facts | {"brand": brand, "new_brand": self.cleaned_data["new_brand"]}


class RightChecker(RowChecker):
    """A right is identified by office, number and kind."""

    def __init__(self, job: ImportJob, by: User, given: Collection[str]) -> None:
        super().__init__(job, by, given)
        self._form = RowForm(self.member)
        self._titles = {column.name: str(column.title) for column in Rights.columns}
        self._new_brands: dict[str, None] = {}

    def check(self, rows: Sequence[dict[str, str]]) -> list[Verdict]:
        verdicts = [self._clean(row) for row in rows]
        numbers = {one.values["number"] for one in verdicts if one.key}
        found = IPRight.objects.filter(number__in=numbers).select_related("brand", "member")
        known = {(one.office, one.number, one.kind): one for one in found}
        for verdict in verdicts:
            if verdict.key:
                self._compare(verdict, known.get(verdict.key))
        return verdicts

    def _clean(self, row: dict[str, str]) -> Verdict:
        form = self._form
        if form.names.is_ambiguous(row["brand"]):
            return Verdict(Outcome.FAILED, [Problem(self._titles["brand"], names.ambiguous())])
        form.fill(row)
        if form.is_valid():
            values = form.values
            key = (values["office"], values["number"], values["kind"])
            if values["brand"] is None:
                self._new_brands.setdefault(values["new_brand"])
            return Verdict(Outcome.CREATED, key=key, values=values)
        problems = []
        for name, errors in form.errors.items():
            title = self._titles["brand" if name == "new_brand" else name]
            problems += [Problem(title, str(error)) for error in errors]
        if names.plain(row["kind"]) and "kind" in form.errors:
            kinds = text.join(f"“{kind.label}”" for kind in IPRight.Kind)
            message = _("“%(value)s” is not a kind of right. Enter one of these: %(kinds)s.")
            problems = [one for one in problems if one.column != self._titles["kind"]]
            words = message % {"value": row["kind"][:60], "kinds": kinds}
            problems.append(Problem(self._titles["kind"], words))
        return Verdict(Outcome.FAILED, problems)

    def _compare(self, verdict: Verdict, known: IPRight | None) -> None:
        if known is None:
            return
        if known.member_id != self.member.pk:
            _refuse(verdict, self._titles["number"], rights.taken())
            return
        for name in {"nice_classes", "expires_on"} - set(self.given):
            verdict.values[name] = getattr(known, name)
        facts = {name: verdict.values[name] for name in FACTS}
        wanted = IPRight(
            **facts, certificate_id=known.certificate_id, brand=verdict.values["brand"]
        )
        verdict.known = known
        if rights.facts_of(wanted) == rights.facts_of(known):
            verdict.outcome = Outcome.UNCHANGED
        elif known.verified_at is not None:
            _refuse(
                verdict,
                "",
                _(
                    "This right is verified, and a change would end its verification. Change it on its page."
                ),
            )
        else:
            verdict.outcome = Outcome.CHANGED

    def apply(self, verdict: Verdict) -> Outcome:
        if verdict.known is None:
            rights.register(member=self.member, by=self.by, certificate=None, **verdict.values)
            return Outcome.CREATED
        seen = rights.version(verdict.known)
        rights.change(right=verdict.known, by=self.by, seen=seen, **verdict.values)
        return Outcome.CHANGED

    def notes(self) -> list[str]:
        if not self._new_brands:
            return []
        shown = text.join(f"“{name}”" for name in list(self._new_brands)[:_NEW_SHOWN])
        if len(self._new_brands) > _NEW_SHOWN:
            shown += " …"
        return [_("These brands are new and will be created: %(names)s.") % {"names": shown[:400]}]


def _refuse(verdict: Verdict, column: str, message: str) -> None:
    verdict.outcome, verdict.problems = Outcome.FAILED, [Problem(column, message)]


class Rights(Kind):
    name = "rights"
    title = gettext_lazy("Rights")
    lead = gettext_lazy("Trademarks, copyrights, designs, patents and geographical indications")
    icon = "award"
    explanations = (
        gettext_lazy(
            "Certificates are not part of a sheet. After the import, upload the certificate of each right on its page: "
            "moderators verify a right, and cases can cite it, only with its certificate."
        ),
        gettext_lazy(
            "A right that is registered already is recognised by its office, number and kind. It is changed, unless it "
            "is verified."
        ),
    )
    columns = (
        Column(
            "brand",
            gettext_lazy("Brand"),
            "Velmondra",
            gettext_lazy("The name of the brand. A brand that does not exist yet is created."),
            required=True,
        ),
        Column(
            "kind",
            gettext_lazy("Kind of right"),
            "Trademark",
            gettext_lazy("Trademark, copyright, design, patent or geographical indication."),
            required=True,
            other_titles=("kind", "type", "权利种类"),
        ),
        Column(
            "title",
            gettext_lazy("Mark or title"),
            "VELMONDRA",
            gettext_lazy("As registered, in its own script."),
            required=True,
            other_titles=("mark", "title", "商标名称", "名称"),
        ),
        Column(
            "registered_owner",
            gettext_lazy("Registered owner"),
            "Velmondra S.A.",
            gettext_lazy("As in the office’s register."),
            required=True,
            other_titles=("owner", "权利人", "注册人"),
        ),
        Column(
            "office",
            gettext_lazy("Office"),
            "CNIPA",
            gettext_lazy("For example CNIPA, EUIPO or WIPO."),
            required=True,
            other_titles=("登记机构",),
        ),
        Column(
            "number",
            gettext_lazy("Registration number"),
            "10203040",
            gettext_lazy("Format the column as text, so that Excel does not change the number."),
            required=True,
            form=Form.CODE,
            other_titles=("number", "登记号", "专利号"),
        ),
        Column(
            "territory",
            gettext_lazy("Territory"),
            "CN, EU",
            gettext_lazy(
                "Codes or names of countries and regions, separated by commas: CN, Japan, EU."
            ),
            required=True,
            other_titles=("territories", "country", "国家或地区", "地域"),
        ),
        Column(
            "nice_classes",
            gettext_lazy("Nice classes"),
            "18, 25",
            gettext_lazy("Required for a trademark. Separate them by commas: 18, 25."),
            other_titles=("class", "classes", "类别", "尼斯类别"),
        ),
        Column(
            "registered_on",
            gettext_lazy("Registered on"),
            "2016-05-09",
            gettext_lazy("Year, month and day: 2026-03-31."),
            required=True,
            form=Form.DATE,
            other_titles=("registration date", "注册日"),
        ),
        Column(
            "expires_on",
            gettext_lazy("Expires on"),
            "2036-05-08",
            gettext_lazy("Leave empty if the right does not expire."),
            form=Form.DATE,
            other_titles=("expiry date", "到期日", "有效期至"),
        ),
    )
    checker = RightChecker

    def list_url(self, member: Member) -> str:
        return reverse("rights:list", args=[member.slug]) + "?state=incomplete"
