"""The admin's own scripts work under the portal's Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from cases.models import AuthorisedSeller, Seller
from members.models import Industry, Member, Membership, User
from tests import factories
from tests.admin.conftest import address, fill
from tests.browser.conftest import BrowserErrors
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.django_db(transaction=True)

Become = Callable[[User | None], None]
# The models are divided between so many tests, which run in parallel.
PARTS = 3


@pytest.fixture
def ada(site: str, become: Become) -> User:
    person = factories.admin(name="Ada Admin")
    become(person)
    return person


@pytest.mark.parametrize("part", range(PARTS))
def test_every_kind_of_page(
    part: int, page: Page, site: str, ada: User, browser_errors: BrowserErrors
) -> None:
    """Opens every kind of page of a share of the models. Browser errors and accessibility faults fail the test."""
    fill(1)
    request = RequestFactory().get("/")
    request.user = ada
    page.set_viewport_size({"width": 1280, "height": 900})
    found: dict[str, str] = {}
    first = True
    for number, (model, its) in enumerate(list(admin.site._registry.items())[part::PARTS]):
        obj = its.get_queryset(request).first()  # without drafts
        assert obj is not None
        urls = [address(model, "changelist")]
        urls.append(address(model, "change", obj.pk))
        # One template draws the history of all models, and one their deletion: a share of the models will do.
        shared = number % 4 == 0
        if shared:
            urls.append(address(model, "history", obj.pk))
        if its.has_add_permission(request):
            urls.append(address(model, "add"))
        if shared and its.has_delete_permission(request, obj):
            urls.append(address(model, "delete", obj.pk))
        for url in urls:
            page.goto(site + url)
            expect(page.locator("#content, #content-main").first).to_be_visible()
            page_errors = len(browser_errors)
            for fault in faults(page, whole=first):
                found.setdefault(fault, url)
            first = False
            del browser_errors[page_errors:]  # axe sets inline styles, which the policy blocks
    assert not found, "\n".join(f"{url}: {fault}" for fault, url in found.items())


def test_autocomplete_fields(page: Page, site: str, ada: User) -> None:
    person = factories.user(name="Zhang Wei", email="zhang.wei@brand.example")
    member = factories.member(name="Alder Works")
    page.goto(site + address(Membership, "add"))
    for field, words, found in (("user", "zhang", "Zhang Wei"), ("member", "alder", "Alder")):
        page.locator(f".field-{field} .select2-selection").click()
        page.locator(".select2-search__field").fill(words)
        page.locator(".select2-results__option", has_text=found).click()
    page.select_option("#id_role", "filer")
    page.locator(".field-valid_from .datetimeshortcuts a").first.click()  # "Today"
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Membership.objects.get(user=person).member == member


def test_slugs_inlines_and_calendars(page: Page, site: str, ada: User) -> None:
    page.goto(site + address(Member, "add"))
    page.fill("#id_name", "Alder & Söhne Works")
    page.locator("#id_name_local").focus()
    expect(page.locator("#id_slug")).to_have_value("alder-sohne-works")
    page.select_option("#id_country", "DE")
    page.select_option("#id_status", "active")
    page.locator(".field-joined_on .datetimeshortcuts a").nth(1).click()
    page.locator(".calendarbox:visible td:not(.nonday) a").first.click()
    page.locator("#brands-group .add-row a").click()
    page.fill("#id_brands-0-name", "ALDER")
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    member = Member.objects.get(slug="alder-sohne-works")
    assert member.brands.get().name == "ALDER"
    assert member.joined_on is not None


def test_actions(page: Page, site: str, ada: User) -> None:
    for _ in range(3):
        factories.authorised_seller()
    page.goto(site + address(AuthorisedSeller, "changelist"))
    page.check("#action-toggle")
    page.select_option("select[name=action]", "delete_selected")
    page.click("button[name=index]")
    page.click("[type=submit][value*='sure']")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert not AuthorisedSeller.objects.exists()


def test_related_object_is_added_in_a_popup(page: Page, site: str, ada: User) -> None:
    page.goto(site + address(AuthorisedSeller, "add"))
    with page.expect_popup() as opened:
        page.locator("#add_id_marketplace").click()
    window = opened.value
    window.fill("#id_name", "Bazaar")
    window.fill("#id_slug", "bazaar")
    window.fill("#id_hosts", "bazaar.example")
    window.click("[name=_save]")
    expect(page.locator("#select2-id_marketplace-container")).to_contain_text("Bazaar")


def test_history_page(page: Page, site: str, ada: User) -> None:
    industry = factories.industry(name="Toys")
    Industry.objects.filter(pk=industry.pk).update(name="Games")
    page.goto(site + address(Industry, "change", industry.pk))
    page.locator(".historylink").click()
    expect(page.locator("h1")).to_have_text("Change history")
    expect(page.locator("#change-history tbody tr").first).to_contain_text("Toys")
    expect(page.locator("#change-history tbody tr").first).to_contain_text("Games")


def test_theme_toggle(page: Page, site: str, ada: User) -> None:
    page.goto(site + address(Seller, "changelist"))
    seen = set()
    for _ in range(3):
        page.locator("#header .theme-toggle").click()
        seen.add(page.locator("html").get_attribute("data-theme"))
    assert seen == {"light", "dark", "auto"}


def test_several_are_chosen_and_rows_added_without_an_inline_style(
    page: Page, site: str, ada: User
) -> None:
    """Select2 writes its sizes; the policy lets a script do so, but no attribute of the markup."""
    factories.industry(name="Toys")
    person = factories.user(name="Zhang Wei", email="zhang.wei@brand.example")
    page.goto(site + address(Member, "add"))
    page.locator(".field-industries .select2-selection").click()
    page.locator(".field-industries .select2-search__field").fill("toys")
    page.get_by_role("option", name="Toys", exact=True).click()
    expect(page.locator(".field-industries .select2-selection__choice")).to_have_count(1)
    page.locator("#memberships-group .add-row a").click()
    page.locator("#memberships-0 .field-user .select2-selection").click()
    page.locator(".select2-search__field").last.fill("zhang")
    page.locator(".select2-results__option", has_text=person.name).click()
    expect(page.locator("#select2-id_memberships-0-user-container")).to_contain_text("Zhang Wei")
