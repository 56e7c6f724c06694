"""Free TCP ports on the loopback."""

import errno
import socket

HOST = "127.0.0.1"


def connects(port: int) -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def _binds(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        # No IPv6 on this machine: nobody can be listening there.
        return error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
    return True


def is_free(port: int) -> bool:
    """Whether a server could listen on the port. `localhost` may mean ::1, so that must be free as well."""
    return (
        not connects(port)
        and _binds(socket.AF_INET, HOST, port)
        and _binds(socket.AF_INET6, "::1", port)
    )


def next_free(first: int, tries: int = 100) -> int | None:
    """The first free port from `first` on, or None when all of `tries` are taken."""
    last = min(first + tries, 65536)
    return next((port for port in range(first, last) if is_free(port)), None)


def any_free(preferred: int | None = None) -> int:
    """The preferred port where it is free, else one that the system picks."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
