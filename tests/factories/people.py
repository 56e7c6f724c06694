"""People and their roles at members."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress

from alliance.lib import clock
from members.models import Authorisation, Invitation, Member, Membership, User
from members.services import documents, invitations
from tests.factories.files import png
from tests.factories.numbers import number


def user(**fields: Any) -> User:
    """A person without a role. The password is ``password``."""
    n = number()
    fields.setdefault("email", f"person{n}@people.example")
    fields.setdefault("name", f"Person {n}")
    made = User.objects.create_user(password=fields.pop("password", "password"), **fields)
    # Verified, as for accounts created in the admin: allauth requires it for login.
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    return made


def moderator(**fields: Any) -> User:
    """A moderator."""
    return user(is_moderator=True, **fields)


def admin(**fields: Any) -> User:
    """An administrator, who is not a moderator."""
    return user(is_staff=True, is_superuser=True, **fields)


def staff(at: Member, role: str = Membership.Role.FILER, **fields: Any) -> User:
    """A person with a role at a member."""
    person = user(**fields)
    Membership.objects.create(
        user=person, member=at, role=role, valid_from=date(2020, 1, 1), valid_until=None
    )
    return person


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
