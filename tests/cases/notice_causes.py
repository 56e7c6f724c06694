"""What causes notices: one for each topic. Each function returns the person who is notified."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage

from alliance.lib import clock
from cases import tasks
from cases.mail import queue
from members.models import MemberNotice, Membership, User
from members.services import invitations, people, right_reminders, rights
from tests import factories
from tests.concurrency import run_concurrently
from tests.personas import Personas

Kind = MemberNotice.Kind


def send_back(personas: Personas) -> User:
    """A moderator returns a right that the filer has submitted."""
    factories.right(personas.brand, submitted_by=personas.filer)
    returned = personas.brand.rights.latest("pk")
    rights.send_back(right=returned, by=personas.moderator, reason="It is class 18.")
    return personas.filer


def let_expire(personas: Personas) -> User:
    """The owner is reminded of a right that expires."""
    factories.right(personas.brand, expires_on=clock.today() + timedelta(days=5))
    assert right_reminders.remind_next()
    return personas.owner


def accept(personas: Personas) -> User:
    """A person accepts the owner's invitation."""
    factories.user(email="new@alder.example")
    invitation = invitations.invite(
        member=personas.member, by=personas.owner, email="new@alder.example", role="viewer"
    )
    person = User.objects.get(email="new@alder.example")
    invitations.accept(invitation=invitation, by=person)
    MemberNotice.objects.filter(kind=Kind.INVITED).update(sent_at=clock.now())
    return personas.owner


def change_role(personas: Personas) -> User:
    """The owner makes the filer a viewer."""
    role = Membership.objects.get(user=personas.filer)
    people.change_role(membership=role, by=personas.owner, role="viewer")
    return personas.filer


# For each topic: what happens, the label, a part of the line in the digest and the list, and the page it leads to.
CAUSES: list[Any] = [
    ("rights", send_back, "A right was returned", "Mark ", "/rights/alder-works/"),
    ("expiries", let_expire, "Rights expire soon", "1 right expires within 7 days", "?state=exp"),
    ("people", accept, "Your invitation was accepted", "Alder Works", "/people/alder-works/"),
    ("access", change_role, "Your role has changed", "Viewer", "/people/alder-works/"),
]


def latest(user: User) -> MemberNotice:
    """Return the latest notice to ``user``."""
    found: MemberNotice = MemberNotice.objects.filter(user=user).latest("pk")
    return found


def send(at: datetime | None = None) -> list[EmailMessage]:
    """Send what is due now, or at the moment ``at``; return the messages."""
    mail.outbox.clear()
    with clock.at(at or clock.now()):
        tasks.send_mails()
    return list(mail.outbox)


def subjects_sent_by_three_workers(at: datetime) -> list[str]:
    """Return the subjects of the emails that three workers send at the same moment."""

    def work() -> None:
        with clock.at(at):
            queue.send_due(seconds=5)

    mail.outbox.clear()
    run_concurrently(work, work, work)
    return [message.subject for message in mail.outbox]
