"""The admin of members and people."""

from members.admin import (  # noqa: F401  (each registers its models)
    access_tokens,
    applications,
    directory,
    documents,
    imports,
    invitations,
    notifications,
    organisations,
    people,
    products,
    single_sign_on,
)
