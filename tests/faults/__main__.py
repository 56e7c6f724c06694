"""``python -m tests.faults``: the long harness, by ``make faults``."""

from __future__ import annotations

import os


def prepare_settings() -> None:
    """Let Django's settings be read here: nothing in this process reaches a service through them."""
    nowhere = "127.0.0.1:9"
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "SECRET_KEY": "of-the-fault-harness-" + "x" * 40,
        "DATABASE_URL": f"postgres://portal:unused@{nowhere}/portal",
        "REDIS_URL": f"redis://{nowhere}/0",
        "LIAISON_REDIS_URL": f"redis://{nowhere}/1",
        "EMAIL_URL": "consolemail://",
        "EVIDENCE_ROOT": "/nonexistent",
    }.items():
        os.environ.setdefault(name, value)
    import django

    django.setup()
