"""What keeps a draft from being submitted: all of it at once, each with the place where it is mended."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries.fields import Country

from cases.models import Case
from cases.queries import filed_already, listing_checks, seller_history
from cases.states import Violation
from members.models import IPRight

SHOWN = 20

# The kind of right that each violation must cite; illegal advertising may cite any.
RIGHT_FOR = {
    Violation.COUNTERFEIT: IPRight.Kind.TRADEMARK,
    Violation.TRADEMARK: IPRight.Kind.TRADEMARK,
    Violation.COPYRIGHT: IPRight.Kind.COPYRIGHT,
    Violation.DESIGN: IPRight.Kind.DESIGN,
    Violation.PATENT: IPRight.Kind.PATENT,
}


class Step(StrEnum):
    """The steps of filing; each is the name of its page under ``desk:``."""

    COMPLAINT = "complaint"
    LISTINGS = "listings"
    EVIDENCE = "evidence"
    CHECK = "check"


class Problem(str):
    """A sentence for the user. ``missing``: not there yet, as against there and wrong.

    ``things``: of how many things the sentence speaks.
    """

    __slots__ = ("missing", "step", "things")
    step: Step
    missing: bool
    things: int

    def __new__(cls, text: str, step: Step, *, missing: bool = False, things: int = 1) -> Self:
        problem = super().__new__(cls, text)
        problem.step, problem.missing, problem.things = step, missing, things
        return problem


def problems(*, case: Case) -> list[Problem]:
    """Return what keeps the draft from being submitted; empty when all is there."""
    found = _right_problems(case)
    if not case.explanation:
        text = _("Explain why the listings infringe the right.")
        found.append(Problem(text, Step.COMPLAINT, missing=True))
    found += _seller_problems(case)
    if not case.listings.exists():
        text = _("Add at least one listing.")
        found.append(Problem(text, Step.LISTINGS, missing=True))
    found += _listing_problems(case)
    found += _filed_problems(case)
    if not case.evidence.exists():
        text = _("Add at least one piece of evidence, such as a screenshot.")
        found.append(Problem(text, Step.EVIDENCE, missing=True))
    return found


def _right_problems(case: Case) -> list[Problem]:
    right, found = case.right, []
    if right.brand_id != case.brand_id:
        found.append(_("The right does not belong to the brand."))
    elif not IPRight.objects.citable().filter(pk=right.pk).exists():
        found.append(_("The right is not verified or no longer in force."))
    needed = RIGHT_FOR.get(Violation(case.violation))
    if needed and right.kind != needed:
        found.append(
            _("“%(violation)s” must cite a right of this kind: %(kind)s.")
            % {"violation": case.get_violation_display(), "kind": IPRight.Kind(needed).label}
        )
    if str(case.jurisdiction) not in right.territory:
        found.append(
            _("The right does not extend to %(country)s.")
            % {"country": Country(str(case.jurisdiction)).name}
        )
    if right.nice_classes and case.goods_class is None:
        text = _("Choose the class of goods.")
        return [Problem(text, Step.COMPLAINT, missing=True), *_in_complaint(found)]
    if right.nice_classes and case.goods_class not in right.nice_classes:
        found.append(_("The right is not registered for this class of goods."))
    return _in_complaint(found)


def _in_complaint(found: list[str]) -> list[Problem]:
    return [Problem(text, Step.COMPLAINT) for text in found]


def _seller_problems(case: Case) -> list[Problem]:
    if case.seller is None:
        return [Problem(_("Name the seller."), Step.LISTINGS, missing=True)]
    if seller_history.is_authorised(case):
        text = _("The brand has authorised this seller: see its allow-list.")
        return [Problem(text, Step.LISTINGS)]
    return []


def _listing_problems(case: Case) -> list[Problem]:
    """Name up to 20 listings that cannot be those of the shop, and say how many more there are."""
    found = listing_checks.of_case(case)
    named = [
        Problem(f"{issue.message} {issue.address.url}", Step.LISTINGS) for issue in found[:SHOWN]
    ]
    more = len(found) - SHOWN
    if more <= 0:
        return named
    text = ngettext(
        "%(count)d more listing cannot be one of this shop.",
        "%(count)d more listings cannot be those of this shop.",
        more,
    )
    return [*named, Problem(text % {"count": more}, Step.LISTINGS, things=more)]


def _filed_problems(case: Case) -> list[Problem]:
    """Say which listing an open case of the brand has; of several, how many. The page lists them."""
    filed = filed_already.of_draft(case)
    if not filed:
        return []
    if len(filed) == 1:
        text = _("%(url)s is already part of your case %(reference)s.")
        values = {"url": filed[0].url, "reference": filed[0].case.reference}
        return [Problem(text % values, Step.LISTINGS)]
    text = _("%(count)d listings are already part of open cases of the brand.")
    return [Problem(text % {"count": len(filed)}, Step.LISTINGS, things=len(filed))]
