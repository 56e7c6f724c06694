"""The checks of `make check` can fail."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError, read_po

from dev import checks, paths, venv
from dev.console import Problem
from dev.inside import audit, translations
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
    found = translations.faults(catalogue(entry))
    assert len(found) == len(expected)
    assert all(part in fault for part, fault in zip(expected, found, strict=True))


def test_broken_catalogue_does_not_compile(tmp_path):
    source = tmp_path / "django.po"
    source.write_text(HEADER + 'msgid "Case"\nrubbish\n')
    with pytest.raises(PoFileError):
        translations.compile_one(source, tmp_path / "django.mo")
    assert not (tmp_path / "django.mo").exists()


def test_a_message_that_the_catalogue_lacks_is_found(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(HEADER + 'msgid "Case"\nmsgstr "案件"\n')
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations.shutil, "which", lambda name: name)
    monkeypatch.setattr(translations, "extracted", lambda language: {("", "Case"), ("", "Seller")})
    assert translations.check() == 1
    assert "not in the catalogue: 'Seller'" in capsys.readouterr().out
    monkeypatch.setattr(translations, "extracted", lambda language: {("", "Case")})
    assert translations.check() == 0


@pytest.mark.parametrize(("length", "passes"), [(200, True), (201, False)])
def test_a_line_too_long_in_a_template_is_found(tmp_path, length, passes):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("x" * length + "\n")
    done = subprocess.run(checks.CHECKS["Templates' line length"], cwd=tmp_path, check=False)
    assert (done.returncode == 0) is passes
    (tmp_path / "templates" / "page.html").unlink()
    (tmp_path / "templates").rmdir()
    assert subprocess.run(
        checks.CHECKS["Templates' line length"], cwd=tmp_path, check=False
    ).returncode


def test_packages_are_reused_only_for_the_requirements_they_were_installed_from(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    monkeypatch.setattr(venv, "STAMPS", tmp_path / "stamps")
    (tmp_path / "stamps").mkdir()
    (tmp_path / "requirements.txt").write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    assert not venv.stamped("requirements.txt")
    shutil.copy(tmp_path / "requirements.txt", tmp_path / "stamps")
    assert venv.stamped("requirements.txt")
    (tmp_path / "requirements.txt").write_text("django==5.2.20 \\\n    --hash=sha256:00\n")
    assert not venv.stamped("requirements.txt")


def test_a_python_without_venv_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # as in Debian's Python
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(Problem, match="apt install python3-venv"):
        venv._create()
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(("found", "serves"), [("22.2.2", False), ("22.3", True), ("26.1", True)])
def test_an_old_pip_cannot_install_into_another_environment(monkeypatch, found, serves):
    monkeypatch.setattr(venv, "find_spec", lambda name: True)
    monkeypatch.setattr(venv.metadata, "version", lambda name: found)
    assert venv._serves_others() is serves


def test_an_old_python_can_parse_the_file_that_refuses_it():
    ast.parse((ROOT / "dev" / "__main__.py").read_text(), feature_version=(3, 7))


def test_an_incomplete_environment_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "UNFINISHED", tmp_path / "unfinished")
    monkeypatch.setattr(venv, "MADE_HERE", tmp_path / "made-here")
    monkeypatch.setattr(venv, "VENV", Path(sys.prefix))
    monkeypatch.setattr(venv, "PYTHON", Path(sys.prefix, "bin", "python"))
    assert venv.works()
    (tmp_path / "made-here").write_text("/another/checkout/.venv")
    assert not venv.works()
    (tmp_path / "made-here").unlink()
    (tmp_path / "unfinished").touch()
    assert not venv.works()


@pytest.fixture
def installations(tmp_path, monkeypatch):
    """Simulate the programs of an installation in an empty checkout; return what they are told, and their results."""
    folder = tmp_path / ".venv"
    places = {"VENV": "", "PYTHON": "bin/python", "STAMPS": "portal", "UNFINISHED": "unfinished"}
    for name, path in (places | {"MADE_HERE": "portal/made-here"}).items():
        monkeypatch.setattr(venv, name, folder / path)
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    monkeypatch.setattr(venv, "LOGS", tmp_path)
    monkeypatch.setattr(paths, "RUN", tmp_path)
    monkeypatch.setattr(venv, "output", lambda *command: "global.index-url='https://a.test/simple'")
    monkeypatch.setattr(
        venv, "works", lambda: (folder / "bin").exists() and not unfinished.exists()
    )
    unfinished = folder / "unfinished"
    (tmp_path / "requirements.txt").write_text("django==5.2.19")
    (tmp_path / "requirements-installer.txt").write_text("uv==0.13.9")
    commands, results = [], {}

    def logged(log, *command, **options):
        program = "uv" if Path(command[0]).name == "uv" else command[2]
        commands.append(program)
        if program == "venv":
            (folder / "bin").mkdir()
        if program == "uv":
            assert options["env"]["UV_DEFAULT_INDEX"] == "https://a.test/simple"
        result = results.get(program, True)
        if isinstance(result, type):
            raise result
        return result

    monkeypatch.setattr(venv, "logged", logged)
    return commands, results


def test_an_interrupted_installation_starts_again(installations, tmp_path):
    commands, results = installations
    results["uv"] = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        venv.install("requirements.txt")
    assert not venv.works()
    del results["uv"]
    venv.install("requirements.txt")
    assert commands == ["venv", "pip", "uv", "venv", "pip", "uv"]
    assert venv.works()
    assert venv.stamped("requirements.txt")
    venv.install("requirements.txt")
    assert len(commands) == 6
    (tmp_path / "requirements.txt").write_text("django==5.2.20")
    venv.install("requirements.txt")
    assert commands[6:] == ["uv"]
    assert venv.remove()
    assert not venv.VENV.exists()
    venv.VENV.mkdir()  # made by the user
    assert not venv.remove()


def test_pip_installs_what_uv_cannot(installations):
    commands, results = installations
    results["uv"] = False
    venv.install("requirements.txt")
    assert commands == ["venv", "pip", "uv", "pip"]
    assert venv.stamped("requirements.txt")


def test_an_installation_that_fails_twice_is_reported(installations):
    _, results = installations
    results["uv"] = results["pip"] = False
    with pytest.raises(Problem, match="could not be installed"):
        venv.install("requirements.txt")
    assert not venv.works()


def test_packages_skipped_by_the_audit_service_are_reported():
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
def test_a_known_vulnerability_fails_and_an_unreachable_service_does_not(
    returncode, text, expected
):
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
