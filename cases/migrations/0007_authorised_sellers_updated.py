import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_allow_list"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        alliance.lib.migrations.ChangeTriggers(
            changes=[
                pgtrigger.migrations.RemoveTrigger(
                    model_name="authorisedseller",
                    name="update_update",
                ),
            ]
        ),
        migrations.AddField(
            model_name="authorisedseller",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                editable=False,
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            changes=[
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisedseller",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."brand_id" IS DISTINCT FROM NEW."brand_id" OR OLD."marketplace_id" IS DISTINCT FROM NEW."marketplace_id" OR OLD."external_id" IS DISTINCT FROM NEW."external_id" OR OLD."valid_from" IS DISTINCT FROM NEW."valid_from" OR OLD."valid_until" IS DISTINCT FROM NEW."valid_until" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."ended_at" IS DISTINCT FROM NEW."ended_at")',
                            func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f37e21032c9257624dbc01fc1c84a9b05ebefe92",
                            operation="UPDATE",
                            pgid="pgtrigger_touched_0c07a",
                            table="cases_authorisedseller",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisedseller",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."marketplace_id" IS DISTINCT FROM (NEW."marketplace_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))',
                            func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."brand_id", NEW."ended_at", NEW."ended_by_id", NEW."external_id", NEW."external_key", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                            hash="6561dd00420a3a88df14dc7d68aca434c2b6e84c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bbec7",
                            table="cases_authorisedseller",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
