"""The Celery configuration in the settings, the Procfile, compose.yaml and the source."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from alliance.celery import app
from alliance.lib import http, ocr, queues
from cases import tasks
from cases.liaison.delivery.push import sending
from cases.liaison.delivery.stream import relay

FORBIDDEN = {"countdown", "eta", "autoretry_for", "retry_backoff"}
SOURCES = [
    path
    for folder in ("alliance", "members", "cases")
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
]


def queues_read_by(file: str) -> list[str]:
    """Return the queues named after ``-Q`` in the file, whatever the quoting."""
    text = (settings.BASE_DIR / file).read_text()
    named = re.findall(r"""-Q,?\s*["']?([a-z_]+(?:,[a-z_]+)*)""", text)
    return [name for group in named for name in group.split(",")]


@pytest.mark.parametrize("file", ["Procfile", "compose.yaml"])
def test_every_queue_has_exactly_one_kind_of_worker(file: str) -> None:
    optional = [queues.OCR] if file == "compose.yaml" else []
    assert sorted(queues_read_by(file)) == sorted([*queues.NAMES, *optional])


def test_queue_of_pictures_to_read_is_off_by_default() -> None:
    """Compose starts its worker with the profile ``ocr`` only, and workers do not know the queue while it is off."""
    service = (settings.BASE_DIR / "compose.yaml").read_text().split("\n  ocr:\n")[1]
    assert "    profiles: [ocr]\n" in service.split("\n\n")[0]
    assert [queue.name for queue in settings.CELERY_TASK_QUEUES] == list(queues.NAMES)
    changed = {"OCR_ENABLED": "1"}
    source = (
        "from django.conf import settings as s; print([q.name for q in s.CELERY_TASK_QUEUES],"
        " s.CELERY_TASK_ROUTES['cases.tasks.read_pictures'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {source}"],
        env=os.environ | changed | {"DJANGO_SETTINGS_MODULE": "alliance.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == f"{[*queues.NAMES, queues.OCR]} {{'queue': 'ocr'}}".split()


def test_every_task_is_routed_to_a_declared_queue() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    assert ours
    for name in ours:
        assert app.amqp.router.route({}, name)["queue"].name in queues.NAMES


def test_undeclared_queue_is_an_error() -> None:
    with pytest.raises(Exception, match="nobody"):
        app.send_task("cases.tasks.send_mails", queue="nobody", retry=False)


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_time_limits_are_below_the_visibility_timeout() -> None:
    longest = max(
        relay.SLICE_SECONDS,
        sending.SLICE_SECONDS + http.TOTAL_SECONDS,
        tasks.SLICE_SECONDS,
        tasks.READING_SECONDS + ocr.MAX_SECONDS,
    )
    limits = (settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT)
    kept = queues.transport_options("redis://x")["visibility_timeout"]
    assert longest < limits[0] < limits[1] < kept


def test_prefetch_acknowledgement_and_result_settings() -> None:
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_TASK_IGNORE_RESULT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST


@pytest.mark.parametrize("url", ["redis://x", "rediss://x", "sentinel://x"])
def test_redis_connections_have_timeouts(url: str) -> None:
    options = queues.transport_options(url)
    assert options["socket_timeout"] == options["socket_connect_timeout"] == 5
    for own in [options["sentinel_kwargs"]] if url.startswith("sentinel") else []:
        assert own["socket_timeout"] == own["socket_connect_timeout"] == 5
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 5


def test_no_call_uses_an_eta_or_countdown() -> None:
    """Such a message would stay unacknowledged in a worker beyond the visibility timeout."""
    found = [
        f"{path}:{node.lineno} {word.arg}="
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in FORBIDDEN and "celery" in path.read_text()
    ]
    assert not found


def test_no_task_retries_itself() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in SOURCES
        if "celery" in path.read_text() and "task" in path.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "retry"
    ]
    assert not found


def test_sources_are_found() -> None:
    assert Path(settings.BASE_DIR / "cases/tasks.py") in SOURCES
