"""Deployment files match the settings: each variable is passed to each process and documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import environ
import pytest
from django.conf import settings as portal

ROOT = Path(portal.BASE_DIR)
COMPOSE = (ROOT / "compose.yaml").read_text()
EXAMPLE = (ROOT / "deploy/portal.env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
# Set by compose.yaml from other variables, or used in its containers only.
OF_COMPOSE = {"DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL", "EVIDENCE_ROOT"}
OF_CONTAINERS = {"PROMETHEUS_MULTIPROC_DIR"}
# Read by compose itself.
BY_COMPOSE = {"COMPOSE_PROFILES"}
PROCESSES = ("web", "worker", "webhook", "ocr", "beat", "migrate")


def settings_variables() -> dict[str, bool]:
    """Return the variables that ``settings.py`` reads, and whether each has a default."""
    found: dict[str, bool] = {}
    for node in ast.walk(ast.parse((ROOT / "alliance/settings.py").read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "env":
            (name, *_) = node.args
            assert isinstance(name, ast.Constant)
            optional = any(keyword.arg == "default" for keyword in node.keywords)
            found[str(name.value)] = found.get(str(name.value), False) or optional
    return found


VARIABLES = settings_variables()


def block(name: str, *, indent: int) -> str:
    """Return the part of compose.yaml under ``name``."""
    lead = " " * indent
    found = re.search(
        rf"^{lead}{name}:.*\n((?:{lead} +.*\n|\s*\n|{lead} *#.*\n)*)", COMPOSE, re.MULTILINE
    )
    assert found, name
    return found[1]


def environment() -> dict[str, str]:
    """Return the variables that compose.yaml sets for the portal's processes."""
    return dict(re.findall(r"^    ([A-Z_]+): (.+)$", block("x-portal", indent=0), re.MULTILINE))


def test_settings_variables_are_found() -> None:
    assert {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "LIAISON_DEAD_AFTER_ATTEMPTS"} <= VARIABLES.keys()
    assert len(VARIABLES) > 40
    assert (VARIABLES["SECRET_KEY"], VARIABLES["LOG_LEVEL"]) == (False, True)


def test_every_process_loads_the_whole_environment_file() -> None:
    assert "  env_file: [deploy/portal.env]\n" in block("x-portal", indent=0)
    for name in PROCESSES:
        service = block(name, indent=2)
        assert "    <<: *portal\n" in service, name
        assert "env_file:" not in service, name
        if "    environment:" in service:
            assert "      <<: *environment\n" in service, name


@pytest.mark.parametrize("name", sorted(VARIABLES.keys() | {"PROMETHEUS_MULTIPROC_DIR"}))
def test_each_variable_is_passed_on_and_documented(name: str) -> None:
    assert re.search(rf"^\| [^|]*`{name}`", OPERATIONS, re.MULTILINE), f"{name} is not in the table"
    if name in OF_COMPOSE | OF_CONTAINERS:
        assert f" {name}: " in COMPOSE
        return
    required = re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)
    assert required or re.search(rf"^#{name}=", EXAMPLE, re.MULTILINE), (
        f"{name} is not in the example"
    )
    assert VARIABLES[name] or required, f"{name} has no default and is not in the example"
    # compose.yaml takes precedence over the file, so it must pass the file's value on.
    ours = environment().get(name)
    assert ours is None or f"${{{name}:" in ours, f"{name} of deploy/portal.env is hidden"


def test_no_variable_is_unused() -> None:
    asked = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert asked - BY_COMPOSE <= VARIABLES.keys() | set(
        re.findall(r"\$\{([A-Z_]+)", COMPOSE + _streams())
    )
    assert environment().keys() <= VARIABLES.keys()


def test_optional_variables_are_not_empty() -> None:
    """An empty ``LIAISON_DEAD_AFTER_ATTEMPTS=`` is not a number and would stop every process."""
    required = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert all(f"${{{name}:?is not set}}" in COMPOSE for name in required)


def test_image_gets_the_packages_for_every_spelling_of_on() -> None:
    (spellings,) = re.findall(r"^RUN case .* in (\S+)\) pip install", DOCKERFILE, re.MULTILINE)
    assert "tr A-Z a-z" in DOCKERFILE
    assert set(spellings.split("|")) == set(environ.Env.BOOLEAN_TRUE_STRINGS)


def test_compose_starts_the_worker_that_reads_pictures_by_a_documented_profile() -> None:
    (profile,) = re.findall(r"profiles: \[(\w+)\]", block("ocr", indent=2))
    assert f"#COMPOSE_PROFILES={profile}\n" in EXAMPLE
    assert f"COMPOSE_PROFILES={profile}" in OPERATIONS


def test_images_have_full_versions() -> None:
    images = re.findall(r"image: (\S+)", COMPOSE)
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 6
    for image in images:
        assert re.search(r":\d+\.\d+(\.\d+)?[-\w]*$", image), image
        assert image.startswith("postgres:") or re.search(r":\d+\.\d+\.\d+", image), image


def test_services_limit_logs_and_web_has_time_to_stop() -> None:
    for name in ("x-portal", "x-redis"):
        assert "  logging: *logging\n" in block(name, indent=0)
    for name in ("proxy", "postgres"):
        assert "    logging: *logging\n" in block(name, indent=2)
    grace = re.search(r"stop_grace_period: (\d+)s", block("web", indent=2))
    timeout = re.search(
        r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text(), re.MULTILINE
    )
    assert grace
    assert timeout
    assert int(grace[1]) > int(timeout[1])


def test_gunicorn_uses_its_configuration_file_everywhere() -> None:
    """It reads the file in its working directory; no command line overrides it."""
    assert "!gunicorn.conf.py\n" in (ROOT / ".dockerignore").read_text()
    for name in ("Dockerfile", "Procfile"):
        text = (ROOT / name).read_text()
        (command,) = [line for line in text.splitlines() if "alliance.wsgi" in line]
        assert not re.search(
            r'-c\b|--config|--chdir|--forwarde|--logger|--worker-class|"-k"', command
        )


def _streams() -> str:
    return (ROOT / "deploy/streams.yaml").read_text()
