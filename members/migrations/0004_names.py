"""Computes the normal forms of names again, because more legal forms are left out of them."""

from django.db import migrations

from alliance.lib.migrations import LockTimeout
from members import names


def compute(apps, _schema_editor):
    for model in ("Member", "Application"):
        rows = apps.get_model("members", model).objects
        for pk, name, name_local, known in rows.values_list(
            "pk", "name", "name_local", "name_keys"
        ).iterator():
            found = names.keys((name, name_local))
            if found != known:
                rows.filter(pk=pk).update(name_keys=found)


class Migration(migrations.Migration):
    dependencies = [("members", "0003_history_context")]

    operations = [LockTimeout(), migrations.RunPython(compute, migrations.RunPython.noop)]
