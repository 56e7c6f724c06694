import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_notification_indexes"),
        ("members", "0007_authorisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="authorisedseller",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="authorisedseller",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="authorisedseller",
                    name="delete_delete",
                ),
            ]
        ),
        migrations.AddField(
            model_name="authorisedseller",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AddField(
            model_name="authorisedseller",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ended by",
            ),
        ),
        migrations.AddField(
            model_name="authorisedseller",
            name="valid_from",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="authorisedseller",
            name="valid_until",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.AddField(
            model_name="authorisedsellerhistory",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AddField(
            model_name="authorisedsellerhistory",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ended by",
            ),
        ),
        migrations.AddField(
            model_name="authorisedsellerhistory",
            name="valid_from",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="authorisedsellerhistory",
            name="valid_until",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.AddIndex(
            model_name="authorisedseller",
            index=models.Index(fields=["brand", "-id"], name="authorised_of_brand"),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisedseller",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."brand_id", NEW."ended_at", NEW."ended_by_id", NEW."external_id", NEW."external_key", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                            hash="4a3a5ae52e2b1db86d2272b1b278c784cb4fe95d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_bb6b2",
                            table="cases_authorisedseller",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisedseller",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."brand_id", NEW."ended_at", NEW."ended_by_id", NEW."external_id", NEW."external_key", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                            hash="be957799a170912f64f7631fd49f5173c56ed86b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bbec7",
                            table="cases_authorisedseller",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisedseller",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (OLD."brand_id", OLD."ended_at", OLD."ended_by_id", OLD."external_id", OLD."external_key", OLD."id", OLD."marketplace_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                            hash="0d4a07c7bb7667c9e7586088bfa06a5942694a34",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2c65f",
                            table="cases_authorisedseller",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddConstraint(
            model_name="authorisedseller",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="authorised_seller_ends_after_it_starts",
                violation_error_message="The last day cannot be before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisedseller",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="authorised_seller_ended_by_and_at_go_together",
            ),
        ),
    ]
