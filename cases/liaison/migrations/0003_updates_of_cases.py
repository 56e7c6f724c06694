"""The index and the constraint of the updates of cases, without blocking writers. May run twice."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

from alliance.lib.migrations import LockTimeout

CREATE = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS update_sequence_once_per_case
    ON liaison_update (case_id, sequence) WHERE case_id IS NOT NULL
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("liaison", "0002_webhooks_of_members")]

    operations = [
        LockTimeout(),
        # A build that was interrupted leaves an invalid index.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS update_sequence_once_per_case", ""),
        migrations.RunSQL(
            CREATE,
            "DROP INDEX CONCURRENTLY IF EXISTS update_sequence_once_per_case",
            state_operations=[
                migrations.AddConstraint(
                    model_name="update",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("case__isnull", False)),
                        fields=("case", "sequence"),
                        name="update_sequence_once_per_case",
                    ),
                ),
            ],
        ),
        ValidateConstraint("update", "update_of_a_referral_or_a_case"),
    ]
