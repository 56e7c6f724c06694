"""The commands `demo`, `dev`, `stop`, `clean`, `logs` and `manage`."""

import os
import shutil
import time
from pathlib import Path

from dev import accounts, configuration, manage, portal, ports, venv
from dev.console import Problem, say, step
from dev.paths import ROOT, RUN, VENV, lock, relative
from dev.servers import Servers

ENVIRONMENT = RUN / "environment.json"
MADE = (
    *("staticfiles", "test-results"),
    *(".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"),
)


def up() -> int:
    """Start the demo in the background and print its address and logins. Raises `Problem`."""
    began = time.monotonic()
    user = configuration.configured()
    wanted = portal.parse_port(user.get("PORT"))
    say("Alliance Portal: the demo")
    with lock("demo"):
        process = portal.running_unchanged(wanted)
        if process is None and portal.runs():
            with step("Stopping the old processes"):
                portal.stop()
        venv.install(venv.BASE, venv.LAUNCHER)
        servers = Servers(RUN).start(user)
        if process and (port := portal.last_port()):
            note = "already running, unchanged"
        else:
            port, note = portal.choose_port(wanted)
        previous = configuration.read(ENVIRONMENT) or {}
        values = configuration.for_demo(port, servers, user, previous)
        if process and values != previous:
            portal.stop()
            process, note = None, ""
        configuration.write(ENVIRONMENT, values)
        logins = prepare_data(values, private="DATABASE_URL" in servers)
        with step("Web, workers and beat") as current:
            current.note = note
            portal.wait_for(process or portal.start(port, values), port)
        announce(port, logins, time.monotonic() - began)
    return 0


def prepare_data(values: dict[str, str], *, private: bool) -> str:
    """Create translations, static files, schema and demo data. Return the logins. Raises `Problem`.

    Nothing is created again while the code is unchanged and the database is `private`.
    """
    for folder in ("evidence", "mail"):
        (RUN / folder).mkdir(mode=0o700, exist_ok=True)
    with step("Translations") as current:
        current.note = manage.run_logged("translations", values, "-m", "dev.inside.translations")
    with step("Database and demo data") as current:
        code, record = portal.fingerprint(), loaded_record()
        made = record.read_text() if private and record.exists() else ""
        if made.startswith(code) and (ROOT / "staticfiles").is_dir():
            current.note = "unchanged"
            return made.removeprefix(code)
        printed = manage.run_logged("data", values, "-m", "dev.inside.prepare")
        loaded, _, logins = printed.strip().partition("\n\n")
        current.note = loaded.rpartition("\n")[2]
        if private:
            record.write_text(code + logins)
    return logins


def loaded_record() -> Path:
    """Return the file with the code that loaded the data and the logins. It is in the database's folder, to go with it."""
    return Path(Servers(RUN).state.get("postgres", {}).get("data", RUN), "portal-loaded")


def announce(port: int, logins: str, seconds: float) -> None:
    """Print the address, the logins, the next commands and where the data is."""
    say(f"\nReady in {seconds:.0f} s:  http://localhost:{port}/\n\n{logins}")
    say("\n`make logs` follows the log, `make stop` stops it, `make clean` also removes the data.")
    say(f"Data, emails and evidence files are in {RUN}")
    data = Servers(RUN).state.get("postgres", {}).get("data")
    if data and not Path(data).is_relative_to(RUN):
        say(f"and, because the servers' account cannot reach that folder, in {Path(data).parent}")


def stop() -> int:
    """Stop everything that `make demo` started."""
    with lock("demo"):
        stopped = [portal.stop(), Servers(RUN).stop()]
    if any(stopped):
        say("Stopped. The data is kept: `make demo` starts with it again.")
    else:
        say("Nothing was running.")
    return 0


def clean() -> int:
    """Stop everything and remove what the launcher made."""
    with lock("demo"):
        portal.stop()
        Servers(RUN).stop()
    accounts.discard(RUN / "servers")
    for folder in (RUN, *(ROOT / name for name in MADE)):
        shutil.rmtree(folder, ignore_errors=True)
    for compiled in (ROOT / "locale").rglob("*.mo"):
        compiled.unlink()
    for folder in ROOT.rglob("__pycache__"):
        if VENV not in folder.parents:
            shutil.rmtree(folder, ignore_errors=True)
    if not venv.remove():
        say(f"{relative(VENV)} was not made by the launcher and is kept.")
    say("Clean.")
    return 0


def logs() -> int:
    """Follow the log of web, workers and beat until interrupted. Raises `Problem`."""
    if not portal.LOG.exists():
        raise Problem("There is no log yet. Start the portal with `make demo`.")
    os.execvp("tail", ["tail", "-n", "100", "-F", str(portal.LOG)])


def develop() -> int:
    """Serve the demo's data with DEBUG on and reload changed code. Raises `Problem`."""
    values = configuration.read(ENVIRONMENT)
    if values is None or not portal.runs():
        raise Problem("The demo is not running. Start it with `make demo`, then try again.")
    wanted = portal.parse_port(configuration.configured().get("PORT"))
    port = ports.next_free(wanted or portal.FIRST_PORT + 1)
    origin = f"http://localhost:{port}"
    values |= {"DEBUG": "1", "SITE_URL": origin, "CSRF_TRUSTED_ORIGINS": origin}
    say(
        f"Alliance Portal: {origin}/ with the demo's data. It reloads changed code; Ctrl-C stops it."
    )
    return manage.run_foreground(values, "manage.py", "runserver", f"{ports.HOST}:{port}")


def run_manage(arguments: list[str]) -> int:
    """Run a command of manage.py on the demo's data. Raises `Problem`."""
    values = configuration.read(ENVIRONMENT)
    if values is None or not venv.works():
        raise Problem("There is no demo yet. Start it with `make demo`.")
    # The command may change the data.
    loaded_record().unlink(missing_ok=True)
    return manage.run_foreground(values, "manage.py", *arguments)
