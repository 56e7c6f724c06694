"""Attempts made before they named their channel get it from their delivery. May run again."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("liaison", "0009_attempts_by_channel")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE liaison_attempt
               SET channel_id = delivery.channel_id
              FROM liaison_delivery AS delivery
             WHERE delivery.id = liaison_attempt.delivery_id AND liaison_attempt.channel_id IS NULL
            """,
            migrations.RunSQL.noop,
        ),
    ]
