"""The admin of members and people."""

from members.admin import organisations, people  # noqa: F401  (each registers its models)
