"""What owners publish in the directory: the form, the preview, and who may publish."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from alliance.lib import changes
from alliance.lib.refusals import Conflict, NotAllowed
from members.models import Brand, DirectoryEntry, Member, User
from members.services import directory
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import end_session, form_data, form_of
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
EDIT = "/members/dawn/edit/"
PAGE = "/members/dawn/"


@pytest.fixture
def member() -> Member:
    made = factories.member(
        slug="dawn",
        name="Dawn Textile",
        name_local="晨曦服装",
        website="https://dawn.example/",
        description="We weave.",
        description_zh="我们织布。",
    )
    factories.brand(made, name="DAWN", name_local="晨曦")
    factories.brand(made, name="DUSK")
    factories.brand(made, name="RETIRED", is_active=False)
    return made


@pytest.fixture
def owner(member: Member) -> User:
    return factories.owner(member, name="Olivia Owner")


@pytest.fixture
def desk(owner: User) -> Client:
    return browser_of(owner)


def filled(desk: Client, **changed: Any) -> dict[str, Any]:
    """Return what the form would send, with changes. An unticked brand or box is ``None``."""
    data = form_data(desk.get(EDIT), "directory-entry", **changed)
    return {name: value for name, value in data.items() if value is not None}


def public(client: Client | None = None) -> str:
    return (client or Client()).get(PAGE).content.decode()


def publish(desk: Client, **changed: Any) -> Any:
    """Preview the changes, and publish what the preview holds."""
    preview = desk.post(EDIT, filled(desk, **changed))
    assert preview.status_code == 200, preview.content.decode()
    data = form_of(preview, **{"class": "notice notice-info preview-bar"})
    return desk.post(EDIT, data | {"step": "publish"})


class TestPublishing:
    def test_from_the_form_through_the_preview_to_the_public_page(
        self, desk: Client, member: Member, owner: User
    ) -> None:
        dawn = Brand.objects.get(name="DAWN")
        data = filled(
            desk,
            description="We weave linen.\r\n\r\nSince 1950.",
            brands=[str(dawn.pk)],
            consumer_email="genuine@dawn.example",
            consumer_phone="+86 571 8502-2088",
            consumer_url="https://dawn.example/genuine",
        )
        preview = desk.post(EDIT, data)
        page = preview.content.decode()
        for text in (
            "This is a preview",
            "We weave linen.",
            "DAWN",
            "genuine@dawn.example",
            "我们织布。",
        ):
            assert text in page
        assert "DUSK" not in page.partition("preview-bar")[2].partition("</form>")[2]
        assert "We weave." in public()  # nothing is published yet
        assert not DirectoryEntry.objects.exists()

        sent = form_of(preview, **{"class": "notice notice-info preview-bar"})
        response = desk.post(EDIT, sent | {"step": "publish"}, follow=True)
        assert response.redirect_chain == [(PAGE, 302)]
        assert "The directory entry is published." in response.content.decode()
        page = public()
        for text in (
            "<p>We weave linen.</p>",
            "<p>Since 1950.</p>",
            'href="mailto:genuine@dawn.example"',
            'href="tel:+8657185022088"',
            'href="https://dawn.example/genuine"',
            "Contact for consumers",
        ):
            assert text in page
        assert "DUSK" not in page
        entry = DirectoryEntry.objects.get()
        assert (entry.published_by, entry.member) == (owner, member)

    def test_hidden_brand_is_not_in_list_search_and_file(self, desk: Client) -> None:
        dusk = str(Brand.objects.get(name="DUSK").pk)
        publish(desk, brands=[dusk])
        client = Client()
        assert client.get("/members/?q=晨曦服装").context["filter"].total == 1
        assert client.get("/members/?q=DAWN").context["filter"].total == 1  # the member's own name
        for path in ("/members/", "/members/directory.csv"):
            response = client.get(path)
            content = b"".join(response) if response.streaming else response.content
            assert b"DUSK" in content
            assert b"DAWN" not in content

    def test_hidden_website_stays_a_fact_of_the_member(self, desk: Client, member: Member) -> None:
        publish(desk, shows_website=None)
        assert "dawn.example" not in public()
        member.refresh_from_db()
        assert member.website == "https://dawn.example/"

    def test_everything_can_be_left_empty(self, desk: Client) -> None:
        assert publish(desk, description="", description_zh="", website="", brands=None).url == PAGE
        page = public()
        assert "No brands listed yet." in page
        assert "Contact for consumers" not in page
        assert "Website" not in page

    def test_back_to_the_form_keeps_what_was_typed(self, desk: Client) -> None:
        data = filled(desk, description="Half a sen", website="nonsense address")
        page = desk.post(EDIT, data | {"step": "change"})
        assert page.status_code == 200
        again = form_data(page, "directory-entry")
        assert again["description"] == "Half a sen"
        assert b"field-error" not in page.content

    def test_readers_of_chinese_see_the_chinese_text(self, desk: Client) -> None:
        publish(desk, description_zh="新的中文简介。")
        client = Client()
        client.cookies["portal_language"] = "zh-hans"
        assert "新的中文简介。" in public(client)
        assert "新的中文简介。" not in public()

    def test_same_again_changes_nothing(self, desk: Client, owner: User) -> None:
        publish(desk, description="Once.")
        entry = DirectoryEntry.objects.get()
        member = Member.objects.get(slug="dawn")
        before = (changes.rows_of(Member, member.pk).count(), entry.published_at)
        publish(desk)
        entry.refresh_from_db()
        assert (changes.rows_of(Member, member.pk).count(), entry.published_at) == before

    def test_changes_are_in_the_history(self, desk: Client, member: Member, owner: User) -> None:
        publish(desk, description="Other words.", brands=None, consumer_email="ask@dawn.example")
        (latest, *_rest) = changes.describe(list(changes.rows_of(Member, member.pk)[:2]))
        assert latest.who == str(owner)
        assert [field.new for field in latest.fields] == ["Other words."]
        for brand in Brand.objects.filter(name__in=("DAWN", "DUSK")):
            assert changes.rows_of(Brand, brand.pk)[0].is_public is False
        assert changes.rows_of(DirectoryEntry, DirectoryEntry.objects.get().pk).count() == 1

    def test_inactive_brand_is_kept_as_it_is(self, desk: Client) -> None:
        retired = Brand.objects.get(name="RETIRED")
        publish(desk, brands=None)
        retired.refresh_from_db()
        assert retired.is_public
        response = desk.post(EDIT, filled(desk) | {"brands": [str(retired.pk)]})
        assert response.status_code == 422


class TestInput:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("website", "javascript:alert(1)"),
            ("website", "JaVaScRiPt://dawn.example/%0aalert(1)"),
            ("website", "data:text/html,<script>"),
            ("website", "ftp://dawn.example/"),
            ("website", "https://" + "x" * 300 + ".example"),
            ("consumer_url", "javascript:alert(1)"),
            ("consumer_email", "nobody"),
            ("consumer_phone", "call us"),
            ("consumer_phone", "+86\0571"),
            ("consumer_phone", "1" * 41),
            ("description", "x" * 2001),
            ("description_zh", "a\0b"),
            ("brands", "nonsense"),
            ("brands", "9" * 30),
        ],
    )
    def test_invalid_value_is_shown_with_its_error(
        self, desk: Client, field: str, value: str
    ) -> None:
        for step in ("preview", "publish"):
            response = desk.post(EDIT, filled(desk) | {field: value, "step": step})
            assert response.status_code == 422
            assert field in response.context["form"].errors
            assert "We weave." in public()
        assert not DirectoryEntry.objects.exists()

    def test_what_was_typed_is_kept_beside_the_error(self, desk: Client) -> None:
        data = filled(desk, description="A long text.", website="javascript:alert(1)")
        page = desk.post(EDIT, data)
        again = form_data(page, "directory-entry")
        assert again["description"] == "A long text."
        assert again["website"] == "javascript:alert(1)"
        assert b"Enter an address that starts with https://." in page.content

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("Genuine\u202eevil\u202c \u200bgoods\ufeff", "Genuineevil goods"),
            ("اردو میں تعارف", "اردو میں تعارف"),
            ("e\u0301toffe " + "a\u0300\u0301\u0302", "e\u0301toffe a\u0300\u0301\u0302"),
            ("👩‍🏭 makers", "👩‍🏭 makers"),
        ],
    )
    def test_text_in_any_script_is_shown_as_text(
        self, desk: Client, typed: str, shown: str
    ) -> None:
        publish(desk, description=typed)
        page = public()
        assert shown in page
        assert "<script>alert" not in page
        assert 'dir="auto"' in page

    def test_text_without_visible_characters_is_empty(self, desk: Client, member: Member) -> None:
        publish(desk, description="\u200b \u2060\u3164")
        member.refresh_from_db()
        assert member.description == ""

    def test_database_refuses_other_schemes(self, member: Member, owner: User) -> None:
        entry = DirectoryEntry(
            member=member, published_by=owner, consumer_url="javascript:alert(1)"
        )
        with pytest.raises(ValidationError):
            entry.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            entry.save()
        entry.consumer_url, entry.consumer_phone = "", "<b>"
        with pytest.raises(IntegrityError), transaction.atomic():
            entry.save()

    def test_text_survives_the_end_of_the_session(self, desk: Client, owner: User) -> None:
        data = filled(desk, description="Typed for an hour.")
        end_session(desk)
        assert desk.post(EDIT, data).status_code == 302
        desk.force_login(owner)
        page = desk.get(EDIT)
        assert form_data(page, "directory-entry")["description"] == "Typed for an hour."
        assert b"Your session expired" in page.content


class TestAccess:
    def test_only_owners_change_the_entry(self, member: Member, owner: User) -> None:
        stranger = browser_of(factories.owner(factories.member()))
        assert stranger.get(EDIT).status_code == 404
        for person in (factories.filer(member), factories.viewer(member)):
            client = browser_of(person)
            assert client.get(EDIT).status_code == 403
            assert client.post(EDIT, {"step": "publish"}).status_code == 403
            assert "Change the directory entry" not in client.get(PAGE).content.decode()
            with pytest.raises(NotAllowed):
                factories.directory_entry(member, by=person)
        assert browser_of(factories.moderator()).get(EDIT).status_code == 404
        assert "Change the directory entry" in browser_of(owner).get(PAGE).content.decode()
        assert EDIT in browser_of(owner).get("/people/dawn/").content.decode()

    def test_suspended_member_publishes_nothing(self, desk: Client, member: Member) -> None:
        data = filled(desk, description="New words.", step="publish")
        Member.objects.update(status="suspended", suspended_on=date(2024, 5, 1))
        page = desk.get(EDIT)
        assert b"The member is suspended." in page.content
        response = desk.post(EDIT, data)
        assert response.status_code == 422
        assert b"Nothing can be published." in response.content
        assert form_data(response, "directory-entry")["description"] == "New words."
        assert desk.get(PAGE).status_code == 404
        member.refresh_from_db()
        assert member.description == "We weave."

    def test_former_member_has_no_form(self, desk: Client) -> None:
        Member.objects.update(status="left", left_on=date(2024, 5, 1))
        assert desk.get(EDIT).status_code == 404


class TestTwoOwners:
    def test_second_owner_sees_that_the_entry_changed(self, desk: Client, member: Member) -> None:
        data = filled(desk, description="Mine.")
        factories.directory_entry(
            member, by=factories.owner(member, name="Oscar Owner"), description="Theirs."
        )
        response = desk.post(EDIT, data | {"step": "publish"})
        assert response.status_code == 409
        assert b"has changed since you opened it" in response.content
        assert b"Oscar Owner" in response.content
        assert "Theirs." in public()
        again = form_data(response, "directory-entry", step="publish")
        assert again["description"] == "Mine."
        assert desk.post(EDIT, again).status_code == 302
        assert "Mine." in public()

    def test_new_brand_is_a_change(self, desk: Client, member: Member) -> None:
        data = filled(desk, description="Mine.", step="publish")
        factories.brand(member, name="NEW")
        assert desk.post(EDIT, data).status_code == 409
        assert Brand.objects.get(name="NEW").is_public

    def test_missing_version_is_a_conflict(self, desk: Client) -> None:
        data = filled(desk, description="Mine.", seen="", step="publish")
        assert desk.post(EDIT, data).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_at_the_same_moment_one_publishes() -> None:
    member = factories.member(description="Before.")
    first, second = factories.owner(member), factories.owner(member)
    now = directory.published(member)

    def change(by: User) -> Any:
        facts = now.facts | {"description": f"By {by.pk}."}
        return directory.publish(member=member, by=by, seen=now.version, brands=(), **facts)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change(first)
            late = pool.submit(run_concurrently, lambda: change(second))
            wait_for_a_lock()
        (result,) = late.result(timeout=30)
    assert isinstance(result, Conflict)
    member.refresh_from_db()
    assert member.description == f"By {first.pk}."
    assert DirectoryEntry.objects.get().published_by == first


def wait_for_a_lock() -> None:
    """Wait until another connection waits for a row that this one has locked."""
    waiting = "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_few_queries(desk: Client, member: Member, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        factories.brand(member)
    with django_assert_max_num_queries(8):
        desk.get(EDIT)
    with django_assert_max_num_queries(8):
        desk.get(PAGE)
