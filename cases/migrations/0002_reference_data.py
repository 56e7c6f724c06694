"""Reason codes and the marketplace of independent websites. Idempotent."""

from typing import Any

from django.db import migrations

from cases import reference


def load(apps: Any, _schema_editor: Any) -> None:
    reference.load(
        reason_code=apps.get_model("cases", "ReasonCode"),
        marketplace=apps.get_model("cases", "Marketplace"),
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
