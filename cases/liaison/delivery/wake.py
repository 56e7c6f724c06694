"""Wake-ups for lanes: at most one waiting per channel (see :mod:`alliance.lib.wakeup`)."""

from __future__ import annotations

from alliance.lib import wakeup

# By kind of channel: the task that drains its lane, and the queue of its own that it waits in.
TASKS = {
    "stream": ("cases.liaison.tasks.push_lane", "stream"),
    "webhook": ("cases.liaison.tasks.push_webhook_lane", "webhook"),
    "email": ("cases.liaison.tasks.push_mail_lane", "mail"),
}


def wake(channel_id: int, kind: str = "stream", *, swept: bool = False) -> None:
    """Ask a worker to drain the lane of this channel, unless one was asked already. Never raises.

    Nothing is pushed to a pull channel: its agency's system, if it waits just now, is given a sign.
    The sweep (``swept``) has a flag of its own: the other may stand for a task that the broker has lost.
    """
    if kind == "pull":
        wakeup.sign(flag(channel_id))
    elif kind in TASKS:
        task, queue = TASKS[kind]
        wakeup.send(task, channel_id, queue=queue, flag=flag(channel_id, swept=swept))


def clear(channel_id: int) -> None:
    """Take the lane's flags away, before draining it."""
    wakeup.clear(flag(channel_id), flag(channel_id, swept=True))


def flag(channel_id: int, *, swept: bool = False) -> str:
    """Return the name of the lane's flag, or of the sweep's."""
    return f"lane:{channel_id}:swept" if swept else f"lane:{channel_id}"
