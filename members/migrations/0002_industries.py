"""The twelve industries. Idempotent: rows that are there already are left alone."""

from typing import Any

from django.db import migrations

from members import reference


def load(apps: Any, _schema_editor: Any) -> None:
    reference.load(apps.get_model("members", "Industry"))


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
