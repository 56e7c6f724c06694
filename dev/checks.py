"""`make check`: everything about the code that can be told without running it."""

import subprocess
import time

from dev import configuration, guard, manage, venv
from dev.console import WIDTH, say, step
from dev.paths import ROOT

CHECKS: dict[str, tuple[str, ...]] = {
    "Lint (ruff)": ("-m", "ruff", "check", "."),
    "Format (ruff)": ("-m", "ruff", "format", "--check", "."),
    "Types (mypy)": ("-m", "mypy"),
    "Imports (import-linter)": (
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ),
    "Migrations complete": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "Deployment (Django)": ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    "Templates' format (djade)": ("-m", "dev.inside.frontend", "templates"),
    "Scripts (oxlint)": ("-m", "dev.inside.frontend", "scripts"),
    "Translations": ("-m", "dev.inside.catalogues"),
    "Vulnerabilities": ("-m", "dev.inside.audit"),
}


def run() -> int:
    """Runs every check, shows what the failing ones say, and returns 1 if any failed."""
    say("Alliance Portal: the checks")
    _packages()
    values = configuration.like_production()
    failed = [name for name, arguments in CHECKS.items() if not _passes(name, arguments, values)]
    say(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def _packages() -> None:
    with guard.alone("packages"), step("Python packages") as current:
        current.note = venv.ensure(venv.BASE, venv.LAUNCHER, venv.DEV)


def _passes(name: str, arguments: tuple[str, ...], values: dict[str, str]) -> bool:
    began = time.monotonic()
    print(f"  {name} ".ljust(WIDTH, "."), end=" ", flush=True)
    done = subprocess.run(
        manage.command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=configuration.for_programs(values),
        check=False,
    )
    last = done.stdout.strip().rpartition("\n")[2]
    say(f"{time.monotonic() - began:5.1f} s   {'FAILED' if done.returncode else last}".rstrip())
    if done.returncode:
        say(done.stdout.rstrip() + "\n")
    return done.returncode == 0


def tidy() -> int:
    """Fixes what ruff and djade can fix by themselves."""
    _packages()
    values = configuration.like_production()
    linted = manage.openly(values, "-m", "ruff", "check", "--fix", ".")
    formatted = manage.openly(values, "-m", "ruff", "format", ".")
    manage.openly(values, "-m", "dev.inside.frontend", "templates", "--fix")
    return formatted or linted
