"""Browser visits of the pages of a member's webhooks."""

from __future__ import annotations

from django.db.models.functions import Now

from cases.liaison.delivery import numbering
from cases.liaison.models import Channel, ChannelTest, Delivery
from tests import factories
from tests.browser.visits import Visit, address
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit]:
    """Return the pages, with a webhook that has delivered and failed."""
    channel, _secret = factories.member_webhook(
        "https://hooks.alder-works.example/portal/cases/updates-of-the-alliance",
        cast.member,
        by=cast.owner,
    )
    for _ in range(2):
        factories.submitted_case(citing=cast.right)
    numbering.assign_all_numbers(channel.pk)
    first, second = Delivery.objects.filter(channel=channel).order_by("seq")
    Delivery.objects.filter(pk=first.pk).update(sent_at=Now(), attempts=1)
    Delivery.objects.filter(pk=second.pk).update(dead_at=Now(), attempts=20, dead_reason="HTTP 422")
    Channel.objects.filter(pk=channel.pk).update(failures=2, last_error="certificate_refused")
    test = ChannelTest.objects.create(
        channel=channel,
        requested_by=cast.owner,
        started_at=Now(),
        finished_at=Now(),
        sent="POST /portal HTTP/1.1\nwebhook-id: 1\n\n{}",
        status=500,
        answer="HTTP/1.1 500\n\nout of memory",
    )
    page = (cast.member.slug, channel.pk)
    return [
        Visit("owner", address(("webhooks:list", cast.member.slug))),
        Visit("owner", address(("webhooks:detail", *page))),
        Visit("owner", address(("webhooks:detail", *page)) + "?show=dead"),
        Visit("owner", address(("webhooks:replay", *page)) + "?since=2020-01-01T00:00"),
        Visit("owner", address(("webhooks:test_result", *page, test.pk))),
    ]
