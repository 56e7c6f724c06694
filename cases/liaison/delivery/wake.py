"""Wake-ups: ask a worker to deliver what is due in a channel. At most one waits per channel.

See :mod:`alliance.lib.wakeup`.
"""

from __future__ import annotations

from alliance.lib import wakeup

# By route of the channel: the task that delivers, and the Celery queue that it waits in.
TASKS = {
    "stream": ("cases.liaison.tasks.push_channel", "stream"),
    "webhook": ("cases.liaison.tasks.push_webhook_channel", "webhook"),
    "member_webhook": ("cases.liaison.tasks.push_member_webhook", "member_webhook"),
    "email": ("cases.liaison.tasks.push_email_channel", "mail"),
}


def wake(channel_id: int, route: str = "stream", *, swept: bool = False) -> None:
    """Ask a worker to deliver what is due in the channel, unless one was asked already. Never raises.

    ``route`` is that of the channel. For a pull channel, a waiting request of the agency's system is answered instead. The sweep (``swept``) has
    its own flag, because the other flag may belong to a task that the broker lost.
    """
    if route == "pull":
        wakeup.notify(flag(channel_id))
    elif route in TASKS:
        task, queue = TASKS[route]
        wakeup.send(task, channel_id, queue=queue, flag=flag(channel_id, swept=swept))


def clear(channel_id: int) -> None:
    """Clear the channel's wake-up flags. A task calls this before it looks for due deliveries."""
    wakeup.clear(flag(channel_id), flag(channel_id, swept=True))


def flag(channel_id: int, *, swept: bool = False) -> str:
    """Return the name of the channel's wake-up flag, or of the sweep's."""
    return f"channel:{channel_id}:swept" if swept else f"channel:{channel_id}"
