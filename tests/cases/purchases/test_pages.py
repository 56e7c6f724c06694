"""The pages of test purchases: forms, filters, files for spreadsheets, the dashboard, results, numbers of queries."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from cases.figures import purchases as figures
from cases.models import Case, Marketplace, TestPurchase
from cases.queries import purchases_due
from cases.services import filing
from cases.services.purchases import ending, in_cases
from tests import factories
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace(slug="bazaar", name="Bazaar")


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_from_plan_to_disposal_by_the_forms(
    personas: Personas, client: Client, market: Marketplace
) -> None:
    """Each form is sent as its page shows it, twice; a colleague confirms the disposal."""
    slug = personas.member.slug
    page = client.get(reverse("purchases:plan", args=[slug]))
    url = page.request["PATH_INFO"]
    data = form_data(
        page,
        "purchase-form",
        brand=str(personas.brand.pk),
        listing_url="https://bazaar.example/item/4711?utm_source=x",
        seller_name="Shop of fakes",
    )
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "Enter the shop ID or shop URL." in words(refused)
    data |= {"shop": "tb-7", "note": "Size 42,\r\nin black"}
    for _twice in range(2):
        assert client.post(url, data).status_code == 302
    purchase = TestPurchase.objects.select_related("member").get()
    assert (purchase.seller.external_id, purchase.seller_name) == ("tb-7", "Shop of fakes")
    assert purchase.note == "Size 42,\nin black"
    detail, day = purchase.get_absolute_url(), str(clock.today())
    entered: dict[str, dict[str, str]] = {
        "order": {"order_number": "NO-1", "price": "89.90", "currency": "CNY"},
        "receive": {"carrier": "Parcel & Co", "sender_address": "12 Example Road"},
        "examine": {"verdict": "fake", "indicators": "A printed label", "examiner": "Lab"},
        "store": {"storage_place": "Shelf 7", "keep_until": day},
    }
    for step, facts in entered.items():
        url = reverse("purchases:step", args=[slug, purchase.reference, step])
        assert f'href="{url}"' in words(client.get(detail))
        form = form_data(client.get(url), "step-form") | facts
        for _twice in range(2):
            assert client.post(url, form).status_code == 302
        assert (
            purchase.events.last().kind
            == {
                "order": "ordered",
                "receive": "received",
                "examine": "examined",
                "store": "stored",
            }[step]
        )
    assert purchase.events.count() == 5
    propose = reverse("purchases:propose", args=[slug, purchase.reference])
    form = form_data(client.get(propose), "step-form") | {"disposal_method": "destroyed"}
    early = client.post(propose, form)
    assert early.status_code == 422
    assert "kept until" in words(early)
    with clock.at(clock.now() + DAY):
        assert client.post(propose, form).status_code == 302
        confirm = reverse("purchases:dispose", args=[slug, purchase.reference])
        assert confirm not in words(client.get(detail))
        assert client.post(confirm, {"disposed_on": day}).status_code == 403
        second = personas.client("owner")
        stale = form_data(second.get(detail), confirm)
        # While the page is open, the proposal is replaced by another one.
        ending.keep(purchase=purchase, by=personas.filer)
        ending.propose_disposal(
            purchase=purchase, by=personas.filer, disposal_method="returned", disposal_note="Sold"
        )
        page = second.post(confirm, stale)
        assert page.status_code == 409
        assert "Sold" in words(page)
        form = form_data(page, confirm)
        for _twice in range(2):
            assert second.post(confirm, form).status_code == 302
    purchase.refresh_from_db()
    assert (purchase.status, purchase.disposed_by) == ("disposed", personas.owner)


def test_corrections_of_two_people(personas: Personas, client: Client) -> None:
    purchase = factories.purchase("ordered", of=personas.brand, by=personas.filer)
    url = reverse("purchases:step", args=[personas.member.slug, purchase.reference, "order"])
    page = client.get(url)
    mine = form_data(page, "step-form", order_number="MINE")
    theirs = form_data(page, "step-form", order_number="THEIRS")
    assert personas.client("owner").post(url, theirs).status_code == 302
    conflict = client.post(url, mine)
    assert conflict.status_code == 409
    assert "THEIRS" in words(conflict)
    assert client.post(url, form_data(conflict, "step-form")).status_code == 302
    purchase.refresh_from_db()
    assert purchase.order_number == "MINE"
    assert "THEIRS → MINE" in words(client.get(purchase.get_absolute_url()))


def test_history_and_conflict_are_in_words(personas: Personas, client: Client) -> None:
    purchase = factories.purchase("examined", of=personas.brand, by=personas.filer)
    url = reverse("purchases:step", args=[personas.member.slug, purchase.reference, "examine"])
    page = client.get(url)
    mine = form_data(page, "step-form", verdict="unclear")
    day = clock.today() - 2 * DAY
    theirs = form_data(page, "step-form", verdict="genuine", examined_on=str(day))
    assert personas.client("owner").post(url, theirs).status_code == 302
    shown = words(client.post(url, mine))
    assert '<td class="text-break" dir="auto">Genuine</td>' in shown
    assert f'<td class="text-break" dir="auto">{day:%-d %b %Y}</td>' in shown
    history = words(client.get(purchase.get_absolute_url())).partition("timeline")[2]
    assert "Fake → Genuine" in history
    assert f"→ {day:%-d %b %Y}" in history


def test_files_and_cases_by_the_forms(personas: Personas, client: Client) -> None:
    purchase = factories.purchase("examined", of=personas.brand, by=personas.filer)
    slug, detail = personas.member.slug, purchase.get_absolute_url()
    files = reverse("purchases:add_files", args=[slug, purchase.reference])
    good, bad = factories.png("parcel.png"), SimpleUploadedFile("a.html", b"<script>")
    answer = client.post(files, {"kind": "parcel", "uploads": [good, bad]})
    assert answer.status_code == 422
    assert "a.html" in words(answer)
    assert purchase.files.get().original_name == "parcel.png"
    url = reverse("purchases:file_case", args=[slug, purchase.reference])
    form = form_data(client.get(url), "complaint-form")
    assert (form["violation"], form["right"]) == ("counterfeit", str(personas.right.pk))
    assert purchase.reference in form["explanation"]
    form |= {"jurisdiction": "CN", "goods_class": "25", "then": "next"}
    for _twice in range(2):
        assert client.post(url, form).status_code == 302
    case = Case.objects.get()
    assert case.seller == purchase.seller
    assert case.evidence.get().kind == "test_purchase"
    # Files that come later are added by the form of the page; a decided case is refused.
    factories.purchase_file(purchase)
    add = reverse("purchases:add_to_case", args=[slug, purchase.reference])
    page = client.get(detail)
    assert "without the latest files" in words(page)
    assert client.post(add, form_data(page, "case-form")).status_code == 302
    assert case.evidence.count() == 2
    assert "case-form" not in client.get(detail).content.decode()
    filing.withdraw(case=case, by=personas.filer)
    refused = client.post(add, {"case": case.reference})
    assert refused.status_code == 422


def test_case_of_two_people_and_with_a_damaged_file(personas: Personas, client: Client) -> None:
    purchase = factories.purchase("examined", of=personas.brand, by=personas.filer)
    file = factories.purchase_file(purchase)
    file.file.storage.delete(str(file.file.name))
    url = reverse("purchases:file_case", args=[personas.member.slug, purchase.reference])
    form = form_data(client.get(url), "complaint-form")
    form |= {"jurisdiction": "CN", "goods_class": "25", "then": "next"}
    answer = client.post(url, form, follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("desk:listings", args=[case.reference])
    assert f"Draft {case.reference} was saved, but files of the test purchase are" in words(answer)
    # A colleague changes the draft; the old form shows both versions, and replaces it only if it is sent again.
    theirs = reverse("desk:complaint", args=[case.reference])
    page = personas.client("owner").get(theirs)
    change = form_data(page, "complaint-form", explanation="THEIRS", then="next")
    assert personas.client("owner").post(theirs, change).status_code == 302
    conflict = client.post(url, form | {"explanation": "MINE"})
    assert conflict.status_code == 409
    assert "THEIRS" in words(conflict)
    client.post(url, form_data(conflict, "complaint-form", then="next"))
    case.refresh_from_db()
    assert case.explanation == "MINE"


def test_filters_and_csv(personas: Personas, client: Client, market: Marketplace) -> None:
    mine: dict[str, Any] = {"of": personas.brand, "by": personas.filer}
    shop = factories.seller(market, external_id="tb-7")
    late = factories.purchase("ordered", **mine, days_ago=31)
    fresh = factories.purchase("ordered", **mine, days_ago=29)
    kept = factories.purchase("stored", **mine, keep_until=clock.today() - DAY, against=shop)
    stored = factories.purchase("stored", **mine, verdict="genuine", seller_name="=1+1")
    proposed = factories.purchase("disposal_proposed", **mine)
    theirs = factories.purchase("stored", against=shop)
    listed = reverse("purchases:list", args=[personas.member.slug])

    def shown(query: str) -> set[TestPurchase]:
        return set(client.get(f"{listed}?{query}").context["page"].rows)

    everything = {late, fresh, kept, stored, proposed}
    assert shown("") == everything
    assert theirs.reference not in words(client.get(listed))
    assert shown("state=due") == {late, kept, proposed}
    assert shown("state=late") == {late}
    assert shown("state=kept") == {kept}
    assert shown("state=ordered") == {late, fresh}
    assert shown("verdict=genuine") == {stored}
    assert shown(f"marketplace={market.pk}&q=TB-7") == {kept}
    assert shown(f"q={late.reference[:9].lower()}") == {late}
    late.refresh_from_db()
    assert shown(f"q={late.order_number}") == {late}
    assert shown(f"q={theirs.reference}&brand={theirs.brand_id}") == set()
    assert shown("state=nonsense&marketplace=x&cursor=y") == everything
    assert "No matching test purchases" in words(client.get(f"{listed}?q=nothing"))
    file = client.get(reverse("purchases:csv", args=[personas.member.slug]) + "?verdict=genuine")
    text = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["reference"], row["verdict"], row["seller_name"]) == (
        stored.reference,
        "genuine",
        "'=1+1",
    )
    empty = personas.client("stranger").get(
        reverse("purchases:list", args=[personas.other_member.slug])
    )
    assert "No test purchases yet" in words(empty)


def test_due_purchases_are_on_the_dashboard(personas: Personas, client: Client) -> None:
    mine: dict[str, Any] = {"of": personas.brand, "by": personas.filer}
    late = factories.purchase("ordered", **mine, days_ago=30)
    factories.purchase("ordered", **mine, days_ago=29)
    kept = factories.purchase("stored", **mine, keep_until=clock.today() - DAY)
    factories.purchase("stored", **mine, keep_until=clock.today())
    proposed = factories.purchase("disposal_proposed", **mine)
    factories.purchase("ordered", days_ago=40)
    due = client.get("/desk/").context["purchases_due"]
    assert {(one.reference, one.reason) for one in due} == {
        (late.reference, "late"),
        (kept.reference, "kept"),
        (proposed.reference, "confirm"),
    }
    assert due[0].reference == late.reference
    assert "Test purchases that need attention" in words(personas.client("viewer").get("/desk/"))
    assert "need attention" not in words(personas.client("stranger").get("/desk/"))


def test_results(personas: Personas, client: Client, market: Marketplace) -> None:
    """Shares with their interval; those that cannot tell are counted apart."""
    mine: dict[str, Any] = {"of": personas.brand, "by": personas.filer}
    one, two = (factories.seller(market) for _ in range(2))
    for shop, verdicts in ((one, ("fake", "fake", "genuine", "unclear")), (two, ("genuine",))):
        for verdict in verdicts:
            factories.purchase("examined", **mine, against=shop, verdict=verdict)
    factories.purchase("received", **mine, against=one)
    factories.purchase("examined", against=one)
    found = figures.results(personas.member)
    (total,) = found.by_marketplace
    assert (total.examined, total.fakes, total.unclear, total.share) == (4, 2, 1, 50.0)
    assert total.interval == pytest.approx((15.0, 85.0), abs=0.05)
    assert [(s.seller_id, s.examined, s.fakes, s.unclear) for s in found.by_seller] == [
        (one.external_id, 3, 2, 1),
        (two.external_id, 1, 0, 0),
    ]
    assert not figures.results(personas.member, brand=0).by_seller
    page = client.get(reverse("purchases:results", args=[personas.member.slug]))
    assert "15.0–85.0%" in words(page)
    listed = reverse("purchases:list", args=[personas.member.slug])
    assert f"{listed}?marketplace={market.pk}&amp;q={one.external_id}" in words(page)
    page = client.get(page.request["PATH_INFO"], {"brand": personas.brand.pk})
    assert f"{listed}?brand={personas.brand.pk}&amp;marketplace={market.pk}" in words(page)
    file = client.get(reverse("purchases:results_csv", args=[personas.member.slug]))
    rows = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[1] == ["Bazaar", "", "", "4", "2", "50.0", "15.0", "85.0", "1"]


def test_pages_use_a_constant_number_of_queries(
    personas: Personas, client: Client, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    mine: dict[str, Any] = {"of": personas.brand, "by": personas.filer}
    supporting = factories.purchase_in_case("stored", **mine)
    slug, purchase = personas.member.slug, supporting.purchase
    urls = [reverse(f"purchases:{name}", args=[slug]) for name in ("list", "results")]
    urls.append(purchase.get_absolute_url())

    def counts() -> list[int]:
        found = []
        for url in urls:
            with django_assert_max_num_queries(8) as counted:
                assert client.get(url).status_code == 200
            found.append(len(counted))
        return found

    few = counts()
    for _ in range(2):
        factories.purchase("stored", **mine, verdict="genuine")
        factories.purchase_file(purchase)
    for _ in range(2):
        case = factories.draft_case(
            by=personas.filer, citing=personas.right, against=purchase.seller, files=0
        )
        in_cases.add_to_case(purchase=purchase, case=case, by=personas.filer)
    assert counts() == few


@pytest.mark.parametrize(
    ("reason", "index"), [("late", "purchase_on_its_way"), ("kept", "purchase_kept")]
)
def test_due_purchases_are_found_by_an_index(personas: Personas, reason: str, index: str) -> None:
    condition, day = purchases_due.reasons()[reason]
    rows = TestPurchase.objects.filter(condition, member=personas.member).order_by(day, "id")
    with connection.cursor() as cursor:
        for name in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{name} = off")
        assert index in rows[:6].explain()
