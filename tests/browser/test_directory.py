"""A visitor finds a member; its owner changes what is public; a suspended member disappears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from members.models import Member, User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
SMALL = {"HK": "Hong Kong", "MO": "Macao", "SG": "Singapore"}


@pytest.fixture
def member(site: str) -> Member:
    made = factories.member(
        slug="dawn", name="Dawn Textile", name_local="晨曦服装有限公司", country="HK"
    )
    factories.brand(made, name="DUSK", name_local="暮光")
    factories.brand(made, name="DAWN", name_local="晨曦")
    for country in ("MO", "SG", "CN", "TW", "JP", "DE", "FR", "CH"):
        factories.member(country=country)
    return made


def test_found_on_the_map_and_by_its_chinese_name_until_it_is_suspended(
    page: Page, site: str, become: Callable[[User | None], None], member: Member
) -> None:
    page.goto(f"{site}/members/?view=map")
    world = page.get_by_role("group", name="World map of members")
    place = world.get_by_role("link", name="Hong Kong, 1 member")
    place.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/members/?country=HK")
    page.get_by_role("link", name="Dawn Textile").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dawn Textile")
    expect(page.get_by_role("link", name="Change the directory entry")).to_have_count(0)

    page.goto(f"{site}/members/")
    page.get_by_label("Name or brand").fill("暮光")
    expect(page.get_by_role("heading", name="1 member")).to_be_visible()
    expect(page.get_by_role("link", name="Dawn Textile")).to_be_visible()

    become(factories.owner(member))
    page.goto(f"{site}/people/dawn/")
    page.get_by_role("link", name="Change the directory entry").click()
    page.get_by_label("Description in English").fill("We weave linen.")
    page.get_by_label("DUSK 暮光").uncheck()
    page.get_by_label("Email address").fill("genuine@dawn.example")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("This is a preview. Nothing has been published yet.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("DUSK")).to_have_count(0)
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_label("Description in English")).to_have_value("We weave linen.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The directory entry is published.")).to_be_visible()

    become(None)
    page.goto(f"{site}/members/dawn/")
    expect(page.get_by_text("We weave linen.")).to_be_visible()
    expect(page.get_by_role("link", name="genuine@dawn.example")).to_be_visible()
    expect(page.get_by_text("DUSK")).to_have_count(0)

    Member.objects.filter(pk=member.pk).update(status="suspended", suspended_on=date.today())
    response = page.goto(f"{site}/members/dawn/")
    assert response
    assert response.status == 404
    page.goto(f"{site}/members/?view=map")
    expect(page.get_by_role("link", name="Hong Kong")).to_have_count(0)


@pytest.mark.parametrize(
    "size", [PHONE, {"width": 800, "height": 900}, {"width": 1280, "height": 900}]
)
@pytest.mark.parametrize("path", ["/", "/members/?view=map"])
def test_small_places_can_be_touched(
    page: Page, site: str, member: Member, size: dict[str, int], path: str
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    for code, name in SMALL.items():
        page.goto(site + path)
        link = page.locator(f".world-map a[href$='country={code}']:visible")
        expect(link).to_have_accessible_name(f"{name}, 1 member")
        target = link.locator(".map-target")
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24, (code, box)
        dot = link.locator(".map-dot").bounding_box()
        assert dot
        assert dot["width"] >= 8
        # The edge of the target belongs to no other country.
        for dx in (-11, 0, 11):
            page.mouse.move(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2)
            expect(page.locator(f".world-map a[href$='country={code}']:hover")).to_have_count(1)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page).to_have_url(f"{site}/members/?country={code}")


def test_everything_works_without_scripts(browser: Browser, site: str, member: Member) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/members/")
    page.get_by_label("Year joined").select_option("2020")
    page.get_by_label("Sort by").select_option("country")
    page.get_by_role("button", name="Apply filters").click()
    assert "joined=2020" in page.url
    assert "sort=country" in page.url
    page.get_by_role("link", name="Map").click()
    with page.expect_navigation():
        page.locator(".world-map a[href*='country=HK']:visible").click()
    assert "joined=2020" in page.url
    with page.expect_download() as file:
        page.get_by_role("link", name="Download CSV").click()
    text = file.value.path().read_text(encoding="utf-8-sig")
    assert "晨曦服装有限公司" in text
    assert text.count("\n") == 2
    context.close()


def test_filters_update_the_page_without_loading_it(page: Page, site: str, member: Member) -> None:
    page.goto(f"{site}/members/")
    page.evaluate("window.stayed = true")
    page.get_by_label("Country or region").select_option("HK")
    expect(page.get_by_role("heading", name="1 member")).to_be_visible()
    expect(page.get_by_label("Year joined")).to_contain_text("2020 (1)")
    page.get_by_label("Sort by").select_option("newest")
    page.wait_for_url("**sort=newest**")
    assert page.evaluate("window.stayed")
    expect(page.get_by_role("link", name="Download CSV")).to_have_attribute(
        "href", "/members/directory.csv?country=HK&sort=newest"
    )
