"""What moderators add to a case reaches no member: no page, file, API, webhook, notification or email."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from django.urls import reverse

from cases.liaison.models import Update
from cases.mail import queue
from cases.models import OutgoingMail
from cases.services import decisions, teamwork, triage
from tests import factories
from tests.factories.api import Api, access_token
from tests.factories.teams import macro, team
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
SECRET = "Zwischenruf"


def test_nothing_among_moderators_reaches_a_member() -> None:
    mo = factories.moderator(name="Mo Moderator")
    case = factories.ready_case(moderator=mo)
    filer, other = case.created_by, factories.submitted_case()
    factories.member_webhook("https://hooks.example/in", case.member)
    macro(team(mo, name=f"{SECRET} team"), name=f"{SECRET} macro")
    teamwork.add_tag(case=case, by=mo, name=f"{SECRET} tag")
    teamwork.watch(case=case, by=factories.moderator(name=f"{SECRET} watcher"))
    teamwork.link(case=case, by=mo, other=other.reference, note=f"{SECRET} link")
    case = triage.comment(case=case, by=mo, note=f"{SECRET} note for @{SECRET} watcher")
    decisions.uphold(
        case=case,
        by=mo,
        reason=factories.reason("uphold"),
        ground="illegal_content",
        facts="A forged label.",
        expected_version=case.version,
    )

    browser = browser_of(filer)
    seen = {}
    for name in ("home", "cases", "cases_csv", "listings_csv", "report"):
        url = reverse(f"desk:{name}")
        answer = browser.get(url)
        assert answer.status_code == 200, url
        seen[url] = answer.getvalue().decode()
    for url in (reverse("desk:case", args=[case.reference]), reverse("notifications:list")):
        seen[url] = browser.get(url).content.decode()
    assert "A forged label." in seen[reverse("desk:case", args=[case.reference])]
    api = Api(access_token(case.member, filer)[1])
    for path in ("/cases", f"/cases/{case.reference}", f"/cases/{case.reference}/events"):
        answer = api.send("GET", path)
        assert answer.status_code == 200, path
        seen[path] = answer.content.decode()
    updates = Update.objects.filter(case=case)
    assert updates.exists()
    seen["updates"] = json.dumps([one.payload for one in updates], ensure_ascii=False)
    assert not OutgoingMail.objects.filter(user=filer, kind__startswith="watch").exists()
    mail.outbox.clear()
    queue.send_due(seconds=5)
    written = [one for one in mail.outbox if one.to == [filer.email]]
    assert written
    seen["mail"] = "".join(f"{one.subject} {one.body}" for one in written)
    for where, text in seen.items():
        assert SECRET not in text, where
        assert other.reference not in text, where
    # Their URLs are no pages of a member.
    for verb in ("watch", "tag", "link"):
        assert browser.post(reverse(f"triage:{verb}", args=[case.reference])).status_code == 403
