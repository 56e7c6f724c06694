"""Schema, demo alliance and its logins in one process, since most of each is the time Django takes to load.

Each part ends with a line on standard output that begins with `DONE`; all else is for the log.
"""

import gc
import sys
from io import StringIO

import django
from django.core.management import call_command

from dev.manage import DONE


def main() -> int:
    """Does each part in turn and tells the launcher of it."""
    # Many small objects live for the whole run: looking through them often costs a tenth of its time.
    gc.set_threshold(100_000)
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    _done()
    told = StringIO()
    call_command("demo", stdout=told)
    print(told.getvalue(), end="")
    _done(told.getvalue().strip().rpartition("\n")[2])
    call_command("demo", logins=True, stdout=sys.stdout)
    return 0


def _done(note: str = "") -> None:
    print(f"{DONE}{note}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
