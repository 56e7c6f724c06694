"""Compiles every template of the portal, so that a typo in a tag is found before a visitor finds it."""

import sys

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from dev.paths import ROOT


def main() -> int:
    """Loads each file under templates/; returns 1 if one does not compile, with its fault printed."""
    django.setup()
    folder = ROOT / "templates"
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    faults = 0
    for name in names:
        try:
            get_template(name)
        except (TemplateSyntaxError, UnicodeDecodeError) as fault:
            faults += 1
            print(f"templates/{name}: {fault}")
    print(f"{len(names)} templates, {faults} that do not compile")
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main())
