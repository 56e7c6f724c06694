"""Indexes by which old rows are found. Made beside what goes on: these tables may be large.

One that was interrupted leaves an index that nobody uses; run again, it is made anew.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def _anew(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("liaison", "0013_acknowledged_up_to_and_put_aside"),
    ]

    operations = [
        _anew("attempt_failed_age"),
        AddIndexConcurrently(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("error__gt", ""), ("status__gte", 300), _connector="OR"),
                fields=["at", "id"],
                name="attempt_failed_age",
            ),
        ),
        _anew("test_age"),
        AddIndexConcurrently(
            model_name="channeltest",
            index=models.Index(fields=["asked_at"], name="test_age"),
        ),
        _anew("notice_age"),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("sent_at__isnull", False), ("failed_at__isnull", False), _connector="OR"
                ),
                fields=["created_at", "id"],
                name="notice_age",
            ),
        ),
    ]
