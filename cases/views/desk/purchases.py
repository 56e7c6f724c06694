"""The test purchases of a member: list, CSV file, plan, and the page of a purchase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, csv_files, ids
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.purchases import AddToCaseForm, DisposeForm, FilesForm, PlanForm
from cases.lists.purchases import PurchaseFilterForm
from cases.models import TestPurchase
from cases.queries import purchases_of_case
from cases.services.purchases import core, planning
from cases.states import TAKES_ADDITIONS, PurchaseStatus, Verdict
from cases.views.desk import purchase_display
from cases.views.http import get_or_post
from members.models import Membership
from members.views.http import list_context, member_list, person, restored_data, role_at

# The latest rows of a CSV file, and the latest events on a page.
MOST_ROWS = 50_000
EVENTS = 50
COLUMNS = (
    *("reference", "status", "brand", "product", "marketplace", "seller_id", "seller_name"),
    *("listing_url", "planned_on", "ordered_on", "order_number", "price", "currency", "quantity"),
    *("received_on", "tracking_number", "examined_on", "verdict", "stored_on", "storage_place"),
    *("seal_number", "keep_until", "disposed_on"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the test purchases of the user's member, or a choice if there are several members."""
    lead = _("Choose the member whose test purchases you want to see.")
    return member_list(request, "purchases:list", heading=_("Test purchases"), lead=lead)


@require_safe
def purchase_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the member's test purchases, filtered and paginated."""
    role = role_at(request, slug)
    narrowed = PurchaseFilterForm(request.GET, member=role.member)
    found = narrowed.purchases
    shown = found.select_related("brand", "marketplace", "member")
    context = list_context(request, role, narrowed, found, shown)
    return render(request, "purchases/list.html", context)


@require_safe
def download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Return the list as a CSV file with its filters: the latest :data:`MOST_ROWS` purchases."""
    role = role_at(request, slug)
    found = PurchaseFilterForm(request.GET, member=role.member).purchases
    found = found.select_related("brand", "product", "marketplace", "seller").order_by("-id")
    name = f"test-purchases-{clock.today():%Y-%m-%d}.csv"
    rows = found[:MOST_ROWS].iterator(chunk_size=1000)
    return csv_files.response(_rows(rows), header=COLUMNS, name=name)


def _rows(purchases: Iterator[TestPurchase]) -> Iterator[list[object]]:
    """Yield the rows of the CSV file. Status and verdict are codes, since the language is gone by then."""
    for one in purchases:
        more = {
            "brand": one.brand.name,
            "product": one.product.name if one.product else "",
            "marketplace": one.marketplace.name,
            "seller_id": one.seller.external_id,
            "planned_on": one.planned_at.date(),
        }
        yield [more[name] if name in more else getattr(one, name) for name in COLUMNS]


@get_or_post
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a test purchase."""
    role = filing_role(request, slug)
    form, status = PlanForm(restored_data(request), member=role.member), 200
    if request.method == "POST":
        form, status = PlanForm(request.POST, member=role.member), 422
        if form.is_valid():
            try:
                planned = planning.plan(by=person(request), **form.values)
            except Refusal as refusal:
                status = add_refusal(form, refusal)
            else:
                messages.success(request, _("The test purchase was planned."))
                return redirect(planned)
    context = {
        "member": role.member,
        "form": form,
        "breadcrumbs": [*breadcrumbs(role), {"label": _("Plan a test purchase")}],
    }
    return render(request, "purchases/plan.html", context, status=status)


@require_safe
def detail(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Show a test purchase with its steps, files, cases and history."""
    role = role_at(request, slug)
    return purchase_page(request, role, find(request, role, reference))


def purchase_page(
    request: HttpRequest,
    role: Membership,
    purchase: TestPurchase,
    *,
    files_form: FilesForm | None = None,
    case_errors: Any = None,
    dispose_form: DisposeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a test purchase. Pass a form to show it with its errors."""
    files = list(purchase.files.all())
    cases = purchases_of_case.cases_for(purchase, [file.sha256 for file in files])
    may_change = role.may_file
    is_usable = may_change and purchase.status != PurchaseStatus.CANCELLED
    choices = [case for case in cases if case.status in TAKES_ADDITIONS and not case.is_complete]
    proposed = purchase.status == PurchaseStatus.DISPOSAL_PROPOSED
    context: dict[str, Any] = {
        "member": role.member,
        "purchase": purchase,
        "may_change": may_change,
        "is_usable": is_usable,
        "steps": purchase_display.progress(purchase),
        "next": purchase_display.next_step(purchase) if may_change else None,
        "sections": purchase_display.sections(purchase, may_change=may_change),
        "files": files,
        "files_form": files_form or FilesForm(),
        "linked": [case for case in cases if case.is_linked],
        "case_form": AddToCaseForm(cases=choices) if choices and is_usable else None,
        "case_errors": case_errors,
        "is_fake": purchase.verdict == Verdict.FAKE,
        "may_confirm": may_change
        and proposed
        and purchase.disposal_proposed_by_id != person(request).pk,
        "dispose_form": dispose_form or DisposeForm(purchase=purchase),
        "events": purchase_display.events(purchase, EVENTS),
        "breadcrumbs": [*breadcrumbs(role), {"label": purchase.reference}],
    }
    return render(request, "purchases/detail.html", context, status=status)


def find(request: HttpRequest, role: Membership, reference: str) -> TestPurchase:
    """Return the member's test purchase. Raises ``Http404``."""
    if not ids.is_reference(reference, "TP"):
        raise Http404
    rows = visibility.test_purchases(person(request)).filter(member=role.member)
    related = ("brand", "product", "marketplace", "seller", "member", "planned_by")
    rows = rows.select_related(*related, "disposal_proposed_by", "disposed_by", "cancelled_by")
    return get_object_or_404(rows, reference=reference)


def filing_role(request: HttpRequest, slug: str) -> Membership:
    """Return the user's role if it allows changing test purchases. Raises ``Http404`` or ``PermissionDenied``."""
    role = role_at(request, slug)
    if not role.may_file:
        raise PermissionDenied
    return role


def add_refusal(form: Any, refusal: Refusal) -> int:
    """Add the message of a refusal to the form, at its field if it has one; return the HTTP status."""
    field = refusal.field if isinstance(refusal, core.InvalidFact) else None
    form.add_error(field if field in form.fields else None, str(refusal))
    return refusal.http_status


def breadcrumbs(role: Membership, purchase: TestPurchase | None = None) -> list[dict[str, str]]:
    """Return the way to the list, or to the page of ``purchase``."""
    way = [
        {"label": _("Test purchases"), "url": reverse("purchases:list", args=[role.member.slug])}
    ]
    if purchase is not None:
        way.append({"label": purchase.reference, "url": purchase.get_absolute_url()})
    return way
