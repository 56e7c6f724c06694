"""The admin of members and people."""

from members.admin import documents, invitations, organisations, people  # noqa: F401  (each registers its models)
