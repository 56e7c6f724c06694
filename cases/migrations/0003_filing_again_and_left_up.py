"""Cases filed again, reasons for listings left up, other names of sellers."""

from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import alliance.lib.clock
from alliance.lib.migrations import LockTimeout


def nothing_to_fix(apps: Any, schema_editor: Any) -> None:
    """Of listings that were gone there is nothing to file again."""
    reasons = apps.get_model("cases", "ReasonCode").objects
    reasons.filter(code="listing-gone").update(can_refile=False)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_reference_data"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        LockTimeout(),
        migrations.CreateModel(
            name="SellerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="shop name")),
                (
                    "recorded_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="recorded"),
                ),
            ],
            options={
                "verbose_name": "other name of a seller",
                "verbose_name_plural": "other names of sellers",
                "ordering": ("seller", "-recorded_at"),
            },
        ),
        migrations.CreateModel(
            name="SellerNameHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="shop name")),
                (
                    "recorded_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="recorded"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decision",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decision",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decision",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="reasoncode",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="reasoncode",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="reasoncode",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="case",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refilings",
                to="cases.case",
                verbose_name="earlier case",
            ),
        ),
        migrations.AddField(
            model_name="casehistory",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.case",
                verbose_name="earlier case",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="kept_reason",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.reasoncode",
                verbose_name="reason for listings left up",
            ),
        ),
        migrations.AddField(
            model_name="decisionhistory",
            name="kept_reason",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.reasoncode",
                verbose_name="reason for listings left up",
            ),
        ),
        migrations.AddField(
            model_name="reasoncode",
            name="can_refile",
            field=models.BooleanField(
                default=True,
                help_text="Members are offered to file a rejected case again.",
                verbose_name="can be fixed and filed again",
            ),
        ),
        migrations.AddField(
            model_name="reasoncodehistory",
            name="can_refile",
            field=models.BooleanField(
                default=True,
                help_text="Members are offered to file a rejected case again.",
                verbose_name="can be fixed and filed again",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."answer_due_at", NEW."answer_reminded_at", NEW."asked_at", NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."follows_id", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                    hash="0404aee592e623c3ec2331a2f46b3b557be794c4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0b483",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."answer_due_at", NEW."answer_reminded_at", NEW."asked_at", NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."follows_id", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                    hash="7339a3e19ced98e3eca0fe8659a7ffcc758269a7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f5146",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (OLD."answer_due_at", OLD."answer_reminded_at", OLD."asked_at", OLD."assignee_id", OLD."brand_id", OLD."closed_at", OLD."created_at", OLD."created_by_id", OLD."decided_at", OLD."draft_token", OLD."due_at", OLD."explanation", OLD."follows_id", OLD."good_faith_at", OLD."good_faith_by_id", OLD."goods_class", OLD."id", OLD."jurisdiction", OLD."lease_until", OLD."member_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."priority", OLD."reference", OLD."right_id", OLD."seller_id", OLD."seller_name", OLD."shop_url", OLD."status", OLD."submitted_at", OLD."version", OLD."violation"); RETURN NULL;',
                    hash="4357163ec9b4678a535d727233978031d15bab6d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8d49e",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_decisionhistory" ("case_id", "decided_at", "decided_by_id", "facts", "ground", "id", "kept_reason_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "superseded_at") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."facts", NEW."ground", NEW."id", NEW."kept_reason_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason_id", NEW."superseded_at"); RETURN NULL;',
                    hash="3b4fae2cd6842bd62799988f75858c6fad1e07f8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5e7ef",
                    table="cases_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_decisionhistory" ("case_id", "decided_at", "decided_by_id", "facts", "ground", "id", "kept_reason_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "superseded_at") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."facts", NEW."ground", NEW."id", NEW."kept_reason_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason_id", NEW."superseded_at"); RETURN NULL;',
                    hash="7e70629ce088054968d3dde040b459b8d9731886",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_19250",
                    table="cases_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_decisionhistory" ("case_id", "decided_at", "decided_by_id", "facts", "ground", "id", "kept_reason_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "superseded_at") VALUES (OLD."case_id", OLD."decided_at", OLD."decided_by_id", OLD."facts", OLD."ground", OLD."id", OLD."kept_reason_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason_id", OLD."superseded_at"); RETURN NULL;',
                    hash="cdc92e00bf86fdc189d8fd38f624b06d39723b74",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae3e6",
                    table="cases_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reasoncode",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_reasoncodehistory" ("can_refile", "code", "how_to_fix", "how_to_fix_zh", "id", "is_active", "label", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "use") VALUES (NEW."can_refile", NEW."code", NEW."how_to_fix", NEW."how_to_fix_zh", NEW."id", NEW."is_active", NEW."label", NEW."label_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."use"); RETURN NULL;',
                    hash="d71f33208bdd68c6f3eeddf0c94e6971cb4058e2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1db00",
                    table="cases_reasoncode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reasoncode",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_reasoncodehistory" ("can_refile", "code", "how_to_fix", "how_to_fix_zh", "id", "is_active", "label", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "use") VALUES (NEW."can_refile", NEW."code", NEW."how_to_fix", NEW."how_to_fix_zh", NEW."id", NEW."is_active", NEW."label", NEW."label_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."use"); RETURN NULL;',
                    hash="f831ed4242347aa69a059f330fe33c6571455dea",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1beb6",
                    table="cases_reasoncode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reasoncode",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_reasoncodehistory" ("can_refile", "code", "how_to_fix", "how_to_fix_zh", "id", "is_active", "label", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "use") VALUES (OLD."can_refile", OLD."code", OLD."how_to_fix", OLD."how_to_fix_zh", OLD."id", OLD."is_active", OLD."label", OLD."label_zh", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."use"); RETURN NULL;',
                    hash="ec6c69aa9646188dba04cd58be318283d3b42986",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_72837",
                    table="cases_reasoncode",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="sellername",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="sellername",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="other_names",
                to="cases.seller",
                verbose_name="seller",
            ),
        ),
        migrations.AddField(
            model_name="sellernamehistory",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="sellernamehistory",
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
            model_name="sellernamehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="cases.sellername",
            ),
        ),
        migrations.AddField(
            model_name="sellernamehistory",
            name="seller",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.seller",
                verbose_name="seller",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellername",
            constraint=models.UniqueConstraint(fields=("seller", "name"), name="seller_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellername",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_sellernamehistory" ("case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "seller_id") VALUES (NEW."case_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."seller_id"); RETURN NULL;',
                    hash="ebd9c7aa1fd410ba26c7b5d6562303362aad088c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_69a9b",
                    table="cases_sellername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellername",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_sellernamehistory" ("case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "seller_id") VALUES (NEW."case_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."seller_id"); RETURN NULL;',
                    hash="8724c473b1a9c1be7a3fa1ccd4ca816d02aa4223",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_80d4e",
                    table="cases_sellername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellername",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_sellernamehistory" ("case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "seller_id") VALUES (OLD."case_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."seller_id"); RETURN NULL;',
                    hash="db97063fa96e3cca1653a75eea4d00604ffb0e17",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2efb8",
                    table="cases_sellername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellernamehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3e9d8f27bc93350b5fe3e376f8335d535cac8fac",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cd36e",
                    table="cases_sellernamehistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunPython(nothing_to_fix, migrations.RunPython.noop),
    ]
