"""Suspension, reinstatement and departure of members, and each effect that the page states."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import tasks
from cases.models import Case
from cases.services import filing
from members import roles
from members.models import Member, Membership, StatusChange
from members.services import invitations, people, status
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
REASON = "The statutes, article 7."
VERBS = {"suspended": "suspend", "reinstated": "reinstate", "left": "leave"}


def change(client: Client, member: Member, kind: str, **changes: Any) -> Any:
    url = reverse(f"triage:member_{VERBS[kind]}", args=[member.slug])
    return client.post(url, form_data(client.get(url), "change-form", text=REASON) | changes)


def test_page_states_the_effects_and_asks_for_a_reason(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    factories.draft_case(by=personas.filer, citing=personas.right)
    factories.submitted_case(by=personas.filer, citing=personas.right)
    factories.referred_case(personas.agency, by=personas.filer, citing=personas.right)
    client, member = personas.client("admin"), personas.member
    url = reverse("triage:member_leave", args=[member.slug])
    with django_assert_max_num_queries(8):
        page = client.get(url)
    for text in ("People: 3", "Drafts: 1", "Undecided cases: 1", "Open referrals: 1"):
        assert text in page.text
    empty = client.post(url, form_data(page, "change-form", text="\u200b"))
    assert empty.status_code == 422
    member.refresh_from_db()
    assert member.status == "active"
    assert client.get(reverse("triage:member_reinstate", args=[member.slug])).status_code == 302


def test_suspended_member_reads_and_changes_nothing(personas: Personas) -> None:
    member, client = personas.member, personas.client("moderator")
    draft = factories.draft_case(by=personas.filer, citing=personas.right)
    waiting = factories.submitted_case(by=personas.filer, citing=personas.right)
    referred = factories.referred_case(personas.agency, by=personas.filer, citing=personas.right)
    viewer = personas.viewer.memberships.get()
    sent = factories.invitation(member, by=personas.owner)
    assert change(client, member, "suspended").status_code == 302
    member.refresh_from_db()
    assert (member.status, roles.may_write(member)) == ("suspended", False)
    # People log in and read.
    assert Client().login(email=personas.filer.email, password="password")
    for name in ("filer", "owner"):
        assert personas.client(name).get("/cases/").status_code == 200
    # Nothing is filed or changed; access can be ended.
    for refused in (
        lambda: filing.submit(case=draft, by=personas.filer, good_faith=True),
        lambda: filing.withdraw(case=waiting, by=personas.filer),
        lambda: people.change_role(membership=viewer, by=personas.owner, role="filer"),
        lambda: invitations.resend(invitation=sent, by=personas.owner),
    ):
        with pytest.raises(Refusal):
            refused()
    assert Case.objects.get(pk=draft.pk).status == "draft"
    tasks.send_mails()  # the viewer is told before the role ends
    people.remove(membership=viewer, by=personas.owner)
    # Open cases are decided, referrals go on, and the directory shows nothing.
    assert decide(waiting, personas).status == "upheld"
    assert personas.client("officer").get(referral_page(referred)).status_code == 200
    assert Client().get(f"/members/{member.slug}/").status_code == 404
    assert member.slug not in Client().get("/members/").text
    told = [message for message in mail.outbox if REASON in message.body]
    assert {one.to[0] for one in told} == {
        personas.filer.email,
        personas.owner.email,
        personas.viewer.email,
    }
    # Reinstated, everything works again.
    assert change(client, member, "reinstated").status_code == 302
    assert filing.submit(case=draft, by=personas.filer, good_faith=True).status == "submitted"
    member.refresh_from_db()
    assert (member.status, member.suspended_on) == ("active", None)
    assert list(member.status_changes.values_list("kind", flat=True)) == ["reinstated", "suspended"]


def decide(case: Case, personas: Personas) -> Case:
    return factories.upheld_case(case=case, moderator=personas.moderator)


def referral_page(case: Any) -> str:
    return reverse("liaison:referral", args=[case.reference])


def test_former_member_has_no_access_and_is_told(personas: Personas) -> None:
    member = personas.member
    draft = factories.draft_case(by=personas.filer, citing=personas.right)
    waiting = factories.submitted_case(by=personas.filer, citing=personas.right)
    referred = factories.referred_case(personas.agency, by=personas.filer, citing=personas.right)
    sent = factories.invitation(member, by=personas.owner)
    client = personas.client("filer")
    assert change(personas.client("moderator"), member, "left").status_code == 302
    page = client.get("/desk/")
    assert page.status_code == 403
    assert "The membership of Alder Works ended on" in page.text
    assert client.get(f"/cases/{waiting.reference}/").status_code == 404
    with pytest.raises(NotAllowed):
        filing.submit(case=draft, by=personas.filer, good_faith=True)
    assert Case.objects.get(pk=draft.pk).status == "draft"
    assert "withdrawn" in invitations.refusal(type(sent).objects.get(pk=sent.pk))
    # A complaint stays valid: it is decided and referred, and law enforcement is not cut off.
    assert decide(waiting, personas).status == "upheld"
    assert personas.client("officer").get(referral_page(referred)).status_code == 200
    assert Client().get(f"/members/{member.slug}/").status_code == 404
    assert Membership.objects.filter(member=member).count() == 3
    with pytest.raises(Conflict, match="Mo Moderator has changed the status"):
        status.change(member=member, by=personas.admin, kind="suspended", reason=REASON)


def test_strangers_and_parties_do_not_change_it(personas: Personas) -> None:
    for person in (personas.owner, personas.officer):
        with pytest.raises(NotAllowed):
            status.change(member=personas.member, by=person, kind="suspended", reason=REASON)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_suspend_once() -> None:
    member = factories.member()
    factories.owner(member)
    first, second = factories.moderator(), factories.moderator()
    calls = [
        lambda by=by: status.change(member=member, by=by, kind="suspended", reason=f"By {by.pk}")
        for by in (first, second)
    ]
    results = run_concurrently(*calls)
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert StatusChange.objects.count() == 1
