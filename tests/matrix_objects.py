"""The objects behind the URLs of :mod:`tests.matrix`. Each function returns the arguments of a URL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession

from cases.liaison.models import ChannelTest
from cases.models import Case
from cases.services import complaint_templates, previews
from members.models import MemberNotice
from members.services import rights
from tests import factories
from tests.personas import Personas


def ownership(cast: Personas) -> dict[str, Any]:
    """Return the fields of a case filed by the member's filer."""
    return {"by": cast.filer, "citing": cast.right}


def case_in(status: str) -> Callable[[Personas], tuple[Any, ...]]:
    """Return a function that creates a case in ``status``, claimed and decided by the holder."""

    def make(cast: Personas) -> tuple[Any, ...]:
        facts = ownership(cast)
        if status not in ("draft", "submitted", "withdrawn"):
            facts["moderator"] = cast.moderator
        return (factories.CASE_IN[status](**facts).reference,)

    return make


def answered_counter_notice(cast: Personas) -> tuple[Any, ...]:
    made = factories.counter_noticed_case(
        moderator=cast.moderator, answered=True, **ownership(cast)
    )
    return (made.reference,)


def listed_marketplace(_cast: Personas) -> tuple[Any, ...]:
    return (factories.watch_list_entry().marketplace.slug,)


def template(cast: Personas) -> tuple[Any, ...]:
    case = factories.draft_case(**ownership(cast))
    return (complaint_templates.save(case=case, by=cast.filer, name="Caps").pk,)


def referred_case(cast: Personas) -> tuple[Any, ...]:
    referral = factories.referred_case(cast.agency, moderator=cast.moderator, **ownership(cast))
    return (referral.case.reference,)


def referral(cast: Personas) -> tuple[Any, ...]:
    made = factories.referred_case(cast.agency, moderator=cast.moderator, **ownership(cast))
    return (made.reference,)


def withdrawn_referral(cast: Personas) -> tuple[Any, ...]:
    from cases.services import referral as referrals

    made = factories.referred_case(cast.agency, moderator=cast.moderator, **ownership(cast))
    return (referrals.withdraw(referral=made, by=cast.moderator, note="In error.").reference,)


def answer(verb: str) -> Callable[[Personas], tuple[Any, ...]]:
    return lambda cast: (*referral(cast), verb)


def operation(cast: Personas) -> tuple[Any, ...]:
    made = factories.accepted_referral(
        cast.agency, officer=cast.officer, moderator=cast.moderator, **ownership(cast)
    )
    return (factories.reported_operation(made, officer=cast.officer).reference,)


def overdue_step(cast: Personas) -> tuple[Any, ...]:
    made = factories.overdue_step(cast.agency, moderator=cast.moderator, **ownership(cast))
    return (made.pk,)


def channel(cast: Personas) -> tuple[Any, ...]:
    return (factories.webhook("https://liaison.example/in", of=cast.agency)[0].pk,)


def channel_test(cast: Personas) -> tuple[Any, ...]:
    (number,) = channel(cast)
    return (number, ChannelTest.objects.create(channel_id=number).pk)


def evidence_of(make: Callable[[Personas], tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
    def made(cast: Personas) -> tuple[Any, ...]:
        (reference,) = make(cast)
        previews.make_due(seconds=10)
        return (Case.objects.get(reference=reference).evidence.get().pk,)

    return made


def found_contact(status: str) -> Callable[[Personas], tuple[Any, ...]]:
    """A contact found in a picture of a case in this status."""

    def made(cast: Personas) -> tuple[Any, ...]:
        (reference,) = case_in(status)(cast)
        found = factories.found_contact(Case.objects.get(reference=reference))
        return (reference, found.pk)

    return made


def held_decision(cast: Personas) -> tuple[Any, ...]:
    """A decision of the holder that waits for a second moderator."""
    made = factories.reviewed_decision(moderator=cast.moderator, **ownership(cast))
    return (made.pk,)


def notification(cast: Personas) -> tuple[Any, ...]:
    """A notification of the filer, of which nobody else knows."""
    factories.upheld_case(moderator=cast.moderator, **ownership(cast))
    return (factories.latest(cast.filer).pk,)


def notice(cast: Personas) -> tuple[Any, ...]:
    """A notification of the filer that a right was returned. The owner has another one."""
    right = factories.right(cast.brand, submitted_by=cast.filer)
    rights.send_back(right=right, by=cast.moderator, reason="It is class 18.")
    return (MemberNotice.objects.get(user=cast.filer, right=right).pk,)


def session(cast: Personas) -> tuple[Any, ...]:
    """Another session of the filer."""
    values = {"user": cast.filer, "ip": "192.0.2.7", "session_key": "another-browser"}
    return (UserSession.objects.create(**values).pk,)


def member(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug,)


def right(cast: Personas) -> tuple[Any, ...]:
    made = factories.registered_right(cast.member, by=cast.owner, under=cast.brand)
    return (cast.member.slug, made.pk)


def triage_right(cast: Personas) -> tuple[Any, ...]:
    return right(cast)[1:]


def certificate(cast: Personas) -> tuple[Any, ...]:
    made = factories.registered_right(cast.member, by=cast.owner, under=cast.brand)
    return (made.certificate_id,)


def people(name: str) -> Callable[[Personas], tuple[Any, ...]]:
    """Return a function that gives the arguments of a URL of the member's people."""

    def make(cast: Personas) -> tuple[Any, ...]:
        role = cast.viewer.memberships.get()
        invitation = factories.invitation(cast.member, by=cast.owner)
        pk = {"list": (), "invite": (), "resend": (invitation.pk,), "withdraw": (invitation.pk,)}
        return (cast.member.slug, *pk.get(name, (role.pk,)))

    return make


def agent(cast: Personas) -> tuple[Any, ...]:
    """Return the arguments of a URL of an agent of the member."""
    return (cast.member.slug, factories.agent(cast.member).memberships.get().pk)
