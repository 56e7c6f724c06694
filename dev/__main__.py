"""The launcher behind the Makefile: `python3 -m dev <command>`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the interpreter that runs this may be older
    sys.exit(
        f"The portal needs Python 3.11 or newer and {sys.executable} is "
        f"{sys.version_info[0]}.{sys.version_info[1]}: install a newer one and name it, "
        "for example `make demo PYTHON=python3.12`."
    )
if sys.platform == "win32":
    sys.exit(
        "The portal runs on Linux and macOS: on Windows use WSL 2, or the containers of compose.yaml."
    )

from dev.launch import main  # only now is the Python known to be new enough

sys.exit(main(sys.argv[1:]))
