"""Compiles the translations without GNU gettext. With `--check`, looks for errors and missing texts.

Entries are always checked. They are compared with the sources only if GNU gettext is installed.
"""

import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dev.paths import ROOT

LANGUAGE = "zh_Hans"
SOURCES = ("alliance", "members", "cases", "templates", "locale")


def read(path: Path) -> Catalog:
    """Return the catalogue in a file. Raises babel's `PoFileError` if it is broken."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def compile_one(source: Path, target: Path) -> None:
    """Write the binary catalogue. Raises babel's `PoFileError` for a broken source."""
    catalogue = read(source)
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)


def main() -> int:
    """Compile the catalogues that are newer than their compiled form, and print the languages."""
    sources = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            compile_one(source, target)
    print(", ".join(sorted({source.parent.parent.name for source in sources})))
    return 0


def keys(catalogue: Catalog) -> set[tuple[str, ...]]:
    """Return the context, the text and the plural of each message, which identify it."""
    found = set()
    for message in catalogue:
        texts = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        found.add((message.context or "", *texts))
    return found


def faults(catalogue: Catalog) -> list[str]:
    """Return a text for each entry that is empty or fuzzy, or whose placeholders differ from the original."""
    found = []
    for message in (message for message in catalogue if message.id):
        texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if not all(texts):
            found.append(f"not translated: {message.id!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        found += [f"{fault}: {message.id!r}" for fault in message.check(catalogue)]
    return found


def extracted(language: str) -> set[tuple[str, ...]]:
    """Return the keys of the sources' messages, extracted by Django's makemessages from a copy."""
    with tempfile.TemporaryDirectory() as place:
        for name in SOURCES:
            shutil.copytree(ROOT / name, Path(place, name))
        shutil.copy(ROOT / "manage.py", place)
        command = [sys.executable, "manage.py", "makemessages", "-l", language, "--no-obsolete"]
        subprocess.run(command, cwd=place, check=True, capture_output=True)
        return keys(read(Path(place, "locale", language, "LC_MESSAGES", "django.po")))


def check() -> int:
    """Print the faults of all catalogues; return 1 if there are any."""
    compared = shutil.which("xgettext") is not None
    catalogue = read(ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po")
    write_mo(BytesIO(), catalogue)
    missing = extracted(LANGUAGE) - keys(catalogue) if compared else set()
    found = faults(catalogue)
    found += [f"not in the catalogue: {key[1]!r}" for key in sorted(missing)]
    extent = "compared" if compared else "not compared"
    print(*found, f"{len(found)} faults; {extent} with the sources", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else main())
