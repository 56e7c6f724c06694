"""Vendored files match VENDORED.md: file, version, licence and SHA-256."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor"
UNLISTED = {"VENDORED.md", "LICENSE", "LICENSE.md", "LICENSE.txt"}
ROW = re.compile(r"^\| (\S+) \|[^|]+\|[^|]+\| ([0-9a-f]{64}) \|$", re.MULTILINE)


def listed(text: str) -> dict[str, str]:
    """Return SHA-256 by relative path from the rows of the table."""
    return dict(ROW.findall(text))


def faults(folder: Path, expected: dict[str, str]) -> list[str]:
    """Return the files that are missing, changed or unlisted. Licences may be unlisted."""
    there = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in UNLISTED
    }
    there |= {name: folder / name for name in expected if (folder / name).is_file()}
    found = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}
    return sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))


def test_vendored_files_match_the_list() -> None:
    expected = listed((FOLDER / "VENDORED.md").read_text())
    assert expected
    assert faults(FOLDER, expected) == []


def test_changed_missing_and_unlisted_files_are_reported(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"good").hexdigest()
    rows = "".join(f"| {name} | 1.0 | MIT | {digest} |\n" for name in ("a/good.js", "bad", "gone"))
    expected = listed(f"| file | version | licence | sha256 |\n|---|---|---|---|\n{rows}")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "good.js").write_bytes(b"good")
    (tmp_path / "a" / "LICENSE").write_bytes(b"")
    (tmp_path / "bad").write_bytes(b"bad")
    (tmp_path / "new").write_bytes(b"new")
    assert faults(tmp_path, expected) == ["bad", "gone", "new"]
