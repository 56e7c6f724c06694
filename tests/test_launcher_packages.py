"""The launcher installs programs without starting their services, and gives up in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev import system_packages


def manager(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a package manager into the PATH that runs ``script``, and make us root in the launcher's eyes."""
    program = folder / "apt-get"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(system_packages, "LOGS", folder)
    system_packages._refresh_apt.cache_clear()


def test_services_are_forbidden_while_a_package_is_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with system_packages.no_services_started(policy):
        assert "exit 101" in policy.read_text()
        assert policy.stat().st_mode & 0o111
    assert not policy.exists()


def test_a_policy_that_is_there_is_left_alone(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 0\n")
    with system_packages.no_services_started(policy):
        assert policy.read_text() == "#!/bin/sh\nexit 0\n"
    assert policy.exists()


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text(system_packages.NO_SERVICES)
    with system_packages.no_services_started(policy):
        pass
    assert not policy.exists()


def test_nobody_but_root_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages, "_run", lambda *_: pytest.fail("it ran something"))
    assert not system_packages.install({"apt-get": ("x",)}, "x.log", seconds=1)


def test_packages_are_fetched_then_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager(tmp_path, f'echo "$@" >> {tmp_path}/calls', monkeypatch)
    assert system_packages.install({"apt-get": ("broker",)}, "x.log", seconds=10)
    update, fetch, unpack = (tmp_path / "calls").read_text().splitlines()
    assert update.startswith("update")
    assert "--download-only" in fetch
    assert "--no-download" in unpack
    assert unpack.endswith("broker")


def test_a_silent_mirror_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager(tmp_path, '[ "$1" = update ] || exec sleep 60', monkeypatch)
    assert not system_packages.install({"apt-get": ("broker",)}, "x.log", seconds=0.2)
    assert "given up" in (tmp_path / "x.log").read_text()
