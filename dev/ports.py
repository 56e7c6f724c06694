"""Free TCP ports on the loopback interface."""

import errno
import socket

HOST = "127.0.0.1"


def connects(port: int) -> bool:
    """Return whether a server listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def is_free(port: int) -> bool:
    """Return whether a server could listen on the port, on IPv4 and (`localhost` may be ::1) on IPv6."""
    for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            # A machine without IPv6 cannot have a server there.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                return False
    return not connects(port)


def next_free(first: int, tries: int = 100) -> int | None:
    """Return the first free port from `first` on, or None if `tries` ports are taken."""
    return next((port for port in range(first, min(first + tries, 65536)) if is_free(port)), None)


def any_free(preferred: int | None = None) -> int:
    """Return the preferred port if it is free, else one that the system picks."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
