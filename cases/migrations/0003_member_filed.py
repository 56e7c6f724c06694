from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import alliance.lib.migrations


class Migration(migrations.Migration):
    # A plain CREATE INDEX would block filing while it reads all cases.
    atomic = False
    dependencies = [
        ("cases", "0002_reference_data"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(submitted_at__isnull=False),
                fields=["member", "-submitted_at"],
                name="case_member_filed",
            ),
        ),
    ]
