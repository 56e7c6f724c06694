"""The admin of the liaison app."""

from cases.liaison.admin import (  # noqa: F401  (each registers its models)
    agencies,
    channels,
    deliveries,
    due_times,
    guides,
    operations,
    rules,
    stream_accounts,
)
