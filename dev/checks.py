"""The commands `check` and `format`."""

from dev import configuration, venv
from dev.console import say, step
from dev.manage import command
from dev.paths import ROOT, VENV
from dev.programs import captured

IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
DJADE = (str(VENV / "bin" / "djade"), "--target-version", "5.2")
CHECKS = {
    "Lint (ruff)": command("-m", "ruff", "check", "."),
    "Format (ruff)": command("-m", "ruff", "format", "--check", "."),
    "Types (mypy)": command("-m", "mypy"),
    "Imports (import-linter)": command("-c", IMPORT_LINTER, "--no-cache"),
    "Migrations complete": command("manage.py", "makemigrations", "--check", "--dry-run"),
    "Deployment (Django)": command("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    "Templates' format (djade)": [*DJADE, "--check", *TEMPLATES],
    "Templates' line length": ["sh", "-c", "grep -rnE '.{201}' templates; test $? -eq 1"],
    "Scripts (oxlint)": [str(VENV / "bin" / "oxlint"), "--deny-warnings", "static/js"],
    "Translations": command("-m", "dev.inside.translations", "--check"),
    "Vulnerabilities": command("-m", "dev.inside.audit"),
}
FIXES = (
    command("-m", "ruff", "check", "--fix", "."),
    command("-m", "ruff", "format", "."),
    [*DJADE, *TEMPLATES],
)


def run() -> int:
    """Run every check, print the output of those that fail, and return 1 if any failed."""
    say("Alliance Portal: the checks")
    venv.install(venv.BASE, venv.LAUNCHER, venv.DEV)
    venv.attempt("requirements-audit.txt")  # without it, the last check says that it is skipped
    values = configuration.for_programs(configuration.like_production())
    failed = [name for name, program in CHECKS.items() if not _passes(name, program, values)]
    say(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def _passes(name: str, program: list[str], values: dict[str, str]) -> bool:
    with step(name) as current:
        status, text = captured(*program, cwd=ROOT, env=values)
        current.note = "FAILED" if status else text.strip().rpartition("\n")[2]
    if status:
        say(text.rstrip() + "\n")
    return status == 0


def fix_format() -> int:
    """Fix what ruff and djade can fix, and print their output. Return 1 if ruff reports an error."""
    venv.install(venv.BASE, venv.LAUNCHER, venv.DEV)
    results = [captured(*program, cwd=ROOT) for program in FIXES]
    say("".join(text for _, text in results).rstrip())
    return 1 if any(status for status, _ in results[:2]) else 0
