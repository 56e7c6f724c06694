"""The list of authorised sellers: services, and the check of a filing against it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from alliance.lib import clock
from alliance.lib.refusals import Incomplete, NotAllowed
from cases.forms.authorised_sellers import EntryFilterForm
from cases.models import AuthorisedSeller, Case, Marketplace
from cases.queries import readiness
from cases.services import authorised_sellers, filing
from members.models import Member, Membership
from tests import factories
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BLOCKED = "The brand has authorised this seller."


@pytest.fixture
def market() -> Marketplace:
    fields = {"slug": "bazaar", "name": "Bazaar", "hosts": ["bazaar.example"]}
    return factories.marketplace(**fields, shop_pages=["bazaar.example/shop/{name}"])


def blocked(draft: Case) -> list[str]:
    found = readiness.problems(case=readiness.loaded(draft))
    return [one.text for one in found if one.text.startswith(BLOCKED)]


def test_only_an_entry_in_force_stops_a_filing(market: Marketplace) -> None:
    """The first and the last day count, in the installation's time zone, also at submission."""
    draft = factories.draft_case(against=factories.seller(market, external_id="tb-7"))
    assert draft.created_by
    by, today = draft.created_by, clock.today()
    entry = authorised_sellers.add(
        brand=draft.brand, by=by, marketplace=market, shop="TB-7", valid_until=today + DAY
    )

    def on(first: date | None, last: date | None) -> bool:
        authorised_sellers.change(entry=entry, by=by, valid_from=first, valid_until=last)
        return bool(blocked(draft))

    assert on(today, today)
    assert on(None, None)
    assert not on(today + DAY, None)
    assert not on(None, today - DAY)
    authorised_sellers.change(entry=entry, by=by, valid_until=today)
    last_minute = datetime.combine(today, datetime.max.time(), timezone.get_default_timezone())
    with clock.at(last_minute):
        assert blocked(draft)
        with pytest.raises(Incomplete) as refused:
            filing.submit(case=draft, by=by, good_faith=True)
    assert any(text.startswith(BLOCKED) for text in refused.value.problems)
    with clock.at(last_minute + timedelta(seconds=1)):
        assert not blocked(draft)
    authorised_sellers.change(entry=entry, by=by)
    assert blocked(draft)
    authorised_sellers.end(entry=entry, by=by)
    assert not blocked(draft)


def test_one_entry_for_each_shop(market: Marketplace) -> None:
    draft = factories.draft_case()
    brand, by = draft.brand, draft.created_by
    assert by
    until = clock.today() + DAY
    arguments = {"brand": brand, "by": by, "marketplace": market}

    def add(shop: str, **fields: object) -> AuthorisedSeller:
        return authorised_sellers.add(**arguments, shop=shop, **fields)  # type: ignore[arg-type]

    entry = add("https://www.bazaar.example/shop/Dealer7?utm_source=x", valid_until=until)
    assert entry.external_id == "Dealer7"
    assert add("dealer７", valid_until=until) == entry
    assert entry.history.count() == 1  # type: ignore[attr-defined]
    with pytest.raises(authorised_sellers.AlreadyListed) as refused:
        add("dealer7", note="Own shop")
    assert refused.value.entry == entry
    authorised_sellers.end(entry=entry, by=by)
    renewed = add("dealer7", note="Own shop")
    assert (renewed.pk, renewed.state, renewed.ended_by) == (
        entry.pk,
        AuthorisedSeller.State.IN_FORCE,
        None,
    )
    for shop, fields, field in (
        ("https://elsewhere.example/shop/x", {}, "shop"),
        ("x", {"valid_from": until, "valid_until": clock.today()}, "valid_until"),
        ("x", {"valid_until": date(202, 1, 1)}, "valid_until"),
        ("x", {"note": "n" * 201}, "note"),
    ):
        with pytest.raises(authorised_sellers.InvalidEntry) as invalid:
            add(shop, **fields)
        assert invalid.value.field == field


def test_stale_forms_and_other_roles_change_nothing(market: Marketplace) -> None:
    draft = factories.draft_case()
    by = draft.created_by
    assert by
    entry = authorised_sellers.add(brand=draft.brand, by=by, marketplace=market, shop="tb-7")
    seen = authorised_sellers.version(entry)
    assert authorised_sellers.change(entry=entry, by=by, seen=seen, note="Dealer")
    assert not authorised_sellers.change(entry=entry, by=by, seen=seen, note="Dealer")
    for verb in (authorised_sellers.change, authorised_sellers.end):
        with pytest.raises(authorised_sellers.EntryChanged):
            verb(entry=entry, by=by, seen=seen)  # type: ignore[operator]
    role = Membership.objects.get(user=by)
    stranger = factories.draft_case().created_by
    assert stranger
    with pytest.raises(NotAllowed):
        authorised_sellers.end(entry=entry, by=stranger)
    Membership.objects.filter(pk=role.pk).update(role="viewer")
    with pytest.raises(NotAllowed):
        authorised_sellers.change(entry=entry, by=by, note="x")
    Membership.objects.filter(pk=role.pk).update(role="owner")
    Member.objects.filter(pk=role.member_id).update(status="suspended", suspended_on=clock.today())
    with pytest.raises(NotAllowed):
        authorised_sellers.add(brand=draft.brand, by=by, marketplace=market, shop="tb-8")
    entry.refresh_from_db()
    assert (entry.note, entry.state) == ("Dealer", AuthorisedSeller.State.IN_FORCE)


def test_pages(personas: Personas, market: Marketplace) -> None:
    """Add, change, end and renew by the forms, and the link from a stopped filing."""
    client, slug = personas.client("filer"), personas.member.slug
    add = reverse("allow_list:add", args=[slug])
    given = {"brand": str(personas.brand.pk), "marketplace": str(market.pk), "shop": "tb-7"}
    page = client.get(add)
    late = form_data(
        page, "seller-form", **given, valid_from="2026-02-01", valid_until="2026-01-01"
    )
    refused = client.post(add, late)
    assert refused.status_code == 422
    assert "The last day cannot be before the first day." in refused.content.decode()
    assert 'value="tb-7"' in refused.content.decode()
    assert client.post(add, form_data(page, "seller-form", **given)).status_code == 302
    entry = AuthorisedSeller.objects.get()
    url = reverse("allow_list:entry", args=[slug, entry.pk])
    again = client.post(add, form_data(page, "seller-form", **given, note="Own shop"))
    assert again.status_code == 422
    assert f'href="{url}"' in again.content.decode()
    draft = factories.draft_case(
        by=personas.filer,
        citing=personas.right,
        against=factories.seller(market, external_id="tb-7"),
    )
    for step in ("listings", "check"):
        stopped = client.get(reverse(f"desk:{step}", args=[draft.reference])).content.decode()
        assert BLOCKED in stopped
        assert f'href="{url}"' in stopped
    page = client.get(url)
    stale = form_data(page, "entry-form", note="Mine")
    assert client.post(url, form_data(page, "entry-form", note="Dealer")).status_code == 302
    conflict = client.post(url, stale)
    assert conflict.status_code == 409
    assert 'value="Mine"' in conflict.content.decode()
    end = reverse("allow_list:end", args=[slug, entry.pk])
    seen = {"seen": authorised_sellers.version(AuthorisedSeller.objects.get())}
    for _twice in range(2):
        assert client.post(end, seen).status_code == 302
    assert "Renew the entry" in client.get(url).content.decode()
    listed = reverse("allow_list:list", args=[slug])
    counts = {
        state: client.get(listed, {"state": state}).content.decode().count(f'href="{url}"')
        for state in ("", "in_force", "upcoming", "over", "nonsense")
    }
    assert counts == {"": 1, "in_force": 0, "upcoming": 0, "over": 1, "nonsense": 1}


def test_entries_have_the_member_of_their_brand(personas: Personas, market: Marketplace) -> None:
    entry = factories.authorised_seller(brand=personas.brand, marketplace=market)
    entry.refresh_from_db()
    assert entry.member == personas.member
    before = entry.history.count()  # type: ignore[attr-defined]
    personas.brand.member = personas.other_member
    personas.brand.save()
    entry.refresh_from_db()
    assert entry.member == personas.other_member
    # The history has the brand's change.
    assert entry.history.count() == before  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "authorised_of_member"),
        ("marketplace", "authorised_on_marketplace"),
        ("state=over", "authorised_"),
    ],
)
def test_list_is_found_by_an_index(
    personas: Personas, market: Marketplace, query: str, index: str
) -> None:
    data = QueryDict(f"marketplace={market.pk}" if query == "marketplace" else query)
    entries = EntryFilterForm(data, member=personas.member).entries.order_by("-id")[:20]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plan = entries.explain()
    assert index in plan
    assert "Join" not in plan
    assert "Nested Loop" not in plan
