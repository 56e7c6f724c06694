"""A private RabbitMQ for the tests of that broker: found, installed where root may, started, stopped."""

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev import ports, system_packages
from dev.accounts import Account
from dev.console import Problem, step
from dev.processes import Process, marked

# The second is what Debian keeps behind a wrapper that only lets root and its own account in.
PLACES = (
    "/usr/lib/rabbitmq/bin/rabbitmq-server",
    "/opt/homebrew/sbin/rabbitmq-server",
    "/usr/local/sbin/rabbitmq-server",
)
PACKAGES = {"apt-get": ("rabbitmq-server",)}
FETCH_SECONDS = 90
START_SECONDS = 45
MARK = "PORTAL_RABBITMQ_OF"
USER = "portal"


def find(environment: Mapping[str, str]) -> str | None:
    """The path of a RabbitMQ server and its Erlang: RABBITMQ, the usual places, then the PATH."""
    if named := environment.get("RABBITMQ"):
        return named if os.access(named, os.X_OK) else None
    if shutil.which("erl") is None:
        return None
    found = next((place for place in PLACES if os.access(place, os.X_OK)), None)
    return found or shutil.which("rabbitmq-server")


def ensure(environment: Mapping[str, str]) -> str | None:
    """The path of a RabbitMQ, installed first where that is possible; None where none can be had."""
    with step("RabbitMQ") as current:
        found = find(environment)
        wanted = found is None and not environment.get("RABBITMQ")
        if wanted and system_packages.install(PACKAGES, "rabbitmq.log", seconds=FETCH_SECONDS):
            found = find(environment)
        current.note = found or "NOT TO BE HAD: install rabbitmq-server, or name one in RABBITMQ"
    return found


def configuration(port: int, password: str) -> str:
    """The whole configuration of a small server on the loopback that knows one user."""
    return "\n".join(
        (
            f"listeners.tcp.1 = {ports.HOST}:{port}",
            "num_acceptors.tcp = 2",
            f"default_user = {USER}",
            f"default_pass = {password}",
            "default_user_tags.administrator = true",
            "vm_memory_high_watermark.absolute = 256MB",
            "disk_free_limit.absolute = 32MB",
            "log.file = false",
            "log.console = true",
            "log.console.level = warning",
            "",
        )
    )


@dataclass
class RabbitMQ:
    """One private broker: its program, its folder, and who runs it. Its port stays the same."""

    program: str
    home: Path
    account: Account
    port: int = field(default_factory=ports.any_free)
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    epmd_port: int = field(default_factory=ports.any_free)
    process: Process | None = None

    @property
    def url(self) -> str:
        """What the portal is given as CELERY_BROKER_URL."""
        return f"amqp://{USER}:{self.password}@{ports.HOST}:{self.port}//"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.home / "rabbitmq.log"

    def start(self) -> None:
        """Starts the server, empty or with what it kept, and waits until it answers. Raises `Problem`."""
        self._prepare()
        with self.log.open("a") as log:
            child = subprocess.Popen(
                [self.program],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env=self._environment(),
                start_new_session=True,
                **self.account.options,
            )
        self.process = Process.of(child.pid)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Problem(f"RabbitMQ does not start: {_reason(self.log)}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether it takes connections: it opens its port last of all."""
        return ports.connects(self.port)

    def stop(self) -> None:
        """Ends the server and everything that it started, as a power cut would."""
        processes = marked(MARK, str(self.home))
        if self.process:
            processes.append(self.process)
        for process in processes:
            process.stop(patience=0)
        self.process = None

    def _prepare(self) -> None:
        # Erlang's nodes know each other by it; there is one here, which nobody else may talk to.
        files = {
            "rabbitmq.conf": configuration(self.port, self.password),
            "enabled_plugins": "[].\n",
            "rabbitmq-env.conf": "",
            ".erlang.cookie": secrets.token_hex(16),
        }
        for name, text in files.items():
            path = self.home / name
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(text)
                if self.account.options:
                    shutil.chown(path, self.account.uid, self.account.gid)

    def _environment(self) -> dict[str, str]:
        home = str(self.home)
        return {
            "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin",
            "LC_ALL": "C.UTF-8",
            "HOME": home,
            MARK: home,
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": ports.HOST,
            "RABBITMQ_NODENAME": f"portal{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(ports.any_free()),
            "RABBITMQ_CONF_ENV_FILE": f"{home}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{home}/pid",
            # One scheduler that sleeps when it is idle; its own port on the loopback only.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        } | {name: value for name, value in os.environ.items() if name == "PORTAL_ENGINE_OF"}


def _reason(log: Path) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    told = re.findall(r"(?:error|BOOT FAILED|Error)\S*[ :]+(.+)", text)
    return f"{told[0].strip()[:200] if told else 'it said nothing'} (see {log})"
