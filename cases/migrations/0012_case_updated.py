"""An index for subscriptions to saved views, which count the cases that have changed since the last look."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    # For the index, which is built concurrently.
    atomic = False

    dependencies = [
        ("cases", "0011_bulk_and_views"),
    ]

    operations = [
        LockTimeout(),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("submitted_at__isnull", False)),
                fields=["updated_at"],
                name="case_updated",
            ),
        ),
    ]
