"""People and their roles at members."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from alliance.lib import clock
from members.models import Authorisation, Invitation, Member, Membership, User
from members.services import documents, invitations
from tests.factories.files import png
from tests.factories.numbers import number


def user(**fields: Any) -> User:
    """A person without a role. The password is ``password``."""
    return users([fields])[0]


def users(facts: Iterable[dict[str, Any]]) -> list[User]:
    """Several persons without a role, in two statements."""
    made = [_unsaved(**fields) for fields in facts]
    User.objects.bulk_create(made)
    # Verified, as for accounts created in the admin: allauth requires it for login.
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one, email=one.email, primary=True, verified=True) for one in made
    )
    return made


def _unsaved(*, password: str = "password", **fields: Any) -> User:
    n = number()
    facts = {"email": f"person{n}@people.example", "name": f"Person {n}"} | fields
    facts["email"] = facts["email"].lower()
    return User(password=make_password(password), **facts)


def moderator(**fields: Any) -> User:
    """A moderator."""
    return user(is_moderator=True, **fields)


def admin(**fields: Any) -> User:
    """An administrator, who is not a moderator."""
    return user(is_staff=True, is_superuser=True, **fields)


def staff(at: Member, role: str = Membership.Role.FILER, **fields: Any) -> User:
    """A person with a role at a member."""
    person = user(**fields)
    give_role(person, at, role).save()
    return person


def give_role(person: User, at: Member, role: str) -> Membership:
    """An unsaved role of a person at a member, without an end."""
    return Membership(user=person, member=at, role=role, valid_from=date(2020, 1, 1))


def filer(at: Member, **fields: Any) -> User:
    return staff(at, Membership.Role.FILER, **fields)


def owner(at: Member, **fields: Any) -> User:
    return staff(at, Membership.Role.OWNER, **fields)


def viewer(at: Member, **fields: Any) -> User:
    return staff(at, Membership.Role.VIEWER, **fields)


def authorisation(at: Member, agent: User, **fields: Any) -> Authorisation:
    """An authorisation of an agent, in force for a year, recorded by an owner of the member."""
    today = clock.today()
    values = {"valid_from": today - timedelta(days=30), "valid_until": today + timedelta(days=365)}
    by = fields.pop("recorded_by", None) or _owner_of(at)
    with documents.stored(png("authorisation.png"), kind="authorisation", by=by) as document:
        assert document is not None
        document.save()
    return Authorisation.objects.create(
        member=at, agent=agent, document=document, recorded_by=by, **values | fields
    )


def agent(*members: Member, role: str = Membership.Role.FILER, **fields: Any) -> User:
    """A law firm's person, who acts for the members with an authorisation each."""
    person = user(**fields)
    for member in members:
        Membership.objects.create(
            user=person, member=member, role=role, is_agent=True, valid_from=date(2020, 1, 1)
        )
        authorisation(member, person)
    return person


def _owner_of(at: Member) -> User:
    roles = Membership.objects.filter(member=at, role=Membership.Role.OWNER)
    found = roles.select_related("user").first()
    return found.user if found else owner(at)


def invitation(at: Member, *, by: User, **fields: Any) -> Invitation:
    """An open invitation by an owner of the member."""
    facts = {"email": f"invited{number()}@people.example", "role": Membership.Role.FILER} | fields
    return invitations.invite(member=at, by=by, **facts)


def filer_of(at: Member) -> User:
    """Return a filer of the member; create one if there is none."""
    found = Membership.objects.may_file().filter(member=at).select_related("user").first()
    return found.user if found else filer(at)
