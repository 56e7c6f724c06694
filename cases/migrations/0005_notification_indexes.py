from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import alliance.lib.migrations


class Migration(migrations.Migration):
    # A plain CREATE INDEX would block every service that notifies while it reads all emails.
    atomic = False
    dependencies = [
        ("cases", "0004_notifications"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        AddIndexConcurrently(
            model_name="outgoingmail",
            index=models.Index(
                fields=["user", "-created_at", "-id"], name="notifications_of_person"
            ),
        ),
        AddIndexConcurrently(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("read_at", None)),
                fields=["user", "-created_at", "-id"],
                name="notifications_unread",
            ),
        ),
        AddIndexConcurrently(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("digest__isnull", False)),
                fields=["digest"],
                name="mail_in_digest",
            ),
        ),
    ]
