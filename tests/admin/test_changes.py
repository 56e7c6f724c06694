"""What an administrator can change, and how input is validated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from alliance.lib import clock
from alliance.lib.admin import ReadOnlyAdmin
from cases.models import Case, Marketplace, ReasonCode, SellerIdentifier
from cases.states import Status
from members.models import IPRight, User
from tests import factories
from tests.admin.conftest import OURS, address, fill, first_row

pytestmark = pytest.mark.django_db

# Models that only services and workers write.
WRITTEN_BY_SERVICES = {
    # Written on the page of its marketplace, which checks the rules.
    "cases.MarketplaceExample",
    "cases.BulkJob",
    "cases.BulkRow",
    "cases.CaseEvent",
    "cases.CaseLink",
    "cases.CaseTag",
    "cases.ComplaintTemplate",
    "cases.CounterNotice",
    "cases.CustodyChain",
    "cases.CustodyEntry",
    "cases.Decision",
    "cases.DiscardedDraft",
    "cases.Evidence",
    "cases.FoundContact",
    "cases.HeldDecision",
    "cases.HiddenLink",
    "cases.KeyClash",
    "cases.KeyRebuild",
    "cases.ListLayout",
    "cases.Listing",
    "cases.SellerName",
    "cases.OutgoingMail",
    "cases.PictureReading",
    "cases.PlannedCase",
    "cases.Preview",
    "cases.PurchaseInCase",
    "cases.StatedIdentifier",
    "cases.TestPurchase",
    "cases.TestPurchaseEvent",
    "cases.TestPurchaseFile",
    "cases.Strike",
    "cases.ViewMail",
    "cases.ViewSubscription",
    "cases.Watch",
    "liaison.Attempt",
    "liaison.ChannelBrand",
    "liaison.ChannelEvent",
    "liaison.ChannelTest",
    "liaison.CountedOperation",
    "liaison.Delivery",
    "liaison.Escalation",
    "liaison.GuideAgency",
    "liaison.ImpactSnapshot",
    "liaison.ChannelMinute",
    "liaison.Notice",
    "liaison.Operation",
    "liaison.ProductAgency",
    "liaison.Referral",
    "liaison.Resend",
    "liaison.Update",
    "members.BrandGuide",
    "members.AccessToken",
    "members.Application",
    "members.ApplicationCheck",
    "members.ApplicationMail",
    "members.ApplicationMessage",
    "members.Digest",
    "members.Authorisation",
    "members.Document",
    "members.ImportAttachment",
    "members.ImportJob",
    "members.Invitation",
    "members.MemberNotice",
    "members.StatusChange",
    "members.NotificationSetting",
    "members.Product",
    "members.ProductFeature",
    "members.ProductPicture",
}


def test_models_written_by_services_are_read_only(desk: Client) -> None:
    fill(1)
    read_only = {m for m in OURS if isinstance(admin.site._registry[m], ReadOnlyAdmin)}
    assert {model._meta.label for model in read_only} == WRITTEN_BY_SERVICES
    for model in read_only:
        obj = first_row(model)
        before = list(model._default_manager.order_by("pk").values())
        assert desk.get(address(model, "add")).status_code == 403
        assert desk.post(address(model, "add"), {}).status_code == 403
        assert desk.post(address(model, "change", obj.pk), {"note": "x"}).status_code == 403
        assert desk.post(address(model, "delete", obj.pk), {"post": "yes"}).status_code == 403
        action = {"action": "delete_selected", "_selected_action": [obj.pk], "post": "yes"}
        desk.post(address(model, "changelist"), action)
        assert list(model._default_manager.order_by("pk").values()) == before


def test_only_the_priority_of_a_case_can_be_changed(desk: Client) -> None:
    case = factories.submitted_case()
    data = {"priority": 4, "status": "closed", "version": 99, "assignee": 1, "explanation": "x"}
    assert desk.post(address(Case, "change", case.pk), data).status_code == 302
    stored = Case.objects.get(pk=case.pk)
    assert (stored.priority, stored.status) == (4, Status.SUBMITTED)
    assert stored.version == case.version + 1  # the change is an event on the timeline
    assert stored.assignee is None
    assert stored.explanation == case.explanation
    assert desk.get(address(Case, "add")).status_code == 403
    assert desk.post(address(Case, "delete", case.pk), {"post": "yes"}).status_code == 403


def test_evidence_links_to_the_checked_view(desk: Client) -> None:
    evidence = factories.submitted_case().evidence.get()
    page = desk.get(address(type(evidence), "change", evidence.pk)).content.decode()
    assert f'href="/evidence/{evidence.pk}/"' in page
    assert evidence.file.name not in page


def test_verifying_a_right_records_who_and_when(desk: Client, ada: User) -> None:
    right = factories.registered_right(factories.brand().member)
    data = {"action": "mark_verified", "_selected_action": [right.pk]}
    desk.post(address(IPRight, "changelist"), data)
    right.refresh_from_db()
    assert right.verified_by == ada
    assert right.verified_at is not None
    assert clock.now() - right.verified_at < timedelta(minutes=1)
    verified_at = right.verified_at
    desk.post(address(IPRight, "changelist"), data)
    right.refresh_from_db()
    assert right.verified_at == verified_at


BAZAAR = {
    "name": "Bazaar",
    "slug": "bazaar",
    "hosts": "WWW.Bazaar.Example, m.bazaar.example",
    "listing_pattern": r"/item/(?P<item>\d+)",
    "is_active": "on",
    "examples-TOTAL_FORMS": "0",
    "examples-INITIAL_FORMS": "0",
}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "not a valid regular expression"),
        ("(?P<item", "not a valid regular expression"),
        ("/item/[0-9]+", "“item”"),
        (r"/item/(\d+)", "“item”"),
        (r"/item/(?P<number>\d+)", "“item”"),
        (r"(?P<item>\d*)", "an empty number"),
        (r"/item/(?P<item>(\d|\d\d)+)\.html", "take too long for some URLs"),
        (r"^/(?P<item>(\w|[a-z])+)$", "take too long for some URLs"),
        (r"/(?P<item>(a+)+)$", "take too long for some URLs"),
        (r"/(?P<item>(x+x+)+y)", "take too long for some URLs"),
        (r"/q(?P<item>(z|zz)*)$", "take too long for some URLs"),
        (r"(?P<item>k+)k*k*k*k*k*k*k*x$", "take too long for some URLs"),
    ],
)
def test_broken_listing_pattern_is_refused(desk: Client, pattern: str, words: str) -> None:
    """An invalid pattern fails on every URL filed later; some patterns backtrack for hours."""
    page = desk.post(address(Marketplace, "add"), BAZAAR | {"listing_pattern": pattern})
    assert page.status_code == 200
    assert words in str(page.context["adminform"].form.errors["listing_pattern"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("WWW.Bazaar.Example, m.bazaar.example", ["bazaar.example", "m.bazaar.example"]),
        ("https://www.bazaar.example/shops?x=1", ["bazaar.example"]),
        ("базар.example.", ["xn--80aabz0c.example"]),
        ("bazaar.example,BAZAAR.example", ["bazaar.example"]),
        ("deals.other.example", ["deals.other.example"]),
    ],
)
def test_hosts_are_normalised(desk: Client, typed: str, kept: list[str]) -> None:
    factories.marketplace(hosts=["other.example"])
    assert desk.post(address(Marketplace, "add"), BAZAAR | {"hosts": typed}).status_code == 302
    assert Marketplace.objects.get(slug="bazaar").hosts == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("other.example", "“Other” already has this host: other.example"),
        ("bazaar.example, https://www.OTHER.example/x", "“Other” already has this host"),
        ("127.0.0.1", "is not a host name"),
        ("[::1]", "is not a host name"),
        ("localhost", "is not a host name"),
        ("a b", "is not a host name"),
        ("co.uk", "is a public suffix"),
        ("", "Enter at least one host"),
    ],
)
def test_invalid_hosts_are_refused(desk: Client, typed: str, words: str) -> None:
    factories.marketplace(name="Other", hosts=["other.example"])
    page = desk.post(address(Marketplace, "add"), BAZAAR | {"hosts": typed})
    assert page.status_code == 200
    assert words in str(page.context["adminform"].form.errors["hosts"])


def test_invalid_shop_page_is_refused(desk: Client) -> None:
    page = desk.post(address(Marketplace, "add"), BAZAAR | {"shop_pages": "bazaar.example/{shop}"})
    assert "is not a shop page" in str(page.context["adminform"].form.errors["shop_pages"])
    good = "bazaar.example/shop/{code}, {name}.bazaar.example, bazaar.example/s?id={code}"
    data = BAZAAR | {"shop_pages": good}
    # Codes are case-sensitive, so shop IDs must be case-sensitive as well.
    page = desk.post(address(Marketplace, "add"), data)
    assert "Use {name}" in str(page.context["adminform"].form.errors["shop_pages"])
    data["shop_ids_are_case_sensitive"] = "on"
    assert desk.post(address(Marketplace, "add"), data).status_code == 302


def test_code_is_refused_for_a_marketplace_with_sellers(desk: Client) -> None:
    market = factories.marketplace(slug="bazaar", hosts=["bazaar.example"])
    factories.seller(market)
    page = address(Marketplace, "change", market.pk)
    data = BAZAAR | {"shop_pages": "bazaar.example/shop/{code}", "country": "CN"}
    refused = desk.post(page, data)
    assert "Use {name}" in str(refused.context["adminform"].form.errors["shop_pages"])
    data["shop_pages"] = "bazaar.example/shop/{name}"
    assert desk.post(page, data).status_code == 302


def test_identifiers_are_normalised_for_storage_and_search(desk: Client) -> None:
    seller = factories.seller()
    data = {"seller": seller.pk, "kind": "phone", "value": "0086 (10) 5555-0100"}
    assert desk.post(address(SellerIdentifier, "add"), data).status_code == 302
    stored = SellerIdentifier.objects.get(seller=seller)
    assert stored.value == "+861055550100"
    page = desk.get(address(SellerIdentifier, "changelist"), {"q": "+86 10 5555 0100"})
    assert list(page.context["cl"].result_list) == [stored]


def test_violations_of_an_agency_are_checkboxes(desk: Client) -> None:
    agency = factories.agency(channels=0)
    data = {
        "name": agency.name,
        "slug": agency.slug,
        "kind": "police",
        "country": "CN",
        "violations": ["patent", "design"],
        "acknowledge_within_hours": 24,
        "language": "en",
        "is_active": "on",
        "due_times-TOTAL_FORMS": "1",
        "due_times-INITIAL_FORMS": "0",
        "due_times-0-priority": "4",
        "due_times-0-deliver_minutes": "5",
        "due_times-0-read_hours": "1",
        "due_times-0-acknowledge_hours": "2",
        "due_times-0-accept_hours": "24",
        "officers-TOTAL_FORMS": "0",
        "officers-INITIAL_FORMS": "0",
        "channels-TOTAL_FORMS": "0",
        "channels-INITIAL_FORMS": "0",
    }
    url = address(type(agency), "change", agency.pk)
    assert desk.post(url, data).status_code == 302
    agency.refresh_from_db()
    assert agency.violations == ["patent", "design"]
    assert agency.due_times.get().accept_hours == 24
    page = desk.get(url).content.decode()
    assert page.count("checked") >= 3


def test_code_of_a_reason_cannot_be_changed(desk: Client) -> None:
    reason = factories.reason("reject")
    url = address(ReasonCode, "change", reason.pk)
    fields = {"label": "New", "label_zh": "新", "position": 1, "is_active": "on"}
    assert desk.post(url, fields | {"code": "other", "use": "uphold"}).status_code == 302
    stored = ReasonCode.objects.get(pk=reason.pk)
    assert (stored.code, stored.use, stored.label) == (reason.code, "reject", "New")


def test_every_autocomplete_works(desk: Client, ada: User) -> None:
    request = RequestFactory().get("/")
    request.user = ada
    asked = 0
    for model, its in admin.site._registry.items():
        for place in [its, *its.get_inline_instances(request)]:
            for name in place.get_autocomplete_fields(request):
                query = {
                    "app_label": place.model._meta.app_label,
                    "model_name": place.model._meta.model_name,
                    "field_name": name,
                }
                for term in ("", "a", "' 用"):
                    response = desk.get("/admin/autocomplete/", query | {"term": term})
                    assert response.status_code == 200, (model, name)
                    asked += 1
    assert asked > 20


def test_autocomplete_is_paginated(desk: Client) -> None:
    for _ in range(25):
        factories.seller()
    url = "/admin/autocomplete/"
    query = {"app_label": "cases", "model_name": "selleridentifier", "field_name": "seller"}
    found = desk.get(url, query | {"term": "shop"}).json()
    assert len(found["results"]) == 20
    assert found["pagination"]["more"]
