"""Stops a run's servers and processes if the harness was killed.

Waits for the end of its standard input, which ends with the harness.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from dev import accounts, postgres_server
from dev.processes import marked, stop_all


def main(mark: str, folder: Path, data: Path) -> None:
    """Wait, then stop every process with the ``mark`` of ``folder``, the server of ``data``, and remove both."""
    sys.stdin.read()
    stop_all(marked(mark, str(folder)), timeout=0)
    process, _port, _status = postgres_server.postmaster(data)
    if process:
        process.stop(timeout=2)
    accounts.discard(folder / "servers")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
