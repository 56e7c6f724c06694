"""IP rights in the admin: territories from a list; changing a fact ends the verification."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from members.models import IPRight
from members.territories import MEMBER_STATES, expanded
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_data

pytestmark = pytest.mark.django_db


def save(desk: Client, right: IPRight, **changes: Any) -> Any:
    page = desk.get(address(IPRight, "change", right.pk))
    data = form_data(page, "ipright_form", **changes)
    return desk.post(address(IPRight, "change", right.pk), data, follow=True)


def test_eu_is_stored_as_its_member_states(desk: Client) -> None:
    right = factories.right()
    assert right.verified_at is not None
    save(desk, right, territory=["CN", "EU", "FR"])
    right.refresh_from_db()
    assert right.territory == ["CN", *MEMBER_STATES]


@pytest.mark.parametrize("territory", [["cn"], ["XX"], ["China"], []])
def test_invalid_territory_is_refused(desk: Client, territory: list[str]) -> None:
    right = factories.right()
    page = save(desk, right, territory=territory).content.decode()
    assert "errornote" in page
    right.refresh_from_db()
    assert right.territory == ["CN"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "ANOTHER MARK"},
        {"number": "12345"},
        {"territory": ["CN", "HK"]},
        {"nice_classes": "3"},
        {"expires_on": "2045-01-01"},
    ],
)
def test_changing_a_fact_ends_the_verification(desk: Client, change: dict[str, Any]) -> None:
    right = factories.right()
    page = save(desk, right, **change).content.decode()
    assert "Verify the right again" in page
    right.refresh_from_db()
    assert (right.verified_by, right.verified_at) == (None, None)
    assert not IPRight.objects.citable().exists()


def test_saving_without_changes_keeps_the_verification(desk: Client) -> None:
    right = factories.right(territory=["JP", "CN"])
    page = save(desk, right).content.decode()
    assert "Verify the right again" not in page
    right.refresh_from_db()
    assert right.verified_at is not None


def test_expanded_territories_have_no_duplicates() -> None:
    assert expanded(["cn", "EU", "fr "]) == ["CN", *MEMBER_STATES]
