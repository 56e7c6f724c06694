import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_directory"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="NotificationSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("questions", "Questions to answer"),
                            ("reminders", "Reminders"),
                            ("decisions", "Decisions"),
                            ("progress", "Progress"),
                            ("law_enforcement", "Law enforcement"),
                        ],
                        max_length=20,
                        verbose_name="topic",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("digest", "In a daily digest"),
                            ("off", "No email"),
                        ],
                        max_length=10,
                        verbose_name="frequency",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification setting",
                "verbose_name_plural": "notification settings",
            },
        ),
        migrations.CreateModel(
            name="NotificationSettingHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("questions", "Questions to answer"),
                            ("reminders", "Reminders"),
                            ("decisions", "Decisions"),
                            ("progress", "Progress"),
                            ("law_enforcement", "Law enforcement"),
                        ],
                        max_length=20,
                        verbose_name="topic",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("digest", "In a daily digest"),
                            ("off", "No email"),
                        ],
                        max_length=10,
                        verbose_name="frequency",
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
                        to="members.notificationsetting",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="next attempt",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent on")),
                (
                    "failed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="failed on"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=300, verbose_name="last error"),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("look_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "daily digest",
                "verbose_name_plural": "daily digests",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at", None), ("sent_at", None)),
                        fields=["look_at"],
                        name="digest_waiting",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("sent_at__isnull", False),
                            ("failed_at__isnull", False),
                            _connector="OR",
                        ),
                        fields=["created_at", "id"],
                        name="digest_age",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "day"), name="one_digest_per_person_and_day"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="notificationsetting",
            constraint=models.UniqueConstraint(
                fields=("user", "topic"), name="one_setting_per_topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationsetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("frequency__in", ["at_once", "digest", "off"]),
                    (
                        "topic__in",
                        ["questions", "reminders", "decisions", "progress", "law_enforcement"],
                    ),
                ),
                name="notification_setting_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationsetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("frequency", "off"), ("topic__in", ["questions", "reminders"]), _negated=True
                ),
                name="topics_with_a_deadline_are_not_off",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="notificationsetting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_notificationsettinghistory" ("frequency", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic", "user_id") VALUES (NEW."frequency", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."topic", NEW."user_id"); RETURN NULL;',
                            hash="2ba9434441fc2f10dc852b759dfa1c621fb60ae5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_20903",
                            table="members_notificationsetting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notificationsetting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_notificationsettinghistory" ("frequency", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic", "user_id") VALUES (NEW."frequency", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."topic", NEW."user_id"); RETURN NULL;',
                            hash="26424558979c15640d1b4bd10de49b763682795f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_90be2",
                            table="members_notificationsetting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notificationsetting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_notificationsettinghistory" ("frequency", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic", "user_id") VALUES (OLD."frequency", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."topic", OLD."user_id"); RETURN NULL;',
                            hash="0a90831d604a63c2ddf7014b24ae235422e269de",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0fe1e",
                            table="members_notificationsetting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notificationsettinghistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="96d5229be26014a35139a206590048721c622b5d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9a0fc",
                            table="members_notificationsettinghistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
