"""Agents in the admin: authorisations can be read, and the rules for their roles hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Authorisation, Membership
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_of

pytestmark = pytest.mark.django_db


def change(desk: Client, of: Membership, **changes: Any) -> Any:
    url = address(Membership, "change", of.pk)
    return desk.post(url, form_of(desk.get(url), id="membership_form") | changes)


def test_admin_reads_an_authorisation_and_its_document(desk: Client) -> None:
    agent = factories.agent(factories.member())
    authorisation = agent.authorisations.get()
    assert authorisation.document
    document = reverse("document", args=[authorisation.document.pk])
    page = desk.get(address(Authorisation, "change", authorisation.pk))
    assert document in page.text
    assert desk.get(document).status_code == 200
    role = desk.get(address(Membership, "change", agent.memberships.get().pk))
    assert address(Authorisation, "change", authorisation.pk) in role.text


def test_agent_cannot_be_made_an_owner_or_get_an_end(desk: Client) -> None:
    role = factories.agent(factories.member()).memberships.get()
    response = change(desk, role, role="owner")
    assert "An agent cannot be an owner." in response.text
    response = change(desk, role, valid_until="2100-01-01")
    assert "The access of an agent ends with its authorisation." in response.text
    role.refresh_from_db()
    assert (role.role, role.valid_until) == ("filer", None)


def test_role_that_becomes_an_agents_gives_no_access_without_an_authorisation(desk: Client) -> None:
    filer = factories.filer(factories.member())
    assert change(desk, filer.memberships.get(), is_agent="on").status_code == 302
    assert filer.memberships.get().is_agent
    assert not Membership.objects.in_force().filter(user=filer).exists()


def test_last_owner_cannot_become_an_agent(desk: Client) -> None:
    owner = factories.owner(factories.member())
    response = change(desk, owner.memberships.get(), is_agent="on", role="filer")
    assert "a member must have an owner" in response.text
    assert not owner.memberships.get().is_agent
