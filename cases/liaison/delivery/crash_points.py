"""Named points in the delivery code at which the fault tests stop a worker. They do nothing in production.

With ``LIAISON_FAULT_AT=<name>`` in its environment, a worker that reaches that point sends itself
``LIAISON_FAULT_SIGNAL`` (default ``SIGKILL``; ``SIGSTOP`` freezes it). This happens once: the worker first
creates the marker file ``LIAISON_FAULT_ONCE``, and a worker that finds the file continues normally.
"""

from __future__ import annotations

import os
import signal

# In the stream relay.
POINTS = ("flag_cleared", "taken", "numbered", "before_append", "appended", "recorded")
# In webhook and email delivery.
PUSH_POINTS = ("lease_acquired", "answered", "noted")
# In a resend order that takes more than one slice.
RESEND_POINTS = ("slice_done",)


def reached(point: str) -> None:
    """Send the configured signal to this process if the environment names ``point``."""
    if os.environ.get("LIAISON_FAULT_AT") != point:
        return
    try:
        os.close(os.open(os.environ["LIAISON_FAULT_ONCE"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.Signals[os.environ.get("LIAISON_FAULT_SIGNAL", "SIGKILL")])
