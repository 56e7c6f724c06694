"""The index by which old e-mails are found. Made beside what goes on: the table may be large.

If it was interrupted it leaves an index that nobody uses; run again, it is made anew.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("cases", "0006_shop_name_in_the_draft"),
    ]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS mail_age", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(
                    ("sent_at__isnull", False), ("failed_at__isnull", False), _connector="OR"
                ),
                fields=["created_at"],
                name="mail_age",
            ),
        ),
    ]
