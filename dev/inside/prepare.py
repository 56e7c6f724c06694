"""Creates static files, schema and demo data, and prints the logins, in one process to load Django once."""

import gc
import sys

import django
from django.core.management import call_command

from dev.manage import LOGINS


def main() -> None:
    """Collect static files, migrate, load the demo, and print the logins after the line `LOGINS`."""
    # The process creates many objects that live until it ends. Frequent collection would take a tenth of its time.
    gc.set_threshold(100_000)
    django.setup()
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    call_command("migrate", interactive=False, verbosity=1)
    call_command("demo", stdout=sys.stdout)
    print(LOGINS, flush=True)
    call_command("demo", logins=True, stdout=sys.stdout)


if __name__ == "__main__":
    main()
