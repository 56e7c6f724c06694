"""Creates static files, schema and demo data, and prints the logins, in one process to load Django once."""

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    call_command("migrate", interactive=False, verbosity=1)
    call_command("demo")
