"""Cases have the time of the last change that their member sees, with an index for lists of changes."""

import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import alliance.lib.clock
from alliance.lib.migrations import ChangeTriggers, LockTimeout


class Migration(migrations.Migration):
    # For the index, which is built concurrently.
    atomic = False

    dependencies = [
        ("cases", "0002_reference_data"),
        ("members", "0003_history_context"),
    ]

    operations = [
        LockTimeout(),
        migrations.AddField(
            model_name="case",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                editable=False,
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["member", "updated_at", "id"], name="case_updated_of_member"
            ),
        ),
        ChangeTriggers(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="case",
                    name="update_update",
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."answer_due_at" IS DISTINCT FROM (NEW."answer_due_at") OR OLD."answer_reminded_at" IS DISTINCT FROM (NEW."answer_reminded_at") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."draft_token" IS DISTINCT FROM (NEW."draft_token") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."explanation" IS DISTINCT FROM (NEW."explanation") OR OLD."follows_id" IS DISTINCT FROM (NEW."follows_id") OR OLD."good_faith_at" IS DISTINCT FROM (NEW."good_faith_at") OR OLD."good_faith_by_id" IS DISTINCT FROM (NEW."good_faith_by_id") OR OLD."goods_class" IS DISTINCT FROM (NEW."goods_class") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."infringement_in" IS DISTINCT FROM (NEW."infringement_in") OR OLD."jurisdiction" IS DISTINCT FROM (NEW."jurisdiction") OR OLD."lease_until" IS DISTINCT FROM (NEW."lease_until") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."right_id" IS DISTINCT FROM (NEW."right_id") OR OLD."seller_id" IS DISTINCT FROM (NEW."seller_id") OR OLD."seller_name" IS DISTINCT FROM (NEW."seller_name") OR OLD."shop_url" IS DISTINCT FROM (NEW."shop_url") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."violation" IS DISTINCT FROM (NEW."violation"))',
                            func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "infringement_in", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."answer_due_at", NEW."answer_reminded_at", NEW."asked_at", NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."follows_id", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."infringement_in", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                            hash="3f6f994d338244884e7948b49b00bbb8bf5dd1b4",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f5146",
                            table="cases_case",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
