"""The admin of members and people."""

from members.admin import (  # noqa: F401  (each registers its models)
    applications,
    directory,
    documents,
    invitations,
    notifications,
    organisations,
    people,
)
