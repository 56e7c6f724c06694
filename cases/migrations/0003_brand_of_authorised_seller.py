"""A brand with authorised sellers cannot be deleted."""

import django.db.models.deletion
from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_reference_data"),
        ("members", "0003_history_context"),
    ]

    operations = [
        LockTimeout(),
        migrations.AlterField(
            model_name="authorisedseller",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authorised_sellers",
                to="members.brand",
            ),
        ),
    ]
