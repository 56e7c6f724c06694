"""Bulk actions; saved views of the triage list with subscriptions; columns and density by person."""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_grey_market_reasons"),
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
                    ("assigned", "Assigned to a moderator"),
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
                    ("decision_confirmed", "Confirmed by a second moderator"),
                    ("decision_sent_back", "Sent back by a second moderator"),
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
            name="BulkJob",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("verb", models.CharField(max_length=30, verbose_name="action")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="values")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Being checked"),
                            ("checked", "Waiting for your confirmation"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                ("back", models.CharField(blank=True, max_length=2000)),
                ("row_count", models.PositiveIntegerField(verbose_name="cases")),
                (
                    "was_capped",
                    models.BooleanField(default=False, verbose_name="more cases matched"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed on"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone on"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moderator",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk action",
                "verbose_name_plural": "bulk actions",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="BulkJobHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("verb", models.CharField(max_length=30, verbose_name="action")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="values")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Being checked"),
                            ("checked", "Waiting for your confirmation"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                ("back", models.CharField(blank=True, max_length=2000)),
                ("row_count", models.PositiveIntegerField(verbose_name="cases")),
                (
                    "was_capped",
                    models.BooleanField(default=False, verbose_name="more cases matched"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed on"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone on"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moderator",
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
                        to="cases.bulkjob",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "expected_version",
                    models.PositiveIntegerField(verbose_name="version when chosen"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not checked yet"),
                            ("ready", "Can be done"),
                            ("impossible", "Left out"),
                            ("done", "Done"),
                            ("refused", "Not done"),
                            ("undone", "Undone"),
                            ("kept", "Not undone"),
                        ],
                        default="unchecked",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=1000, verbose_name="message")),
                (
                    "version_after",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="version afterwards"
                    ),
                ),
                ("before", models.JSONField(blank=True, default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="cases.bulkjob",
                        verbose_name="bulk action",
                    ),
                ),
            ],
            options={
                "verbose_name": "case of a bulk action",
                "verbose_name_plural": "cases of bulk actions",
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="ListLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("priority", "Priority"),
                                ("status", "Status"),
                                ("deadline", "Age and deadline"),
                                ("brand", "Brand"),
                                ("violation", "Violation type"),
                                ("seller", "Seller"),
                                ("listings", "Listings"),
                                ("claimed_by", "Claimed by"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="columns",
                    ),
                ),
                (
                    "density",
                    models.CharField(
                        choices=[("compact", "Compact"), ("comfortable", "Comfortable")],
                        max_length=11,
                        verbose_name="density",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "layout of the triage list",
                "verbose_name_plural": "layouts of the triage list",
            },
        ),
        migrations.CreateModel(
            name="ListLayoutHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("priority", "Priority"),
                                ("status", "Status"),
                                ("deadline", "Age and deadline"),
                                ("brand", "Brand"),
                                ("violation", "Violation type"),
                                ("seller", "Seller"),
                                ("listings", "Listings"),
                                ("claimed_by", "Claimed by"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="columns",
                    ),
                ),
                (
                    "density",
                    models.CharField(
                        choices=[("compact", "Compact"), ("comfortable", "Comfortable")],
                        max_length=11,
                        verbose_name="density",
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
                        to="cases.listlayout",
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
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "is_shared",
                    models.BooleanField(
                        default=False,
                        help_text="All moderators and administrators see it.",
                        verbose_name="shared",
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=500, verbose_name="filters")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Views with a lower number come first.",
                        validators=[django.core.validators.MaxValueValidator(999)],
                        verbose_name="position",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ("position", "name", "id"),
            },
        ),
        migrations.CreateModel(
            name="SavedViewHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "is_shared",
                    models.BooleanField(
                        default=False,
                        help_text="All moderators and administrators see it.",
                        verbose_name="shared",
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=500, verbose_name="filters")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Views with a lower number come first.",
                        validators=[django.core.validators.MaxValueValidator(999)],
                        verbose_name="position",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
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
                        to="cases.savedview",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ViewSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("above", "When more cases wait than"),
                        ],
                        max_length=10,
                        verbose_name="when",
                    ),
                ),
                (
                    "threshold",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="number of cases",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="subscribed on"
                    ),
                ),
                ("looked_at", models.DateTimeField(default=alliance.lib.clock.now)),
                (
                    "next_look_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="next look"),
                ),
                ("is_above", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="cases.savedview",
                        verbose_name="saved view",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription to a view",
                "verbose_name_plural": "subscriptions to views",
            },
        ),
        migrations.CreateModel(
            name="ViewMail",
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
                ("key", models.CharField(max_length=160, unique=True, verbose_name="about")),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("language", models.CharField(default="en", max_length=10)),
                ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.viewsubscription",
                        verbose_name="subscription to a view",
                    ),
                ),
            ],
            options={
                "verbose_name": "email about a view",
                "verbose_name_plural": "emails about views",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ViewSubscriptionHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("above", "When more cases wait than"),
                        ],
                        max_length=10,
                        verbose_name="when",
                    ),
                ),
                (
                    "threshold",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="number of cases",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="subscribed on"
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
                        to="cases.viewsubscription",
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
                (
                    "view",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.savedview",
                        verbose_name="saved view",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="bulkjob",
            index=models.Index(fields=["person", "-created_at", "-id"], name="bulk_of_person"),
        ),
        migrations.AddIndex(
            model_name="bulkjob",
            index=models.Index(
                condition=models.Q(("state__in", ("checking", "running", "undoing"))),
                fields=["created_at"],
                name="bulk_active",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkjob",
            index=models.Index(fields=["created_at", "id"], name="bulk_age"),
        ),
        migrations.AddConstraint(
            model_name="bulkjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at", None),
                        ("finished_at", None),
                        ("state__in", ("checking", "checked")),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False), ("finished_at", None), ("state", "running")
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("finished_at__isnull", False),
                        ("state__in", ("done", "stopped", "undoing")),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("finished_at__isnull", False),
                        ("state", "undone"),
                        ("undone_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="bulk_state_has_its_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkjob",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("state", "undone"), _connector="OR"),
                name="bulk_undone_at_only_if_undone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bulkjob",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_bulkjobhistory" ("back", "confirmed_at", "created_at", "finished_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "state", "undone_at", "values", "verb", "was_capped") VALUES (NEW."back", NEW."confirmed_at", NEW."created_at", NEW."finished_at", NEW."id", NEW."language", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."row_count", NEW."state", NEW."undone_at", NEW."values", NEW."verb", NEW."was_capped"); RETURN NULL;',
                    hash="8fbda4e37ae54ec37174f48ce29539c0e0b4c8c0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f48b7",
                    table="cases_bulkjob",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bulkjob",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_bulkjobhistory" ("back", "confirmed_at", "created_at", "finished_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "state", "undone_at", "values", "verb", "was_capped") VALUES (NEW."back", NEW."confirmed_at", NEW."created_at", NEW."finished_at", NEW."id", NEW."language", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."row_count", NEW."state", NEW."undone_at", NEW."values", NEW."verb", NEW."was_capped"); RETURN NULL;',
                    hash="935f472691f871e74ae23ff0f6b5183dda05edc0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a9d7d",
                    table="cases_bulkjob",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bulkjob",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_bulkjobhistory" ("back", "confirmed_at", "created_at", "finished_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "state", "undone_at", "values", "verb", "was_capped") VALUES (OLD."back", OLD."confirmed_at", OLD."created_at", OLD."finished_at", OLD."id", OLD."language", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."row_count", OLD."state", OLD."undone_at", OLD."values", OLD."verb", OLD."was_capped"); RETURN NULL;',
                    hash="3728f91b471f3f04907fc088c986a2cdb90485f3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e3251",
                    table="cases_bulkjob",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bulkjobhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="982061962713ec367d2ca364a47e4c3132c8dafe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_19e4e",
                    table="cases_bulkjobhistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="bulkrow",
            index=models.Index(fields=["job", "state", "position"], name="bulk_row_by_state"),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(
                fields=("job", "position"), name="bulk_position_once_per_job"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(
                fields=("job", "case"), name="bulk_case_once_per_job"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("done", "undone", "kept")), ("version_after__isnull", False)
                    ),
                    models.Q(
                        ("state__in", ("unchecked", "ready", "impossible", "refused")),
                        ("version_after", None),
                    ),
                    _connector="OR",
                ),
                name="bulk_row_done_has_its_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="listlayout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "columns__contained_by",
                        [
                            "priority",
                            "status",
                            "deadline",
                            "brand",
                            "violation",
                            "seller",
                            "listings",
                            "claimed_by",
                        ],
                    ),
                    ("density__in", ["compact", "comfortable"]),
                ),
                name="layout_is_known",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listlayout",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_listlayouthistory" ("columns", "density", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."columns", NEW."density", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
                    hash="fc27296bd47c5f9d54ee190308daf5167f057494",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_97c8b",
                    table="cases_listlayout",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listlayout",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_listlayouthistory" ("columns", "density", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."columns", NEW."density", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
                    hash="589f9671c74353b1dbf9c85fec060a271cf1df83",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7cb41",
                    table="cases_listlayout",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listlayout",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_listlayouthistory" ("columns", "density", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."columns", OLD."density", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
                    hash="5c11668ed29d5303167a62fad23935ab1af91456",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_bc87c",
                    table="cases_listlayout",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listlayouthistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="37a80d699ab938f3c36d655ca269ee8d8cf5883d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a8be5",
                    table="cases_listlayouthistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(
                condition=models.Q(("is_shared", True)),
                fields=["position", "name", "id"],
                name="shared_views",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"),
                name="view_name_once_per_owner",
                violation_error_message="You already have a view with this name.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savedview",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_savedviewhistory" ("created_at", "id", "is_shared", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "query") VALUES (NEW."created_at", NEW."id", NEW."is_shared", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."query"); RETURN NULL;',
                    hash="0cb91d8580c52df988158dddf1df2d709949e644",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0347a",
                    table="cases_savedview",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savedview",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_savedviewhistory" ("created_at", "id", "is_shared", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "query") VALUES (NEW."created_at", NEW."id", NEW."is_shared", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."query"); RETURN NULL;',
                    hash="f110e4f544735c621509399a2ed20f05439bf18a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c10de",
                    table="cases_savedview",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savedview",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_savedviewhistory" ("created_at", "id", "is_shared", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "query") VALUES (OLD."created_at", OLD."id", OLD."is_shared", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."query"); RETURN NULL;',
                    hash="af3928641576af0d8bb0adc4ee74858a8b88db97",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_812a2",
                    table="cases_savedview",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savedviewhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="12f94fea75e755910bca01c41d9e062ee317e36a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff5f3",
                    table="cases_savedviewhistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="viewsubscription",
            index=models.Index(fields=["next_look_at"], name="subscription_due"),
        ),
        migrations.AddConstraint(
            model_name="viewsubscription",
            constraint=models.UniqueConstraint(
                fields=("view", "user"), name="one_subscription_per_view"
            ),
        ),
        migrations.AddConstraint(
            model_name="viewsubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("how", "above"), ("threshold__range", (1, 1000))),
                    models.Q(models.Q(("how", "above"), _negated=True), ("threshold", None)),
                    _connector="OR",
                ),
                name="subscription_threshold_only_above",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="viewsubscription",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_viewsubscriptionhistory" ("created_at", "how", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "user_id", "view_id") VALUES (NEW."created_at", NEW."how", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."threshold", NEW."user_id", NEW."view_id"); RETURN NULL;',
                    hash="18e76e1b364d412eec3b12f8648802f30005bbfc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a3bbc",
                    table="cases_viewsubscription",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="viewsubscription",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."how" IS DISTINCT FROM (NEW."how") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."threshold" IS DISTINCT FROM (NEW."threshold") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."view_id" IS DISTINCT FROM (NEW."view_id"))',
                    func='INSERT INTO "cases_viewsubscriptionhistory" ("created_at", "how", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "user_id", "view_id") VALUES (NEW."created_at", NEW."how", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."threshold", NEW."user_id", NEW."view_id"); RETURN NULL;',
                    hash="f8881d6ed7b6c6f0878109d9ee8b6b20b2edb1d9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4bc3f",
                    table="cases_viewsubscription",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="viewsubscription",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_viewsubscriptionhistory" ("created_at", "how", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "user_id", "view_id") VALUES (OLD."created_at", OLD."how", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."threshold", OLD."user_id", OLD."view_id"); RETURN NULL;',
                    hash="020e6c9fcbe967d64bd92266346dd330f1585015",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_daab3",
                    table="cases_viewsubscription",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="viewmail",
            index=models.Index(
                condition=models.Q(("failed_at", None), ("sent_at", None)),
                fields=["next_attempt_at"],
                name="view_mail_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="viewmail",
            index=models.Index(
                condition=models.Q(
                    ("sent_at__isnull", False), ("failed_at__isnull", False), _connector="OR"
                ),
                fields=["created_at", "id"],
                name="view_mail_age",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="viewsubscriptionhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ad3340740c0d29941a586beefaac48100e73acdd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_be6e4",
                    table="cases_viewsubscriptionhistory",
                    when="BEFORE",
                ),
            ),
        ),
    ]
