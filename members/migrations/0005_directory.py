import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_rights"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shows_website",
                    models.BooleanField(default=True, verbose_name="show the website"),
                ),
                (
                    "consumer_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="email address for consumers"
                    ),
                ),
                (
                    "consumer_phone",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()./-]{3,38}[0-9]\\Z",
                                "Enter digits, for example +86 571 8502 2088.",
                            )
                        ],
                        verbose_name="phone number for consumers",
                    ),
                ),
                (
                    "consumer_url",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="web page for consumers",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="published on"
                    ),
                ),
            ],
            options={
                "verbose_name": "directory entry",
                "verbose_name_plural": "directory entries",
            },
        ),
        migrations.CreateModel(
            name="DirectoryEntryHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "shows_website",
                    models.BooleanField(default=True, verbose_name="show the website"),
                ),
                (
                    "consumer_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="email address for consumers"
                    ),
                ),
                (
                    "consumer_phone",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()./-]{3,38}[0-9]\\Z",
                                "Enter digits, for example +86 571 8502 2088.",
                            )
                        ],
                        verbose_name="phone number for consumers",
                    ),
                ),
                (
                    "consumer_url",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="web page for consumers",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="published on"
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
                    model_name="brand",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="brand",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="brand",
                    name="delete_delete",
                ),
            ]
        ),
        migrations.AddField(
            model_name="brand",
            name="is_public",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Whether the public directory shows the brand.",
                verbose_name="in the directory",
            ),
        ),
        migrations.AddField(
            model_name="brandhistory",
            name="is_public",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Whether the public directory shows the brand.",
                verbose_name="in the directory",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_brandhistory" ("id", "is_active", "is_public", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."is_active", NEW."is_public", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="94ded55b8bbed6931cbef55e98018dd68fba090d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4a040",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_brandhistory" ("id", "is_active", "is_public", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."is_active", NEW."is_public", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="6b0d5b9fb508b4711dd4f78dc3687a9e03aeac67",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fc405",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_brandhistory" ("id", "is_active", "is_public", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."is_active", OLD."is_public", OLD."member_id", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="180ea1ef87bb23907b35ace1f2ee99e2b0366329",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c315c",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="member",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entry",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="published_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
        ),
        migrations.AddField(
            model_name="directoryentryhistory",
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
            model_name="directoryentryhistory",
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
            model_name="directoryentryhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.directoryentry",
            ),
        ),
        migrations.AddField(
            model_name="directoryentryhistory",
            name="published_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consumer_url", ""), ("consumer_url__iregex", "^https?://"), _connector="OR"
                ),
                name="consumer_url_is_a_web_address",
                violation_error_message="Enter an address that starts with https://.",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consumer_phone", ""),
                    ("consumer_phone__regex", "^[+]?[0-9 ()./-]+$"),
                    _connector="OR",
                ),
                name="consumer_phone_is_a_number",
                violation_error_message="Enter digits, for example +86 571 8502 2088.",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="directoryentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_directoryentryhistory" ("consumer_email", "consumer_phone", "consumer_url", "id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "shows_website") VALUES (NEW."consumer_email", NEW."consumer_phone", NEW."consumer_url", NEW."id", NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."shows_website"); RETURN NULL;',
                            hash="1a7f374e9ce38cf5b48ab7265f05600543b2b89f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e379c",
                            table="members_directoryentry",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="directoryentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_directoryentryhistory" ("consumer_email", "consumer_phone", "consumer_url", "id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "shows_website") VALUES (NEW."consumer_email", NEW."consumer_phone", NEW."consumer_url", NEW."id", NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."shows_website"); RETURN NULL;',
                            hash="e0bdb2acf3abf3fe9549d844a37ebc3c32ae7a3e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4ec76",
                            table="members_directoryentry",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="directoryentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_directoryentryhistory" ("consumer_email", "consumer_phone", "consumer_url", "id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "shows_website") VALUES (OLD."consumer_email", OLD."consumer_phone", OLD."consumer_url", OLD."id", OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."published_by_id", OLD."shows_website"); RETURN NULL;',
                            hash="dd2acb25666d30327256c63288a0f53123333bbe",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1f734",
                            table="members_directoryentry",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="directoryentryhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c27e951820dd1e08af140369fb95c69f214393c6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f11f1",
                            table="members_directoryentryhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
