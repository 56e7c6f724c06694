"""Tests of the factories and personas."""

from __future__ import annotations

import socket

import pytest

from cases.liaison.models import ImpactSnapshot
from cases.models import Case
from cases.states import Status
from tests import factories
from tests.conftest import NetworkAccess
from tests.personas import NAMES, Personas


def test_every_status_has_a_builder() -> None:
    assert set(factories.CASE_IN) == set(Status.values)


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.django_db
def test_builders_create_the_status_they_name(status: str) -> None:
    made = factories.CASE_IN[status]()
    stored = Case.objects.get(pk=made.pk)
    assert (stored.status, stored.version) == (status, made.version)
    assert stored.listings.count() == 2


@pytest.mark.django_db
def test_verified_operation_is_published() -> None:
    operation = factories.verified_operation(arrests=7)
    assert operation.status == "verified"
    assert ImpactSnapshot.objects.latest().figures["arrests"] == 7


def test_personas_are_logged_in(personas: Personas) -> None:
    for name in NAMES:
        number = personas.client(name).session.get("_auth_user_id")
        assert number == (None if name == "anonymous" else str(getattr(personas, name).pk))


def test_network_is_not_accessible() -> None:
    with pytest.raises(NetworkAccess), socket.socket() as connection:
        connection.connect(("192.0.2.1", 443))
