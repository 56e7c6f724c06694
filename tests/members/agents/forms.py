"""The forms of owners for agents, sent as their pages hold them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from members.models import Document, Membership, User
from members.models.document import document_storage
from members.services.authorisations import Grant
from tests import factories
from tests.forms import form_data
from tests.personas import Personas

EMAIL = "ana@lawfirm.example"
DAY = timedelta(days=1)


def day(offset: int) -> date:
    return clock.today() + offset * DAY


def grant(start: int = 0, end: int = 100, **document: Any) -> Grant:
    return Grant(day(start), day(end), factories.png("letter.png", **document))


def role_of(user: User) -> Membership:
    return Membership.objects.select_related("user", "member").get(user=user)


def page_url(role: Membership) -> str:
    return reverse("people:authorisation", args=[role.member.slug, role.pk])


def post_invitation(personas: Personas, **changes: Any) -> Any:
    """Send the invite form for an agent."""
    client = personas.client("owner")
    page = client.get(reverse("people:list", args=[personas.member.slug]))
    url = reverse("people:invite", args=[personas.member.slug])
    sent = {"email": EMAIL, "is_agent": "on", "valid_from": day(0), "valid_until": day(100)}
    document = changes.pop("document", factories.png("letter.png"))
    data = form_data(page, url) | sent | changes
    assert {"email", "role", "valid_from", "valid_until"} <= set(data)
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(url, data | ({"document": document} if document else {}))


def post_renewal(client: Client, role: Membership, page: Any = None, **changes: Any) -> Any:
    """Send the form of the agent's page. ``page`` is the one that was opened before, if any."""
    url = page_url(role)
    document = changes.pop("document", factories.png("renewed.png"))
    data = form_data(page or client.get(url), url, **changes)
    return client.post(url, data | ({"document": document} if document else {}))


def files() -> int:
    storage = document_storage()
    folders = storage.listdir("documents")[0] if storage.exists("documents") else []
    kept = {str(pk) for pk in Document.objects.values_list("pk", flat=True)}
    names = [name for folder in folders for name in storage.listdir(f"documents/{folder}")[1]]
    return len([name for name in names if name in kept])
