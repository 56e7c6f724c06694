"""The environment the portal is run with: what the user configured, and the launcher's own for the rest."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from dev.paths import ROOT, VENV


def parse(text: str) -> dict[str, str]:
    """Reads KEY=VALUE lines as a .env file has them: blank lines, comments, `export` and quotes allowed."""
    values = {}
    for line in text.splitlines():
        line = line.strip().removeprefix("export ")
        key, sign, value = line.partition("=")
        if not sign or line.startswith("#"):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        values[key.strip()] = value
    return values


def configured() -> dict[str, str]:
    """What the user set: the environment, and beneath it the checkout's .env file."""
    try:
        from_file = parse((ROOT / ".env").read_text())
    except FileNotFoundError:
        from_file = {}
    return from_file | dict(os.environ)


def mail_folder_url(folder: Path) -> str:
    """An EMAIL_URL that writes each message into a file of the folder, whatever its name holds."""
    return f"filemail:///{quote(str(folder))}"


def for_programs(values: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a program of the portal: the user's own with these values over it."""
    foreign = (
        *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONSAFEPATH"),
        # Compiling every module for every process would cost seconds each time.
        "PYTHONDONTWRITEBYTECODE",
    )
    kept = {key: value for key, value in os.environ.items() if key not in foreign}
    path = os.pathsep.join((str(VENV / "bin"), kept.get("PATH", os.defpath)))
    fixed = {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "PYTHONUTF8": "1",
        "PYTHONPYCACHEPREFIX": str(VENV / "bytecode"),
        "PYTHONUNBUFFERED": "1",
    }
    return kept | fixed | dict(values) | {"PATH": path}


def _lasting_key(run: Path) -> str:
    """The secret key of a run folder: made once, so that people stay logged in over a restart."""
    file = run / "secret-key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(60))
    return file.read_text()


def for_demo(
    run: Path, port: int, engines: Mapping[str, str], user: Mapping[str, str]
) -> dict[str, str]:
    """What the settings read in the demo. What the user set wins."""
    ours = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{port},http://127.0.0.1:{port}",
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_URL": mail_folder_url(run / "mail"),
        "EVIDENCE_ROOT": str(run / "evidence"),
        "DEBUG": "0",
        "DEMO": "1",
        "SECURE_SSL": "0",
        "REQUIRE_SECOND_FACTOR": "0",
        "LOG_FORMAT": "json",
        **engines,
    }
    values = {key: user.get(key) or value for key, value in ours.items()}
    values["SECRET_KEY"] = user.get("SECRET_KEY") or _lasting_key(run)
    names = ("DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL", "CELERY_BROKER_URL")
    return values | {name: user[name] for name in names if user.get(name)}


def _strict() -> dict[str, str]:
    """What the settings of tests and of a real server have in common."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DEBUG": "0",
        "DEMO": "0",
        "DEFAULT_FROM_EMAIL": "Alliance Portal <no-reply@portal.example>",
        "REQUIRE_SECOND_FACTOR": "1",
        "LOG_FORMAT": "json",
    }


def for_tests(run: Path, engines: Mapping[str, str]) -> dict[str, str]:
    """What the settings read in a test run. Nothing the user set for another purpose gets in."""
    return {
        **_strict(),
        "DEBUG": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "CSRF_TRUSTED_ORIGINS": "",
        "SITE_URL": "http://localhost:8000",
        "EMAIL_URL": mail_folder_url(run / "mail"),
        "EVIDENCE_ROOT": str(run / "evidence"),
        "SECURE_SSL": "0",
        "LOG_LEVEL": "INFO",
        "CELERY_BROKER_URL": engines["REDIS_URL"],
        # A test is one transaction, and some wait long for a worker in it.
        "DATABASE_IDLE_IN_TRANSACTION_SECONDS": "0",
        **engines,
    }


def like_production() -> dict[str, str]:
    """Settings as on a real server, for checks that reach no service."""
    nowhere = "127.0.0.1:9"
    return {
        **_strict(),
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "SITE_URL": "https://portal.example",
        "DATABASE_URL": f"postgres://portal:unused@{nowhere}/portal",
        "REDIS_URL": f"redis://:unused@{nowhere}/0",
        "CELERY_BROKER_URL": f"redis://:unused@{nowhere}/0",
        "LIAISON_REDIS_URL": f"redis://:unused@{nowhere}/1",
        "EMAIL_URL": "smtp+tls://portal:unused@mail.example:587",
        "EVIDENCE_ROOT": str(ROOT / ".run" / "evidence"),
        "SECURE_SSL": "1",
        "TRUSTED_PROXY_COUNT": "1",
    }


def write(path: Path, values: Mapping[str, str]) -> None:
    """Writes the values, secrets and all, for a shell to source; only its owner can read the file."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(
        "".join(f"{key}={shlex.quote(value)}\n" for key, value in sorted(values.items()))
    )
    fresh.replace(path)


def read(path: Path) -> dict[str, str] | None:
    """Reads back what `write` wrote; None where there is nothing."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return None
    pairs = (line.partition("=") for line in lines)
    return {key: "".join(shlex.split(value)) for key, _, value in pairs}
