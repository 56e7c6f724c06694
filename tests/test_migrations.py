"""Rules for the portal's migrations."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.state import ProjectState

from alliance.lib.migrations import CreateModels, InstallTriggers, LockTimeout

ROOT = Path(__file__).resolve().parent.parent
APPS = ("members", "cases", "cases/liaison")
FILES = [path for app in APPS for path in sorted((ROOT / app / "migrations").glob("0*.py"))]


def operations(path: Path) -> list[object]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    found: list[object] = import_module(module).Migration.operations
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_later_migrations_set_a_lock_timeout(path: Path) -> None:
    first = operations(path)[0]
    assert path.name[:4] in ("0001", "0002") or isinstance(first, LockTimeout)


@pytest.mark.parametrize("app", APPS)
def test_initial_migrations_create_models_then_triggers(app: str) -> None:
    path = ROOT / app / "migrations" / "0001_initial.py"
    models, triggers = operations(path)
    assert isinstance(models, CreateModels)
    assert isinstance(triggers, InstallTriggers)


@pytest.mark.django_db
def test_lock_timeout_lasts_for_the_transaction() -> None:
    with connection.schema_editor() as editor:
        LockTimeout(3).database_forwards("cases", editor, ProjectState(), ProjectState())
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)


@pytest.mark.django_db
def test_triggers_are_installed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        assert cursor.fetchone()[0] > 90


@pytest.mark.django_db
def test_history_starts_no_subtransaction_for_each_row() -> None:
    """A new version of django-pghistory may install its own function again: see ``0003_history_context``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgh_attach_context'")
        ((source,),) = cursor.fetchall()
    assert "EXCEPTION" not in source.upper()
