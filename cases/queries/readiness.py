"""Problems that prevent the submission of a draft, each with the step in which to fix it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries.fields import Country

from alliance.lib.text import join
from cases.marketplaces.lookup import Marketplaces
from cases.models import AuthorisedSeller, Case, Evidence, Listing
from cases.queries import filed_already, listing_checks, seller_history
from cases.queries.filed_already import FiledListing
from cases.queries.listing_checks import Issue
from cases.states import PARTS_FOR, ListingPart, Violation
from members.models import IPRight

# The number of listings that get a separate message.
SHOWN = 20

# The kinds of right that each violation accepts. Illegal advertising accepts any. Goods that falsely carry a
# geographical indication are counterfeit.
RIGHTS_FOR = {
    Violation.COUNTERFEIT: (IPRight.Kind.TRADEMARK, IPRight.Kind.GEOGRAPHICAL_INDICATION),
    Violation.TRADEMARK: (IPRight.Kind.TRADEMARK,),
    Violation.COPYRIGHT: (IPRight.Kind.COPYRIGHT,),
    Violation.DESIGN: (IPRight.Kind.DESIGN,),
    Violation.PATENT: (IPRight.Kind.PATENT,),
}


class Step(StrEnum):
    """The steps of filing. Each value is the name of a URL in the namespace ``desk``."""

    COMPLAINT = "complaint"
    LISTINGS = "listings"
    EVIDENCE = "evidence"
    CHECK = "check"


@dataclass(frozen=True)
class Problem:
    """A problem of a draft, with a message for the user.

    ``missing`` says that something has not been entered yet, as opposed to being wrong. ``count`` is the number
    of problems that the message summarises. ``entry`` authorises the seller. ``field`` is the name of the field in
    the requests of programs.
    """

    text: str
    step: Step
    missing: bool = False
    count: int = 1
    entry: AuthorisedSeller | None = None
    field: str = ""

    def __str__(self) -> str:
        return self.text


def loaded(case: Case) -> Case:
    """Return the draft as it is stored, with the rows and facts that its checks need. Makes one query."""
    citable = IPRight.objects.citable().filter(pk=OuterRef("right"))
    evidence = Evidence.objects.filter(case=OuterRef("pk"))
    strikes = seller_history.live_strikes().filter(seller=OuterRef("seller"))
    rows = Case.objects.select_related(
        "member", "right", "seller__marketplace", "hidden_link"
    ).annotate(
        right_is_citable=Exists(citable),
        has_evidence=Exists(evidence),
        has_listings=Exists(Listing.objects.filter(case=OuterRef("pk"))),
        seller_has_strikes=Exists(strikes),
    )
    return rows.get(pk=case.pk)


def problems(
    *,
    case: Case,
    listings: Sequence[Listing] | None = None,
    marketplaces: Marketplaces | None = None,
) -> list[Problem]:
    """Return the problems that prevent the submission of ``case``, from :func:`loaded`; empty if it is complete.

    ``listings`` are those of the draft in order, and ``marketplaces`` all of them, if the caller has read them.
    """
    if listings is None:
        listings = list(case.listings.order_by("position"))
    found = complaint_problems(case)
    found += _seller_problems(case)
    if not listings:
        text = _("Add at least one listing.")
        found.append(Problem(text, Step.LISTINGS, missing=True, field="listings"))
    found += _listing_problems(listing_checks.of_case(case, listings, marketplaces))
    found += _filed_problems(filed_already.of_draft(case, listings))
    if not case.has_evidence:  # type: ignore[attr-defined]
        text = _("Add at least one piece of evidence, such as a screenshot.")
        found.append(Problem(text, Step.EVIDENCE, missing=True, field="evidence"))
    return found


def complaint_problems(case: Case) -> list[Problem]:
    """Return the problems of the complaint alone. ``case`` has ``right_is_citable`` and need not be saved."""
    return [*_right_problems(case), *_statement_problems(case)]


def _right_problems(case: Case) -> list[Problem]:
    right, found = case.right, []
    if right.brand_id != case.brand_id:
        found.append(_in_complaint("right_id", _("The right does not belong to the brand.")))
    elif not case.right_is_citable:  # type: ignore[attr-defined]
        found.append(_in_complaint("right_id", _("The right is not verified or has expired.")))
    accepted = RIGHTS_FOR.get(Violation(case.violation))
    if accepted and right.kind not in accepted:
        text = _("“%(violation)s” requires a right of this kind: %(kind)s.")
        kinds = join(kind.label for kind in accepted)
        values = {"violation": case.get_violation_display(), "kind": kinds}
        found.append(_in_complaint("right_id", text % values))
    if str(case.jurisdiction) not in right.territory:
        text = _("The right is not valid in %(country)s.")
        values = {"country": Country(str(case.jurisdiction)).name}
        found.append(_in_complaint("jurisdiction", text % values))
    if right.nice_classes and case.goods_class is None:
        text = _("Choose a class of goods.")
        return [_in_complaint("goods_class", text, missing=True), *found]
    if right.nice_classes and case.goods_class not in right.nice_classes:
        text = _("The right is not registered for this class of goods.")
        found.append(_in_complaint("goods_class", text))
    return found


def _statement_problems(case: Case) -> list[Problem]:
    missing, wrong = [], []
    parts = PARTS_FOR.get(Violation(case.violation), tuple(ListingPart))
    if not case.infringement_in:
        missing.append(("infringement_in", _("Choose where the infringement is.")))
    elif other := [part for part in ListingPart if {part} & {*case.infringement_in} - {*parts}]:
        text = _("“%(violation)s” cannot be in these parts of a listing: %(parts)s.")
        values = {
            "violation": case.get_violation_display(),
            "parts": join(part.label for part in other),
        }
        wrong.append(_in_complaint("infringement_in", text % values))
    if not case.explanation:
        missing.append(("explanation", _("Explain why the listings infringe the right.")))
    hidden = getattr(case, "hidden_link", None)
    if hidden and not hidden.is_complete:
        text = _("Complete the hidden link: where it is advertised, how to order, what arrives.")
        missing.append(("hidden_link", text))
    return [*(_in_complaint(field, text, missing=True) for field, text in missing), *wrong]


def _in_complaint(field: str, text: str, *, missing: bool = False) -> Problem:
    return Problem(text, Step.COMPLAINT, missing=missing, field=field)


def _seller_problems(case: Case) -> list[Problem]:
    if case.seller is None:
        return [Problem(_("Enter the seller."), Step.LISTINGS, missing=True, field="seller")]
    if entry := seller_history.authorised_entry(case):
        return [Problem(authorised(), Step.LISTINGS, entry=entry, field="seller")]
    return []


def authorised() -> str:
    """Return the message for a seller that the brand has authorised."""
    return _("The brand has authorised this seller. See its list of authorised sellers.")


def _listing_problems(found: Sequence[Issue]) -> list[Problem]:
    """Return a problem for each of the first :data:`SHOWN` listings that cannot be in the case.

    A last problem counts the others, if any.
    """
    named = [
        Problem(f"{issue.message} {issue.address.url}", Step.LISTINGS, field="listings")
        for issue in found[:SHOWN]
    ]
    more = len(found) - SHOWN
    if more <= 0:
        return named
    text = ngettext(
        "%(count)d more listing does not belong to this shop.",
        "%(count)d more listings do not belong to this shop.",
        more,
    )
    return [*named, Problem(text % {"count": more}, Step.LISTINGS, count=more, field="listings")]


def _filed_problems(filed: Sequence[FiledListing]) -> list[Problem]:
    """Return a problem if listings are already in open cases: it names a single listing and counts several."""
    if not filed:
        return []
    if len(filed) == 1:
        return [Problem(str(filed[0]), Step.LISTINGS, field="listings")]
    text = _("%(count)d listings are already in open cases of the brand.")
    text %= {"count": len(filed)}
    return [Problem(text, Step.LISTINGS, count=len(filed), field="listings")]
