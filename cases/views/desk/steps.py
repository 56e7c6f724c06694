"""Helpers for the views of filing: they render a step and determine the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases.models import Case, Listing
from cases.queries import filed_already, filed_before, found_contacts, stated_identifiers
from cases.queries.readiness import Problem, Step, loaded, problems
from cases.services import core
from cases.states import UNDECIDED, Status
from cases.views.desk import task_list
from members import nice

ORDER = tuple(Step)
FILED_IN_SUMMARY = 20


def page(
    request: HttpRequest,
    step: Step,
    form: Form,
    *,
    case: Case | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Render a step. ``more`` is added to the context. Without a ``case`` there is no draft yet."""
    draft = case is not None and case.status == Status.DRAFT
    stored = loaded(case) if case and draft else None
    listings = list(case.listings.order_by("position")) if case else []
    found = problems(case=stored, listings=listings) if stored else []
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "draft": draft or case is None,
        "tasks": task_list.of(stored, found, step) if draft or case is None else [],
        "step_problems": [p for p in found if p.step == step and not p.missing],
        "next_url": _url(case, _following(step)) if case and draft else "",
        "autosave": draft,
        "breadcrumbs": _breadcrumbs(case),
    }
    context |= more
    if case and step == Step.EVIDENCE:
        context["evidence"] = case.evidence.select_related("preview").order_by("uploaded_at", "pk")
    if case and step == Step.CHECK:
        context |= _summary(case, found, listings)
    if case and draft and step == Step.LISTINGS:
        context["known_identifiers"] = stated_identifiers.known_to_member(case)
    if case and draft and step in (Step.LISTINGS, Step.CHECK):
        context |= _filed(case, listings)
        context["found_contacts"] = found_contacts.in_draft(case)
    return render(request, f"cases/file_{step}.html", context, status=status)


def redirect_to_next(
    request: HttpRequest, case: Case, step: Step, *, version: str = ""
) -> HttpResponse:
    """Redirect from a saved step to the next one, or back to it if it has problems.

    The response to autosave carries ``version``, on which the form is based from then on.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "cases/_saved.html", {"at": clock.now(), "version": version})
    if is_saved_for_later(request):
        messages.success(
            request, _("Draft %(reference)s was saved.") % {"reference": case.reference}
        )
        return redirect("desk:home")
    found = [p for p in problems(case=loaded(case)) if p.step == step and not p.missing]
    if step == Step.LISTINGS and request.POST.get("then") == "details" and not found:
        return redirect("desk:details", case.reference)
    return redirect(_url(case, step if found else _following(step)))


def is_saved_for_later(request: HttpRequest) -> bool:
    """Whether the draft is saved without its required fields: by autosave or “come back later”."""
    return bool(request.htmx) or request.POST.get("then") == "later"  # type: ignore[attr-defined]


def add_refusal(form: Form, refusal: Refusal) -> int:
    """Add a refusal to the errors of the form and return its HTTP status."""
    form.add_error(None, str(refusal))
    return refusal.http_status


def redirect_from_unchangeable(request: HttpRequest, case: Case) -> HttpResponse:
    """Add a message that says why the case can no longer be changed, and redirect to the case."""
    if case.submitted_at is None:
        text = _("This draft was discarded.")
    elif case.status in UNDECIDED:
        text = _("This case has already been submitted and can no longer be changed.")
    else:
        text = str(core.wrong_status(case))
    messages.info(request, text)
    return redirect(continue_url(case))


def continue_url(case: Case) -> str:
    """Return the URL to continue with a case: its check page, its own page, or the list."""
    if case.status == Status.DRAFT:
        return _url(case, Step.CHECK)
    if case.submitted_at is None:
        return reverse("desk:cases")
    return case.get_absolute_url()


def url_after_evidence(case: Case, then: str) -> str:
    """Return the URL that follows the evidence page. ``then`` is the button; "" is “Upload files”."""
    if case.status != Status.DRAFT:
        return case.get_absolute_url()
    targets = {"next": _url(case, Step.CHECK), "later": reverse("desk:home")}
    return targets.get(then, _url(case, Step.EVIDENCE))


def _url(case: Case, step: Step) -> str:
    return reverse(f"desk:{step}", args=[case.reference])


def _following(step: Step) -> Step:
    return ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]


def _breadcrumbs(case: Case | None) -> list[dict[str, str]]:
    items = [{"label": _("Cases"), "url": reverse("desk:cases")}]
    if case is None:
        return [*items, {"label": _("New case")}]
    return [*items, {"label": case.reference}]


def _filed(case: Case, listings: list[Listing]) -> dict[str, Any]:
    filed = filed_already.of_draft(case, listings)
    decided = filed_before.decided(case, listings)
    return {
        "decided_listings": decided[:FILED_IN_SUMMARY],
        "decided_more": max(len(decided) - FILED_IN_SUMMARY, 0),
        "filed_elsewhere": filed_before.others(filed_before.by_other_members(case)),
        "filed": filed,
        "filed_shown": filed[:FILED_IN_SUMMARY],
        "filed_more": max(len(filed) - FILED_IN_SUMMARY, 0),
    }


def _summary(case: Case, found: list[Problem], listings: list[Listing]) -> dict[str, Any]:
    others = Case.objects.filter(seller=case.seller_id, submitted_at__isnull=False)
    return {
        "problems": [{"text": str(p), "url": _url(case, p.step), "entry": p.entry} for p in found],
        "problem_count": sum(problem.count for problem in found),
        "listings": listings,
        "listing_count": len(listings),
        "priced": any(listing.is_priced for listing in listings),
        "evidence": case.evidence.select_related("preview").order_by("uploaded_at", "pk"),
        "stated_identifiers": stated_identifiers.rows(case.stated),  # type: ignore[attr-defined]
        "goods_class": nice.label(case.goods_class) if case.goods_class else "",
        "filed_by_others": bool(case.seller_id) and others.exclude(member=case.member_id).exists(),
    }
