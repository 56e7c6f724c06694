"""The environment of the portal's programs: the user's settings, and the launcher's for the rest."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from dev.paths import ROOT, RUN, VENV

# With these, .venv's Python would import other packages, or compile every module in every process.
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE")
URLS = ("DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL")
Values = Mapping[str, str]


def parse(text: str) -> dict[str, str]:
    """Parse a .env file: KEY=VALUE lines, blank lines, comments, `export` and quotes."""
    values = {}
    for line in text.splitlines():
        key, sign, value = line.strip().removeprefix("export ").partition("=")
        if not sign or key.startswith("#"):
            continue
        values[key.strip()] = re.sub(r"""^(["'])(.*)\1$""", r"\2", value.strip())
    return values


def configured() -> dict[str, str]:
    """Return the user's settings: the checkout's .env file, overridden by the environment."""
    file = ROOT / ".env"
    return (parse(file.read_text()) if file.exists() else {}) | dict(os.environ)


def mail_folder_url(folder: Path) -> str:
    """Return an EMAIL_URL that writes each message to a file in the folder."""
    return f"filemail:///{quote(str(folder))}"


def for_programs(values: Values) -> dict[str, str]:
    """Return the environment of a program of the portal: the user's environment, overridden by `values`."""
    kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    fixed = {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "PATH": os.pathsep.join((str(VENV / "bin"), kept.get("PATH", os.defpath))),
        "PYTHONUTF8": "1",
        "PYTHONPYCACHEPREFIX": str(VENV / "bytecode"),
        "PYTHONUNBUFFERED": "1",
    }
    return kept | dict(values) | fixed


def for_demo(port: int, servers: Values, user: Values, previous: Values) -> dict[str, str]:
    """Return the settings of the demo. The user's settings override the launcher's.

    The secret key is that of the `previous` settings, if there are any, so that sessions survive a restart.
    """
    ours = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{port},http://127.0.0.1:{port}",
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_URL": mail_folder_url(RUN / "mail"),
        "EVIDENCE_ROOT": str(RUN / "evidence"),
        "DEBUG": "0",
        "DEMO": "1",
        "SECURE_SSL": "0",
        "REQUIRE_SECOND_FACTOR": "0",
        "LOG_FORMAT": "json",
        "SECRET_KEY": previous.get("SECRET_KEY") or secrets.token_urlsafe(60),
        **servers,
    }
    names = (*ours, *URLS, "CELERY_BROKER_URL")
    return ours | {name: user[name] for name in names if user.get(name)}


def for_tests(run: Path, servers: Values) -> dict[str, str]:
    """Return the settings of a test run, which do not depend on the user's settings."""
    return {
        **like_production(),
        "DEBUG": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "CSRF_TRUSTED_ORIGINS": "",
        "SITE_URL": "http://localhost:8000",
        "EMAIL_URL": mail_folder_url(run / "mail"),
        "EVIDENCE_ROOT": str(run / "evidence"),
        "SECURE_SSL": "0",
        "TRUSTED_PROXY_COUNT": "0",
        "LOG_LEVEL": "WARNING",
        "CELERY_BROKER_URL": servers["REDIS_URL"],
        # A test is one transaction, and some tests wait long for a worker.
        "DATABASE_IDLE_IN_TRANSACTION_SECONDS": "0",
        **servers,
    }


def like_production() -> dict[str, str]:
    """Return settings as on a real server, for checks that connect to no service."""
    redis = "redis://:unused@127.0.0.1:9"
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DEBUG": "0",
        "DEMO": "0",
        "DEFAULT_FROM_EMAIL": "Alliance Portal <no-reply@portal.example>",
        "REQUIRE_SECOND_FACTOR": "1",
        "LOG_FORMAT": "json",
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "SITE_URL": "https://portal.example",
        "DATABASE_URL": "postgres://portal:unused@127.0.0.1:9/portal",
        "REDIS_URL": f"{redis}/0",
        "CELERY_BROKER_URL": f"{redis}/0",
        "LIAISON_REDIS_URL": f"{redis}/1",
        "CONTACT_EMAIL": "contact@portal.example",
        "EMAIL_URL": "smtp+tls://portal:unused@mail.example:587",
        "EVIDENCE_ROOT": str(RUN / "evidence"),
        "SECURE_SSL": "1",
        "TRUSTED_PROXY_COUNT": "1",
    }


def write(path: Path, values: Values) -> None:
    """Write the values, which include secrets, to a file that only its owner can read."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(dict(values), indent=1, sort_keys=True))
    fresh.replace(path)


def read(path: Path) -> dict[str, str] | None:
    """Return what `write` wrote; None if there is no such file."""
    values: dict[str, str] | None = json.loads(path.read_text()) if path.exists() else None
    return values
