"""Pages of bulk actions, saved views and the layout of the list, to be opened in a browser."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from tests import factories
from tests.browser.visits import FormVisit, Visit
from tests.factories.bulk import bulk_job, saved_view, subscription
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Return the steps of bulk actions in several states, and saved views with and without subscriptions."""
    waiting, upheld = factories.submitted_case(), factories.upheld_case()
    mixed = [waiting, upheld]
    by = cast.moderator
    checked = bulk_job(by=by, verb="priority", cases=mixed, priority=4)
    done = bulk_job(by=by, cases=[factories.submitted_case(), upheld], confirmed=True)
    view = saved_view(by=by, name="Designs that wait", is_shared=True)
    subscription(view, how="above", threshold=20)
    chosen = urlencode({"case": waiting.reference})

    def verb(name: str) -> str:
        return f"{reverse('triage:bulk_new', args=[name])}?{chosen}"

    return [
        Visit("moderator", f"{reverse('triage:list')}?saved={view.pk}&violation=patent"),
        Visit("moderator", verb("uphold")),
        Visit("moderator", verb("claim")),
        FormVisit("moderator", verb("reject"), {"case": waiting.reference, "facts": "x" * 5001}),
        *(Visit("moderator", reverse("triage:bulk_job", args=[one.pk])) for one in (checked, done)),
        Visit("moderator", reverse("triage:bulk")),
        Visit("second_moderator", reverse("triage:bulk")),
        Visit("moderator", reverse("triage:views")),
        Visit("moderator", f"{reverse('triage:view_new')}?back=violation%3Ddesign"),
        Visit("moderator", reverse("triage:view", args=[view.pk])),
        FormVisit("moderator", reverse("triage:view", args=[view.pk]), {"view-name": ""}),
        Visit("admin", reverse("triage:view_emails", args=[view.pk])),
        Visit("moderator", reverse("triage:unsubscribe", args=[view.pk])),
        Visit("admin", reverse("triage:unsubscribe", args=[view.pk])),
        Visit("admin", reverse("triage:layout")),
    ]
