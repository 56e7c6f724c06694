"""Gives each pytest-xdist process its own Redis databases and evidence folder.

This plugin is named in pyproject.toml because pytest-django reads the settings before any conftest is
imported; in a conftest, the change would come too late.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

REDIS = ("REDIS_URL", "LIAISON_REDIS_URL", "CELERY_BROKER_URL")
VARIABLES = (*REDIS, "EVIDENCE_ROOT")


def select_resources(process: int) -> None:
    """Set the Redis databases and evidence folder of test process ``process``."""
    for name in REDIS:
        parts = urlsplit(os.environ.get(name, ""))
        if parts.scheme.startswith("redis"):
            database = int(parts.path.strip("/") or 0) + process
            os.environ[name] = parts._replace(path=f"/{database}").geturl()
    if root := os.environ.get("EVIDENCE_ROOT"):
        folder = Path(root, str(process))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["EVIDENCE_ROOT"] = str(folder)


if _process := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    select_resources(int(_process))
