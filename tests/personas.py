"""The personas of all access tests, each with one relation to the same member and agency.

``member`` owns the cases of a test; ``agency`` receives their referrals.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.test import Client

from cases.liaison.models import Agency, Officer
from members.models import Brand, IPRight, Member, Membership, User
from tests import factories
from tests.forms import form_data

CONFIRM = "/accounts/reauthenticate/"
NAMES = (
    "anonymous",
    "stranger",
    "viewer",
    "filer",
    "owner",
    "moderator",
    "second_moderator",
    "officer",
    "other_officer",
    "admin",
)


@dataclass(frozen=True)
class Personas:
    """``stranger`` is staff of ``other_member``; ``admin`` is not a moderator."""

    member: Member
    brand: Brand
    right: IPRight
    other_member: Member
    agency: Agency
    other_agency: Agency
    stranger: User
    viewer: User
    filer: User
    owner: User
    moderator: User
    second_moderator: User
    officer: User
    other_officer: User
    admin: User
    anonymous: AnonymousUser

    def client(self, name: str) -> Client:
        """Return a test client logged in as the persona."""
        return browser_of(getattr(self, name))


def browser_of(person: User | AnonymousUser) -> Client:
    """Return a test client logged in as ``person``."""
    client = Client()
    if isinstance(person, User):
        client.force_login(person)
    return client


def confirmed(client: Client) -> Client:
    """Enter the password again, as before a sensitive change. Return the client."""
    answer = client.post(CONFIRM, form_data(client.get(CONFIRM), CONFIRM, password="password"))
    assert answer.status_code == 302
    return client


def make() -> Personas:
    """Create all personas."""
    member = factories.member(name="Alder Works", slug="alder-works")
    other_member = factories.member(name="Birch & Sons", slug="birch-sons")
    right = factories.right(factories.brand(member, name="ALDER"))
    agency = factories.agency(name="Harbour Police")
    other_agency = factories.agency(name="River Customs", kind="customs")
    people = {
        "stranger": {"name": "Sam Stranger"},
        "viewer": {"name": "Vera Viewer"},
        "filer": {"name": "Fay Filer"},
        "owner": {"name": "Olu Owner"},
        "moderator": {"name": "Mo Moderator", "is_moderator": True},
        "second_moderator": {"name": "Min Moderator", "is_moderator": True},
        "officer": {"name": "Oda Officer"},
        "other_officer": {"name": "Ori Officer"},
        "admin": {"name": "Ada Admin", "is_staff": True, "is_superuser": True},
    }
    cast = dict(zip(people, factories.users(people.values()), strict=True))
    roles = [factories.give_role(cast[role], member, role) for role in ("viewer", "filer", "owner")]
    roles.append(factories.give_role(cast["stranger"], other_member, "owner"))
    Membership.objects.bulk_create(roles)
    officers = {"officer": agency, "other_officer": other_agency}
    Officer.objects.bulk_create(
        Officer(user=cast[name], agency=of) for name, of in officers.items()
    )
    return Personas(
        member=member,
        brand=right.brand,
        right=right,
        other_member=other_member,
        agency=agency,
        other_agency=other_agency,
        anonymous=AnonymousUser(),
        **cast,
    )
