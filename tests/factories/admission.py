"""Applications to join, in each status, made by the services."""

from __future__ import annotations

from typing import Any

from members import checklist
from members.models import Application, Industry, Member, User
from members.services import admissions, applications, status
from members.services.admissions import Checked
from tests.factories.directory import industry
from tests.factories.files import png
from tests.factories.numbers import number
from tests.factories.people import moderator


def draft_application(**facts: Any) -> Application:
    """A complete draft of a verified address."""
    n = number()
    email = facts.pop("email", f"ana{n}@applicant{n}.example")
    values: dict[str, Any] = {
        "name": f"Rowan Looms {n} Ltd",
        "name_local": "",
        "country": "GB",
        "registration_number": f"HRB-{n}-09",
        "website": f"https://www.applicant{n}.example/",
        "contact_name": "Ana Applicant",
        "contact_position": "Counsel",
        "contact_phone": "+44 20 7946 0000",
        "brands": [f"ROWAN {n}"],
        "industries": [Industry.objects.first() or industry()],
        "registration_document": png("register.png"),
        "mandate": png("letter.png"),
    }
    applications.start(email=email, language="en")
    made = Application.objects.open().get(email=email)
    applications.verify(application=made)
    return applications.save(application=made, **values | facts)


def application(**facts: Any) -> Application:
    """A submitted application."""
    return applications.submit(application=draft_application(**facts), declared=True)


def tick_all(one: Application, *, by: User) -> None:
    """Tick every point of the checklist."""
    saved = admissions.checks_of(one)
    admissions.save_checks(
        application=one,
        by=by,
        seen=admissions.checks_version(saved),
        entered={point.key: Checked(True, "") for point in checklist.POINTS},
    )


def asked_application(*, by: User | None = None, **facts: Any) -> Application:
    """An application with a question of a moderator."""
    made = application(**facts)
    return admissions.ask(application=made, by=by or moderator(), text="Who signed the letter?")


def admitted_member(*, by: User | None = None, **facts: Any) -> Member:
    """A member that was admitted, without an owner yet."""
    made, person = application(**facts), by or moderator()
    tick_all(made, by=person)
    return admissions.admit(application=made, by=person)


def set_status(member: Member, kind: str) -> None:
    """Suspend or reinstate the member, or end its membership (“left”). ``member`` stays as it was read."""
    status.change(
        member=Member.objects.get(pk=member.pk), by=moderator(), kind=kind, reason="The statutes."
    )


def application_rows(member: Member) -> Application:
    """An application with a check and a question, and a change of the member's status: a row of every table."""
    by = moderator()
    made = asked_application(by=by)
    tick_all(made, by=by)
    set_status(member, "suspended")
    set_status(member, "reinstated")
    return made
