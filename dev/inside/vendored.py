"""Compares static/vendor with its list, VENDORED.md: a table of file, version, licence and SHA-256."""

import hashlib
import re
import sys
from pathlib import Path

from dev.paths import ROOT

FOLDER = ROOT / "static" / "vendor"
LIST = "VENDORED.md"
UNLISTED = (LIST, "LICENSE", "LICENSE.md", "LICENSE.txt")
CELL = r"\s*`?([^|`]+?)`?\s*"
ROW = re.compile(rf"^\|{CELL}\|{CELL}\|{CELL}\|\s*`?([0-9a-f]{{64}})`?\s*\|$", re.MULTILINE)


def listed(text: str) -> dict[str, str]:
    """Relative path → SHA-256, from the rows of the table."""
    return {file: digest for file, _, _, digest in ROW.findall(text)}


def digest(path: Path) -> str | None:
    """The SHA-256 of a file, None when there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def faults(folder: Path, expected: dict[str, str]) -> list[str]:
    """A sentence for each file that is missing, changed or not on the list. Licences need not be on it."""
    found = {name: digest(folder / name) for name in expected}
    missing = [f"{name} is listed and not there." for name in expected if found[name] is None]
    changed = [
        f"{name} is not the file that was listed."
        for name in expected
        if found[name] not in (None, expected[name])
    ]
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    strange = [
        f"{name} is there and not listed."
        for name in there
        if name not in expected and Path(name).name not in UNLISTED
    ]
    return sorted(missing + changed + strange)


def main() -> int:
    """Prints what is wrong; returns 1 if anything is."""
    expected = listed((FOLDER / LIST).read_text())
    wrong = faults(FOLDER, expected)
    for sentence in wrong:
        print(f"static/vendor/{sentence}")
    print(f"{len(expected)} files, {len(wrong)} not as listed")
    return 1 if wrong or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
