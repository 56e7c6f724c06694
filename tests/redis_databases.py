"""Gives each pytest-xdist process its own Redis databases.

This plugin is named in pyproject.toml because pytest-django reads the settings before any conftest is
imported; in a conftest, the change would come too late.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

VARIABLES = ("REDIS_URL", "LIAISON_REDIS_URL", "CELERY_BROKER_URL")


def select_databases(process: int) -> None:
    """Set the Redis URLs in the environment to the databases of test process ``process``."""
    for name in VARIABLES:
        parts = urlsplit(os.environ.get(name, ""))
        if parts.scheme.startswith("redis"):
            database = int(parts.path.strip("/") or 0) + process
            os.environ[name] = parts._replace(path=f"/{database}").geturl()


if _process := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    select_databases(int(_process))
