"""Checks that the translations compile and that none is missing.

Whether the catalogues hold every string of the sources can be told only where GNU gettext is; the rest
(no empty, no fuzzy entry, placeholders as in the original) everywhere.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from dev.inside.translations import read
from dev.paths import ROOT

LANGUAGES = ("zh_Hans",)
SOURCES = ("alliance", "members", "cases", "templates", "static", "locale")
DOMAINS = {"django": (), "djangojs": ("--ignore", "vendor/*")}
Key = tuple[str, ...]


def key(message: Message) -> Key:
    """What tells one message from another: its context, its text and its plural."""
    texts = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    return (message.context or "", *texts)


def messages(catalogue: Catalog) -> Iterable[Message]:
    """All messages but the header."""
    return (message for message in catalogue if message.id)


def faults(catalogue: Catalog) -> list[str]:
    """A sentence for each entry that is untranslated, uncertain or breaks its placeholders."""
    found = []
    for message in messages(catalogue):
        texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if not all(texts):
            found.append(f"not translated: {message.id!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        found += [f"{fault}: {message.id!r}" for fault in message.check(catalogue)]
    return found


def extracted(language: str, domain: str, options: tuple[str, ...]) -> set[Key]:
    """Every message that the sources have now, told by Django's makemessages on a copy of them."""
    with tempfile.TemporaryDirectory() as place:
        for name in SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, Path(place, name))
        shutil.copy(ROOT / "manage.py", place)
        command = [sys.executable, "manage.py", "makemessages", "-l", language, "-d", domain]
        command += ["--no-obsolete", "--no-location", *options]
        subprocess.run(command, cwd=place, check=True, capture_output=True, text=True)
        made = Path(place, "locale", language, "LC_MESSAGES", f"{domain}.po")
        if not made.exists():
            return set()
        return {key(message) for message in messages(read(made))}


def check(language: str, domain: str, options: tuple[str, ...], *, sources: bool) -> list[str]:
    """What is wrong with one catalogue."""
    path = ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    wanted = extracted(language, domain, options) if sources else set()
    if not path.exists():
        missing = [f"{path.relative_to(ROOT)} is missing"]
        return missing if wanted or domain == "django" else []
    catalogue = read(path)
    write_mo(BytesIO(), catalogue)
    found = faults(catalogue)
    have = {key(message) for message in messages(catalogue)}
    found += [f"not in the catalogue: {entry[1]!r}" for entry in sorted(wanted - have)]
    return [f"{path.relative_to(ROOT)}: {fault}" for fault in found]


def main() -> int:
    """Prints what is wrong; returns 1 if anything is."""
    sources = shutil.which("xgettext") is not None
    wrong = []
    for language in LANGUAGES:
        for domain, options in DOMAINS.items():
            wrong += check(language, domain, options, sources=sources)
    for sentence in wrong:
        print(sentence)
    compared = (
        "compared with the sources" if sources else "not compared with the sources: no gettext"
    )
    print(f"{len(wrong)} faults; {compared}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
