"""Under pytest-xdist each process has Redis databases of its own, as it has a PostgreSQL one.

A plugin, named in pyproject.toml, because pytest-django reads the settings before any conftest is
imported: in a conftest this comes too late, and the processes empty each other's Redis.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

VARIABLES = ("REDIS_URL", "LIAISON_REDIS_URL", "CELERY_BROKER_URL")


def take(process: int) -> None:
    """Let the Redis addresses of the environment name the databases of the test process ``process``."""
    for name in VARIABLES:
        parts = urlsplit(os.environ.get(name, ""))
        if parts.scheme.startswith("redis"):
            database = int(parts.path.strip("/") or 0) + process
            os.environ[name] = parts._replace(path=f"/{database}").geturl()


if _process := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    take(int(_process))
