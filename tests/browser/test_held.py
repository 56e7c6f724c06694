"""A decision is undone with a key, and the form is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.models import Case, HeldDecision
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_deciding_and_undoing_with_keys(
    page: Page, site: str, become: Callable[[User], None], settings: Any
) -> None:
    settings.DECISION_UNDO_SECONDS = 600
    mo = factories.moderator()
    reason = factories.reason("uphold", label="Forged label")
    case, following = factories.ready_case(moderator=mo), factories.submitted_case()
    become(mo)
    page.goto(site + reverse("triage:case", args=[case.reference]))
    form = page.locator("#action-uphold")
    form.get_by_label("Reason", exact=True).select_option(str(reason.pk))
    form.get_by_label("Facts and circumstances").fill("The seal is forged.")
    form.get_by_role("button", name="Uphold and take the next case").click()
    page.wait_for_url(f"**{reverse('triage:case', args=[following.reference])}")
    strip = page.get_by_role("list", name="Your decisions that are held")
    expect(strip).to_contain_text(case.reference)
    expect(strip).to_contain_text("Uphold the complaint")
    page.keyboard.press("z")
    page.wait_for_url(f"**{reverse('triage:case', args=[case.reference])}?restore=*")
    expect(form.get_by_label("Facts and circumstances")).to_have_value("The seal is forged.")
    expect(page.get_by_text("is as it was, and nothing was sent.")).to_be_visible()
    assert HeldDecision.objects.get().state == "undone"
    assert Case.objects.get(pk=case.pk).status == "in_review"
