"""The launcher announces what it installs as root, can be forbidden to, and limits the download."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev import browser


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Simulate root on a machine without Chromium; return the folder of its programs."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(browser, "LOGS", tmp_path)
    monkeypatch.setattr(browser, "PLACES", ())
    monkeypatch.setattr(browser, "NAMES", ("chromium-of-this-test",))
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    """Write a shell script to the folder."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_installation_is_announced_first(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(root, "apt-get", f'echo "$@" >> {root}/calls')
    announced: list[str] = []
    original = browser.install

    def install() -> bool:
        announced.append(capsys.readouterr().out)
        return original()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(browser, "install", install)
        assert browser.ensure({}) is None
    assert "installing chromium-headless-shell or chromium and fonts-noto-cjk" in announced[0]
    assert "PORTAL_INSTALL=0" in announced[0]
    update, fetch, unpack = (root / "calls").read_text().splitlines()
    assert update.startswith("update")
    assert "--download-only" in fetch
    assert "--no-download" in unpack
    assert unpack.endswith("chromium-headless-shell fonts-noto-cjk")


def test_a_distribution_without_the_headless_shell_has_chromium(root: Path) -> None:
    program(root, "apt-get", f'echo "$@" >> {root}/calls; case "$*" in *-shell*) exit 100; esac')
    assert browser.install()
    unpack = (root / "calls").read_text().splitlines()[-1]
    assert "--no-download" in unpack
    assert unpack.endswith("chromium fonts-noto-cjk")


@pytest.mark.parametrize(
    ("uid", "environment"), [(0, {"PORTAL_INSTALL": "0"}), (1000, {}), (0, {"CHROMIUM": "/none"})]
)
def test_nothing_is_installed_without_permission(
    root: Path, monkeypatch: pytest.MonkeyPatch, uid: int, environment: dict[str, str]
) -> None:
    """PORTAL_INSTALL=0, another account than root, or a named Chromium prevent the installation."""
    program(root, "apt-get", f"touch {root}/called")
    monkeypatch.setattr("os.geteuid", lambda: uid)
    assert browser.ensure(environment) is None
    assert not (root / "called").exists()


def test_the_download_from_a_silent_mirror_is_stopped(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(root, "apt-get", '[ "$1" = update ] || exec sleep 60')
    monkeypatch.setattr(browser, "FETCH_SECONDS", 0.2)
    assert not browser.install()
    assert "stopped after 0.2 s" in (root / "browser.log").read_text()
