"""The brand guide beside a referral, as far as the brand discloses it to the agency."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.liaison.disclosure import DisclosedCase
from cases.liaison.models import Referral
from cases.queries import guides
from cases.states import REFERRAL_LIVE
from cases.views.desk.guides import guide_context
from cases.views.liaison.referral import OfficerRequest, of_agency, officers_only


@require_safe
@officers_only
def guide(request: OfficerRequest, reference: str) -> HttpResponse:
    """Show the products of the case's brand that are disclosed to the officer's agency.

    Raises ``Http404`` without a live referral, if the agency may not know the brand, and if nothing is disclosed.
    """
    rows = of_agency(request).filter(reference=reference, status__in=REFERRAL_LIVE)
    found: Referral | None = rows.select_related("agency", "case__brand").first()
    brand = DisclosedCase(found.case, found.agency).brand if found else None
    if found is None or brand is None:
        raise Http404
    products = guides.disclosed(found.agency)
    if not products.filter(brand=brand).exists():
        raise Http404
    url = reverse("liaison:referral", args=[found.reference])
    context = guide_context(request, products, brand) | {
        "breadcrumbs": [
            {"label": _("Referrals"), "url": reverse("liaison:queue")},
            {"label": found.reference, "url": url},
            {"label": _("Brand guide: %(name)s") % {"name": brand}},
        ],
        "introduction": guides.introduction(found.agency, brand),
        "for_agency": True,
    }
    return render(request, "cases/guide.html", context)
