"""Roles in the admin: who can grant which role; nobody can grant a role to themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from alliance.lib import clock
from cases.liaison.models import Officer
from members.models import Member, Membership, User
from tests import factories
from tests.admin.conftest import OURS, address
from tests.forms import form_of
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

Role = Membership.Role


@pytest.fixture
def clerk() -> User:
    """An administrator who is not a superuser."""
    return factories.user(is_staff=True, name="Cleo Clerk", email="cleo@portal.example")


@pytest.fixture
def clerk_browser(clerk: User) -> Client:
    return browser_of(clerk)


def change(browser: Client, obj: Any, **changes: Any) -> Any:
    """Post the change page of ``obj`` with the given fields changed."""
    url = address(type(obj), "change", obj.pk)
    data = form_of(browser.get(url), id=f"{obj._meta.model_name}_form")
    return browser.post(url, data | changes)


def add(browser: Client, model: Any, **fields: Any) -> Any:
    url = address(model, "add")
    page = browser.get(url)
    data = form_of(page, id=f"{model._meta.model_name}_form") if page.status_code == 200 else {}
    return browser.post(url, data | fields)


def inline(prefix: str, browser: Client, obj: Any, number: int = 0, **fields: Any) -> Any:
    """Post the change page of ``obj`` with row ``number`` of an inline changed or added."""
    url = address(type(obj), "change", obj.pk)
    data: dict[str, Any] = dict(form_of(browser.get(url), id=f"{obj._meta.model_name}_form"))
    total = int(data.get(f"{prefix}-TOTAL_FORMS", ["0"])[0])
    data[f"{prefix}-TOTAL_FORMS"] = [str(max(total, number + 1))]
    data.setdefault(f"{prefix}-INITIAL_FORMS", ["0"])
    return browser.post(url, data | {f"{prefix}-{number}-{k}": v for k, v in fields.items()})


# --- Permissions of an administrator -----------------------------------------------------------


def test_admin_can_see_every_model(clerk_browser: Client) -> None:
    """tests.admin.test_pages opens the pages of each."""
    request = clerk_browser.get("/admin/").wsgi_request
    index = clerk_browser.get("/admin/").content.decode()
    for model in OURS:
        assert address(model, "changelist") in index
        assert admin.site._registry[model].has_view_permission(request), model


@pytest.mark.parametrize("kind", ["industry", "marketplace", "reason", "agency"])
def test_admin_can_change_configuration(clerk_browser: Client, kind: str) -> None:
    make: Any = getattr(factories, kind)
    obj = make("reject") if kind == "reason" else make()
    name = "label" if kind == "reason" else "name"
    assert change(clerk_browser, obj, **{name: "Changed name"}).status_code == 302
    obj.refresh_from_db()
    assert getattr(obj, name) == "Changed name"


def test_non_admins_have_no_permissions() -> None:
    for person in (
        factories.moderator(),
        factories.user(),
        factories.user(is_staff=True, is_active=False),
    ):
        assert not person.has_perm("members.view_member")
        assert not person.has_module_perms("members")


def test_admin_permissions_follow_the_portal_rules(clerk: User) -> None:
    assert not clerk.has_perm("cases.triage")
    assert clerk.has_perm("liaison.manage_channels")


# --- Officers, moderators, admins ---------------------------------------------------------------


def test_admin_cannot_create_officers(clerk_browser: Client, clerk: User) -> None:
    """Covers themselves and others, by form, inline and action."""
    clerk.user_permissions.set(Permission.objects.all())
    agency, other = factories.agency(channels=0), factories.user()
    officer = factories.officer(agency)
    row = officer.officer
    for user in (clerk, other):
        fields = {"user": user.pk, "agency": agency.pk, "is_active": "on"}
        assert clerk_browser.post(address(Officer, "add"), fields).status_code == 403
        assert clerk_browser.post(address(Officer, "change", row.pk), fields).status_code == 403
        inline("officers", clerk_browser, agency, 1, user=user.pk, agency=agency.pk, is_active="on")
        inline("officers", clerk_browser, agency, 0, user=user.pk, agency=agency.pk, is_active="on")
    assert (
        clerk_browser.post(address(Officer, "delete", row.pk), {"post": "yes"}).status_code == 403
    )
    clerk_browser.post(
        address(Officer, "changelist"),
        {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"},
    )
    assert list(Officer.objects.values_list("user", "agency")) == [(officer.pk, agency.pk)]


def test_superuser_can_create_officers_except_themselves(desk: Client, ada: User) -> None:
    agency, other, third = factories.agency(channels=0), factories.user(), factories.user()
    fields = {"agency": agency.pk, "is_active": "on"}
    assert add(desk, Officer, user=ada.pk, **fields).status_code == 200
    inline("officers", desk, agency, 0, user=ada.pk, is_active="on")
    assert not Officer.objects.exists()
    assert add(desk, Officer, user=other.pk, **fields).status_code == 302
    row = Officer.objects.get()
    assert change(desk, row, user=ada.pk).status_code == 200
    inline("officers", desk, agency, 0, user=ada.pk)
    inline("officers", desk, agency, 1, user=third.pk, is_active="on")
    assert set(Officer.objects.values_list("user", flat=True)) == {other.pk, third.pk}


def test_superuser_cannot_change_their_own_role(desk: Client, ada: User) -> None:
    row = Officer.objects.create(user=ada, agency=factories.agency(channels=0), is_active=False)
    fields = {"user": ada.pk, "agency": row.agency_id, "is_active": "on"}
    assert desk.post(address(Officer, "change", row.pk), fields).status_code == 403
    inline("officers", desk, row.agency, 0, is_active="on")
    inline("officers", desk, row.agency, 0, DELETE="on")
    row.refresh_from_db()
    assert not row.is_active
    change(desk, ada, is_moderator="on", name="Ada Lovely")
    ada.refresh_from_db()
    assert (ada.name, ada.is_moderator) == ("Ada Lovely", False)


@pytest.mark.parametrize("flag", ["is_moderator", "is_staff", "is_superuser"])
def test_admin_cannot_grant_staff_roles(clerk_browser: Client, clerk: User, flag: str) -> None:
    person = factories.user()
    change(clerk_browser, person, **{flag: "on"})
    change(clerk_browser, clerk, **{flag: "on"})
    add(clerk_browser, User, email="new@brand.example", name="New", time_zone="UTC", **{flag: "on"})
    made = User.objects.get(email="new@brand.example")
    for one in (person, made):
        one.refresh_from_db()
        assert not getattr(one, flag)
    clerk.refresh_from_db()
    assert (clerk.is_moderator, clerk.is_superuser) == (False, False)


def test_groups_are_not_in_the_admin(desk: Client) -> None:
    assert apps.get_model("auth", "Group") not in admin.site._registry
    assert (
        'name="groups"'
        not in desk.get(address(User, "change", factories.user().pk)).content.decode()
    )


# --- Roles at members ---------------------------------------------------------------------------


def test_admin_can_grant_others_a_membership(clerk_browser: Client) -> None:
    member, person, second = factories.member(), factories.user(), factories.user()
    fields = {"role": "owner", "valid_from": "2026-01-01"}
    assert (
        add(clerk_browser, Membership, user=person.pk, member=member.pk, **fields).status_code
        == 302
    )
    assert (
        inline("memberships", clerk_browser, member, 1, user=second.pk, **fields).status_code == 302
    )
    assert set(member.memberships.values_list("user", flat=True)) == {person.pk, second.pk}
    row = member.memberships.get(user=person)
    assert (
        "Cleo Clerk" in clerk_browser.get(address(Membership, "history", row.pk)).content.decode()
    )


def test_admin_cannot_grant_themselves_a_membership(clerk_browser: Client, clerk: User) -> None:
    member = factories.member()
    row = factories.owner(member).memberships.get()
    fields = {"role": "owner", "valid_from": "2026-01-01"}
    page = add(clerk_browser, Membership, user=clerk.pk, member=member.pk, **fields)
    assert "change your own role" in page.content.decode()
    assert "change your own role" in change(clerk_browser, row, user=clerk.pk).content.decode()
    page = inline("memberships", clerk_browser, member, 1, user=clerk.pk, **fields)
    assert "change your own role" in page.content.decode()
    inline("memberships", clerk_browser, member, 0, user=clerk.pk)
    inline("memberships", clerk_browser, clerk, 0, member=member.pk, **fields)
    assert not Membership.objects.filter(user=clerk).exists()


def test_admin_cannot_change_their_own_membership(clerk_browser: Client, clerk: User) -> None:
    member = factories.member()
    factories.owner(member)
    row = Membership.objects.create(user=clerk, member=member, role="viewer")
    fields = {"user": clerk.pk, "member": member.pk, "role": "owner", "valid_from": "2026-01-01"}
    assert clerk_browser.post(address(Membership, "change", row.pk), fields).status_code == 403
    assert (
        clerk_browser.post(address(Membership, "delete", row.pk), {"post": "yes"}).status_code
        == 403
    )
    number = 0 if member.memberships.first() == row else 1
    for sent in ({"role": "owner"}, {"DELETE": "on"}):
        inline("memberships", clerk_browser, member, number, **sent)
        inline("memberships", clerk_browser, clerk, 0, **sent)
    assert list(Membership.objects.filter(user=clerk).values_list("role", flat=True)) == ["viewer"]
    # The member itself can still be changed.
    assert change(clerk_browser, member, name="Other name").status_code == 302


def test_admin_cannot_take_over_an_account_with_a_role(clerk_browser: Client) -> None:
    """Whoever controls the e-mail address can reset the password."""
    owner = factories.owner(factories.member(), email="olu@brand.example")
    change(clerk_browser, owner, email="typo@brand.example")
    owner.refresh_from_db()
    assert owner.email == "typo@brand.example"  # the account has never been used
    User.objects.filter(pk=owner.pk).update(last_login=timezone.now())
    proved = EmailAddress.objects.get(user=owner)
    change(clerk_browser, owner, email="mine@else.example", name="Olu")
    added = {"user": owner.pk, "email": "mine@else.example", "verified": "on"}
    assert clerk_browser.post(address(EmailAddress, "add"), added).status_code == 403
    assert clerk_browser.post(address(EmailAddress, "change", proved.pk), added).status_code == 403
    spare = EmailAddress.objects.get(user__email="cleo@portal.example")
    assert clerk_browser.post(address(EmailAddress, "change", spare.pk), added).status_code == 403
    owner.refresh_from_db()
    assert (owner.email, owner.name) == ("typo@brand.example", "Olu")
    assert list(EmailAddress.objects.filter(user=owner)) == [proved]


# --- The last owner -----------------------------------------------------------------------------


@pytest.fixture
def member() -> Member:
    return factories.member(name="Alder Works")


@pytest.fixture
def last(member: Member) -> Membership:
    factories.filer(member)
    return factories.owner(member).memberships.get()


def owners(member: Member) -> int:
    return member.memberships.filter(role=Role.OWNER).count()


@pytest.mark.parametrize(
    "sent",
    [
        {"role": "filer"},
        {"valid_until": "2021-01-01"},
        {"valid_from": "2999-01-01"},
    ],
    ids=str,
)
def test_last_owner_cannot_be_demoted(
    clerk_browser: Client, member: Member, last: Membership, sent: dict[str, str]
) -> None:
    for page in (
        change(clerk_browser, last, **sent),
        inline(
            "memberships", clerk_browser, member, list(member.memberships.all()).index(last), **sent
        ),
        inline("memberships", clerk_browser, last.user, 0, **sent),
    ):
        assert "Alder Works: a member must have an owner" in page.content.decode()
    elsewhere = factories.member()
    assert change(clerk_browser, last, member=elsewhere.pk).status_code == 200
    last.refresh_from_db()
    assert (last.role, last.valid_until, last.member) == ("owner", None, member)


def test_last_owner_cannot_be_deleted(
    clerk_browser: Client, member: Member, last: Membership
) -> None:
    url = address(Membership, "delete", last.pk)
    assert "a member must have an owner" in clerk_browser.get(url).content.decode()
    clerk_browser.post(url, {"post": "yes"})
    second = factories.owner(member).memberships.get()
    action = {"action": "delete_selected", "_selected_action": [last.pk, second.pk]}
    page = clerk_browser.post(address(Membership, "changelist"), action)
    assert "a member must have an owner" in page.content.decode()
    clerk_browser.post(address(Membership, "changelist"), action | {"post": "yes"})
    assert owners(member) == 2
    rows = list(member.memberships.all())
    both = {f"memberships-{rows.index(one)}-DELETE": "on" for one in (last, second)}
    data = form_of(clerk_browser.get(address(Member, "change", member.pk)), id="member_form")
    page = clerk_browser.post(address(Member, "change", member.pk), data | both)
    assert "a member must have an owner" in page.content.decode()
    assert owners(member) == 2


def test_owner_can_be_replaced(clerk_browser: Client, member: Member, last: Membership) -> None:
    """In one save of the member, or in two steps."""
    number = list(member.memberships.all()).index(last)
    url = address(Member, "change", member.pk)
    data = form_of(clerk_browser.get(url), id="member_form")
    filer = member.memberships.get(role=Role.FILER)
    swap = {f"memberships-{number}-role": "viewer", f"memberships-{1 - number}-role": "owner"}
    assert clerk_browser.post(url, data | swap).status_code == 302
    filer.refresh_from_db()
    assert filer.role == "owner"
    response = clerk_browser.post(address(Membership, "delete", last.pk), {"post": "yes"})
    assert response.status_code == 302
    assert owners(member) == 1


def test_membership_of_the_last_owner_can_end_in_the_future(
    clerk_browser: Client, last: Membership
) -> None:
    """An agent's authorisation has an end date."""
    until = (clock.today() + timedelta(days=90)).isoformat()
    assert change(clerk_browser, last, valid_until=until).status_code == 302


def test_owner_with_a_closed_account_does_not_count(
    clerk_browser: Client, member: Member, last: Membership
) -> None:
    factories.owner(member, is_active=False)
    assert change(clerk_browser, last, role="viewer").status_code == 200


def test_account_of_the_last_owner_can_be_closed(
    clerk_browser: Client, member: Member, last: Membership
) -> None:
    url = address(User, "change", last.user_id)
    data = form_of(clerk_browser.get(url), id="user_form")
    data.pop("is_active")
    page = clerk_browser.post(url, data, follow=True).content.decode()
    assert "These members no longer have an active owner: Alder Works" in page
    last.user.refresh_from_db()
    assert not last.user.is_active


def test_former_member_needs_no_owner(clerk_browser: Client) -> None:
    gone = factories.member(status="left", left_on=clock.today())
    row = factories.owner(gone).memberships.get()
    assert (
        clerk_browser.post(address(Membership, "delete", row.pk), {"post": "yes"}).status_code
        == 302
    )
