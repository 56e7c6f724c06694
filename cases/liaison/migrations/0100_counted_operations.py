from collections.abc import Iterable
from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def intervals(
    snapshots: Iterable[tuple[int, Iterable[str]]],
) -> list[tuple[str, int, int | None]]:
    """Return, for each reference, from which snapshot on it is counted and from which it is not any more.

    ``snapshots`` are keys with the references that each counts, in the order of publication.
    """
    found: list[tuple[str, int, int | None]] = []
    counted: dict[str, int] = {}
    for snapshot, references in snapshots:
        now = set(references)
        gone = sorted(counted.keys() - now)
        found += [(reference, counted.pop(reference), snapshot) for reference in gone]
        for reference in now - counted.keys():
            counted[reference] = snapshot
    return found + [(reference, since, None) for reference, since in sorted(counted.items())]


def fill(apps: Any, schema_editor: Any) -> None:
    """Turn the list of references in each snapshot into rows."""
    counted = apps.get_model("liaison", "CountedOperation")
    operation = apps.get_model("liaison", "Operation")
    snapshots = apps.get_model("liaison", "ImpactSnapshot").objects.order_by("pk")
    keys = dict(operation.objects.values_list("reference", "pk"))
    rows = snapshots.values_list("pk", "operation_references").iterator(chunk_size=100)
    counted.objects.bulk_create(
        [
            counted(operation_id=keys[reference], since_id=since, until_id=until)
            for reference, since, until in intervals(rows)
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("liaison", "0014_old_rows_by_age"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedOperation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "counted operation",
                "verbose_name_plural": "counted operations",
                "ordering": ("-id",),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="impactsnapshot",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="impactsnapshot",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="impactsnapshot",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="impactsnapshot",
            name="previous_sha256",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="SHA-256 of the previous one"
            ),
        ),
        migrations.AddField(
            model_name="impactsnapshothistory",
            name="previous_sha256",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="SHA-256 of the previous one"
            ),
        ),
        migrations.AlterField(
            model_name="impactsnapshot",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="impactsnapshothistory",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="countedoperation",
            name="operation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="liaison.operation",
                verbose_name="operation",
            ),
        ),
        migrations.AddField(
            model_name="countedoperation",
            name="since",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="liaison.impactsnapshot",
                verbose_name="first counted in",
            ),
        ),
        migrations.AddField(
            model_name="countedoperation",
            name="until",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="liaison.impactsnapshot",
                verbose_name="no longer counted in",
            ),
        ),
        migrations.AddConstraint(
            model_name="countedoperation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("operation",),
                name="operation_counted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="countedoperation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("until__gt", models.F("since")), _connector="OR"
                ),
                name="operation_counted_in_order",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="impactsnapshot",
            name="operation_references",
        ),
        migrations.RemoveField(
            model_name="impactsnapshothistory",
            name="operation_references",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="impactsnapshot",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "liaison_impactsnapshothistory" ("definition_version", "figures", "id", "period_from", "period_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "published_at", "published_by_id", "sha256") VALUES (NEW."definition_version", NEW."figures", NEW."id", NEW."period_from", NEW."period_to", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_sha256", NEW."published_at", NEW."published_by_id", NEW."sha256"); RETURN NULL;',
                    hash="17bae4999815dfec59723d834d169c625978880a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8ed72",
                    table="liaison_impactsnapshot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="impactsnapshot",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "liaison_impactsnapshothistory" ("definition_version", "figures", "id", "period_from", "period_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "published_at", "published_by_id", "sha256") VALUES (NEW."definition_version", NEW."figures", NEW."id", NEW."period_from", NEW."period_to", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_sha256", NEW."published_at", NEW."published_by_id", NEW."sha256"); RETURN NULL;',
                    hash="77bd3667a78749ed4b72ca6f24fdd4077defef9d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_60a1c",
                    table="liaison_impactsnapshot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="impactsnapshot",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "liaison_impactsnapshothistory" ("definition_version", "figures", "id", "period_from", "period_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "published_at", "published_by_id", "sha256") VALUES (OLD."definition_version", OLD."figures", OLD."id", OLD."period_from", OLD."period_to", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_sha256", OLD."published_at", OLD."published_by_id", OLD."sha256"); RETURN NULL;',
                    hash="9372f03b384c88010b413e5155567ed84255ead7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d5291",
                    table="liaison_impactsnapshot",
                    when="AFTER",
                ),
            ),
        ),
    ]
