"""People informed of a step are also informed of its reversal, by e-mail and on the timeline."""

from __future__ import annotations

import pytest
from django.core import mail

from cases import tasks
from cases.liaison.models import Operation
from cases.models import Case, OutgoingMail
from cases.services import filing, operations
from cases.services import referral as referrals
from cases.views.desk import timeline
from members.models import User
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


def mailed(case: Case, user: User) -> list[str]:
    """Return the events of ``case`` that were mailed to ``user``."""
    sent = OutgoingMail.objects.filter(case=case, user=user).order_by("event_sequence")
    return list(sent.values_list("kind", flat=True))


def read_by(case: Case, user: User) -> list[str]:
    """Return the events on the timeline of ``user``, oldest first."""
    return [entry.kind for entry in reversed(timeline.of_case(case, user))]


def accepted(cast: Personas) -> Operation:
    referral = factories.accepted_referral(
        cast.agency,
        officer=cast.officer,
        moderator=cast.moderator,
        by=cast.filer,
        citing=cast.right,
    )
    return factories.reported_operation(referral, officer=cast.officer)


def test_retraction_of_a_verified_operation(personas: Personas) -> None:
    operation = accepted(personas)
    case = operation.cases.get()
    operations.verify(operation=operation, by=personas.second_moderator)
    for _ in range(2):
        operations.retract(
            operation=operation, by=personas.second_moderator, reason="Counted twice."
        )
    assert mailed(case, personas.filer)[-2:] == ["operation_verified", "operation_retracted"]
    assert read_by(case, personas.viewer)[-2:] == ["operation_verified", "operation_retracted"]
    tasks.send_mails()
    assert mail.outbox[-1].subject.endswith(f"{case.reference}: Operation report retracted")
    page = browser_of(personas.viewer).get(case.get_absolute_url()).content.decode()
    assert "Operation report retracted" in page
    assert "Counted twice." not in page  # the reason is for the agency only


def test_retraction_of_an_unverified_report_is_not_shown_to_the_member(
    personas: Personas,
) -> None:
    operation = accepted(personas)
    case = operation.cases.get()
    operations.retract(operation=operation, by=personas.second_moderator, reason="Counted twice.")
    assert "operation_retracted" not in mailed(case, personas.filer)
    assert "operation_retracted" not in read_by(case, personas.viewer)


def test_withdrawal_of_a_referral(personas: Personas) -> None:
    referral = factories.referred_case(
        personas.agency, moderator=personas.moderator, by=personas.filer, citing=personas.right
    )
    for _ in range(2):
        referrals.withdraw(referral=referral, by=personas.moderator, note="Wrong city.")
    case = referral.case
    assert mailed(case, personas.filer)[-2:] == ["referred", "referral_withdrawn"]
    assert read_by(case, personas.viewer)[-2:] == ["referred", "referral_withdrawn"]
    page = browser_of(personas.viewer).get(case.get_absolute_url()).content.decode()
    assert "Referral withdrawn" in page
    for secret in (personas.agency.name, "Wrong city."):
        assert secret not in page
    kinds = referral.updates.order_by("case_version").values_list("kind", flat=True)
    assert list(kinds) == ["referral_offered", "referral_withdrawn"]


def test_withdrawal_by_a_colleague(personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    filing.withdraw(case=case, by=personas.owner, note="Settled.")
    assert mailed(case, personas.filer) == ["submitted", "withdrawn"]


def test_discarding_a_draft_sends_no_mail(personas: Personas) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    filing.withdraw(case=case, by=personas.filer)
    assert mailed(case, personas.filer) == []
