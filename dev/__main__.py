"""The command line behind the Makefile: `python3 -m dev <command>`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # an older interpreter may run this file
    sys.exit(
        f"The portal needs Python 3.11 or newer; {sys.executable} is "
        f"{sys.version_info[0]}.{sys.version_info[1]}. Install a newer one and name it, "
        "for example `make demo PYTHON=python3.12`."
    )
if sys.platform == "win32":
    sys.exit("The portal runs on Linux and macOS. On Windows, use WSL 2 or compose.yaml.")

from dev.launch import main  # needs Python 3.11

sys.exit(main(sys.argv[1:]))
