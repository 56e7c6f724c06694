"""People and their roles at members."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress

from members.models import Invitation, Member, Membership, User
from members.services import invitations
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


def invitation(at: Member, *, by: User, **fields: Any) -> Invitation:
    """An open invitation by an owner of the member."""
    facts = {"email": f"invited{number()}@people.example", "role": Membership.Role.FILER} | fields
    return invitations.invite(member=at, by=by, **facts)


def filer_of(at: Member) -> User:
    """Return a filer of the member; create one if there is none."""
    found = Membership.objects.may_file().filter(member=at).select_related("user").first()
    return found.user if found else filer(at)
