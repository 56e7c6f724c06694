import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_imports"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        alliance.lib.migrations.ChangeTriggers(
            changes=[
                pgtrigger.migrations.RemoveTrigger(
                    model_name="brand",
                    name="update_update",
                ),
            ]
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("brands:read", "Read brands"),
                                ("brands:write", "Change brands"),
                                ("rights:read", "Read rights"),
                                ("rights:write", "Register and change rights"),
                                ("products:read", "Read products"),
                                ("products:write", "Change products"),
                                ("sellers:read", "Read authorised sellers"),
                                ("sellers:write", "Change authorised sellers"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
                ("start", models.CharField(max_length=10, verbose_name="first characters")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires on")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked on"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                ),
                ("reminded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_tokens",
                        to="members.membership",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reminded_at", None), ("revoked_at", None)),
                        fields=["expires_at"],
                        name="access_token_to_remind",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scopes__len__gt", 0)), name="token_has_a_scope"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", None)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="token_revoked_by_and_at_go_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("created_at")),
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("created_at"),
                                    "+",
                                    models.Value(datetime.timedelta(days=366)),
                                ),
                            ),
                        ),
                        name="token_expires_within_a_year",
                    ),
                ],
                "verbose_name": "access token",
                "verbose_name_plural": "access tokens",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="AccessTokenHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("brands:read", "Read brands"),
                                ("brands:write", "Change brands"),
                                ("rights:read", "Read rights"),
                                ("rights:write", "Register and change rights"),
                                ("products:read", "Read products"),
                                ("products:write", "Change products"),
                                ("sellers:read", "Read authorised sellers"),
                                ("sellers:write", "Change authorised sellers"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
                ("start", models.CharField(max_length=10, verbose_name="first characters")),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires on")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked on"),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.membership",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="members.accesstoken",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("request_digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body", models.TextField(blank=True)),
                ("headers", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="members.accesstoken",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="stored_answer_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("token", "key"), name="answer_once_per_key")
                ],
                "verbose_name": "stored answer",
                "verbose_name_plural": "stored answers",
            },
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
                    ("agent_renewed", "Your authorisation was renewed"),
                    ("agent_ends", "An authorisation ends soon"),
                    ("member_suspended", "Membership suspended"),
                    ("member_reinstated", "Membership reinstated"),
                    ("member_left", "Membership ended"),
                    ("right_verified", "A right was verified"),
                    ("right_returned", "A right was returned"),
                    ("rights_expire", "Rights expire soon"),
                    ("token_expires", "An access token expires soon"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                editable=False,
            ),
        ),
        migrations.AddField(
            model_name="ipright",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                editable=False,
            ),
        ),
        migrations.AddIndex(
            model_name="brand",
            index=models.Index(
                fields=["member", "updated_at", "id"], name="brand_updated_of_member"
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=models.Index(
                fields=["member", "updated_at", "id"], name="right_updated_of_member"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=alliance.lib.clock.now,
                editable=False,
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["member", "updated_at", "id"], name="product_updated_of_member"
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            changes=[
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_local" IS DISTINCT FROM NEW."name_local" OR OLD."is_active" IS DISTINCT FROM NEW."is_active" OR OLD."is_public" IS DISTINCT FROM NEW."is_public")',
                            func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="36c77acf7d1319b3486df9c3b5faa297ae49dabd",
                            operation="UPDATE",
                            pgid="pgtrigger_touched_0f062",
                            table="members_brand",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_public" IS DISTINCT FROM (NEW."is_public") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local"))',
                            func='INSERT INTO "members_brandhistory" ("id", "is_active", "is_public", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."is_active", NEW."is_public", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="55eef3fcfeba4778b1523d017ca1cac92f7b325d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fc405",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ipright",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."brand_id" IS DISTINCT FROM NEW."brand_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."title" IS DISTINCT FROM NEW."title" OR OLD."registered_owner" IS DISTINCT FROM NEW."registered_owner" OR OLD."office" IS DISTINCT FROM NEW."office" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."territory" IS DISTINCT FROM NEW."territory" OR OLD."nice_classes" IS DISTINCT FROM NEW."nice_classes" OR OLD."registered_on" IS DISTINCT FROM NEW."registered_on" OR OLD."expires_on" IS DISTINCT FROM NEW."expires_on" OR OLD."certificate_id" IS DISTINCT FROM NEW."certificate_id" OR OLD."verified_at" IS DISTINCT FROM NEW."verified_at" OR OLD."returned_at" IS DISTINCT FROM NEW."returned_at" OR OLD."return_reason" IS DISTINCT FROM NEW."return_reason")',
                            func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="e3d1a24484a8f5af8a1a66e3e909db98085dcb7c",
                            operation="UPDATE",
                            pgid="pgtrigger_touched_e0585",
                            table="members_ipright",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesstoken",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_accesstokenhistory" ("created_at", "expires_at", "id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "scopes", "start") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."membership_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."revoked_by_id", NEW."scopes", NEW."start"); RETURN NULL;',
                            hash="9afeb8a33e9111113c6aeeb049ffb76f89237048",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_44b8c",
                            table="members_accesstoken",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesstoken",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."membership_id" IS DISTINCT FROM (NEW."membership_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."revoked_by_id" IS DISTINCT FROM (NEW."revoked_by_id") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes") OR OLD."start" IS DISTINCT FROM (NEW."start"))',
                            func='INSERT INTO "members_accesstokenhistory" ("created_at", "expires_at", "id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "scopes", "start") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."membership_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."revoked_by_id", NEW."scopes", NEW."start"); RETURN NULL;',
                            hash="90aca1c4038aa5b840c0e19a704c8b7e8303ee05",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3c5d6",
                            table="members_accesstoken",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesstoken",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_accesstokenhistory" ("created_at", "expires_at", "id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "scopes", "start") VALUES (OLD."created_at", OLD."expires_at", OLD."id", OLD."membership_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."revoked_by_id", OLD."scopes", OLD."start"); RETURN NULL;',
                            hash="d8c5eaee5011e361091bda7273f3b922287a8c58",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_d77f0",
                            table="members_accesstoken",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesstokenhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b9c04beda795ae09e35ea1d5cb5667beaf647b05",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3a190",
                            table="members_accesstokenhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."brand_id" IS DISTINCT FROM NEW."brand_id" OR OLD."gtin" IS DISTINCT FROM NEW."gtin" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_local" IS DISTINCT FROM NEW."name_local" OR OLD."other_names" IS DISTINCT FROM NEW."other_names" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."packaging" IS DISTINCT FROM NEW."packaging" OR OLD."production_places" IS DISTINCT FROM NEW."production_places" OR OLD."nice_classes" IS DISTINCT FROM NEW."nice_classes" OR OLD."is_active" IS DISTINCT FROM NEW."is_active")',
                            func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="955135f98f3081b288b3c1f5b402d7fd3b108102",
                            operation="UPDATE",
                            pgid="pgtrigger_touched_f4119",
                            table="members_product",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
