"""Access tokens can have the scopes of cases. Only the choices of the columns change."""

import django.contrib.postgres.fields
from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_history_context"),
    ]

    operations = [
        LockTimeout(),
        migrations.AlterField(
            model_name="accesstoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("brands:read", "Read brands"),
                        ("brands:write", "Change brands"),
                        ("rights:read", "Read rights"),
                        ("rights:write", "Register and change rights"),
                        ("products:read", "Read products"),
                        ("products:write", "Change products"),
                        ("cases:read", "Read cases, evidence and imports"),
                        ("cases:write", "File and change cases, import listings"),
                        ("sellers:read", "Read authorised sellers"),
                        ("sellers:write", "Change authorised sellers"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="scopes",
            ),
        ),
        migrations.AlterField(
            model_name="accesstokenhistory",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("brands:read", "Read brands"),
                        ("brands:write", "Change brands"),
                        ("rights:read", "Read rights"),
                        ("rights:write", "Register and change rights"),
                        ("products:read", "Read products"),
                        ("products:write", "Change products"),
                        ("cases:read", "Read cases, evidence and imports"),
                        ("cases:write", "File and change cases, import listings"),
                        ("sellers:read", "Read authorised sellers"),
                        ("sellers:write", "Change authorised sellers"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="scopes",
            ),
        ),
    ]
