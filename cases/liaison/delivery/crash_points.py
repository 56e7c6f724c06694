"""Named places in the relay at which the fault tests stop the worker. Nothing in production.

``LIAISON_FAULT_AT=<name>`` in a worker's environment makes the process send itself
``LIAISON_FAULT_SIGNAL`` there (default ``SIGKILL``; ``SIGSTOP`` freezes it), once: a marker file
(``LIAISON_FAULT_ONCE``) is created first, and a process that finds it there goes on unharmed.
"""

from __future__ import annotations

import os
import signal

POINTS = ("flag_cleared", "taken", "numbered", "before_append", "appended", "recorded")
# Those of webhook and e-mail lanes.
LANE_POINTS = ("lane_taken", "answered", "noted")
# Those of an order to send again that is not done in one slice.
RESEND_POINTS = ("put_back",)


def reached(point: str) -> None:
    """Stop here when the environment asks for it; otherwise do nothing."""
    if os.environ.get("LIAISON_FAULT_AT") != point:
        return
    try:
        os.close(os.open(os.environ["LIAISON_FAULT_ONCE"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.Signals[os.environ.get("LIAISON_FAULT_SIGNAL", "SIGKILL")])
