"""Drafts are private to their member: administrators and superusers cannot see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from cases.models import (
    Case,
    CustodyChain,
    CustodyEntry,
    Evidence,
    FoundContact,
    Listing,
    PictureReading,
    Preview,
)
from cases.services import filing
from tests import factories
from tests.admin.conftest import address
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

SECRET = "found-by-our-own-agent"


@pytest.fixture(params=["superuser", "admin"])
def admin_browser(request: pytest.FixtureRequest) -> Client:
    return browser_of(
        factories.admin() if request.param == "superuser" else factories.user(is_staff=True)
    )


def draft_with_secret() -> Case:
    """Return a draft with a listing, a picture in which a contact was found, and a secret explanation."""
    case = factories.draft_case()
    factories.found_contact(case)
    Case.objects.filter(pk=case.pk).update(explanation=SECRET)
    assert case.listings.exists()
    assert case.evidence.exists()
    return case


def rows_of(case: Case) -> list[Any]:
    custody = CustodyEntry.objects.filter(case_reference=case.reference)
    chains = CustodyChain.objects.filter(case_reference=case.reference)
    of_pictures = [
        row
        for model in (Preview, PictureReading, FoundContact)
        for row in model.objects.filter(evidence__case=case)
    ]
    return [case, *case.listings.all(), *case.evidence.all(), *custody, *chains, *of_pictures]


def reference_of(row: Any) -> str:
    if isinstance(row, Preview | PictureReading | FoundContact):
        row = row.evidence
    return str(getattr(row, "case_reference", None) or getattr(row, "case", row).reference)


def test_drafts_are_hidden(admin_browser: Client) -> None:
    case = draft_with_secret()
    submitted = factories.submitted_case()
    factories.found_contact(submitted)
    for model in {type(row) for row in rows_of(case)}:
        shown = admin_browser.get(address(model, "changelist")).context["cl"].result_list
        assert {reference_of(row) for row in shown} == {submitted.reference}, model
        found = admin_browser.get(address(model, "changelist"), {"q": case.reference})
        assert not list(found.context["cl"].result_list)
    assert len(rows_of(case)) >= 7
    for row in rows_of(case):
        page = admin_browser.get(address(type(row), "change", row.pk), follow=True).content.decode()
        assert "doesn’t exist" in page
        assert admin_browser.get(address(type(row), "history", row.pk)).status_code == 404


def test_discarded_drafts_are_hidden(admin_browser: Client) -> None:
    case = draft_with_secret()
    filing.withdraw(case=case, by=case.created_by)
    for row in rows_of(case):
        assert admin_browser.get(address(type(row), "history", row.pk)).status_code == 404
    assert not list(admin_browser.get(address(Case, "changelist")).context["cl"].result_list)


def test_rows_deleted_from_a_draft_have_no_history(admin_browser: Client) -> None:
    case = draft_with_secret()
    listing = case.listings.first()
    assert listing is not None
    pk = listing.pk
    Listing.objects.filter(pk=pk).update(title="Own words")
    listing.delete()
    assert admin_browser.get(address(Listing, "history", pk)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_history_of_a_case_starts_at_submission(admin_browser: Client) -> None:
    case = draft_with_secret()
    listing = case.listings.first()
    assert listing is not None
    Listing.objects.filter(pk=listing.pk).update(title=SECRET)
    Listing.objects.filter(pk=listing.pk).update(title="Handbag")
    Case.objects.filter(pk=case.pk).update(explanation="A forged label, see page 2.")
    filing.submit(case=case, by=case.created_by, good_faith=True)
    for row in (case, listing):
        page = admin_browser.get(address(type(row), "history", row.pk))
        assert page.status_code == 200
        assert SECRET not in page.content.decode()
    case.refresh_from_db()
    Case.objects.filter(pk=case.pk).update(explanation="Corrected.")
    assert "Corrected." in admin_browser.get(address(Case, "history", case.pk)).content.decode()


def test_content_type_shortcut_is_disabled(admin_browser: Client) -> None:
    """Django's ``r/`` view would reveal the reference of any case and fails on malformed keys."""
    case = draft_with_secret()
    for kind, key in (
        (ContentType.objects.get_for_model(Case).pk, case.pk),
        (ContentType.objects.get_for_model(Case.pgh_event_model).pk, 1),  # type: ignore[attr-defined]
        (ContentType.objects.get_for_model(Evidence).pk, "no-uuid"),
    ):
        assert admin_browser.get(f"/admin/r/{kind}/{key}/").status_code == 404
