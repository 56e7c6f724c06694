"""How gunicorn serves the portal, wherever it is started in this folder: docs/operations.md.

The address and the numbers of processes and threads are given on the command line.
"""

import os
from pathlib import Path

import environ

# What the settings read from the same file, which the environment overrides.
environ.Env.read_env(Path(__file__).resolve().parent / ".env")
# Nobody waits longer for a page. Workers and migrations have no such limits.
os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "30")
os.environ.setdefault("DATABASE_LOCK_SECONDS", "10")

worker_class = "alliance.server.BufferingWorker"
logger_class = "alliance.server.Logger"
# Seconds without a sign of life after which a process is replaced, and for its requests when it is told to end.
timeout = 60
graceful_timeout = 30
# Seconds that a connection may be silent, between two requests or within one. The proxy keeps its own for less.
keepalive = 15
# No header of a request says where the portal is, nor under which path: Django reads the few it trusts itself.
forwarder_headers = ""
forwarded_allow_ips = ""
header_map = "drop"
# Files go through the worker's own socket, which bounds how long a reader may take.
sendfile = False
control_socket_disable = True
