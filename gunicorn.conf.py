"""Configuration of gunicorn (see docs/operations.md). Bind address, workers and threads are command-line options."""

import os
from pathlib import Path

import environ

# The settings read the same file. Environment variables take precedence.
environ.Env.read_env(Path(__file__).resolve().parent / ".env")
# Limits for web requests only, not for workers and migrations.
os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "30")
os.environ.setdefault("DATABASE_LOCK_SECONDS", "10")

worker_class = "alliance.server.BufferingWorker"
logger_class = "alliance.server.Logger"
# Seconds without a heartbeat after which a worker is replaced, and seconds for its requests at shutdown.
timeout = 60
graceful_timeout = 30
# Idle timeout of a connection in seconds. The proxy's is shorter.
keepalive = 15
# gunicorn trusts no forwarding header. Django evaluates the headers that it trusts.
forwarder_headers = ""
forwarded_allow_ips = ""
header_map = "drop"
# Files are sent through the buffering socket, which enforces the minimum rate.
sendfile = False
control_socket_disable = True
