"""Files of test purchases, and test purchases as evidence of cases."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import visibility
from cases.models import CustodyEntry, Evidence, PurchaseInCase, StorageUse, TestPurchase
from cases.queries import purchases_of_case
from cases.services import filing, storage_use
from cases.services.purchases import files, in_cases
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


def complaint(purchase: TestPurchase, token: uuid.UUID, **more: Any) -> dict[str, Any]:
    values = {"violation": "counterfeit", "jurisdiction": "CN", "goods_class": 25}
    values |= {"explanation": "The label is printed.", "infringement_in": ["product"]}
    values |= {"brand": purchase.brand}
    return {"purchase": purchase, "by": purchase.planned_by, "token": token} | values | more


def test_case_from_a_purchase(personas: Personas) -> None:
    """The draft has seller, listing and files with the same hashes. Doing it twice has no second effect."""
    purchase = factories.purchase("stored", of=personas.brand, by=personas.filer)
    first, second = (factories.purchase_file(purchase) for _ in range(2))
    facts = complaint(purchase, uuid.uuid4(), right=personas.right)
    case = in_cases.file_case(**facts)
    assert in_cases.file_case(**facts) == case
    assert (case.seller, case.shop_name) == (purchase.seller, purchase.seller_name)
    assert case.listings.get().canonical_key == purchase.canonical_key
    copies = {file.sha256: file for file in case.evidence.all()}
    assert set(copies) == {first.sha256, second.sha256}
    assert {file.kind for file in copies.values()} == {Evidence.Kind.TEST_PURCHASE}
    copy = copies[first.sha256]
    assert copy.file.read() == first.file.read()
    assert CustodyEntry.objects.filter(evidence_id=copy.pk, action="received").count() == 1
    assert PurchaseInCase.objects.get().case == case
    # A later file is added by adding the purchase again.
    third = factories.purchase_file(purchase, kind="unboxing")
    add = {"purchase": purchase, "case": case, "by": personas.owner}
    assert [in_cases.add_to_case(**add) for _ in range(2)] == [1, 0]
    assert case.evidence.filter(sha256=third.sha256).exists()
    assert purchase.events.filter(kind="case_added").count() == 1
    # A draft that is discarded takes its own copies with it.
    filing.submit(case=case, by=personas.filer, good_faith=True)
    assert case.events.filter(kind="evidence_added").count() == 0


def test_case_without_a_url_that_can_no_longer_be_filed(personas: Personas) -> None:
    purchase = factories.purchase("examined", of=personas.brand, by=personas.filer)
    personas.member.website = purchase.listing_url
    personas.member.save()
    case = in_cases.file_case(**complaint(purchase, uuid.uuid4(), right=personas.right))
    assert (case.seller, case.listings.count()) == (purchase.seller, 0)


def test_only_cases_of_the_same_brand_and_seller(personas: Personas) -> None:
    purchase = factories.purchase("examined", of=personas.brand, by=personas.filer)
    mine: dict[str, Any] = {"by": personas.filer, "citing": personas.right}
    same = factories.submitted_case(**mine, against=purchase.seller)
    other_seller = factories.draft_case(**mine)
    other_brand = factories.draft_case(
        by=personas.filer, of=factories.brand(personas.member), against=purchase.seller
    )
    theirs = factories.draft_case(against=purchase.seller)
    rejected = factories.rejected_case(**mine, against=purchase.seller)
    upheld = factories.upheld_case(**mine, against=purchase.seller)
    assert purchases_of_case.cases_for(purchase, []) == [upheld, same]
    who: dict[str, Any] = {"purchase": purchase, "by": personas.filer}
    for case in (other_seller, other_brand, theirs):
        with pytest.raises(Refusal, match="same brand"):
            in_cases.add_to_case(**who, case=case)
    with pytest.raises(Conflict):
        in_cases.add_to_case(**who, case=rejected)
    for role in ("viewer", "stranger", "moderator"):
        with pytest.raises(NotAllowed):
            in_cases.add_to_case(purchase=purchase, case=same, by=getattr(personas, role))
    with pytest.raises(Refusal, match="right of"):
        in_cases.file_case(**complaint(purchase, uuid.uuid4(), right=other_brand.right))
    assert not PurchaseInCase.objects.exists()
    for case in (same, upheld):
        in_cases.add_to_case(**who, case=case)
    cancelled = factories.purchase(
        "cancelled", of=personas.brand, by=personas.filer, against=purchase.seller
    )
    with pytest.raises(Conflict):
        in_cases.add_to_case(purchase=cancelled, case=same, by=personas.filer)


def test_who_sees_a_purchase(personas: Personas) -> None:
    """Moderators see it on the page of a submitted case; other members and agencies never do."""
    supporting = factories.purchase_in_case("stored", of=personas.brand, by=personas.filer)
    purchase, case = supporting.purchase, supporting.case
    everyone = ("viewer", "filer", "owner", "stranger", "moderator", "admin", "officer")

    def seen_by() -> set[str]:
        return {
            who for who in everyone if visibility.test_purchases(getattr(personas, who)).exists()
        }

    staff = {"viewer", "filer", "owner"}
    assert seen_by() == staff
    filing.submit(case=case, by=personas.filer, good_faith=True)
    assert seen_by() == staff | {"moderator", "admin"}
    page = browser_of(personas.moderator).get(f"/triage/{case.reference}/").content.decode()
    file = case.evidence.get()
    for text in (
        purchase.reference,
        "The label is printed.",
        "12 Example Road",
        "Price paid",
        str(file.pk),
    ):
        assert text in page
    # The name that the member has entered is not shown to another member who names the same shop.
    hidden = factories.purchase(
        against=factories.seller(name="Shop as known"), seller_name="Secret"
    )
    draft = factories.draft_case(against=hidden.seller)
    desk = browser_of(draft.created_by).get(draft.get_absolute_url()).content.decode()
    assert "Secret" not in desk


def test_hostile_files(personas: Personas) -> None:
    """Types come from the contents, and the same file is stored once. Nothing refused leaves a trace."""
    purchase = factories.purchase(of=personas.brand, by=personas.filer)
    who: dict[str, Any] = {"purchase": purchase, "by": personas.filer, "kind": "parcel"}
    for name, contents in (
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("program.png", b"MZ\x90\x00"),
        ("empty.png", b""),
        ("cut.png", factories.png_bytes()[:40]),
        ("picture.exe", factories.png_bytes()),
    ):
        with pytest.raises(Refusal):
            files.add(**who, upload=SimpleUploadedFile(name, contents, "image/png"))
    assert not purchase.files.exists()
    for role in ("viewer", "stranger", "moderator"):
        with pytest.raises(NotAllowed):
            files.add(**who | {"by": getattr(personas, role)}, upload=factories.png())
    first = files.add(**who, upload=factories.png("../../a\u202egnp.png", seed=7))
    assert first.original_name == "agnp.png"
    assert files.add(**who, upload=factories.png(seed=7)) == first
    assert str(first.file.name).startswith("purchases/")
    assert purchase.events.filter(kind="file_added").count() == 1
    cancelled = factories.purchase("cancelled", of=personas.brand, by=personas.filer)
    with pytest.raises(Conflict):
        files.add(**who | {"purchase": cancelled}, upload=factories.png())


def test_files_count_towards_the_quota(personas: Personas) -> None:
    supporting = factories.purchase_in_case("examined", of=personas.brand, by=personas.filer)
    size = supporting.purchase.files.get().size
    use = StorageUse.objects.get(member=personas.member)
    assert use.used_bytes == 2 * size  # with the copy in the case
    assert storage_use.recount() == 0
    StorageUse.objects.update(used_bytes=1)
    assert storage_use.recount() == 1
    use.refresh_from_db()
    assert use.used_bytes == 2 * size
    StorageUse.objects.update(quota_mb=0)
    with pytest.raises(Refusal, match="is full"):
        factories.purchase_file(supporting.purchase)


def test_files_that_changed_in_the_storage_are_not_copied(personas: Personas) -> None:
    purchase = factories.purchase("examined", of=personas.brand, by=personas.filer)
    file = factories.purchase_file(purchase)
    case = factories.draft_case(by=personas.filer, citing=personas.right, against=purchase.seller)
    storage, name = file.file.storage, str(file.file.name)
    storage.delete(name)
    storage.save(name, factories.png())
    for _again in range(2):
        with pytest.raises(Refusal, match="damaged"):
            in_cases.add_to_case(purchase=purchase, case=case, by=personas.filer)
        storage.delete(name)
    assert not case.evidence.filter(kind=Evidence.Kind.TEST_PURCHASE).exists()


def test_downloads_are_recorded(personas: Personas) -> None:
    purchase = factories.purchase(of=personas.brand, by=personas.filer)
    file = factories.purchase_file(purchase)
    url = f"/purchases/{personas.member.slug}/{purchase.reference}/files/{file.pk}/"
    answer = personas.client("viewer").get(url)
    assert b"".join(answer.streaming_content) == file.file.read()
    assert answer["Content-Disposition"].startswith("attachment")
    event = purchase.events.get(kind="file_read")
    assert (event.actor_id, event.data["sha256"]) == (personas.viewer.pk, file.sha256)
    # The URL of another purchase of the member does not serve the file.
    other = factories.purchase(of=personas.brand, by=personas.filer)
    wrong = url.replace(purchase.reference, other.reference)
    assert personas.client("viewer").get(wrong).status_code == 404
    file.file.storage.delete(str(file.file.name))
    assert personas.client("viewer").get(url).status_code == 404
