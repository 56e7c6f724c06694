"""Contacts found in pictures, and the queue of pictures to read."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
from alliance.lib.migrations import ChangeTriggers, LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_late_evidence_reopens"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LockTimeout(),
        migrations.AlterField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submitted", "Case submitted"),
                    ("claimed", "Review started"),
                    ("released", "Released to the queue"),
                    ("information_requested", "Information requested"),
                    ("member_reminded", "Reminder: reply needed"),
                    ("answered", "Information provided"),
                    ("evidence_added", "Evidence added"),
                    ("listings_described", "Prices and sales updated"),
                    ("upheld", "Complaint upheld"),
                    ("rejected", "Complaint rejected"),
                    ("reopened", "Reopened by late evidence"),
                    ("listings_removed", "Listings removed"),
                    ("counter_noticed", "Counter-notice received"),
                    ("counter_notice_answered", "Counter-notice answered"),
                    ("upheld_again", "Counter-notice rejected; listings stay removed"),
                    ("reinstated", "Counter-notice accepted; listings reinstated"),
                    ("closed", "Case closed"),
                    ("withdrawn", "Withdrawn by the member"),
                    ("priority_changed", "Priority changed"),
                    ("strike_issued", "Strike added to the seller"),
                    ("identifier_added", "Identifier added to the seller"),
                    ("commented", "Internal note"),
                    ("referred", "Referred to law enforcement"),
                    ("referral_offered", "Referred to the agency"),
                    ("referral_acknowledged", "Acknowledged by the agency"),
                    ("referral_accepted", "Accepted by the agency"),
                    ("referral_declined", "Declined by the agency"),
                    ("referral_investigating", "Investigation opened"),
                    ("referral_concluded", "Investigation concluded"),
                    ("referral_withdrawn", "Referral withdrawn"),
                    ("agency_reminded", "Agency reminded of an overdue step"),
                    ("operation_reported", "Operation reported"),
                    ("operation_verified", "Operation verified"),
                    ("operation_retracted", "Operation report retracted"),
                ],
                max_length=30,
                verbose_name="event",
            ),
        ),
        migrations.CreateModel(
            name="FoundContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Telephone"),
                            ("email", "Email"),
                            ("payment", "Payment account"),
                            ("address", "Postal address"),
                            ("licence", "Business licence"),
                            ("social", "Social media account"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                ("text", models.CharField(max_length=300, verbose_name="text in the picture")),
                ("confidence", models.FloatField(verbose_name="confidence")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Suggested"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Not the seller’s"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                ),
                (
                    "found_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="found on"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found_contacts",
                        to="cases.evidence",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact found in a picture",
                "verbose_name_plural": "contacts found in pictures",
            },
        ),
        migrations.CreateModel(
            name="FoundContactHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Telephone"),
                            ("email", "Email"),
                            ("payment", "Payment account"),
                            ("address", "Postal address"),
                            ("licence", "Business licence"),
                            ("social", "Social media account"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                ("text", models.CharField(max_length=300, verbose_name="text in the picture")),
                ("confidence", models.FloatField(verbose_name="confidence")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Suggested"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Not the seller’s"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                ),
                (
                    "found_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="found on"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.evidence",
                        verbose_name="file",
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
                        to="cases.foundcontact",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PictureReading",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reading",
                        serialize=False,
                        to="cases.evidence",
                        verbose_name="file",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a worker"),
                            ("read", "Read"),
                            ("impossible", "Not possible"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="next attempt"
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a picture",
                "verbose_name_plural": "readings of pictures",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="reading_waiting",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="foundcontact",
            constraint=models.UniqueConstraint(
                fields=("evidence", "kind", "value"), name="contact_found_once_per_picture"
            ),
        ),
        migrations.AddConstraint(
            model_name="foundcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                name="found_contact_confidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="foundcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="found_contact_decided_by_a_person",
            ),
        ),
        ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="foundcontact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_foundcontacthistory" ("confidence", "decided_at", "decided_by_id", "evidence_id", "found_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "value") VALUES (NEW."confidence", NEW."decided_at", NEW."decided_by_id", NEW."evidence_id", NEW."found_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."state", NEW."text", NEW."value"); RETURN NULL;',
                            hash="1f1ffc3c9a6db9a4c7f6ae464fb13a9d03f8e18f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_248e4",
                            table="cases_foundcontact",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="foundcontact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_foundcontacthistory" ("confidence", "decided_at", "decided_by_id", "evidence_id", "found_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "value") VALUES (NEW."confidence", NEW."decided_at", NEW."decided_by_id", NEW."evidence_id", NEW."found_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."state", NEW."text", NEW."value"); RETURN NULL;',
                            hash="f2d6114e9fcc4e3ed664a19c6e663240a21bc442",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8ad53",
                            table="cases_foundcontact",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="foundcontact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_foundcontacthistory" ("confidence", "decided_at", "decided_by_id", "evidence_id", "found_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "value") VALUES (OLD."confidence", OLD."decided_at", OLD."decided_by_id", OLD."evidence_id", OLD."found_at", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."state", OLD."text", OLD."value"); RETURN NULL;',
                            hash="741725955175b1373393723cc94b56de1dceb470",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b4d12",
                            table="cases_foundcontact",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="foundcontacthistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c43163735675d90de3bbebba3b96d0fb0bbf26e4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_60e7d",
                            table="cases_foundcontacthistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
