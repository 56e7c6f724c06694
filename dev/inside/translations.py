"""Compiles locale/*/LC_MESSAGES/*.po without GNU gettext on the machine."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dev.paths import ROOT


def catalogues() -> list[Path]:
    """Every catalogue of the portal."""
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """The catalogue in a file. Raises babel's `PoFileError` where it is broken."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def compile_one(source: Path, target: Path) -> None:
    """Writes the binary catalogue. Raises babel's `PoFileError` for a broken source."""
    catalogue = read(source)
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)


def main() -> int:
    """Compiles what is newer than its compiled form."""
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            compile_one(source, target)
    print(", ".join(sorted({source.parent.parent.name for source in catalogues()})))
    return 0


if __name__ == "__main__":
    sys.exit(main())
