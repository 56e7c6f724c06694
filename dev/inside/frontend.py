"""Runs the tools for templates (djade) and scripts (oxlint), programs that stand beside .venv's Python."""

import shutil
import subprocess
import sys
import sysconfig

from dev.paths import ROOT

LONGEST_LINE = 200


def template_files() -> list[str]:
    """The HTML templates of the portal, relative to the root."""
    folder = ROOT / "templates"
    return sorted(path.relative_to(ROOT).as_posix() for path in folder.rglob("*.html"))


def long_lines(name: str, text: str) -> list[str]:
    """A sentence for each line of a template that is too long to review."""
    return [
        f"{name}:{number}: {len(line)} characters, more than {LONGEST_LINE}"
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]


def tool(name: str, *arguments: str) -> int:
    """Runs an installed program; returns its status, or 1 if it is not installed."""
    found = shutil.which(name, path=sysconfig.get_path("scripts"))
    if found is None:
        print(f"{name} is not installed.")
        return 1
    return subprocess.run([found, *arguments], cwd=ROOT, check=False).returncode


def templates(*, fix: bool) -> int:
    """Checks the format of the templates, or writes it with `fix`."""
    files = template_files()
    how = () if fix else ("--check",)
    status = tool("djade", *how, "--target-version", "5.2", *files)
    faults = [
        fault for name in files for fault in long_lines(name, (ROOT / name).read_text("utf-8"))
    ]
    for fault in faults:
        print(fault)
    print(f"{len(files)} templates, {len(faults)} lines over {LONGEST_LINE} characters")
    return status or bool(faults)


def main(arguments: list[str]) -> int:
    """`templates`, `templates --fix` or `scripts`; returns 1 if something is wrong."""
    if arguments[:1] == ["scripts"]:
        return tool("oxlint", "--deny-warnings", "static/js")
    return templates(fix="--fix" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
