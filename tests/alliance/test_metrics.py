"""The Prometheus endpoint: its values, its token, and no data about people or cases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Delivery, Referral
from cases.liaison.monitoring import metrics
from tests import factories

TOKEN = "a-token-of-this-test"


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape() -> str:
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def channel_values(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return the values of the channel metrics by short name and labels."""
    return {
        (
            sample.name.removeprefix("portal_liaison_"),
            tuple(sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("portal_liaison_")
    }


def values_of(channel: Channel) -> dict[str, float]:
    """Return the channel's metrics by short name. A scrape also has what all earlier tests of the process have left."""
    labels = {"agency": channel.agency.slug, "channel": str(channel.pk), "kind": channel.kind}
    own = tuple(sorted(labels.items()))
    values = channel_values(scrape())
    return {name: value for (name, labels), value in values.items() if labels == own}


@pytest.mark.parametrize(
    "given",
    [
        "",
        TOKEN,
        f"Basic {TOKEN}",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        "Bearer wrong",
        "Bearer Ã¼",
    ],
)
def test_metrics_need_the_token(db: None, given: str) -> None:
    answer = Client().get("/metrics", headers={"authorization": given})
    assert answer.status_code == 404
    assert b"portal_liaison" not in answer.content


def test_metrics_are_disabled_without_a_configured_token(db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for given in ("", "Bearer", "Bearer ", f"Bearer {TOKEN}"):
        assert Client().get("/metrics", headers={"authorization": given}).status_code == 404


def test_admin_session_gives_no_access(db: None) -> None:
    person = Client()
    person.force_login(factories.admin())
    assert person.get("/metrics").status_code == 404


def test_response_is_not_cached_and_post_is_refused(db: None) -> None:
    answer = Client().get("/metrics", headers={"authorization": f"bearer {TOKEN}"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert Client().post("/metrics").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_values_of_a_channel() -> None:
    referral = factories.referred_case()
    channel = Channel.objects.select_related("agency").get(agency=referral.agency)
    names = ("backlog_updates", "dead_updates", "breaker", "paused", "behind")
    values = values_of(channel)
    assert [values[name] for name in names] == [1, 0, 0, 0, 0]
    assert "last_success_timestamp_seconds" not in values
    assert values["oldest_seconds"] >= 0
    Delivery.objects.update(dead_at=Now(), dead_reason="HTTP 500")
    Channel.objects.update(failures=5, paused_at=Now(), pause_reason="x", alert_backlog=1)
    values = values_of(channel)
    assert [values[name] for name in names] == [1, 1, 0.5, 1, 1]
    Channel.objects.update(failures=0, paused_at=None, pause_reason="")
    Delivery.objects.update(dead_at=None, dead_reason="")
    relay.drain(channel.pk)
    values = values_of(channel)
    assert (values["backlog_updates"], values["sent_last_hour"]) == (0, 1)
    assert values["last_success_timestamp_seconds"]
    Channel.objects.update(is_active=False)
    assert "backlog_updates" not in values_of(channel)


def test_overdue_steps_by_agency(db: None) -> None:
    late = factories.overdue_step()
    labels = (("agency", late.referral.agency.slug), ("step", str(late.step)))
    assert channel_values(scrape())["overdue_referrals", labels] == 1


def test_webhooks_of_members_by_state(db: None) -> None:
    def numbers() -> dict[str, float]:
        return {
            name: float(value)
            for name, value in re.findall(r'portal_webhooks{state="(\w+)"} (\S+)', scrape())
            if float(value)
        }

    brand = factories.brand()
    for _ in range(2):
        factories.member_webhook("https://hooks.example/in", brand.member)
    late = Channel.objects.of_members()[:1].get()
    factories.submitted_case(of=brand)
    assert numbers() == {"ok": 2}
    Channel.objects.filter(pk=late.pk).update(alert_backlog=1)
    assert numbers() == {"behind": 1, "ok": 1}
    Channel.objects.filter(pk=late.pk).update(paused_at=Now(), pause_reason="HTTP 410")
    assert numbers() == {"paused": 1, "ok": 1}


def test_no_person_or_case_and_a_constant_number_of_queries(db: None) -> None:
    referrals = [factories.referred_case() for _ in range(3)]
    hook, _secret = factories.member_webhook("https://hooks.example/in", factories.member())
    with CaptureQueriesContext(connection) as queries:
        text = scrape()
    assert len(queries) == 7
    assert 'portal_webhooks{state="ok"} 1.0' in text
    assert f'channel="{hook.pk}"' not in text
    for referral in Referral.objects.select_related("case__seller", "agency", "referred_by"):
        case = referral.case
        assert case.seller
        words = [referral.reference, case.reference, case.seller.name, referral.referred_by.name]
        assert not [word for word in words if word in text]
        assert referral.agency.name not in text
    assert len(referrals) == 3


def test_database_failure_is_reported(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def database_away() -> None:
        raise DatabaseError

    monkeypatch.setattr(metrics.status, "statuses", database_away)
    assert channel_values(scrape())["scrape_ok", ()] == 0


def test_requests_are_counted_by_view(db: None) -> None:
    Client().get("/healthz")
    text = scrape()
    assert (
        'django_http_requests_latency_seconds_by_view_method_count{method="GET",view="healthz"}'
        in text
    )


def test_processes_of_gunicorn_are_summed(tmp_path: Path) -> None:
    """As in production: each process writes to a file, and the serving process sums them."""
    code = (
        "import django; django.setup()\n"
        "from django.test import RequestFactory\n"
        "from django_prometheus.middleware import Metrics\n"
        "from cases.liaison.monitoring import metrics\n"
        "for one in (metrics.ChannelCollector, metrics.EvidenceCollector):\n"
        "    one.collect = lambda self: iter(())\n"
        "Metrics.get_instance().requests_total.inc()\n"
        "print(metrics.exposition().decode())\n"
    )
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
    }
    for expected in ("1.0", "2.0"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=portal.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"django_http_requests_before_middlewares_total {expected}" in run.stdout
