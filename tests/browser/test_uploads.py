"""Files uploaded one by one: progress, an error beside its file, and an upload that is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from cases.models import Case
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def written(folder: Path, name: str, contents: bytes) -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


def test_each_file_has_its_progress_and_its_error(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    case: Case = factories.draft_case(files=0)
    url = site + reverse("desk:evidence", args=[case.reference])
    become(case.created_by)
    page.goto(url)
    good = written(tmp_path, "good.png", factories.png_bytes())
    bad = written(tmp_path, "bad.png", b"only words")
    slow = written(tmp_path, "slow.png", factories.png_bytes())

    def answer_slowly(route: Route) -> None:
        """Answer no request with the file slow.png."""
        if route.request.method != "POST" or b"slow.png" not in (
            route.request.post_data_buffer or b""
        ):
            route.continue_()

    page.route(url, answer_slowly)
    page.locator("input[type=file]").set_input_files([bad, good, slow])
    page.get_by_role("button", name="Upload files").click()
    progress = page.get_by_role("progressbar", name="Progress of slow.png")
    expect(progress).to_be_visible()
    page.get_by_role("button", name="Cancel the upload of slow.png").click()
    # The rejected file and the cancelled one stay chosen, each with what became of it.
    chosen = page.locator("[data-files] > li")
    expect(chosen).to_have_count(2)
    expect(chosen.nth(0)).to_contain_text("“bad.png” is not a picture")
    expect(chosen.nth(1)).to_contain_text("Cancelled")
    expect(
        page.locator("#uploaded").get_by_role("link", name="good.png", exact=True)
    ).to_be_visible()
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 2
    assert case.evidence.get().original_name == "good.png"

    page.unroute(url)
    page.locator("input[type=file]").set_input_files([slow])
    page.get_by_label("URL that the files show").fill("shop.example/item/7")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(site + reverse("desk:check", args=[case.reference]))
    assert case.evidence.get(original_name="slow.png").shows_url == "https://shop.example/item/7"
