"""Channels of members beside those of agencies, and updates of a case for its member.

Only catalogue changes: no column is filled and no large table is read. ``0003`` builds the index and validates the
constraint without blocking writers.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import alliance.lib.clock
from alliance.lib.migrations import ChangeTriggers, CreateModels, LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_reference_data"),
        ("liaison", "0001_initial"),
        ("members", "0003_history_context"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        LockTimeout(),
        ChangeTriggers(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="channel",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="channel",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="channel",
                    name="delete_delete",
                ),
            ]
        ),
        migrations.RemoveConstraint(
            model_name="channel",
            name="channel_kind_and_its_fields_go_together",
        ),
        migrations.AddField(
            model_name="channel",
            name="all_brands",
            field=models.BooleanField(
                db_default=True, default=True, editable=False, verbose_name="all brands"
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="deleted_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="deleted"
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="member",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="channels",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="channelhistory",
            name="all_brands",
            field=models.BooleanField(
                db_default=True, default=True, editable=False, verbose_name="all brands"
            ),
        ),
        migrations.AddField(
            model_name="channelhistory",
            name="deleted_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="deleted"
            ),
        ),
        migrations.AddField(
            model_name="channelhistory",
            name="member",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="update",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="updates",
                to="cases.case",
            ),
        ),
        migrations.AlterField(
            model_name="channel",
            name="agency",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="channels",
                to="liaison.agency",
            ),
        ),
        migrations.AlterField(
            model_name="channelhistory",
            name="agency",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="liaison.agency",
            ),
        ),
        migrations.AlterField(
            model_name="update",
            name="referral",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="updates",
                to="liaison.referral",
            ),
        ),
        migrations.AlterField(
            model_name="update",
            name="sequence",
            field=models.PositiveIntegerField(
                verbose_name="number within the referral or the case"
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "stream"),
                        ("stream_key__isnull", False),
                        models.Q(("stream_key", ""), _negated=True),
                        ("previous_secret_sealed", ""),
                        ("secret_sealed", ""),
                        ("url", ""),
                        ("email", ""),
                        ("token_hash", ""),
                    ),
                    models.Q(
                        ("kind", "webhook"),
                        models.Q(("url", ""), _negated=True),
                        models.Q(("secret_sealed", ""), _negated=True),
                        ("deleted_at", None),
                        ("stream_key", None),
                        ("email", ""),
                        ("token_hash", ""),
                    ),
                    models.Q(
                        ("kind", "webhook"),
                        ("deleted_at__isnull", False),
                        ("is_active", False),
                        ("member__isnull", False),
                        ("previous_secret_sealed", ""),
                        ("secret_sealed", ""),
                        ("url", ""),
                        ("stream_key", None),
                        ("email", ""),
                        ("token_hash", ""),
                    ),
                    models.Q(
                        ("kind", "email"),
                        models.Q(("email", ""), _negated=True),
                        ("stream_key", None),
                        ("previous_secret_sealed", ""),
                        ("secret_sealed", ""),
                        ("url", ""),
                        ("token_hash", ""),
                    ),
                    models.Q(
                        ("kind", "pull"),
                        models.Q(("token_hash", ""), _negated=True),
                        ("stream_key", None),
                        ("previous_secret_sealed", ""),
                        ("secret_sealed", ""),
                        ("url", ""),
                        ("email", ""),
                    ),
                    _connector="OR",
                ),
                name="channel_kind_and_its_fields_go_together",
                violation_error_message="The fields of the channel do not fit its kind.",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agency__isnull", False), ("all_brands", True), ("member", None)),
                    models.Q(("agency", None), ("kind", "webhook"), ("member__isnull", False)),
                    _connector="OR",
                ),
                name="channel_of_an_agency_or_a_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None), ("member__isnull", False)),
                fields=("member", "name"),
                name="channel_name_once_per_member",
            ),
        ),
        AddConstraintNotValid(
            model_name="update",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("referral__isnull", False)),
                    models.Q(("case__isnull", False), ("referral", None)),
                    _connector="OR",
                ),
                name="update_of_a_referral_or_a_case",
            ),
        ),
        migrations.AlterField(
            model_name="channelevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "Channel created"),
                    ("secret_rotated", "Secret rotated"),
                    ("token_rotated", "Token rotated"),
                    ("paused", "Paused"),
                    ("resumed", "Resumed"),
                    ("resent", "Resent"),
                    ("replayed", "Replayed from a number"),
                    ("stopped", "Resend stopped"),
                    ("password_renewed", "Stream password rotated"),
                    ("changed", "Changed"),
                    ("tested", "Test update sent"),
                    ("switched_on", "Switched on"),
                    ("switched_off", "Switched off"),
                    ("deleted", "Deleted"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="ChannelBrand",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="brands",
                                to="liaison.channel",
                                verbose_name="channel",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "brand of a webhook",
                        "verbose_name_plural": "brands of webhooks",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "brand"), name="brand_once_per_channel"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelBrandHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("id", models.BigIntegerField()),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.channel",
                                verbose_name="channel",
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
                                to="liaison.channelbrand",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
        ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="channel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "liaison_channelhistory" ("agency_id", "alert_after_minutes", "alert_backlog", "all_brands", "deleted_at", "email", "id", "is_active", "kind", "member_id", "name", "pause_reason", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_secret_until", "stream_key", "url") VALUES (NEW."agency_id", NEW."alert_after_minutes", NEW."alert_backlog", NEW."all_brands", NEW."deleted_at", NEW."email", NEW."id", NEW."is_active", NEW."kind", NEW."member_id", NEW."name", NEW."pause_reason", NEW."paused_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_secret_until", NEW."stream_key", NEW."url"); RETURN NULL;',
                            hash="19f7d0c2db3e7eda528716dd104379b8c370b8ba",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4e2b7",
                            table="liaison_channel",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="channel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."alert_after_minutes" IS DISTINCT FROM (NEW."alert_after_minutes") OR OLD."alert_backlog" IS DISTINCT FROM (NEW."alert_backlog") OR OLD."all_brands" IS DISTINCT FROM (NEW."all_brands") OR OLD."deleted_at" IS DISTINCT FROM (NEW."deleted_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."pause_reason" IS DISTINCT FROM (NEW."pause_reason") OR OLD."paused_at" IS DISTINCT FROM (NEW."paused_at") OR OLD."previous_secret_until" IS DISTINCT FROM (NEW."previous_secret_until") OR OLD."stream_key" IS DISTINCT FROM (NEW."stream_key") OR OLD."url" IS DISTINCT FROM (NEW."url"))',
                            func='INSERT INTO "liaison_channelhistory" ("agency_id", "alert_after_minutes", "alert_backlog", "all_brands", "deleted_at", "email", "id", "is_active", "kind", "member_id", "name", "pause_reason", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_secret_until", "stream_key", "url") VALUES (NEW."agency_id", NEW."alert_after_minutes", NEW."alert_backlog", NEW."all_brands", NEW."deleted_at", NEW."email", NEW."id", NEW."is_active", NEW."kind", NEW."member_id", NEW."name", NEW."pause_reason", NEW."paused_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_secret_until", NEW."stream_key", NEW."url"); RETURN NULL;',
                            hash="83ef1bba5ea7b999927bade052aae042e5871d27",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_32922",
                            table="liaison_channel",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="channel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "liaison_channelhistory" ("agency_id", "alert_after_minutes", "alert_backlog", "all_brands", "deleted_at", "email", "id", "is_active", "kind", "member_id", "name", "pause_reason", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_secret_until", "stream_key", "url") VALUES (OLD."agency_id", OLD."alert_after_minutes", OLD."alert_backlog", OLD."all_brands", OLD."deleted_at", OLD."email", OLD."id", OLD."is_active", OLD."kind", OLD."member_id", OLD."name", OLD."pause_reason", OLD."paused_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_secret_until", OLD."stream_key", OLD."url"); RETURN NULL;',
                            hash="429549a024e09c60d2e0d9ab38d422b35d83d61a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4692a",
                            table="liaison_channel",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="channelbrand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "liaison_channelbrandhistory" ("added_at", "brand_id", "channel_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."added_at", NEW."brand_id", NEW."channel_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="e57854bd6472030267ed5aa7c53f9be8fbfbde30",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_bc5a0",
                            table="liaison_channelbrand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="channelbrand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "liaison_channelbrandhistory" ("added_at", "brand_id", "channel_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."added_at", NEW."brand_id", NEW."channel_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="4915708dc030b9bed6480579a5cb2d226d168bde",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cdaa9",
                            table="liaison_channelbrand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="channelbrand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "liaison_channelbrandhistory" ("added_at", "brand_id", "channel_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."added_at", OLD."brand_id", OLD."channel_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="0d321fc595e97440f5e92efed6c8d37a9b031094",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_71013",
                            table="liaison_channelbrand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="channelbrandhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="934dd49d6e47a4865235a8624f1fe4a76fc55704",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1e52b",
                            table="liaison_channelbrandhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
