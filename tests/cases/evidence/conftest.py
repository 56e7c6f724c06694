"""Fixtures of the evidence tests: a filer's browser and a draft without files."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Case
from tests import factories
from tests.personas import Personas


@pytest.fixture
def draft(personas: Personas) -> Case:
    return factories.draft_case(by=personas.filer, citing=personas.right, files=0)


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")
