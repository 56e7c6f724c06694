import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_history_context"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="entries_follow",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.member_id IS DISTINCT FROM NEW.member_id)",
                            func="UPDATE cases_authorisedseller SET member_id = NEW.member_id WHERE brand_id = NEW.id; RETURN NULL;",
                            hash="7846b80365a046ce1036899dea7623c29d35df6c",
                            operation='UPDATE OF "member_id"',
                            pgid="pgtrigger_entries_follow_92d41",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
