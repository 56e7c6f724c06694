"""An access token knows the form that created it."""

from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [("members", "0003_history_context")]

    operations = [
        LockTimeout(),
        migrations.AddField(
            model_name="accesstoken",
            name="form",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="accesstoken",
            constraint=models.UniqueConstraint(
                fields=("membership", "form"), name="token_once_per_form"
            ),
        ),
    ]
