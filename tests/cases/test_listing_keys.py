"""Rebuilding the canonical keys of listings when the rules of marketplaces change."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.lib.refusals import Incomplete
from cases.marketplaces import addresses
from cases.models import Case, KeyClash, KeyRebuild, Listing, Marketplace
from cases.services import filing, listing_keys
from cases.tasks import rebuild_listing_keys
from tests import factories
from tests.admin.conftest import address
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Marketplace:
    return Marketplace.objects.get(slug="web")


def submit_case(personas: Personas, web: Marketplace, *urls: str) -> Case:
    site = addresses.shop(urls[0], web)[0]
    shop = factories.seller(web, external_id=site)
    return factories.submitted_case(
        by=personas.filer, citing=personas.right, against=shop, urls=list(urls)
    )


def run_rebuild() -> KeyRebuild:
    while not listing_keys.rebuild(seconds=5):
        pass
    return KeyRebuild.objects.latest("pk")


def keys(case: Case) -> list[str]:
    return list(case.listings.order_by("position").values_list("canonical_key", flat=True))


def test_new_marketplace_rebuilds_keys(personas: Personas, web: Marketplace) -> None:
    case = submit_case(personas, web, "bazaar.example/item/7?x=1", "bazaar.example/other")
    run_rebuild()
    desk = browser_of(factories.admin())
    data = {
        "name": "Bazaar",
        "slug": "bazaar",
        "hosts": "bazaar.example",
        "listing_pattern": r"/item/(?P<item>\d+)",
        "is_active": "on",
        "examples-TOTAL_FORMS": "0",
        "examples-INITIAL_FORMS": "0",
    }
    assert desk.post(address(Marketplace, "add"), data).status_code == 302
    bazaar = Marketplace.objects.get(slug="bazaar")
    done = run_rebuild()
    assert keys(case) == [f"{bazaar.pk}:7", f"{bazaar.pk}:bazaar.example/other"]
    assert {listing.marketplace for listing in case.listings.all()} == {bazaar}
    assert (done.checked, done.changed, done.clashes) == (2, 2, 0)
    # The brand cannot file another spelling of the same address.
    shop = factories.seller(bazaar)
    draft = factories.draft_case(
        by=personas.filer, citing=personas.right, against=shop, urls=["m.bazaar.example/x/item/7"]
    )
    with pytest.raises(Incomplete) as refused:
        filing.submit(case=draft, by=personas.filer, good_faith=True)
    assert case.reference in " ".join(refused.value.problems)


def test_renaming_a_slug_does_not_change_keys(personas: Personas) -> None:
    case = factories.submitted_case()
    run_rebuild()
    before = keys(case)
    market = case.seller.marketplace  # type: ignore[union-attr]
    market.slug = "renamed"
    market.save()
    assert run_rebuild().changed == 0
    assert keys(case) == before
    assert KeyRebuild.objects.count() == 1


def test_new_pattern_reports_duplicates_across_cases(personas: Personas) -> None:
    """The first of three open cases keeps the listing; the others are reported."""
    market = factories.marketplace(slug="plain", listing_pattern="")
    cases = [
        factories.submitted_case(
            by=personas.filer,
            citing=personas.right,
            against=factories.seller(market),
            urls=[f"plain.example/item/7?from={n}", f"plain.example/item/{n}"],
        )
        for n in (101, 102, 103)
    ]
    run_rebuild()
    market.listing_pattern = r"/item/(?P<item>\d+)"
    market.save()
    done = run_rebuild()
    assert [keys(case)[0] for case in cases] == [f"{market.pk}:7"] * 3
    assert [case.listings.get(position=1).is_open for case in cases] == [True, False, False]
    first = cases[0].listings.get(position=1)
    found = KeyClash.objects.filter(rebuild=done).order_by("listing")
    assert [(c.kind, c.other, c.listing.case) for c in found] == [
        ("two_cases", first, cases[1]),
        ("two_cases", first, cases[2]),
    ]
    assert done.clashes == 2
    page = browser_of(factories.admin()).get(address(KeyClash, "changelist")).content.decode()
    assert all(case.reference in page for case in cases)
    # The address cannot be filed again while one of the three cases is open.
    filing.withdraw(case=cases[0], by=personas.filer)
    draft = factories.draft_case(
        by=personas.filer,
        citing=personas.right,
        against=factories.seller(market),
        urls=["plain.example/item/7?from=4"],
    )
    with pytest.raises(Incomplete):
        filing.submit(case=draft, by=personas.filer, good_faith=True)


def test_duplicates_in_a_case_are_reported_and_in_a_draft_merged(
    personas: Personas,
) -> None:
    market = factories.marketplace(slug="plain", listing_pattern="")
    urls = ["plain.example/item/7?from=1", "plain.example/item/7?from=2"]
    values: dict[str, Any] = {"by": personas.filer, "against": factories.seller(market)}
    case = factories.submitted_case(**values, citing=personas.right, urls=urls)
    draft = factories.draft_case(**values, citing=personas.right, urls=urls)
    market.listing_pattern = r"/item/(?P<item>\d+)"
    market.save()
    done = run_rebuild()
    second = case.listings.get(position=2)
    assert keys(case) == [f"{market.pk}:7", f"{market.pk}:7~{second.pk}"]
    assert second.is_open
    assert keys(draft) == [f"{market.pk}:7"]
    assert (done.merged, done.clashes) == (1, 1)
    assert KeyClash.objects.get().kind == "same_case"


def test_swapped_keys_do_not_clash(personas: Personas) -> None:
    """With the new pattern, one listing gets the key that another listing had before."""
    market = factories.marketplace(slug="plain", listing_pattern=r"a=(?P<item>\d+)")
    urls = ["plain.example/x?a=1&b=2", "plain.example/x?a=2&b=1"]
    values: dict[str, Any] = {"by": personas.filer, "against": factories.seller(market)}
    case = factories.submitted_case(**values, citing=personas.right, urls=urls)
    market.listing_pattern = r"b=(?P<item>\d+)"
    market.save()
    done = run_rebuild()
    assert keys(case) == [f"{market.pk}:2", f"{market.pk}:1"]
    assert (done.clashes, case.listings.filter(is_open=True).count()) == (0, 2)


def test_interrupted_rebuild_is_continued(
    personas: Personas, web: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_keys, "BATCH", 2)
    case = submit_case(personas, web, *[f"bazaar.example/item/{n}" for n in range(5)])
    factories.marketplace(slug="bazaar")
    assert listing_keys._start() is not None
    assert listing_keys._batch()
    changed = [key for key in keys(case) if "bazaar.example" not in key]
    assert len(changed) == 2
    done = run_rebuild()
    assert (done.checked, done.changed) == (5, 5)
    assert KeyRebuild.objects.count() == 1
    rebuild_listing_keys()
    assert KeyRebuild.objects.count() == 1


def test_changed_rules_supersede_a_running_rebuild(
    personas: Personas, web: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_keys, "BATCH", 2)
    case = submit_case(personas, web, *[f"bazaar.example/item/{n}" for n in range(5)])
    market = factories.marketplace(slug="bazaar")
    listing_keys._start()
    listing_keys._batch()
    market.listing_pattern = ""
    market.save()
    run_rebuild()
    assert {key.partition("/")[0] for key in keys(case)} == {f"{market.pk}:bazaar.example"}
    first, second = KeyRebuild.objects.order_by("pk")
    assert (first.is_superseded, second.checked) == (True, 5)


def test_keys_of_an_earlier_release_are_rebuilt(personas: Personas) -> None:
    case = factories.submitted_case()
    for listing in case.listings.all():
        Listing.objects.filter(pk=listing.pk).update(canonical_key=f"market:{listing.position}")
    run_rebuild()
    market = case.listings.get(position=1).marketplace
    assert all(key.startswith(f"{market.pk}:") for key in keys(case))


def test_submission_computes_current_keys(personas: Personas) -> None:
    market = factories.marketplace(slug="plain", listing_pattern="")
    draft = factories.draft_case(
        by=personas.filer,
        citing=personas.right,
        against=factories.seller(market),
        urls=["plain.example/item/7?from=1"],
    )
    market.listing_pattern = r"/item/(?P<item>\d+)"
    market.save()
    filing.submit(case=draft, by=personas.filer, good_faith=True)
    assert keys(draft) == [f"{market.pk}:7"]


def test_sweeper_wakes_a_worker_for_stale_keys(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(listing_keys, "wake", lambda: woken.append(1))
    listing_keys.wake_if_stale()
    run_rebuild()
    listing_keys.wake_if_stale()
    assert len(woken) == 1
    factories.marketplace()
    listing_keys.wake_if_stale()
    assert len(woken) == 2
