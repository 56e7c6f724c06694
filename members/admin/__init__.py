"""The admin of members and people."""

from members.admin import (  # noqa: F401  (each registers its models)
    directory,
    documents,
    invitations,
    notifications,
    organisations,
    people,
    single_sign_on,
)
