"""Rules for the source code that import-linter (pyproject.toml) cannot express."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for folder in ("alliance", "members", "cases")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create"}
PAGES = ("django.http", "django.shortcuts", "django.forms", "django.contrib.messages")


def within(*folders: str) -> list[Path]:
    """Return the source files in the given folders of ``cases``."""
    return [path for path in SOURCES for name in folders if ROOT / "cases" / name in path.parents]


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    return found | {
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }


@pytest.mark.parametrize("path", within("queries"), ids=lambda path: path.stem)
def test_queries_never_write(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    # ``update`` of a dictionary has positional arguments; ``update`` of a queryset has none.
    updates = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and node.keywords
    ]
    assert not calls & (WRITES - {"update"})
    assert not updates


def test_services_and_models_do_not_import_page_code() -> None:
    deciding = within("services", "models", "liaison", "queries", "marketplaces")
    assert len(deciding) > 60
    wrong = [
        str(path)
        for path in deciding
        if "admin" not in path.parts
        # The pull API and the metrics serve HTTP.
        and path.name not in ("api.py", "metrics.py")
        and any(
            name == page or name.startswith(f"{page}.") for name in imported(path) for page in PAGES
        )
    ]
    assert not wrong


def test_portal_does_not_import_launcher_or_tests() -> None:
    wrong = [
        str(path)
        for path in SOURCES
        if any(name.split(".")[0] in ("dev", "tests") for name in imported(path))
    ]
    assert not wrong


def test_files_have_at_most_400_lines() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES + tests}
    assert {str(path): count for path, count in lines.items() if count > 400} == {}
