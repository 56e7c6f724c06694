import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_reference_data"),
        ("members", "0004_entries_follow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.AddField(
            model_name="authorisedseller",
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
        # The checks of the new column must not wait for the end of the transaction: the table is changed again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE cases_authorisedseller SET member_id = members_brand.member_id"
            " FROM members_brand WHERE members_brand.id = brand_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="authorisedseller",
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
        migrations.AddIndex(
            model_name="authorisedseller",
            index=models.Index(fields=["member", "-id"], name="authorised_of_member"),
        ),
        migrations.AddIndex(
            model_name="authorisedseller",
            index=models.Index(
                fields=["member", "marketplace", "-id"], name="authorised_on_marketplace"
            ),
        ),
        migrations.AddIndex(
            model_name="authorisedseller",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["member", "-id"],
                name="authorised_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="authorisedseller",
            index=models.Index(
                fields=["member", "updated_at", "id"], name="authorised_updated_of_member"
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisedseller",
                    trigger=pgtrigger.compiler.Trigger(
                        name="member_of_brand",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                            hash="2fdb474ef3b3551706f8b9a8ebda1f0e0ade6de9",
                            operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                            pgid="pgtrigger_member_of_brand_57e26",
                            table="cases_authorisedseller",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
