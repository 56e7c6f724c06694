import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations
import members.models.document


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_invitations"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("certificate", "Certificate")], max_length=15, verbose_name="kind"
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=members.models.document.document_storage,
                        upload_to=members.models.document.document_path,
                        verbose_name="file",
                    ),
                ),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="uploaded on"
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ("-uploaded_at",),
            },
        ),
        migrations.CreateModel(
            name="DocumentHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("certificate", "Certificate")], max_length=15, verbose_name="kind"
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=members.models.document.document_storage,
                        upload_to=members.models.document.document_path,
                        verbose_name="file",
                    ),
                ),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="uploaded on"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="ipright",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="ipright",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="ipright",
                    name="delete_delete",
                ),
            ]
        ),
        migrations.AddField(
            model_name="ipright",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.member",
                verbose_name="member",
            ),
        ),
        # The foreign key is checked at once, because a table with pending checks cannot be altered.
        migrations.RunSQL(
            "UPDATE members_ipright SET member_id = (SELECT member_id FROM members_brand WHERE id = brand_id); SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="ipright",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="registered_owner",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="As in the office’s register.",
                max_length=200,
                verbose_name="registered owner",
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="reminded_days",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ipright",
            name="return_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=2000, verbose_name="reason for the return"
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="returned on"),
        ),
        migrations.AddField(
            model_name="ipright",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="returned by",
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="submitted_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                verbose_name="submitted on",
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="submitted by",
            ),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="registered_owner",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="As in the office’s register.",
                max_length=200,
                verbose_name="registered owner",
            ),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="return_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=2000, verbose_name="reason for the return"
            ),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="returned on"),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="returned by",
            ),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="submitted_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                verbose_name="submitted on",
            ),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="submitted by",
            ),
        ),
        migrations.AddField(
            model_name="membernotice",
            name="right",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="members.ipright",
            ),
        ),
        migrations.AlterField(
            model_name="ipright",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rights",
                to="members.brand",
                verbose_name="brand",
            ),
        ),
        migrations.AlterField(
            model_name="ipright",
            name="kind",
            field=models.CharField(
                choices=[
                    ("trademark", "Trademark"),
                    ("copyright", "Copyright"),
                    ("design", "Design"),
                    ("patent", "Patent (invention)"),
                    ("gi", "Geographical indication"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="iprighthistory",
            name="kind",
            field=models.CharField(
                choices=[
                    ("trademark", "Trademark"),
                    ("copyright", "Copyright"),
                    ("design", "Design"),
                    ("patent", "Patent (invention)"),
                    ("gi", "Geographical indication"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="membernotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invited", "You are invited"),
                    ("invitation_accepted", "Your invitation was accepted"),
                    ("role_changed", "Your role has changed"),
                    ("role_ended", "Your access has ended"),
                    ("right_verified", "A right was verified"),
                    ("right_returned", "A right was returned"),
                    ("rights_expire", "Rights expire soon"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="certificate",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="right",
                to="members.document",
                verbose_name="certificate",
            ),
        ),
        migrations.AddField(
            model_name="iprighthistory",
            name="certificate",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.document",
                verbose_name="certificate",
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(fields=["member", "-id"], name="right_of_member"),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(fields=["brand", "-id"], name="right_of_brand"),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(fields=["member", "kind", "-id"], name="right_of_kind"),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                fields=["member", "expires_on", "id"], name="right_expiry_of_member"
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(fields=["expires_on", "id"], name="right_expiry"),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(("returned_at", None), ("verified_at", None)),
                fields=["member", "-id"],
                name="right_waiting_of_member",
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(("returned_at__isnull", False)),
                fields=["member", "-id"],
                name="right_returned_of_member",
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(("returned_at", None), ("verified_at", None)),
                fields=["submitted_at", "id"],
                name="right_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                condition=models.Q(("returned_at__isnull", False)),
                fields=["-returned_at", "-id"],
                name="right_returned",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("return_reason", ""), ("returned_at", None), ("returned_by", None)),
                    models.Q(
                        models.Q(("return_reason", ""), _negated=True),
                        ("returned_at__isnull", False),
                        ("returned_by__isnull", False),
                        ("verified_at", None),
                    ),
                    _connector="OR",
                ),
                name="right_returned_with_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="documenthistory",
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
            model_name="documenthistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.document",
            ),
        ),
        migrations.AddField(
            model_name="documenthistory",
            name="uploaded_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["sha256"], name="document_hash"),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="document",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_documenthistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                            hash="a52c3fcea09df0b5cfde8f5b1426f84bf8de29e4",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d1af0",
                            table="members_document",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="document",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_documenthistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                            hash="591b02ac2d0493bec753f475bf4a9e9a3501543f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c65c6",
                            table="members_document",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="document",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_documenthistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (OLD."content_type", OLD."file", OLD."id", OLD."kind", OLD."original_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sha256", OLD."size", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;',
                            hash="a84793cf83dbeaf492a20f7a56a06da1ff3770e2",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e2c9b",
                            table="members_document",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="documenthistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ea96d06084f4e1053e59afdb064df4855113b84c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a62be",
                            table="members_documenthistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rights_follow",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.member_id IS DISTINCT FROM NEW.member_id)",
                            func="UPDATE members_ipright SET member_id = NEW.member_id WHERE brand_id = NEW.id; RETURN NULL;",
                            hash="9c831681f42690b1019dd810abf4ceab110aeed3",
                            operation='UPDATE OF "member_id"',
                            pgid="pgtrigger_rights_follow_00f8a",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ipright",
                    trigger=pgtrigger.compiler.Trigger(
                        name="member_of_brand",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                            hash="536d8ab5dc71fee1276358a35ab711abcc4c098b",
                            operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                            pgid="pgtrigger_member_of_brand_0adde",
                            table="members_ipright",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ipright",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_iprighthistory" ("brand_id", "certificate_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "registered_owner", "return_reason", "returned_at", "returned_by_id", "submitted_at", "submitted_by_id", "territory", "title", "verified_at", "verified_by_id") VALUES (NEW."brand_id", NEW."certificate_id", NEW."expires_on", NEW."id", NEW."kind", NEW."nice_classes", NEW."number", NEW."office", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registered_on", NEW."registered_owner", NEW."return_reason", NEW."returned_at", NEW."returned_by_id", NEW."submitted_at", NEW."submitted_by_id", NEW."territory", NEW."title", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                            hash="19382915c8a28ae6b3a183993bca725330fd7f1f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2b210",
                            table="members_ipright",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ipright",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."certificate_id" IS DISTINCT FROM (NEW."certificate_id") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."nice_classes" IS DISTINCT FROM (NEW."nice_classes") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."office" IS DISTINCT FROM (NEW."office") OR OLD."registered_on" IS DISTINCT FROM (NEW."registered_on") OR OLD."registered_owner" IS DISTINCT FROM (NEW."registered_owner") OR OLD."return_reason" IS DISTINCT FROM (NEW."return_reason") OR OLD."returned_at" IS DISTINCT FROM (NEW."returned_at") OR OLD."returned_by_id" IS DISTINCT FROM (NEW."returned_by_id") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."submitted_by_id" IS DISTINCT FROM (NEW."submitted_by_id") OR OLD."territory" IS DISTINCT FROM (NEW."territory") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id"))',
                            func='INSERT INTO "members_iprighthistory" ("brand_id", "certificate_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "registered_owner", "return_reason", "returned_at", "returned_by_id", "submitted_at", "submitted_by_id", "territory", "title", "verified_at", "verified_by_id") VALUES (NEW."brand_id", NEW."certificate_id", NEW."expires_on", NEW."id", NEW."kind", NEW."nice_classes", NEW."number", NEW."office", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registered_on", NEW."registered_owner", NEW."return_reason", NEW."returned_at", NEW."returned_by_id", NEW."submitted_at", NEW."submitted_by_id", NEW."territory", NEW."title", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                            hash="5a270dc1fcaabb5c1b855b4219e73422f1726996",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6bd4b",
                            table="members_ipright",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ipright",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_iprighthistory" ("brand_id", "certificate_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "registered_owner", "return_reason", "returned_at", "returned_by_id", "submitted_at", "submitted_by_id", "territory", "title", "verified_at", "verified_by_id") VALUES (OLD."brand_id", OLD."certificate_id", OLD."expires_on", OLD."id", OLD."kind", OLD."nice_classes", OLD."number", OLD."office", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."registered_on", OLD."registered_owner", OLD."return_reason", OLD."returned_at", OLD."returned_by_id", OLD."submitted_at", OLD."submitted_by_id", OLD."territory", OLD."title", OLD."verified_at", OLD."verified_by_id"); RETURN NULL;',
                            hash="21816c709d81af839118ffc58995b291944ace19",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5b3dd",
                            table="members_ipright",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
