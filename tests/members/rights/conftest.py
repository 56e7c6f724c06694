"""Helpers of the tests of rights: the forms of the owner and of the moderator."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import IPRight
from tests import factories
from tests.forms import form_data
from tests.personas import Personas

FORM = "right-form"
ENTERED = {
    "title": "ALDER",
    "registered_owner": "Alder Works Ltd",
    "office": "CNIPA",
    "number": "30000001",
    "territory": "CN, Japan",
    "nice_classes": "18, 25",
    "registered_on": "2015-03-01",
    "expires_on": "2045-03-01",
}


def register(personas: Personas, client: Client | None = None, **changes: Any) -> Any:
    """Fill in and send the form for a new right. ``certificate`` is a PNG unless given."""
    url = reverse("rights:register", args=[personas.member.slug])
    client = client or personas.client("owner")
    upload = changes.pop("certificate", factories.png("certificate.png"))
    data = form_data(client.get(url), FORM, **ENTERED | {"brand": str(personas.brand.pk)} | changes)
    return client.post(url, data | ({"certificate": upload} if upload else {}))


def change(personas: Personas, right: IPRight, client: Client | None = None, **changes: Any) -> Any:
    """Open and send the form of a right."""
    url = reverse("rights:change", args=[right.brand.member.slug, right.pk])
    client = client or personas.client("owner")
    upload = changes.pop("certificate", None)
    data = form_data(client.get(url), FORM, **changes)
    return client.post(url, data | ({"certificate": upload} if upload else {}))


@pytest.fixture
def waiting(personas: Personas) -> IPRight:
    """A right of the member that waits for its verification."""
    return factories.registered_right(personas.member, by=personas.owner, under=personas.brand)
