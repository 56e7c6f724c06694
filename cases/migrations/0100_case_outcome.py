import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# The triggers of the history are away while this runs: what is copied here is in the decisions' history.
FILL = """
UPDATE cases_case AS changed
   SET outcome = CASE
       WHEN changed.status IN ('upheld', 'removed', 'counter_noticed') THEN 'upheld'
       WHEN changed.status IN ('rejected', 'reinstated') THEN changed.status
       WHEN EXISTS (SELECT FROM cases_decision AS decision
                     WHERE decision.case_id = changed.id AND decision.superseded_at IS NULL
                       AND decision.outcome = 'reinstated') THEN 'reinstated'
       ELSE 'upheld' END
 WHERE changed.status IN
       ('upheld', 'removed', 'counter_noticed', 'rejected', 'reinstated', 'closed')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_mails_by_age"),
        ("members", "0002_industries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.AddField(
            model_name="case",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("upheld", "Upheld"),
                    ("rejected", "Rejected"),
                    ("reinstated", "Reinstated"),
                ],
                default="",
                max_length=10,
                verbose_name="outcome",
            ),
        ),
        migrations.AddField(
            model_name="casehistory",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("upheld", "Upheld"),
                    ("rejected", "Rejected"),
                    ("reinstated", "Reinstated"),
                ],
                default="",
                max_length=10,
                verbose_name="outcome",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_casehistory" ("assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "good_faith_at", "good_faith_by_id", "goods_class", "id", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                    hash="e3cb3087c6475c0fe2b0862f22ffc2aff5d18e3b",
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
                    func='INSERT INTO "cases_casehistory" ("assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "good_faith_at", "good_faith_by_id", "goods_class", "id", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                    hash="774847112707d1fddf7ef3541ea1788721874c7a",
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
                    func='INSERT INTO "cases_casehistory" ("assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "good_faith_at", "good_faith_by_id", "goods_class", "id", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (OLD."assignee_id", OLD."brand_id", OLD."closed_at", OLD."created_at", OLD."created_by_id", OLD."decided_at", OLD."draft_token", OLD."due_at", OLD."explanation", OLD."good_faith_at", OLD."good_faith_by_id", OLD."goods_class", OLD."id", OLD."jurisdiction", OLD."lease_until", OLD."member_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."priority", OLD."reference", OLD."right_id", OLD."seller_id", OLD."seller_name", OLD."shop_url", OLD."status", OLD."submitted_at", OLD."version", OLD."violation"); RETURN NULL;',
                    hash="da7dcf0b37991bc97e45651b8659ca375fde2265",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8d49e",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            (
                                "status__in",
                                [
                                    "upheld",
                                    "rejected",
                                    "removed",
                                    "counter_noticed",
                                    "reinstated",
                                    "closed",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("outcome", ""),
                    ),
                    models.Q(("outcome__in", ["upheld"]), ("status", "upheld")),
                    models.Q(("outcome__in", ["rejected"]), ("status", "rejected")),
                    models.Q(("outcome__in", ["upheld"]), ("status", "removed")),
                    models.Q(("outcome__in", ["upheld"]), ("status", "counter_noticed")),
                    models.Q(("outcome__in", ["reinstated"]), ("status", "reinstated")),
                    models.Q(("outcome__in", ["upheld", "reinstated"]), ("status", "closed")),
                    _connector="OR",
                ),
                name="case_outcome_fits_the_status",
            ),
        ),
    ]
