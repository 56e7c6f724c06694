from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("liaison", "0012_resends"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="acknowledged_seq",
            field=models.PositiveBigIntegerField(
                db_default=0, editable=False, verbose_name="acknowledged up to"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="put_aside",
            field=models.BooleanField(db_default=False, editable=False, verbose_name="put aside"),
        ),
    ]
