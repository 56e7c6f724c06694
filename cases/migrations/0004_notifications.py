import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_member_filed"),
        ("members", "0006_notifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.AddField(
            model_name="outgoingmail",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="members.digest",
                verbose_name="daily digest",
            ),
        ),
        # The emails of before the upgrade count as read. PostgreSQL stores the default of existing rows once.
        migrations.AddField(
            model_name="outgoingmail",
            name="read_at",
            field=models.DateTimeField(
                blank=True, db_default=Now(), null=True, verbose_name="read on"
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="read on"),
        ),
    ]
