"""The admin of members and people."""

from members.admin import (  # noqa: F401  (each registers its models)
    directory,
    invitations,
    notifications,
    organisations,
    people,
)
