import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations
import members.models.import_job


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0009_products"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checked", "Waiting for your confirmation"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="uploaded on"
                    ),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        default="",
                        storage=members.models.import_job.import_storage,
                        upload_to=members.models.import_job.import_path,
                        verbose_name="file",
                    ),
                ),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "notes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                ("will_create", models.PositiveIntegerField(verbose_name="to be created")),
                ("will_change", models.PositiveIntegerField(verbose_name="to be changed")),
                ("will_keep", models.PositiveIntegerField(verbose_name="unchanged by the check")),
                ("will_fail", models.PositiveIntegerField(verbose_name="with errors by the check")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed on"),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="rows done")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("created", models.PositiveIntegerField(default=0, verbose_name="created")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="with errors")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("file", "The uploaded file cannot be read any more. Upload it again."),
                            (
                                "role",
                                "The person who confirmed the import may no longer change this.",
                            ),
                            (
                                "error",
                                "An error of the portal stopped the import. Upload the sheet again; if it fails again, contact us.",
                            ),
                        ],
                        max_length=10,
                        verbose_name="reason for the failure",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ("-uploaded_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="ImportJobHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checked", "Waiting for your confirmation"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="uploaded on"
                    ),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        default="",
                        storage=members.models.import_job.import_storage,
                        upload_to=members.models.import_job.import_path,
                        verbose_name="file",
                    ),
                ),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                ("will_create", models.PositiveIntegerField(verbose_name="to be created")),
                ("will_change", models.PositiveIntegerField(verbose_name="to be changed")),
                ("will_keep", models.PositiveIntegerField(verbose_name="unchanged by the check")),
                ("will_fail", models.PositiveIntegerField(verbose_name="with errors by the check")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed on"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("file", "The uploaded file cannot be read any more. Upload it again."),
                            (
                                "role",
                                "The person who confirmed the import may no longer change this.",
                            ),
                            (
                                "error",
                                "An error of the portal stopped the import. Upload the sheet again; if it fails again, contact us.",
                            ),
                        ],
                        max_length=10,
                        verbose_name="reason for the failure",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("message", models.TextField(max_length=2000, verbose_name="message")),
            ],
            options={
                "verbose_name": "problem of an import",
                "verbose_name_plural": "problems of imports",
                "ordering": ("row",),
            },
        ),
        migrations.RemoveIndex(
            model_name="ipright",
            name="right_waiting_of_member",
        ),
        migrations.RemoveIndex(
            model_name="ipright",
            name="right_queue",
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(
                    ("returned_at", None), ("verified_at", None), ("certificate__isnull", False)
                ),
                fields=["member", "-id"],
                name="right_queued_of_member",
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(
                    ("returned_at", None), ("verified_at", None), ("certificate", None)
                ),
                fields=["member", "-id"],
                name="right_incomplete_of_member",
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(
                    ("returned_at", None), ("verified_at", None), ("certificate__isnull", False)
                ),
                fields=["submitted_at", "id"],
                name="right_queued",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="imports",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AddField(
            model_name="importjobhistory",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="importjobhistory",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="importjobhistory",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="importjobhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.importjob",
            ),
        ),
        migrations.AddField(
            model_name="importjobhistory",
            name="uploaded_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AddField(
            model_name="importproblem",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="problems",
                to="members.importjob",
                verbose_name="import",
            ),
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(fields=["member", "-uploaded_at", "-id"], name="import_of_member"),
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(
                condition=models.Q(("state", "running")),
                fields=["confirmed_at"],
                name="import_running",
            ),
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(
                condition=models.Q(("file", ""), _negated=True),
                fields=["uploaded_at"],
                name="import_with_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="import_confirmed_by_and_at_go_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("finished_at", None), ("state", "checked")),
                    models.Q(
                        ("confirmed_at__isnull", False), ("finished_at", None), ("state", "running")
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("state__in", ("done", "failed")),
                        ("finished_at__isnull", False),
                    ),
                    models.Q(("finished_at__isnull", False), ("state", "cancelled")),
                    _connector="OR",
                ),
                name="import_state_has_its_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), models.Q(("failure", ""), _negated=True)),
                    models.Q(models.Q(("state", "failed"), _negated=True), ("failure", "")),
                    _connector="OR",
                ),
                name="import_failed_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "position",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("created"), "+", models.F("changed")
                                ),
                                "+",
                                models.F("unchanged"),
                            ),
                            "+",
                            models.F("failed"),
                        ),
                    ),
                    (
                        "row_count",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("will_create"), "+", models.F("will_change")
                                ),
                                "+",
                                models.F("will_keep"),
                            ),
                            "+",
                            models.F("will_fail"),
                        ),
                    ),
                ),
                name="import_rows_add_up",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="importjob",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_importjobhistory" ("confirmed_at", "confirmed_by_id", "failure", "file", "finished_at", "id", "kind", "language", "member_id", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "sha256", "size", "state", "uploaded_at", "uploaded_by_id", "will_change", "will_create", "will_fail", "will_keep") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."failure", NEW."file", NEW."finished_at", NEW."id", NEW."kind", NEW."language", NEW."member_id", NEW."original_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."row_count", NEW."sha256", NEW."size", NEW."state", NEW."uploaded_at", NEW."uploaded_by_id", NEW."will_change", NEW."will_create", NEW."will_fail", NEW."will_keep"); RETURN NULL;',
                            hash="27bcc369908d146d7b9d21c175a9234850941be9",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_3c37c",
                            table="members_importjob",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="importjob",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."failure" IS DISTINCT FROM (NEW."failure") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."original_name" IS DISTINCT FROM (NEW."original_name") OR OLD."row_count" IS DISTINCT FROM (NEW."row_count") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."will_change" IS DISTINCT FROM (NEW."will_change") OR OLD."will_create" IS DISTINCT FROM (NEW."will_create") OR OLD."will_fail" IS DISTINCT FROM (NEW."will_fail") OR OLD."will_keep" IS DISTINCT FROM (NEW."will_keep"))',
                            func='INSERT INTO "members_importjobhistory" ("confirmed_at", "confirmed_by_id", "failure", "file", "finished_at", "id", "kind", "language", "member_id", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "sha256", "size", "state", "uploaded_at", "uploaded_by_id", "will_change", "will_create", "will_fail", "will_keep") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."failure", NEW."file", NEW."finished_at", NEW."id", NEW."kind", NEW."language", NEW."member_id", NEW."original_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."row_count", NEW."sha256", NEW."size", NEW."state", NEW."uploaded_at", NEW."uploaded_by_id", NEW."will_change", NEW."will_create", NEW."will_fail", NEW."will_keep"); RETURN NULL;',
                            hash="fbbae83ab2a271ab2bc836ef6269450f1b1c60b6",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bafc0",
                            table="members_importjob",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="importjob",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_importjobhistory" ("confirmed_at", "confirmed_by_id", "failure", "file", "finished_at", "id", "kind", "language", "member_id", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "sha256", "size", "state", "uploaded_at", "uploaded_by_id", "will_change", "will_create", "will_fail", "will_keep") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."failure", OLD."file", OLD."finished_at", OLD."id", OLD."kind", OLD."language", OLD."member_id", OLD."original_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."row_count", OLD."sha256", OLD."size", OLD."state", OLD."uploaded_at", OLD."uploaded_by_id", OLD."will_change", OLD."will_create", OLD."will_fail", OLD."will_keep"); RETURN NULL;',
                            hash="7201a9c5b12233d2e314f03cca13f8e1c468d557",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c75d8",
                            table="members_importjob",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="importjobhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a9f90aeaea61ad9465f4ff50b836054ef14e2610",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2a556",
                            table="members_importjobhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddConstraint(
            model_name="importproblem",
            constraint=models.UniqueConstraint(fields=("job", "row"), name="problem_once_per_row"),
        ),
    ]
