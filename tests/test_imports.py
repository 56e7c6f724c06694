"""Imports point one way. Read from the source, so that no import has to run for it to be seen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("members", "cases")

# From the ground up: a module may import from its own layer and those before it. A package stands for
# all in it that is not named by itself.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("alliance.lib", "alliance.celery", "cases.liaison.faultpoints"),
    ("cases.states", "cases.shops", "cases.identifiers", "cases.marketplaces.spelling"),
    ("members.models",),
    ("cases.models",),
    ("cases.liaison.models", "cases.addresses", "cases.marketplaces"),
    ("cases.permissions",),
    (
        "cases.mail",
        "cases.liaison.disclosure",
        "cases.liaison.sent",
        "cases.liaison.outbox",
        "cases.liaison.rates",
        "cases.liaison.patience",
        "cases.liaison.acl",
        "cases.liaison.due",
        "cases.liaison.wake",
        "cases.liaison.stream",
        "cases.liaison.relay",
        "cases.liaison.resend",
        "cases.liaison.channels",
        "cases.liaison.pull",
        "cases.liaison.sweep",
    ),
    ("cases.services",),
    # Everything a person or a worker calls.
    ("alliance", "members", "cases"),
)

# Who sees a case depends on referrals, which know cases: ``visible_to`` looks them up when it is asked.
ALLOWED_IN_FUNCTIONS = {
    ("cases.models.case", "cases.liaison.models"),
    ("cases.models.event", "cases.liaison.models"),
    ("cases.models.evidence", "cases.liaison.models"),
}


@dataclass(frozen=True)
class Import:
    """``source`` imports ``target``, at the top of the file or inside a function."""

    source: str
    target: str
    line: int
    inside: bool

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


def modules() -> Iterator[tuple[str, Path]]:
    for folder in ("alliance", *APPS):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


KNOWN = dict(modules())


def imports_of(name: str, path: Path) -> Iterator[Import]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    yield from _walk(ast.parse(path.read_text(encoding="utf-8")), name, package, inside=False)


def _walk(node: ast.AST, name: str, package: str, *, inside: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        for target in _targets(child, package):
            yield Import(name, target, getattr(child, "lineno", 0), inside)
        function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _walk(child, name, package, inside=inside or function)


def _targets(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    # ``from cases import states`` imports a module, ``from cases.states import Status`` a name in one.
    return [full if (full := f"{base}.{a.name}") in KNOWN else base for a in node.names]


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def layer(module: str) -> int:
    """Return the number of the layer whose longest name ``module`` lies in."""
    found = [
        (len(name), number)
        for number, names in enumerate(LAYERS)
        for name in names
        if within(module, name)
    ]
    return max(found)[1]


ALL = [item for name, path in KNOWN.items() for item in imports_of(name, path)]
OURS = [item for item in ALL if item.target.split(".")[0] in ("alliance", *APPS, "dev", "tests")]


def test_imports_were_read() -> None:
    """The checks below would pass on nothing at all."""
    assert any(str(i).startswith("cases.services.core:") for i in OURS)
    assert any(i.inside for i in OURS)
    assert layer("cases.services.filing") < layer("cases.views.desk")
    assert layer("cases.liaison.models.queue") < layer("cases.liaison.outbox")


def test_helpers_of_the_project_import_no_app() -> None:
    wrong = [i for i in OURS if within(i.source, "alliance.lib")]
    assert not [str(i) for i in wrong if not within(i.target, "alliance.lib")]


def test_members_does_not_know_cases() -> None:
    assert not [str(i) for i in OURS if within(i.source, "members") and within(i.target, "cases")]


def test_the_portal_does_not_import_its_launcher_or_its_tests() -> None:
    assert not [str(i) for i in OURS if i.target.split(".")[0] in ("dev", "tests")]


def test_imports_point_downwards() -> None:
    wrong = [
        str(i)
        for i in OURS
        if layer(i.target) > layer(i.source)
        and not (i.inside and (i.source, i.target) in ALLOWED_IN_FUNCTIONS)
    ]
    assert not wrong, "These imports point upwards:\n" + "\n".join(wrong)


def test_layers_name_what_there_is() -> None:
    assert {name for names in LAYERS for name in names} <= set(KNOWN)


def test_no_exception_is_left_over() -> None:
    used = {(i.source, i.target) for i in OURS if i.inside}
    assert used >= ALLOWED_IN_FUNCTIONS


@pytest.mark.parametrize("name", ["cases.services", "cases.models", "cases.liaison"])
def test_what_decides_knows_nothing_of_pages(name: str) -> None:
    """Services and models are called by views; requests, forms and templates stay out of them."""
    pages = ("django.http", "django.shortcuts", "django.forms", "django.contrib.messages")
    wrong = [
        str(i)
        for i in ALL
        if within(i.source, name)
        and not i.source.endswith("admin")
        and any(within(i.target, page) for page in pages)
    ]
    assert not wrong


def test_files_stay_readable() -> None:
    """A module becomes a package near 400 lines."""
    long = {
        name: count
        for name, path in KNOWN.items()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
