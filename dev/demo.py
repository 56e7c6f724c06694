"""`make demo` and what takes it down again."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev import accounts, configuration, guard, manage, portal, ports, venv
from dev.console import Problem, say, step
from dev.engines import Engines
from dev.paths import ROOT, RUN, VENV, shown

ENVIRONMENT = RUN / "env"
COLLECTED = RUN / "collected"
MADE = (
    "staticfiles",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    "test-results",
)


def up() -> int:
    """Brings the whole demo up in the background and says where it is. Raises `Problem`."""
    began = time.monotonic()
    user = configuration.configured()
    portal.check_port(user.get("PORT"))
    say("Alliance Portal: the demo")
    with guard.alone("demo"):
        process = portal.running_unchanged(user.get("PORT"))
        if process is None and portal.runs():
            with step("Stopping what runs"):
                portal.stop()
        with guard.alone("packages"), step("Python packages") as current:
            current.note = venv.ensure(venv.BASE, venv.LAUNCHER)
        engines = Engines(RUN).start(user)
        port, remark = portal.choose_port(user.get("PORT"), running=process is not None)
        values = configuration.for_demo(RUN, port, engines, user)
        if process and configuration.read(ENVIRONMENT) != values:
            portal.stop()
            process = None
        configuration.write(ENVIRONMENT, values)
        logins = prepare_data(values)
        with step("Web, worker and beat") as current:
            current.note = remark if process is None else "already running, unchanged"
            process = process or portal.start(port, values)
            portal.wait_for(process, port)
        announce(port, logins, time.monotonic() - began)
    return 0


def prepare_data(values: dict[str, str]) -> str:
    """Schema, translations, static files and the demo alliance. Returns its logins. Raises `Problem`."""
    for folder in ("evidence", "mail"):
        (RUN / folder).mkdir(mode=0o700, exist_ok=True)
    with step("Translations") as current:
        current.note = manage.quietly("translations", values, "-m", "dev.inside.translations")
    with (
        ThreadPoolExecutor(max_workers=1) as beside,
        manage.running("data", values, "-m", "dev.inside.prepare") as data,
    ):
        # Needs no database, so it goes on while the schema is made.
        static = beside.submit(collect_static, values)
        with step("Database schema"):
            data.part()
        with step("Static files") as current:
            current.note = static.result()
        with step("Demo alliance") as current:
            current.note = data.part()
        return data.rest()


def collect_static(values: dict[str, str]) -> str:
    """Collects the static files, unless neither they nor the packages changed. Returns a note."""
    wanted = portal.fingerprint("static", venv.BASE)
    collected = COLLECTED.read_text() if COLLECTED.exists() else ""
    if collected == wanted and (ROOT / "staticfiles").is_dir():
        return "unchanged"
    COLLECTED.unlink(missing_ok=True)
    command = ("manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0")
    manage.quietly("collectstatic", values, *command)
    COLLECTED.write_text(wanted)
    return ""


def announce(port: int, logins: str, seconds: float) -> None:
    """Prints the address, the logins and what to do next."""
    say(f"\nReady in {seconds:.0f} s:  http://localhost:{port}/\n")
    say(logins.rstrip())
    say("\nmake logs follows its log, make stop ends it, make clean takes everything away.")
    say(f"Its data, mails and evidence files lie in {RUN}")
    data = Engines(RUN).state.get("postgres", {}).get("data")
    if data and not Path(data).is_relative_to(RUN):
        say(f"and, since the engines' account cannot reach that folder, in {Path(data).parent}")


def stop() -> int:
    """Stops all that `make demo` started."""
    with guard.alone("demo"):
        stopped = portal.stop()
        stopped |= Engines(RUN).stop()
    say(
        "Stopped. The data stay: make demo goes on with them."
        if stopped
        else "Nothing was running."
    )
    return 0


def clean() -> int:
    """Stops everything and removes what the launcher made."""
    with guard.alone("demo"):
        portal.stop()
        Engines(RUN).stop()
    accounts.discard(RUN / "engines")
    shutil.rmtree(RUN, ignore_errors=True)
    for name in MADE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for compiled in (ROOT / "locale").rglob("*.mo"):
        compiled.unlink()
    for folder in ROOT.rglob("__pycache__"):
        if VENV not in folder.parents:
            shutil.rmtree(folder, ignore_errors=True)
    if not venv.remove():
        say(f"{shown(VENV)} was not made by the launcher, so it stays.")
    say("Clean.")
    return 0


def logs() -> int:
    """Follows the log of web, worker and beat until interrupted."""
    if not portal.LOG.exists():
        raise Problem("There is no log yet: start the portal with `make demo`.")
    os.execvp("tail", ["tail", "-n", "100", "-F", str(portal.LOG)])


def develop() -> int:
    """Serves the demo's data with DEBUG on and reloads what changes. Raises `Problem`."""
    values = configuration.read(ENVIRONMENT)
    if values is None or not portal.runs():
        raise Problem("The demo is not running: start it with `make demo`, then try again.")
    user = configuration.configured()
    portal.check_port(user.get("PORT"))
    port = ports.next_free(int(user.get("PORT") or portal.FIRST_PORT + 1))
    origin = f"http://localhost:{port}"
    values |= {"DEBUG": "1", "SITE_URL": origin, "CSRF_TRUSTED_ORIGINS": origin}
    say(f"Alliance Portal: {origin}/ on the demo's data; it reloads what changes, Ctrl-C ends it")
    return manage.openly(values, "manage.py", "runserver", f"{ports.HOST}:{port}")


def run_manage(arguments: list[str]) -> int:
    """Runs a command of manage.py on the demo's data."""
    values = configuration.read(ENVIRONMENT)
    if values is None or not venv.works():
        raise Problem("There is no demo here yet: start it with `make demo`.")
    return manage.openly(values, "manage.py", *arguments)
