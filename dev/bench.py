"""`make bench-delivery`: delivery to the agencies measured, on engines of its own that are as careful as in production."""

from dev import guard, manage, testrun, venv
from dev.console import say, step


def delivery(arguments: list[str]) -> int:
    """Sets everything up and runs the benchmark with the arguments; returns its exit status."""
    say("Alliance Portal: delivery, measured")
    with guard.alone("packages"), step("Python packages") as current:
        current.note = venv.ensure(venv.BASE, venv.LAUNCHER, venv.DEV)
    # Without fsync the database would look quicker than it is wherever it matters.
    with testrun.engines(careless=False) as values:
        values |= {"DEBUG": "0", "LOG_LEVEL": "WARNING", "REQUIRE_SECOND_FACTOR": "0"}
        with step("Database"):
            manage.quietly("migrate", values, "manage.py", "migrate", "--no-input")
        return manage.openly(values, "-m", "benchmarks.delivery", *arguments)
