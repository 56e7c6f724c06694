import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django_countries.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations
import members.models.application
import members.names

SLICE = 500


def fill(apps, schema_editor):
    """Compute the columns of members and brands that follow from their names, in slices."""
    for name, columns in (
        ("Member", ("name_keys", "domain", "number_key", "search_text")),
        ("Brand", ("search_text",)),
    ):
        model = apps.get_model("members", name)
        last = 0
        while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:SLICE]):
            for row in rows:
                for column in columns:
                    setattr(row, column, model._meta.get_field(column).compute(row))
            model.objects.bulk_update(rows, columns)
            last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_authorisations"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=members.models.application.application_reference,
                        max_length=12,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "nonce",
                    models.CharField(
                        default=members.models.application.new_nonce, editable=False, max_length=32
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="started on"),
                ),
                (
                    "link_sent_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="link sent on"
                    ),
                ),
                (
                    "verified_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="email address verified on"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="last changed on"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="legal name in Latin letters"
                    ),
                ),
                (
                    "name_local",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="legal name in its own script"
                    ),
                ),
                (
                    "country",
                    django_countries.fields.CountryField(
                        blank=True, max_length=2, verbose_name="country or region"
                    ),
                ),
                (
                    "website",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="website",
                    ),
                ),
                (
                    "registration_number",
                    models.CharField(blank=True, max_length=60, verbose_name="registration number"),
                ),
                ("contact_name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                (
                    "contact_position",
                    models.CharField(blank=True, max_length=100, verbose_name="position"),
                ),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=40, verbose_name="phone number"),
                ),
                (
                    "brands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="brands",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("information_requested", "Information requested"),
                            ("admitted", "Admitted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=25,
                        verbose_name="status",
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted on"),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked on")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                ),
                (
                    "refusal_reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="reason of the refusal"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn on"),
                ),
                (
                    "name_keys",
                    members.names.NameKeysField(
                        base_field=models.TextField(), default=list, editable=False, size=None
                    ),
                ),
                ("domain", members.names.DomainField(default="", editable=False, max_length=253)),
                (
                    "number_key",
                    members.names.NumberKeyField(default="", editable=False, max_length=120),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
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
                    "industries",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="members.industry",
                        verbose_name="industries",
                    ),
                ),
                (
                    "mandate",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorises",
                        to="members.document",
                        verbose_name="proof of authority",
                    ),
                ),
                (
                    "member",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="application",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "registration_document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registers",
                        to="members.document",
                        verbose_name="registration document",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="ApplicationCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("point", models.CharField(max_length=20, verbose_name="point")),
                ("is_done", models.BooleanField(default=False, verbose_name="checked")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "saved_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="saved on"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="members.application",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of an application",
                "verbose_name_plural": "checks of applications",
                "ordering": ("application", "id"),
            },
        ),
        migrations.CreateModel(
            name="ApplicationCheckHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("point", models.CharField(max_length=20, verbose_name="point")),
                ("is_done", models.BooleanField(default=False, verbose_name="checked")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "saved_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="saved on"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.application",
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
                        to="members.applicationcheck",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ApplicationHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "reference",
                    models.CharField(
                        default=members.models.application.application_reference,
                        max_length=12,
                        verbose_name="reference",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "started_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="started on"),
                ),
                (
                    "link_sent_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="link sent on"
                    ),
                ),
                (
                    "verified_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="email address verified on"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="last changed on"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="legal name in Latin letters"
                    ),
                ),
                (
                    "name_local",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="legal name in its own script"
                    ),
                ),
                (
                    "country",
                    django_countries.fields.CountryField(
                        blank=True, max_length=2, verbose_name="country or region"
                    ),
                ),
                (
                    "website",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="website",
                    ),
                ),
                (
                    "registration_number",
                    models.CharField(blank=True, max_length=60, verbose_name="registration number"),
                ),
                ("contact_name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                (
                    "contact_position",
                    models.CharField(blank=True, max_length=100, verbose_name="position"),
                ),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=40, verbose_name="phone number"),
                ),
                (
                    "brands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="brands",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("information_requested", "Information requested"),
                            ("admitted", "Admitted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=25,
                        verbose_name="status",
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted on"),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked on")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                ),
                (
                    "refusal_reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="reason of the refusal"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn on"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
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
                    "mandate",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.document",
                        verbose_name="proof of authority",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.member",
                        verbose_name="member",
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
                        to="members.application",
                    ),
                ),
                (
                    "registration_document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.document",
                        verbose_name="registration document",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ApplicationMail",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("link", "Your application"),
                            ("submitted", "We received your application"),
                            ("asked", "A question about your application"),
                            ("admitted", "Welcome to the alliance"),
                            ("refused", "The decision on your application"),
                            ("withdrawn", "Your application was withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.application",
                    ),
                ),
            ],
            options={
                "verbose_name": "email to an applicant",
                "verbose_name_plural": "emails to applicants",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ApplicationMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                (
                    "sent_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="sent on"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="members.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "message about an application",
                "verbose_name_plural": "messages about applications",
                "ordering": ("application", "id"),
            },
        ),
        migrations.CreateModel(
            name="ApplicationMessageHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                (
                    "sent_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="sent on"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
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
                        to="members.applicationmessage",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="StatusChange",
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
                            ("suspended", "Suspended"),
                            ("reinstated", "Reinstated"),
                            ("left", "Left"),
                        ],
                        max_length=12,
                        verbose_name="change",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                (
                    "day",
                    models.DateField(
                        default=alliance.lib.clock.today, verbose_name="effective from"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="made on"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_changes",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a member’s status",
                "verbose_name_plural": "changes of members’ status",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="StatusChangeHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("suspended", "Suspended"),
                            ("reinstated", "Reinstated"),
                            ("left", "Left"),
                        ],
                        max_length=12,
                        verbose_name="change",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                (
                    "day",
                    models.DateField(
                        default=alliance.lib.clock.today, verbose_name="effective from"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="made on"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.member",
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
                        to="members.statuschange",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="brand",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="member",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="member",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="member",
                    name="delete_delete",
                ),
            ]
        ),
        migrations.AddField(
            model_name="brand",
            name="search_text",
            field=members.names.SearchTextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="member",
            name="domain",
            field=members.names.DomainField(default="", editable=False, max_length=253),
        ),
        migrations.AddField(
            model_name="member",
            name="name_keys",
            field=members.names.NameKeysField(
                base_field=models.TextField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="number_key",
            field=members.names.NumberKeyField(default="", editable=False, max_length=120),
        ),
        migrations.AddField(
            model_name="member",
            name="registration_number",
            field=models.CharField(
                blank=True,
                help_text="In the company register.",
                max_length=60,
                verbose_name="registration number",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="search_text",
            field=members.names.SearchTextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="memberhistory",
            name="registration_number",
            field=models.CharField(
                blank=True,
                help_text="In the company register.",
                max_length=60,
                verbose_name="registration number",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("certificate", "Certificate"),
                    ("authorisation", "Authorisation"),
                    ("registration", "Registration document"),
                    ("mandate", "Proof of authority"),
                ],
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="uploaded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AlterField(
            model_name="documenthistory",
            name="kind",
            field=models.CharField(
                choices=[
                    ("certificate", "Certificate"),
                    ("authorisation", "Authorisation"),
                    ("registration", "Registration document"),
                    ("mandate", "Proof of authority"),
                ],
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="documenthistory",
            name="uploaded_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
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
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_keys"], name="member_name_keys"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("domain", ""), _negated=True),
                fields=["domain"],
                name="member_domain",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("number_key", ""), _negated=True),
                fields=["number_key"],
                name="member_number",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
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
                    model_name="member",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_memberhistory" ("applied_on", "country", "description", "description_zh", "id", "joined_on", "left_on", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "slug", "status", "suspended_on", "website") VALUES (NEW."applied_on", NEW."country", NEW."description", NEW."description_zh", NEW."id", NEW."joined_on", NEW."left_on", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registration_number", NEW."slug", NEW."status", NEW."suspended_on", NEW."website"); RETURN NULL;',
                            hash="8d3a642e8ffa220ffef424a75dd34a5fdfed18fa",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2df50",
                            table="members_member",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="member",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."applied_on" IS DISTINCT FROM (NEW."applied_on") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."description_zh" IS DISTINCT FROM (NEW."description_zh") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."joined_on" IS DISTINCT FROM (NEW."joined_on") OR OLD."left_on" IS DISTINCT FROM (NEW."left_on") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local") OR OLD."registration_number" IS DISTINCT FROM (NEW."registration_number") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."suspended_on" IS DISTINCT FROM (NEW."suspended_on") OR OLD."website" IS DISTINCT FROM (NEW."website"))',
                            func='INSERT INTO "members_memberhistory" ("applied_on", "country", "description", "description_zh", "id", "joined_on", "left_on", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "slug", "status", "suspended_on", "website") VALUES (NEW."applied_on", NEW."country", NEW."description", NEW."description_zh", NEW."id", NEW."joined_on", NEW."left_on", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registration_number", NEW."slug", NEW."status", NEW."suspended_on", NEW."website"); RETURN NULL;',
                            hash="5b000d98c4db89d0252edf857cbe9aec8c6fcddb",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b1bc1",
                            table="members_member",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="member",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_memberhistory" ("applied_on", "country", "description", "description_zh", "id", "joined_on", "left_on", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "slug", "status", "suspended_on", "website") VALUES (OLD."applied_on", OLD."country", OLD."description", OLD."description_zh", OLD."id", OLD."joined_on", OLD."left_on", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."registration_number", OLD."slug", OLD."status", OLD."suspended_on", OLD."website"); RETURN NULL;',
                            hash="282296396ea498f1359670d20fef90d3bd758828",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_925fb",
                            table="members_member",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["status", "submitted_at", "id"], name="application_queue"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("status", "draft")),
                fields=["changed_at"],
                name="application_drafts",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_keys"], name="application_name_keys"
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("domain", ""), _negated=True),
                fields=["domain"],
                name="application_domain",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("number_key", ""), _negated=True),
                fields=["number_key"],
                name="application_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("draft", "submitted", "information_requested"))),
                fields=("email",),
                name="one_open_application_per_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "draft"), ("submitted_at", None)),
                    ("status", "withdrawn"),
                    models.Q(("submitted_at__isnull", False), ("verified_at__isnull", False)),
                    _connector="OR",
                ),
                name="application_is_submitted_by_a_verified_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("asked_at", None), ("asked_by", None)),
                        models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("status", "information_requested"), _negated=True),
                        ("asked_at__isnull", False),
                        _connector="OR",
                    ),
                ),
                name="application_asked_by_and_at_go_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ("admitted", "refused")),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("status__in", ("admitted", "refused")), _negated=True),
                        ("decided_at", None),
                        ("decided_by", None),
                    ),
                    _connector="OR",
                ),
                name="application_decision_has_person_and_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "refused"), models.Q(("refusal_reason", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("status", "refused"), _negated=True), ("refusal_reason", "")
                    ),
                    _connector="OR",
                ),
                name="application_refused_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member__isnull", False), ("status", "admitted")),
                    models.Q(models.Q(("status", "admitted"), _negated=True), ("member", None)),
                    _connector="OR",
                ),
                name="application_admitted_with_its_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(
                        models.Q(("status", "withdrawn"), _negated=True), ("withdrawn_at", None)
                    ),
                    _connector="OR",
                ),
                name="application_withdrawn_with_its_date",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="application",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_applicationhistory" ("asked_at", "asked_by_id", "brands", "changed_at", "contact_name", "contact_phone", "contact_position", "country", "decided_at", "decided_by_id", "email", "id", "language", "link_sent_at", "mandate_id", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "refusal_reason", "registration_document_id", "registration_number", "started_at", "status", "submitted_at", "verified_at", "website", "withdrawn_at") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."brands", NEW."changed_at", NEW."contact_name", NEW."contact_phone", NEW."contact_position", NEW."country", NEW."decided_at", NEW."decided_by_id", NEW."email", NEW."id", NEW."language", NEW."link_sent_at", NEW."mandate_id", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."refusal_reason", NEW."registration_document_id", NEW."registration_number", NEW."started_at", NEW."status", NEW."submitted_at", NEW."verified_at", NEW."website", NEW."withdrawn_at"); RETURN NULL;',
                            hash="6a556a4ace974b3f230b328c05e07d4b63fcfe7b",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1f4b2",
                            table="members_application",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="application",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."brands" IS DISTINCT FROM (NEW."brands") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."contact_name" IS DISTINCT FROM (NEW."contact_name") OR OLD."contact_phone" IS DISTINCT FROM (NEW."contact_phone") OR OLD."contact_position" IS DISTINCT FROM (NEW."contact_position") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."link_sent_at" IS DISTINCT FROM (NEW."link_sent_at") OR OLD."mandate_id" IS DISTINCT FROM (NEW."mandate_id") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."refusal_reason" IS DISTINCT FROM (NEW."refusal_reason") OR OLD."registration_document_id" IS DISTINCT FROM (NEW."registration_document_id") OR OLD."registration_number" IS DISTINCT FROM (NEW."registration_number") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."website" IS DISTINCT FROM (NEW."website") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                            func='INSERT INTO "members_applicationhistory" ("asked_at", "asked_by_id", "brands", "changed_at", "contact_name", "contact_phone", "contact_position", "country", "decided_at", "decided_by_id", "email", "id", "language", "link_sent_at", "mandate_id", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "refusal_reason", "registration_document_id", "registration_number", "started_at", "status", "submitted_at", "verified_at", "website", "withdrawn_at") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."brands", NEW."changed_at", NEW."contact_name", NEW."contact_phone", NEW."contact_position", NEW."country", NEW."decided_at", NEW."decided_by_id", NEW."email", NEW."id", NEW."language", NEW."link_sent_at", NEW."mandate_id", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."refusal_reason", NEW."registration_document_id", NEW."registration_number", NEW."started_at", NEW."status", NEW."submitted_at", NEW."verified_at", NEW."website", NEW."withdrawn_at"); RETURN NULL;',
                            hash="65e9cd4dc8b73c438dbd20f3a31d2b5a889f61da",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_da26f",
                            table="members_application",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="application",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_applicationhistory" ("asked_at", "asked_by_id", "brands", "changed_at", "contact_name", "contact_phone", "contact_position", "country", "decided_at", "decided_by_id", "email", "id", "language", "link_sent_at", "mandate_id", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "refusal_reason", "registration_document_id", "registration_number", "started_at", "status", "submitted_at", "verified_at", "website", "withdrawn_at") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."brands", OLD."changed_at", OLD."contact_name", OLD."contact_phone", OLD."contact_position", OLD."country", OLD."decided_at", OLD."decided_by_id", OLD."email", OLD."id", OLD."language", OLD."link_sent_at", OLD."mandate_id", OLD."member_id", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."refusal_reason", OLD."registration_document_id", OLD."registration_number", OLD."started_at", OLD."status", OLD."submitted_at", OLD."verified_at", OLD."website", OLD."withdrawn_at"); RETURN NULL;',
                            hash="f8f5994f1e431b11013b3e896c571673a5d4408c",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_31d6a",
                            table="members_application",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddConstraint(
            model_name="applicationcheck",
            constraint=models.UniqueConstraint(
                fields=("application", "point"), name="one_check_per_application_and_point"
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_applicationcheckhistory" ("application_id", "id", "is_done", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "saved_at", "saved_by_id") VALUES (NEW."application_id", NEW."id", NEW."is_done", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."point", NEW."saved_at", NEW."saved_by_id"); RETURN NULL;',
                            hash="c6f4c8350d9fe8d583a39fc70d54f2328f25c5f6",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c7146",
                            table="members_applicationcheck",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_applicationcheckhistory" ("application_id", "id", "is_done", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "saved_at", "saved_by_id") VALUES (NEW."application_id", NEW."id", NEW."is_done", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."point", NEW."saved_at", NEW."saved_by_id"); RETURN NULL;',
                            hash="087aa34a579bc6669dad5157ad35eefbd6cd675d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_04153",
                            table="members_applicationcheck",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_applicationcheckhistory" ("application_id", "id", "is_done", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "saved_at", "saved_by_id") VALUES (OLD."application_id", OLD."id", OLD."is_done", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."point", OLD."saved_at", OLD."saved_by_id"); RETURN NULL;',
                            hash="fcf16ca1be5f3a28f3c88910260bdd24b5460a49",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7753f",
                            table="members_applicationcheck",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationcheckhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3e37d6517688e8a23a8fb408e72176a8d21f716a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ce764",
                            table="members_applicationcheckhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ed834346ff481970f614e34e7b3df3acac33f6b4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_226e1",
                            table="members_applicationhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddIndex(
            model_name="applicationmail",
            index=models.Index(
                condition=models.Q(("failed_at", None), ("sent_at", None)),
                fields=["next_attempt_at"],
                name="application_mail_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="applicationmail",
            index=models.Index(
                condition=models.Q(
                    ("sent_at__isnull", False), ("failed_at__isnull", False), _connector="OR"
                ),
                fields=["created_at", "id"],
                name="application_mail_age",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationmessage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_applicationmessagehistory" ("application_id", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "text") VALUES (NEW."application_id", NEW."by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sent_at", NEW."text"); RETURN NULL;',
                            hash="66b2731058bd810b217589c7ebf6f28abf2a42a2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_16201",
                            table="members_applicationmessage",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationmessage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_applicationmessagehistory" ("application_id", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "text") VALUES (NEW."application_id", NEW."by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sent_at", NEW."text"); RETURN NULL;',
                            hash="25652129b4d27ad90143c58d3ed8760ab2c8c67a",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c71cc",
                            table="members_applicationmessage",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationmessage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_applicationmessagehistory" ("application_id", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "text") VALUES (OLD."application_id", OLD."by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sent_at", OLD."text"); RETURN NULL;',
                            hash="cf63dd70a22adec16b7de6caec4f1cca93d68ef2",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_970fc",
                            table="members_applicationmessage",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="applicationmessagehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0905c677cd57b96e561bc9c183a0e91f8b314049",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0b771",
                            table="members_applicationmessagehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.AddConstraint(
            model_name="statuschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="status_change_has_a_reason"
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="statuschange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_statuschangehistory" ("day", "id", "kind", "made_at", "made_by_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."day", NEW."id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="a779e4f1046a6664083c0ada7de0ad87521b362c",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_41eb8",
                            table="members_statuschange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statuschange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_statuschangehistory" ("day", "id", "kind", "made_at", "made_by_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."day", NEW."id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="21a9b01acb192c864f4d4cafacec280d608292ea",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f5b71",
                            table="members_statuschange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statuschange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_statuschangehistory" ("day", "id", "kind", "made_at", "made_by_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."day", OLD."id", OLD."kind", OLD."made_at", OLD."made_by_id", OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;',
                            hash="9a010e3a440c5280c5a818067d37ec7ee34a6460",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_65798",
                            table="members_statuschange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statuschangehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7881c38725f4a65ad76d5724f9deae401e695818",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6848a",
                            table="members_statuschangehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
