"""The project's own checks report the faults that they look for."""

import ast
import os
import subprocess
import sys
import tomllib
from io import BytesIO

import pytest
from babel.messages.pofile import PoFileError, read_po

from dev import venv
from dev.console import Problem
from dev.inside import audit, catalogues, translations
from dev.paths import ROOT

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'


def catalogue(text):
    return read_po(BytesIO((HEADER + text).encode()), locale="zh_Hans")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('msgid "Case"\nmsgstr "案件"\n', []),
        ('msgid "Case"\nmsgstr ""\n', ["not translated: 'Case'"]),
        ('#, fuzzy\nmsgid "Case"\nmsgstr "案件"\n', ["fuzzy: 'Case'"]),
        ('#, python-format\nmsgid "%(n)s left"\nmsgstr "还有 %(m)s"\n', ["placeholder"]),
    ],
)
def test_incomplete_catalogue_is_reported(entry, expected):
    found = catalogues.faults(catalogue(entry))
    assert len(found) == len(expected)
    assert all(part in fault for part, fault in zip(expected, found, strict=True))


def test_broken_catalogue_does_not_compile(tmp_path):
    source = tmp_path / "django.po"
    source.write_text(HEADER + 'msgid "Case"\nrubbish\n')
    with pytest.raises(PoFileError):
        translations.compile_one(source, tmp_path / "django.mo")
    assert not (tmp_path / "django.mo").exists()


def test_installed_packages_are_bound_to_their_requirements(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    monkeypatch.setattr(venv, "STAMPS", tmp_path / "stamps")
    (tmp_path / "stamps").mkdir()
    (tmp_path / "requirements.txt").write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    assert not venv.stamped("requirements.txt")
    (tmp_path / "stamps" / "requirements.txt").write_text(venv.digest("requirements.txt"))
    assert venv.stamped("requirements.txt")
    assert venv.packages_in("requirements.txt") == 1
    (tmp_path / "requirements.txt").write_text("django==5.2.20 \\\n    --hash=sha256:00\n")
    assert not venv.stamped("requirements.txt")


def test_missing_venv_module_is_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # as in Debian's Python
    with pytest.raises(Problem, match="apt install python3-venv"):
        venv._create()
    assert not (tmp_path / ".venv").exists()


def test_version_check_parses_on_old_python():
    ast.parse((ROOT / "dev" / "__main__.py").read_text(), feature_version=(3, 7))


def test_unfinished_environment_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "UNFINISHED", tmp_path / "unfinished")
    monkeypatch.setattr(venv, "MADE_HERE", tmp_path / "made-here")
    assert venv.works()
    (tmp_path / "made-here").write_text("/another/checkout/.venv")
    assert not venv.works()
    (tmp_path / "made-here").unlink()
    (tmp_path / "unfinished").touch()
    assert not venv.works()


def test_audit_reports_skipped_packages():
    skipped = "No known vulnerabilities found\njinja2 Dependency not found on PyPI and could not be audited"
    assert audit.verdict(0, skipped) == (
        0,
        "skipped: the service of pip-audit did not answer for 1 packages",
    )


@pytest.mark.parametrize(
    ("returncode", "text", "expected"),
    [
        (0, "No known vulnerabilities found", 0),
        (1, "Found 1 known vulnerability in 1 package\nDjango 1.0 PYSEC-1", 1),
        (1, "ERROR: HTTPSConnectionPool(host='audit.example'): Max retries exceeded", 0),
        (1, "ERROR: Tunnel connection failed: 403 Forbidden", 0),
        (2, "pip-audit: error: unrecognized arguments: --nonsense", 1),
    ],
)
def test_audit_fails_on_vulnerabilities_and_not_on_network_errors(returncode, text, expected):
    assert audit.verdict(returncode, text)[0] == expected


GROUP = """
import os, pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_of_the_group(number, worker_id):
    with open(os.environ["SEEN"], "a") as file:
        print(worker_id, file=file)
"""


def test_xdist_runs_a_group_in_one_process(tmp_path):
    """pytest-xdist 3.8 silently ignores groups with pytest 9.2."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    distribution = [option for option in options["addopts"] if option.startswith("--dist")]
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_group.py").write_text(GROUP)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-n",
        "2",
    ]
    environment = {"PATH": os.environ["PATH"], "SEEN": str(tmp_path / "seen")}
    subprocess.run([*command, *distribution], cwd=tmp_path, env=environment, check=True)
    seen = (tmp_path / "seen").read_text().split()
    assert len(seen) == 6
    assert len(set(seen)) == 1
