"""Pages of applications to join, and of the status of members."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from alliance.lib import clock
from members.models import Application
from members.services import status
from tests import factories
from tests.browser.visits import Visit
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Create applications in several statuses, and return their pages. Those of an applicant: see test_admission.py."""
    draft = factories.draft_application()
    factories.member(name="Rowan Looms", website="https://www.rowan.example")
    waiting = factories.application(
        name="Rowan Looms Ltd", name_local="شركة الدر", website="https://rowan.example"
    )
    asked = factories.asked_application(by=cast.moderator)
    admitted = factories.admitted_member(by=cast.moderator)
    suspended = factories.member(name="Suspended Looms")
    status.change(member=suspended, by=cast.moderator, kind="suspended", reason="Article 7.")
    with clock.at(clock.now() - timedelta(days=1)):
        refused = factories.application()
    Application.objects.filter(pk=refused.pk).update(
        status="refused",
        refusal_reason="No brand.",
        decided_by=cast.moderator,
        decided_at=clock.now(),
    )
    pages = [
        ("anonymous", reverse("join:start")),
        ("anonymous", reverse("join:sent")),
        ("anonymous", reverse("join:link", args=[draft.key])),
        ("anonymous", reverse("join:link", args=["none"])),
        ("anonymous", reverse("join:status")),
        ("moderator", reverse("triage:applications")),
        ("moderator", reverse("triage:applications") + "?status=all"),
        ("admin", reverse("triage:application", args=[waiting.pk])),
        *(
            ("moderator", reverse("triage:application", args=[one.pk]))
            for one in (waiting, asked, refused, admitted.application)
        ),
        ("moderator", reverse("triage:member", args=[suspended.slug])),
        ("moderator", reverse("triage:member_reinstate", args=[suspended.slug])),
        ("admin", reverse("triage:member_suspend", args=[cast.member.slug])),
        ("admin", reverse("triage:member_leave", args=[cast.member.slug])),
    ]
    return [Visit(persona, url) for persona, url in pages]
