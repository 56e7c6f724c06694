import datetime
import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django_countries.fields
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.ids
import alliance.lib.migrations
import alliance.lib.two_scripts
import cases.liaison.models.agency


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("members", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Agency",
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
                        ("slug", models.SlugField(unique=True, verbose_name="slug")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="name in local script"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("police", "Police"),
                                    ("customs", "Customs"),
                                    ("regulator", "Market regulator"),
                                    ("prosecutor", "Prosecutor"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "violations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("counterfeit", "Counterfeit goods"),
                                        ("trademark", "Trademark infringement"),
                                        ("copyright", "Copyright infringement"),
                                        ("design", "Design infringement"),
                                        ("patent", "Patent infringement"),
                                        ("advertising", "Illegal advertising"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=list,
                                help_text="Leave empty for all.",
                                size=None,
                                verbose_name="violations handled",
                            ),
                        ),
                        (
                            "minimum_value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="minimum value of goods (CNY)",
                            ),
                        ),
                        (
                            "acknowledge_within_hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                help_text="At normal priority. Other deadlines follow from it unless set below.",
                                verbose_name="hours to acknowledge",
                            ),
                        ),
                        (
                            "discloses",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("member", "The member and the brand"),
                                        ("right", "The infringed right"),
                                        ("seller", "The shop: name, ID and URL"),
                                        ("listings", "The listings"),
                                        ("note", "Notes by moderators and the member"),
                                        ("evidence", "The evidence (in the portal)"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=cases.liaison.models.agency.everything,
                                size=None,
                                verbose_name="may see",
                            ),
                        ),
                        (
                            "shares_interest",
                            models.BooleanField(
                                default=False,
                                help_text="Two agencies see each other only if both allow it.",
                                verbose_name="shares its interest in a seller with other agencies",
                            ),
                        ),
                        (
                            "second_contact_name",
                            models.CharField(
                                blank=True, max_length=150, verbose_name="second contact"
                            ),
                        ),
                        (
                            "second_contact_email",
                            models.EmailField(
                                blank=True,
                                help_text="Is notified when something is overdue.",
                                max_length=254,
                                verbose_name="second contact’s email address",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                                default="en",
                                max_length=10,
                                verbose_name="language of emails",
                            ),
                        ),
                        (
                            "stream_password_hash",
                            models.CharField(blank=True, default="", editable=False, max_length=64),
                        ),
                        (
                            "stream_password_set_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="stream password set on",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "agency",
                        "verbose_name_plural": "agencies",
                        "ordering": ("country", "name"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_agencyhistory" ("acknowledge_within_hours", "country", "discloses", "id", "is_active", "kind", "language", "minimum_value", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_contact_email", "second_contact_name", "shares_interest", "slug", "stream_password_set_at", "violations") VALUES (NEW."acknowledge_within_hours", NEW."country", NEW."discloses", NEW."id", NEW."is_active", NEW."kind", NEW."language", NEW."minimum_value", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."second_contact_email", NEW."second_contact_name", NEW."shares_interest", NEW."slug", NEW."stream_password_set_at", NEW."violations"); RETURN NULL;',
                                    hash="b93949e4fb2aade86d306ea61e8260f3edbca058",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_4616d",
                                    table="liaison_agency",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."acknowledge_within_hours" IS DISTINCT FROM (NEW."acknowledge_within_hours") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."discloses" IS DISTINCT FROM (NEW."discloses") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."minimum_value" IS DISTINCT FROM (NEW."minimum_value") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local") OR OLD."second_contact_email" IS DISTINCT FROM (NEW."second_contact_email") OR OLD."second_contact_name" IS DISTINCT FROM (NEW."second_contact_name") OR OLD."shares_interest" IS DISTINCT FROM (NEW."shares_interest") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."stream_password_set_at" IS DISTINCT FROM (NEW."stream_password_set_at") OR OLD."violations" IS DISTINCT FROM (NEW."violations"))',
                                    func='INSERT INTO "liaison_agencyhistory" ("acknowledge_within_hours", "country", "discloses", "id", "is_active", "kind", "language", "minimum_value", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_contact_email", "second_contact_name", "shares_interest", "slug", "stream_password_set_at", "violations") VALUES (NEW."acknowledge_within_hours", NEW."country", NEW."discloses", NEW."id", NEW."is_active", NEW."kind", NEW."language", NEW."minimum_value", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."second_contact_email", NEW."second_contact_name", NEW."shares_interest", NEW."slug", NEW."stream_password_set_at", NEW."violations"); RETURN NULL;',
                                    hash="f32b1a3c2850d2b88a91c22c79f3af22399aead2",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_0d4b1",
                                    table="liaison_agency",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_agencyhistory" ("acknowledge_within_hours", "country", "discloses", "id", "is_active", "kind", "language", "minimum_value", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_contact_email", "second_contact_name", "shares_interest", "slug", "stream_password_set_at", "violations") VALUES (OLD."acknowledge_within_hours", OLD."country", OLD."discloses", OLD."id", OLD."is_active", OLD."kind", OLD."language", OLD."minimum_value", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."second_contact_email", OLD."second_contact_name", OLD."shares_interest", OLD."slug", OLD."stream_password_set_at", OLD."violations"); RETURN NULL;',
                                    hash="dd5799510a3bf4623777b3e378465502effe1bb1",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_28127",
                                    table="liaison_agency",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                    bases=(alliance.lib.two_scripts.NamedInTwoScripts, models.Model),
                ),
                migrations.CreateModel(
                    name="ImpactSnapshot",
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
                            "definition_version",
                            models.PositiveSmallIntegerField(default=1, verbose_name="definition"),
                        ),
                        ("period_from", models.DateField(verbose_name="from")),
                        ("period_to", models.DateField(verbose_name="to")),
                        ("figures", models.JSONField(verbose_name="figures")),
                        (
                            "previous_sha256",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=64,
                                verbose_name="SHA-256 of the previous one",
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="published"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "impact snapshot",
                        "verbose_name_plural": "impact snapshots",
                        "ordering": ("-published_at", "-id"),
                        "get_latest_by": ("published_at", "id"),
                        "indexes": [
                            models.Index(fields=["-published_at", "-id"], name="impact_latest")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_impactsnapshothistory" ("definition_version", "figures", "id", "period_from", "period_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "published_at", "published_by_id", "sha256") VALUES (NEW."definition_version", NEW."figures", NEW."id", NEW."period_from", NEW."period_to", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_sha256", NEW."published_at", NEW."published_by_id", NEW."sha256"); RETURN NULL;',
                                    hash="17bae4999815dfec59723d834d169c625978880a",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_8ed72",
                                    table="liaison_impactsnapshot",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_impactsnapshothistory" ("definition_version", "figures", "id", "period_from", "period_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "published_at", "published_by_id", "sha256") VALUES (NEW."definition_version", NEW."figures", NEW."id", NEW."period_from", NEW."period_to", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_sha256", NEW."published_at", NEW."published_by_id", NEW."sha256"); RETURN NULL;',
                                    hash="77bd3667a78749ed4b72ca6f24fdd4077defef9d",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_60a1c",
                                    table="liaison_impactsnapshot",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_impactsnapshothistory" ("definition_version", "figures", "id", "period_from", "period_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "published_at", "published_by_id", "sha256") VALUES (OLD."definition_version", OLD."figures", OLD."id", OLD."period_from", OLD."period_to", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_sha256", OLD."published_at", OLD."published_by_id", OLD."sha256"); RETURN NULL;',
                                    hash="9372f03b384c88010b413e5155567ed84255ead7",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_d5291",
                                    table="liaison_impactsnapshot",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgencyHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.agency",
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
                        ("id", models.BigIntegerField()),
                        ("slug", models.SlugField(db_index=False, verbose_name="slug")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="name in local script"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("police", "Police"),
                                    ("customs", "Customs"),
                                    ("regulator", "Market regulator"),
                                    ("prosecutor", "Prosecutor"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "violations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("counterfeit", "Counterfeit goods"),
                                        ("trademark", "Trademark infringement"),
                                        ("copyright", "Copyright infringement"),
                                        ("design", "Design infringement"),
                                        ("patent", "Patent infringement"),
                                        ("advertising", "Illegal advertising"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=list,
                                help_text="Leave empty for all.",
                                size=None,
                                verbose_name="violations handled",
                            ),
                        ),
                        (
                            "minimum_value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="minimum value of goods (CNY)",
                            ),
                        ),
                        (
                            "acknowledge_within_hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                help_text="At normal priority. Other deadlines follow from it unless set below.",
                                verbose_name="hours to acknowledge",
                            ),
                        ),
                        (
                            "discloses",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("member", "The member and the brand"),
                                        ("right", "The infringed right"),
                                        ("seller", "The shop: name, ID and URL"),
                                        ("listings", "The listings"),
                                        ("note", "Notes by moderators and the member"),
                                        ("evidence", "The evidence (in the portal)"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=cases.liaison.models.agency.everything,
                                size=None,
                                verbose_name="may see",
                            ),
                        ),
                        (
                            "shares_interest",
                            models.BooleanField(
                                default=False,
                                help_text="Two agencies see each other only if both allow it.",
                                verbose_name="shares its interest in a seller with other agencies",
                            ),
                        ),
                        (
                            "second_contact_name",
                            models.CharField(
                                blank=True, max_length=150, verbose_name="second contact"
                            ),
                        ),
                        (
                            "second_contact_email",
                            models.EmailField(
                                blank=True,
                                help_text="Is notified when something is overdue.",
                                max_length=254,
                                verbose_name="second contact’s email address",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                                default="en",
                                max_length=10,
                                verbose_name="language of emails",
                            ),
                        ),
                        (
                            "stream_password_set_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="stream password set on",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c9d96a8a3552f884e1e96154acd2f90b451745fe",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_8aadc",
                                    table="liaison_agencyhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
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
                            "agency",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="channels",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="channels",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "all_brands",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                editable=False,
                                verbose_name="all brands",
                            ),
                        ),
                        (
                            "deleted_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="deleted"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("stream", "Redis stream"),
                                    ("webhook", "Signed webhook"),
                                    ("email", "Email"),
                                    ("pull", "Pull API"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "stream_key",
                            models.CharField(
                                blank=True,
                                default=None,
                                max_length=120,
                                null=True,
                                unique=True,
                                verbose_name="stream",
                            ),
                        ),
                        (
                            "url",
                            models.URLField(
                                blank=True, default="", max_length=500, verbose_name="URL"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, default="", max_length=254, verbose_name="email address"
                            ),
                        ),
                        ("secret_sealed", models.TextField(blank=True, default="", editable=False)),
                        (
                            "previous_secret_sealed",
                            models.TextField(blank=True, default="", editable=False),
                        ),
                        (
                            "previous_secret_until",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="previous secret valid until",
                            ),
                        ),
                        (
                            "token_hash",
                            models.CharField(blank=True, default="", editable=False, max_length=64),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "alert_after_minutes",
                            models.PositiveIntegerField(
                                default=15,
                                verbose_name="alert when the oldest update has waited (minutes)",
                            ),
                        ),
                        (
                            "alert_backlog",
                            models.PositiveIntegerField(
                                default=1000, verbose_name="alert at this number of waiting updates"
                            ),
                        ),
                        (
                            "behind_since",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="behind since"
                            ),
                        ),
                        ("alerted_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "paused_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="paused"
                            ),
                        ),
                        (
                            "pause_reason",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=300,
                                verbose_name="reason for the pause",
                            ),
                        ),
                        (
                            "numbered_seq",
                            models.PositiveBigIntegerField(
                                default=0, editable=False, verbose_name="numbered up to"
                            ),
                        ),
                        (
                            "sent_seq",
                            models.PositiveBigIntegerField(
                                default=0, editable=False, verbose_name="sent up to"
                            ),
                        ),
                        (
                            "acknowledged_seq",
                            models.PositiveBigIntegerField(
                                db_default=0, editable=False, verbose_name="acknowledged up to"
                            ),
                        ),
                        ("lease_token", models.UUIDField(editable=False, null=True)),
                        ("lease_until", models.DateTimeField(editable=False, null=True)),
                        (
                            "last_success_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="last success"
                            ),
                        ),
                        (
                            "last_error",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=300,
                                verbose_name="last error",
                            ),
                        ),
                        (
                            "failures",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="consecutive failures"
                            ),
                        ),
                        (
                            "next_attempt_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="next attempt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "channel",
                        "verbose_name_plural": "channels",
                        "ordering": ("agency", "name"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("sent_seq__lte", models.F("numbered_seq"))),
                                name="channel_sends_only_what_is_numbered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lease_token", None), ("lease_until", None)),
                                    models.Q(
                                        ("lease_token__isnull", False),
                                        ("lease_until__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="channel_lease_token_and_time_go_together",
                            ),
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("previous_secret_sealed", ""),
                                        ("previous_secret_until", None),
                                    ),
                                    models.Q(
                                        models.Q(("previous_secret_sealed", ""), _negated=True),
                                        ("previous_secret_until__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="channel_previous_secret_and_time_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("pause_reason", ""), ("paused_at", None)),
                                    models.Q(
                                        ("paused_at__isnull", False),
                                        models.Q(("pause_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="channel_paused_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("agency__isnull", False),
                                        ("all_brands", True),
                                        ("member", None),
                                    ),
                                    models.Q(
                                        ("agency", None),
                                        ("kind", "webhook"),
                                        ("member__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="channel_of_an_agency_or_a_member",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("deleted_at", None), ("member__isnull", False)),
                                fields=("member", "name"),
                                name="channel_name_once_per_member",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("token_hash", ""), _negated=True),
                                fields=("token_hash",),
                                name="channel_token_once",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DueTimes",
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
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="due_times",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "deliver_minutes",
                            models.PositiveIntegerField(
                                default=15, verbose_name="delivered within (minutes)"
                            ),
                        ),
                        (
                            "read_hours",
                            models.PositiveIntegerField(verbose_name="read within (hours)"),
                        ),
                        (
                            "acknowledge_hours",
                            models.PositiveIntegerField(verbose_name="acknowledged within (hours)"),
                        ),
                        (
                            "accept_hours",
                            models.PositiveIntegerField(
                                verbose_name="accepted or declined within (hours)"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadlines",
                        "verbose_name_plural": "deadlines",
                        "ordering": ("agency", "-priority"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "priority"),
                                name="due_times_once_per_agency_and_priority",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("read_hours__lte", models.F("acknowledge_hours")),
                                    ("acknowledge_hours__lte", models.F("accept_hours")),
                                ),
                                name="due_times_in_their_order",
                                violation_error_message="No step can be due before the step that precedes it: read, acknowledge, accept.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_duetimeshistory" ("accept_hours", "acknowledge_hours", "agency_id", "deliver_minutes", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "read_hours") VALUES (NEW."accept_hours", NEW."acknowledge_hours", NEW."agency_id", NEW."deliver_minutes", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."read_hours"); RETURN NULL;',
                                    hash="996bda55cb6982d7d1c97af58c043e6dbf726433",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_f30dc",
                                    table="liaison_duetimes",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_duetimeshistory" ("accept_hours", "acknowledge_hours", "agency_id", "deliver_minutes", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "read_hours") VALUES (NEW."accept_hours", NEW."acknowledge_hours", NEW."agency_id", NEW."deliver_minutes", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."read_hours"); RETURN NULL;',
                                    hash="c064aa4d5fc8b3c7548eb1b1f5b8e02d2841a330",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_37677",
                                    table="liaison_duetimes",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_duetimeshistory" ("accept_hours", "acknowledge_hours", "agency_id", "deliver_minutes", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "read_hours") VALUES (OLD."accept_hours", OLD."acknowledge_hours", OLD."agency_id", OLD."deliver_minutes", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."priority", OLD."read_hours"); RETURN NULL;',
                                    hash="08a4f1d7edeee66a7d9dc69c4cf48109e023b951",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_684d0",
                                    table="liaison_duetimes",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImpactSnapshotHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.impactsnapshot",
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
                        ("id", models.BigIntegerField()),
                        (
                            "definition_version",
                            models.PositiveSmallIntegerField(default=1, verbose_name="definition"),
                        ),
                        ("period_from", models.DateField(verbose_name="from")),
                        ("period_to", models.DateField(verbose_name="to")),
                        ("figures", models.JSONField(verbose_name="figures")),
                        (
                            "previous_sha256",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=64,
                                verbose_name="SHA-256 of the previous one",
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="published"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="829563028aac6cc51220d55036d99024062968bf",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_e5a27",
                                    table="liaison_impactsnapshothistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Officer",
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
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="officer",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="officers",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=100, verbose_name="title"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "liaison officer",
                        "verbose_name_plural": "liaison officers",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_officerhistory" ("agency_id", "id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "user_id") VALUES (NEW."agency_id", NEW."id", NEW."is_active", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title", NEW."user_id"); RETURN NULL;',
                                    hash="f5bcdbf4bb96fb765148c4a1c45955b296ff885e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_fbf11",
                                    table="liaison_officer",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_officerhistory" ("agency_id", "id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "user_id") VALUES (NEW."agency_id", NEW."id", NEW."is_active", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title", NEW."user_id"); RETURN NULL;',
                                    hash="792ea8d0b463d97550cbdc8848f5047b67f2190f",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f9f0d",
                                    table="liaison_officer",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_officerhistory" ("agency_id", "id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "user_id") VALUES (OLD."agency_id", OLD."id", OLD."is_active", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."title", OLD."user_id"); RETURN NULL;',
                                    hash="be9fe9f94e116106a74f95b792a276b5a9374a76",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9227c",
                                    table="liaison_officer",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Operation",
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
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.operation_reference,
                                editable=False,
                                max_length=14,
                                unique=True,
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "form_token",
                            models.UUIDField(blank=True, editable=False, null=True, unique=True),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operations",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("raid", "Raid"),
                                    ("seizure", "Seizure"),
                                    ("detention", "Detention"),
                                    ("conviction", "Conviction"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("held_on", models.DateField(verbose_name="date")),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                help_text="City or district.", max_length=120, verbose_name="place"
                            ),
                        ),
                        (
                            "premises_closed",
                            models.PositiveIntegerField(default=0, verbose_name="premises closed"),
                        ),
                        (
                            "arrests",
                            models.PositiveIntegerField(
                                default=0, verbose_name="people detained or arrested"
                            ),
                        ),
                        (
                            "items_seized",
                            models.PositiveIntegerField(default=0, verbose_name="items seized"),
                        ),
                        (
                            "value_cny",
                            models.DecimalField(
                                decimal_places=2,
                                default=0,
                                max_digits=14,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="value of goods (CNY)",
                            ),
                        ),
                        (
                            "value_basis",
                            models.CharField(
                                choices=[
                                    ("genuine_retail", "Retail price of the genuine goods"),
                                    ("asking_price", "Asking price of the counterfeits"),
                                    ("appraised", "Official appraisal"),
                                ],
                                default="genuine_retail",
                                max_length=15,
                                verbose_name="basis of the value",
                            ),
                        ),
                        (
                            "summary",
                            models.TextField(blank=True, max_length=5000, verbose_name="summary"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("reported", "Awaiting verification"),
                                    ("verified", "Verified"),
                                    ("retracted", "Retracted"),
                                ],
                                default="reported",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reported_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="reported"
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "verified_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="verified"),
                        ),
                        (
                            "retraction_reason",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="reason for retraction"
                            ),
                        ),
                        (
                            "cases",
                            models.ManyToManyField(
                                related_name="operations", to="cases.case", verbose_name="cases"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "operation",
                        "verbose_name_plural": "operations",
                        "ordering": ("-held_on", "-id"),
                        "indexes": [
                            models.Index(
                                fields=["status", "-held_on", "-id"], name="operation_by_status"
                            ),
                            models.Index(
                                fields=["agency", "-held_on", "-id"], name="operation_of_agency"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verified_at", None), ("verified_by", None)),
                                    models.Q(
                                        ("verified_at__isnull", False),
                                        ("verified_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="operation_verified_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "verified"), _negated=True),
                                    ("verified_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="operation_verified_says_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value_cny__gte", 0)),
                                name="operation_value_not_negative",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_operationhistory" ("agency_id", "arrests", "country", "form_token", "held_on", "id", "items_seized", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "premises_closed", "reference", "reported_at", "reported_by_id", "retraction_reason", "status", "summary", "value_basis", "value_cny", "verified_at", "verified_by_id") VALUES (NEW."agency_id", NEW."arrests", NEW."country", NEW."form_token", NEW."held_on", NEW."id", NEW."items_seized", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."premises_closed", NEW."reference", NEW."reported_at", NEW."reported_by_id", NEW."retraction_reason", NEW."status", NEW."summary", NEW."value_basis", NEW."value_cny", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                                    hash="9e834f7212c9ef3ff50432251764a306364cec97",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_0ac45",
                                    table="liaison_operation",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_operationhistory" ("agency_id", "arrests", "country", "form_token", "held_on", "id", "items_seized", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "premises_closed", "reference", "reported_at", "reported_by_id", "retraction_reason", "status", "summary", "value_basis", "value_cny", "verified_at", "verified_by_id") VALUES (NEW."agency_id", NEW."arrests", NEW."country", NEW."form_token", NEW."held_on", NEW."id", NEW."items_seized", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."premises_closed", NEW."reference", NEW."reported_at", NEW."reported_by_id", NEW."retraction_reason", NEW."status", NEW."summary", NEW."value_basis", NEW."value_cny", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                                    hash="07e532cbdd1437d885457bf5ca560932f319c66b",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_22574",
                                    table="liaison_operation",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_operationhistory" ("agency_id", "arrests", "country", "form_token", "held_on", "id", "items_seized", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "premises_closed", "reference", "reported_at", "reported_by_id", "retraction_reason", "status", "summary", "value_basis", "value_cny", "verified_at", "verified_by_id") VALUES (OLD."agency_id", OLD."arrests", OLD."country", OLD."form_token", OLD."held_on", OLD."id", OLD."items_seized", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."premises_closed", OLD."reference", OLD."reported_at", OLD."reported_by_id", OLD."retraction_reason", OLD."status", OLD."summary", OLD."value_basis", OLD."value_cny", OLD."verified_at", OLD."verified_by_id"); RETURN NULL;',
                                    hash="30fa87e43378053ccaf30f665488045d7494b38d",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_d3570",
                                    table="liaison_operation",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralRule",
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
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rules",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                default=100,
                                help_text="The proposal with the lowest number comes first.",
                                verbose_name="rank",
                            ),
                        ),
                        (
                            "violations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("counterfeit", "Counterfeit goods"),
                                        ("trademark", "Trademark infringement"),
                                        ("copyright", "Copyright infringement"),
                                        ("design", "Design infringement"),
                                        ("patent", "Patent infringement"),
                                        ("advertising", "Illegal advertising"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="violations",
                            ),
                        ),
                        (
                            "places",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="countries or regions",
                            ),
                        ),
                        (
                            "minimum_value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="minimum value of goods (CNY)",
                            ),
                        ),
                        (
                            "minimum_points",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="strike points, at least"
                            ),
                        ),
                        (
                            "minimum_members",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="members concerned, at least"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "referral rule",
                        "verbose_name_plural": "referral rules",
                        "ordering": ("rank", "id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_referralrulehistory" ("agency_id", "id", "is_active", "minimum_members", "minimum_points", "minimum_value", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "rank", "violations") VALUES (NEW."agency_id", NEW."id", NEW."is_active", NEW."minimum_members", NEW."minimum_points", NEW."minimum_value", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."places", NEW."rank", NEW."violations"); RETURN NULL;',
                                    hash="8171fe66a88f99e7f3d8ad8ccca90a300988441e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_3c7ca",
                                    table="liaison_referralrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_referralrulehistory" ("agency_id", "id", "is_active", "minimum_members", "minimum_points", "minimum_value", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "rank", "violations") VALUES (NEW."agency_id", NEW."id", NEW."is_active", NEW."minimum_members", NEW."minimum_points", NEW."minimum_value", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."places", NEW."rank", NEW."violations"); RETURN NULL;',
                                    hash="3a2e96b023c3cc6533a18683e4800aabc39ac782",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_21b3a",
                                    table="liaison_referralrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_referralrulehistory" ("agency_id", "id", "is_active", "minimum_members", "minimum_points", "minimum_value", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "rank", "violations") VALUES (OLD."agency_id", OLD."id", OLD."is_active", OLD."minimum_members", OLD."minimum_points", OLD."minimum_value", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."places", OLD."rank", OLD."violations"); RETURN NULL;',
                                    hash="1c36cce44fa720a94e6a35df0892f7b3a3f2ac70",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_1c522",
                                    table="liaison_referralrule",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelEvent",
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
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="liaison.channel",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                        ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
                        (
                            "actor_id",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="user number"
                            ),
                        ),
                        (
                            "actor_label",
                            models.CharField(blank=True, max_length=300, verbose_name="who"),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="when"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "channel event",
                        "verbose_name_plural": "channel events",
                        "ordering": ("-id",),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="27c04a7a769a9e7725c7bfb915118910f013661f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0da6e",
                                    table="liaison_channelevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.channel",
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
                        ("id", models.BigIntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
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
                        (
                            "all_brands",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                editable=False,
                                verbose_name="all brands",
                            ),
                        ),
                        (
                            "deleted_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="deleted"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("stream", "Redis stream"),
                                    ("webhook", "Signed webhook"),
                                    ("email", "Email"),
                                    ("pull", "Pull API"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "stream_key",
                            models.CharField(
                                blank=True,
                                default=None,
                                max_length=120,
                                null=True,
                                verbose_name="stream",
                            ),
                        ),
                        (
                            "url",
                            models.URLField(
                                blank=True, default="", max_length=500, verbose_name="URL"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, default="", max_length=254, verbose_name="email address"
                            ),
                        ),
                        (
                            "previous_secret_until",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="previous secret valid until",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "alert_after_minutes",
                            models.PositiveIntegerField(
                                default=15,
                                verbose_name="alert when the oldest update has waited (minutes)",
                            ),
                        ),
                        (
                            "alert_backlog",
                            models.PositiveIntegerField(
                                default=1000, verbose_name="alert at this number of waiting updates"
                            ),
                        ),
                        (
                            "paused_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="paused"
                            ),
                        ),
                        (
                            "pause_reason",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=300,
                                verbose_name="reason for the pause",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="5a81301276b9e0080bb4bf6cb1f168934aef612a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_89f52",
                                    table="liaison_channelhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelTest",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tests",
                                to="liaison.channel",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "requested_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="requested"
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="started"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                        ("arrived", models.BooleanField(default=False, verbose_name="arrived")),
                        ("sent", models.TextField(blank=True, verbose_name="content sent")),
                        (
                            "status",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="status"
                            ),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=300, verbose_name="error"),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="response")),
                        (
                            "duration_ms",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="milliseconds"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "test update",
                        "verbose_name_plural": "test updates",
                        "ordering": ("-requested_at",),
                        "indexes": [
                            models.Index(
                                fields=["channel", "-requested_at"], name="test_of_channel"
                            ),
                            models.Index(fields=["requested_at"], name="test_age"),
                            models.Index(
                                condition=models.Q(("finished_at", None), ("started_at", None)),
                                fields=["requested_at"],
                                name="test_to_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountedOperation",
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
                            "operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="liaison.operation",
                                verbose_name="operation",
                            ),
                        ),
                        (
                            "since",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="liaison.impactsnapshot",
                                verbose_name="first counted in",
                            ),
                        ),
                        (
                            "until",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="liaison.impactsnapshot",
                                verbose_name="no longer counted in",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "counted operation",
                        "verbose_name_plural": "counted operations",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("operation",),
                                name="operation_counted_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None),
                                    ("until__gt", models.F("since")),
                                    _connector="OR",
                                ),
                                name="operation_counted_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DueTimesHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.duetimes",
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
                        ("id", models.BigIntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "deliver_minutes",
                            models.PositiveIntegerField(
                                default=15, verbose_name="delivered within (minutes)"
                            ),
                        ),
                        (
                            "read_hours",
                            models.PositiveIntegerField(verbose_name="read within (hours)"),
                        ),
                        (
                            "acknowledge_hours",
                            models.PositiveIntegerField(verbose_name="acknowledged within (hours)"),
                        ),
                        (
                            "accept_hours",
                            models.PositiveIntegerField(
                                verbose_name="accepted or declined within (hours)"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1ab01c45024f00da60eb59c91b5f7234fa96d659",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f2325",
                                    table="liaison_duetimeshistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelMinute",
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
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="minutes",
                                to="liaison.channel",
                            ),
                        ),
                        ("minute", models.DateTimeField(verbose_name="minute")),
                        ("sent", models.PositiveIntegerField(default=0, verbose_name="sent")),
                        ("failed", models.PositiveIntegerField(default=0, verbose_name="failed")),
                    ],
                    options={
                        "verbose_name": "channel throughput by minute",
                        "verbose_name_plural": "channel throughput by minute",
                        "indexes": [models.Index(fields=["minute"], name="minute_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "minute"), name="minute_once_per_channel"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficerHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.officer",
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
                        ("id", models.BigIntegerField()),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=100, verbose_name="title"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="8420c8d965dfa04682b7d14f4d99d6cb78de2e11",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0a49e",
                                    table="liaison_officerhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OperationHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.operation",
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
                        ("id", models.BigIntegerField()),
                        (
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.operation_reference,
                                editable=False,
                                max_length=14,
                                verbose_name="reference",
                            ),
                        ),
                        ("form_token", models.UUIDField(blank=True, editable=False, null=True)),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("raid", "Raid"),
                                    ("seizure", "Seizure"),
                                    ("detention", "Detention"),
                                    ("conviction", "Conviction"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("held_on", models.DateField(verbose_name="date")),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                help_text="City or district.", max_length=120, verbose_name="place"
                            ),
                        ),
                        (
                            "premises_closed",
                            models.PositiveIntegerField(default=0, verbose_name="premises closed"),
                        ),
                        (
                            "arrests",
                            models.PositiveIntegerField(
                                default=0, verbose_name="people detained or arrested"
                            ),
                        ),
                        (
                            "items_seized",
                            models.PositiveIntegerField(default=0, verbose_name="items seized"),
                        ),
                        (
                            "value_cny",
                            models.DecimalField(
                                decimal_places=2,
                                default=0,
                                max_digits=14,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="value of goods (CNY)",
                            ),
                        ),
                        (
                            "value_basis",
                            models.CharField(
                                choices=[
                                    ("genuine_retail", "Retail price of the genuine goods"),
                                    ("asking_price", "Asking price of the counterfeits"),
                                    ("appraised", "Official appraisal"),
                                ],
                                default="genuine_retail",
                                max_length=15,
                                verbose_name="basis of the value",
                            ),
                        ),
                        (
                            "summary",
                            models.TextField(blank=True, max_length=5000, verbose_name="summary"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("reported", "Awaiting verification"),
                                    ("verified", "Verified"),
                                    ("retracted", "Retracted"),
                                ],
                                default="reported",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reported_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="reported"
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "verified_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="verified"),
                        ),
                        (
                            "retraction_reason",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="reason for retraction"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="199d635d4cdb3069233016f13d9d4c1a679beefb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_393d4",
                                    table="liaison_operationhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Referral",
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
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.referral_reference,
                                editable=False,
                                max_length=14,
                                unique=True,
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="cases.case",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="liaison.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("offered", "Awaiting acknowledgement"),
                                    ("acknowledged", "Acknowledged"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("investigating", "Under investigation"),
                                    ("concluded", "Concluded"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="offered",
                                max_length=15,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "update_sequence",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="updates so far"
                            ),
                        ),
                        ("seller_sent", models.TextField(default="", editable=False)),
                        (
                            "note",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="note to the agency"
                            ),
                        ),
                        (
                            "referred_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "referred_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="referred"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="referrals",
                                to="liaison.referralrule",
                                verbose_name="proposed by",
                            ),
                        ),
                        (
                            "deliver_by",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="delivery due"
                            ),
                        ),
                        (
                            "read_by",
                            models.DateTimeField(blank=True, null=True, verbose_name="reading due"),
                        ),
                        (
                            "acknowledge_by",
                            models.DateTimeField(verbose_name="acknowledgement due"),
                        ),
                        (
                            "accept_by",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="acceptance due"
                            ),
                        ),
                        (
                            "delivered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="delivered"),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="read"),
                        ),
                        (
                            "acknowledged_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="acknowledged"
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="accepted or declined"
                            ),
                        ),
                        (
                            "concluded_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="concluded"),
                        ),
                        (
                            "file_number",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="agency’s file number"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "referral",
                        "verbose_name_plural": "referrals",
                        "indexes": [
                            models.Index(
                                fields=["agency", "status", "acknowledge_by", "id"],
                                name="referral_queue",
                            ),
                            models.Index(
                                fields=["agency", "-referred_at", "-id"], name="referral_of_agency"
                            ),
                            models.Index(
                                models.F("agency"),
                                models.OrderBy(
                                    models.Case(
                                        models.When(
                                            status="offered",
                                            then=django.db.models.functions.comparison.Least(
                                                models.Case(
                                                    models.When(
                                                        read_at=None, then=models.F("read_by")
                                                    )
                                                ),
                                                models.F("acknowledge_by"),
                                            ),
                                        ),
                                        models.When(
                                            status="acknowledged",
                                            then=django.db.models.functions.comparison.Coalesce(
                                                models.F("accept_by"),
                                                models.Value(
                                                    datetime.datetime(
                                                        9999, 1, 1, 0, 0, tzinfo=datetime.UTC
                                                    )
                                                ),
                                            ),
                                        ),
                                        default=models.Value(
                                            datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC)
                                        ),
                                        output_field=models.DateTimeField(),
                                    )
                                ),
                                models.OrderBy(models.F("referred_at"), descending=True),
                                models.OrderBy(models.F("id"), descending=True),
                                condition=models.Q(("status__in", ("offered",))),
                                name="referral_new_by_urgency",
                            ),
                            models.Index(
                                models.F("agency"),
                                models.OrderBy(
                                    models.Case(
                                        models.When(
                                            status="offered",
                                            then=django.db.models.functions.comparison.Least(
                                                models.Case(
                                                    models.When(
                                                        read_at=None, then=models.F("read_by")
                                                    )
                                                ),
                                                models.F("acknowledge_by"),
                                            ),
                                        ),
                                        models.When(
                                            status="acknowledged",
                                            then=django.db.models.functions.comparison.Coalesce(
                                                models.F("accept_by"),
                                                models.Value(
                                                    datetime.datetime(
                                                        9999, 1, 1, 0, 0, tzinfo=datetime.UTC
                                                    )
                                                ),
                                            ),
                                        ),
                                        default=models.Value(
                                            datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC)
                                        ),
                                        output_field=models.DateTimeField(),
                                    )
                                ),
                                models.OrderBy(models.F("referred_at"), descending=True),
                                models.OrderBy(models.F("id"), descending=True),
                                condition=models.Q(
                                    ("status__in", ("acknowledged", "accepted", "investigating"))
                                ),
                                name="referral_in_hand_by_urgency",
                            ),
                            models.Index(
                                condition=models.Q(("file_number", ""), _negated=True),
                                fields=["agency", "file_number"],
                                include=("id", "status"),
                                name="referral_file_number",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("withdrawn", "declined"))),
                                fields=["agency"],
                                include=("id", "status", "seller_sent"),
                                name="referral_ended_seller",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("delivered_at", None),
                                    (
                                        "status__in",
                                        ("offered", "acknowledged", "accepted", "investigating"),
                                    ),
                                ),
                                fields=["deliver_by"],
                                name="referral_to_deliver",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("read_at", None), ("status__in", ("offered", "acknowledged"))
                                ),
                                fields=["read_by"],
                                name="referral_to_read",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("acknowledged_at", None),
                                    ("status__in", ("offered", "acknowledged")),
                                ),
                                fields=["acknowledge_by"],
                                name="referral_to_acknowledge",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("answered_at", None),
                                    ("status__in", ("offered", "acknowledged")),
                                ),
                                fields=["accept_by"],
                                name="referral_to_accept",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("status__in", ("withdrawn", "declined")), _negated=True
                                ),
                                fields=("case", "agency"),
                                name="one_live_referral_per_case_and_agency",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_referralhistory" ("accept_by", "acknowledge_by", "acknowledged_at", "agency_id", "answered_at", "case_id", "concluded_at", "deliver_by", "delivered_at", "file_number", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "read_by", "reference", "referred_at", "referred_by_id", "rule_id", "status") VALUES (NEW."accept_by", NEW."acknowledge_by", NEW."acknowledged_at", NEW."agency_id", NEW."answered_at", NEW."case_id", NEW."concluded_at", NEW."deliver_by", NEW."delivered_at", NEW."file_number", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."read_at", NEW."read_by", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."rule_id", NEW."status"); RETURN NULL;',
                                    hash="ccfde75677ebb756882f81f01658e06a0011291d",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1f526",
                                    table="liaison_referral",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."accept_by" IS DISTINCT FROM (NEW."accept_by") OR OLD."acknowledge_by" IS DISTINCT FROM (NEW."acknowledge_by") OR OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."concluded_at" IS DISTINCT FROM (NEW."concluded_at") OR OLD."deliver_by" IS DISTINCT FROM (NEW."deliver_by") OR OLD."delivered_at" IS DISTINCT FROM (NEW."delivered_at") OR OLD."file_number" IS DISTINCT FROM (NEW."file_number") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."read_at" IS DISTINCT FROM (NEW."read_at") OR OLD."read_by" IS DISTINCT FROM (NEW."read_by") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."referred_at" IS DISTINCT FROM (NEW."referred_at") OR OLD."referred_by_id" IS DISTINCT FROM (NEW."referred_by_id") OR OLD."rule_id" IS DISTINCT FROM (NEW."rule_id") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                                    func='INSERT INTO "liaison_referralhistory" ("accept_by", "acknowledge_by", "acknowledged_at", "agency_id", "answered_at", "case_id", "concluded_at", "deliver_by", "delivered_at", "file_number", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "read_by", "reference", "referred_at", "referred_by_id", "rule_id", "status") VALUES (NEW."accept_by", NEW."acknowledge_by", NEW."acknowledged_at", NEW."agency_id", NEW."answered_at", NEW."case_id", NEW."concluded_at", NEW."deliver_by", NEW."delivered_at", NEW."file_number", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."read_at", NEW."read_by", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."rule_id", NEW."status"); RETURN NULL;',
                                    hash="e7bb94d61209cb1955055d40b72a901d4fc20557",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_6772c",
                                    table="liaison_referral",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_referralhistory" ("accept_by", "acknowledge_by", "acknowledged_at", "agency_id", "answered_at", "case_id", "concluded_at", "deliver_by", "delivered_at", "file_number", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "read_by", "reference", "referred_at", "referred_by_id", "rule_id", "status") VALUES (OLD."accept_by", OLD."acknowledge_by", OLD."acknowledged_at", OLD."agency_id", OLD."answered_at", OLD."case_id", OLD."concluded_at", OLD."deliver_by", OLD."delivered_at", OLD."file_number", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."read_at", OLD."read_by", OLD."reference", OLD."referred_at", OLD."referred_by_id", OLD."rule_id", OLD."status"); RETURN NULL;',
                                    hash="db97737341d0a18ec6ad8acc3d1a4584edbd9194",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_72f69",
                                    table="liaison_referral",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralRuleHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.referralrule",
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
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                            ),
                        ),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                default=100,
                                help_text="The proposal with the lowest number comes first.",
                                verbose_name="rank",
                            ),
                        ),
                        (
                            "violations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("counterfeit", "Counterfeit goods"),
                                        ("trademark", "Trademark infringement"),
                                        ("copyright", "Copyright infringement"),
                                        ("design", "Design infringement"),
                                        ("patent", "Patent infringement"),
                                        ("advertising", "Illegal advertising"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="violations",
                            ),
                        ),
                        (
                            "places",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="countries or regions",
                            ),
                        ),
                        (
                            "minimum_value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="minimum value of goods (CNY)",
                            ),
                        ),
                        (
                            "minimum_points",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="strike points, at least"
                            ),
                        ),
                        (
                            "minimum_members",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="members concerned, at least"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="81e6f027602a5ac680894aac921b49b37b7b854c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_67f0d",
                                    table="liaison_referralrulehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Resend",
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
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="resends",
                                to="liaison.channel",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("replay", "From a number"), ("dead", "Dead letters")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "from_seq",
                            models.PositiveBigIntegerField(null=True, verbose_name="from number"),
                        ),
                        (
                            "last_seq",
                            models.PositiveBigIntegerField(null=True, verbose_name="up to number"),
                        ),
                        (
                            "next_seq",
                            models.PositiveBigIntegerField(null=True, verbose_name="next number"),
                        ),
                        ("next_dead_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "requested_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="requested",
                            ),
                        ),
                        (
                            "actor_id",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="user number"
                            ),
                        ),
                        (
                            "actor_label",
                            models.CharField(blank=True, max_length=300, verbose_name="who"),
                        ),
                        ("done", models.PositiveBigIntegerField(default=0, verbose_name="queued")),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                        ("is_stopped", models.BooleanField(default=False, verbose_name="stopped")),
                    ],
                    options={
                        "verbose_name": "resend order",
                        "verbose_name_plural": "resend orders",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("finished_at", None)),
                                fields=("channel",),
                                name="resend_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("from_seq__isnull", False),
                                        ("kind", "replay"),
                                        ("last_seq__isnull", False),
                                        ("next_seq__isnull", False),
                                    ),
                                    models.Q(
                                        ("from_seq", None),
                                        ("kind", "dead"),
                                        ("last_seq", None),
                                        ("next_seq", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="resend_from_a_number_or_of_the_dead",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_stopped", False),
                                    ("finished_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="resend_stopped_is_finished",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
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
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="escalations",
                                to="liaison.referral",
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("delivered", "Delivered"),
                                    ("read", "Read"),
                                    ("acknowledged", "Acknowledged"),
                                    ("accepted", "Accepted or declined"),
                                ],
                                max_length=12,
                                verbose_name="overdue step",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due at")),
                        (
                            "raised_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="detected"
                            ),
                        ),
                        (
                            "resolved_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="resolved"),
                        ),
                    ],
                    options={
                        "verbose_name": "overdue step",
                        "verbose_name_plural": "overdue steps",
                        "ordering": ("due_at", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("resolved_at", None)),
                                fields=["due_at", "id"],
                                name="escalation_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "step"), name="escalation_once_per_step"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
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
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "next_attempt_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next attempt",
                            ),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent on"),
                        ),
                        (
                            "failed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="failed on"),
                        ),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=300, verbose_name="last error"),
                        ),
                        (
                            "key",
                            models.CharField(max_length=160, unique=True, verbose_name="about"),
                        ),
                        ("to", models.EmailField(max_length=254, verbose_name="to")),
                        ("language", models.CharField(default="en", max_length=10)),
                        ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("overdue", "A step is overdue"),
                                    ("behind", "A channel is behind"),
                                    ("caught_up", "A channel has caught up"),
                                    ("referred", "A case was referred to your agency"),
                                    ("low_space", "The evidence store is low on space"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="liaison.referral",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="liaison.channel",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notice",
                        "verbose_name_plural": "notices",
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("failed_at", None), ("sent_at", None)),
                                fields=["next_attempt_at"],
                                name="notice_waiting",
                            ),
                            models.Index(fields=["to", "id"], name="notice_recipient"),
                            models.Index(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    ("failed_at__isnull", False),
                                    _connector="OR",
                                ),
                                fields=["created_at", "id"],
                                name="notice_age",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.referral",
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
                        ("id", models.BigIntegerField()),
                        (
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.referral_reference,
                                editable=False,
                                max_length=14,
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("offered", "Awaiting acknowledgement"),
                                    ("acknowledged", "Acknowledged"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("investigating", "Under investigation"),
                                    ("concluded", "Concluded"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="offered",
                                max_length=15,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="note to the agency"
                            ),
                        ),
                        (
                            "referred_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "referred_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="referred"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.referralrule",
                                verbose_name="proposed by",
                            ),
                        ),
                        (
                            "deliver_by",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="delivery due"
                            ),
                        ),
                        (
                            "read_by",
                            models.DateTimeField(blank=True, null=True, verbose_name="reading due"),
                        ),
                        (
                            "acknowledge_by",
                            models.DateTimeField(verbose_name="acknowledgement due"),
                        ),
                        (
                            "accept_by",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="acceptance due"
                            ),
                        ),
                        (
                            "delivered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="delivered"),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="read"),
                        ),
                        (
                            "acknowledged_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="acknowledged"
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="accepted or declined"
                            ),
                        ),
                        (
                            "concluded_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="concluded"),
                        ),
                        (
                            "file_number",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="agency’s file number"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c9f55d961cc3a64028524f13944113d530a35500",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_cbda5",
                                    table="liaison_referralhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Update",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="updates",
                                to="liaison.referral",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="updates",
                                to="cases.case",
                            ),
                        ),
                        (
                            "sequence",
                            models.PositiveIntegerField(
                                verbose_name="number within the referral or the case"
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="what")),
                        (
                            "case_version",
                            models.PositiveIntegerField(verbose_name="version of the case"),
                        ),
                        ("payload", models.JSONField(verbose_name="content")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "update",
                        "verbose_name_plural": "updates",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "sequence"), name="update_sequence_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("case__isnull", False)),
                                fields=("case", "sequence"),
                                name="update_sequence_once_per_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("case", None), ("referral__isnull", False)),
                                    models.Q(("case__isnull", False), ("referral", None)),
                                    _connector="OR",
                                ),
                                name="update_of_a_referral_or_a_case",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b3bc17469b030756ae810fba1af0da4b9914810a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_95a9b",
                                    table="liaison_update",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                            "update",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="liaison.update",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="liaison.channel",
                            ),
                        ),
                        (
                            "seq",
                            models.PositiveBigIntegerField(
                                null=True, verbose_name="number in the channel"
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                        (
                            "due_again_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="queued again"
                            ),
                        ),
                        (
                            "acknowledged_at",
                            models.DateTimeField(null=True, verbose_name="acknowledged"),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "next_attempt_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next attempt",
                            ),
                        ),
                        (
                            "is_deferred",
                            models.BooleanField(
                                db_default=False, editable=False, verbose_name="deferred"
                            ),
                        ),
                        (
                            "refused_since",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="refused since"
                            ),
                        ),
                        ("dead_at", models.DateTimeField(null=True, verbose_name="failed on")),
                        (
                            "dead_reason",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=300,
                                verbose_name="reason for the failure",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("seq", None)),
                                fields=["channel", "id"],
                                name="delivery_unnumbered",
                            ),
                            models.Index(
                                condition=models.Q(("sent_at", None)),
                                fields=["channel", "seq"],
                                name="delivery_unsent",
                            ),
                            models.Index(
                                condition=models.Q(("dead_at", None), ("sent_at", None)),
                                fields=["channel", "next_attempt_at"],
                                name="delivery_due",
                            ),
                            models.Index(
                                condition=models.Q(("dead_at__isnull", False), ("sent_at", None)),
                                fields=["channel", "dead_at"],
                                name="delivery_dead",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("update", "channel"), name="delivery_once_per_channel"
                            ),
                            models.UniqueConstraint(
                                fields=("channel", "seq"), name="delivery_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at", None), ("seq__isnull", False), _connector="OR"
                                ),
                                name="delivery_sent_has_a_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("dead_at", None), ("dead_reason", "")),
                                    models.Q(
                                        ("dead_at__isnull", False),
                                        ("sent_at", None),
                                        models.Q(("dead_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_dead_with_a_reason_and_not_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
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
                            "channel",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="liaison.channel",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attempt_log",
                                to="liaison.delivery",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="when"
                            ),
                        ),
                        ("is_probe", models.BooleanField(default=False, verbose_name="probe")),
                        (
                            "status",
                            models.PositiveSmallIntegerField(null=True, verbose_name="status"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=40, verbose_name="error"),
                        ),
                        (
                            "excerpt",
                            models.CharField(blank=True, max_length=500, verbose_name="answer"),
                        ),
                        ("duration_ms", models.PositiveIntegerField(verbose_name="milliseconds")),
                    ],
                    options={
                        "verbose_name": "attempt",
                        "verbose_name_plural": "attempts",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("error__gt", ""), ("status__gte", 300), _connector="OR"
                                ),
                                fields=["channel", "-id"],
                                name="attempt_failed_of_channel",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("error__gt", ""), ("status__gte", 300), _connector="OR"
                                ),
                                fields=["at", "id"],
                                name="attempt_failed_age",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", None), ("error", ""), _connector="OR"
                                ),
                                name="attempt_has_a_status_or_an_error_or_was_handed_over",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GuideAgency",
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
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="liaison.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "chosen_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="chosen by",
                            ),
                        ),
                        (
                            "chosen_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="chosen on"
                            ),
                        ),
                        (
                            "guide",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agencies",
                                to="members.brandguide",
                                verbose_name="guide",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agency that sees a brand guide",
                        "verbose_name_plural": "agencies that see brand guides",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("guide", "agency"), name="agency_once_per_guide"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_guideagencyhistory" ("agency_id", "chosen_at", "chosen_by_id", "guide_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."chosen_at", NEW."chosen_by_id", NEW."guide_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                                    hash="dbf1009f4d83e88583b2ae02441c3bf9ea006813",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_dec63",
                                    table="liaison_guideagency",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_guideagencyhistory" ("agency_id", "chosen_at", "chosen_by_id", "guide_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."chosen_at", NEW."chosen_by_id", NEW."guide_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                                    hash="1f067f68666423604fae7136f3e590ec12519796",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_3a91d",
                                    table="liaison_guideagency",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_guideagencyhistory" ("agency_id", "chosen_at", "chosen_by_id", "guide_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."agency_id", OLD."chosen_at", OLD."chosen_by_id", OLD."guide_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                                    hash="b5b9dba2b0ad9678de9e5855291f2fca37a9fece",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_c9720",
                                    table="liaison_guideagency",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GuideAgencyHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.guideagency",
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
                        ("id", models.BigIntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "chosen_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="chosen by",
                            ),
                        ),
                        (
                            "chosen_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="chosen on"
                            ),
                        ),
                        (
                            "guide",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.brandguide",
                                verbose_name="guide",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f0fc14d7f3b5df9b7d55f7ce927a12cbab1d20c4",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_2f4f8",
                                    table="liaison_guideagencyhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductAgency",
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
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="liaison.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "chosen_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="chosen by",
                            ),
                        ),
                        (
                            "chosen_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="chosen on"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agencies",
                                to="members.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agency that sees a product",
                        "verbose_name_plural": "agencies that see products",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("product", "agency"), name="agency_once_per_product"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_productagencyhistory" ("agency_id", "chosen_at", "chosen_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id") VALUES (NEW."agency_id", NEW."chosen_at", NEW."chosen_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id"); RETURN NULL;',
                                    hash="476745bc01b2658ac86c8b69e86e11e972e42b76",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_51d8d",
                                    table="liaison_productagency",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "liaison_productagencyhistory" ("agency_id", "chosen_at", "chosen_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id") VALUES (NEW."agency_id", NEW."chosen_at", NEW."chosen_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id"); RETURN NULL;',
                                    hash="3fa89a23d6aca7afcef15dfae59946742bab6ff5",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b555c",
                                    table="liaison_productagency",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "liaison_productagencyhistory" ("agency_id", "chosen_at", "chosen_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id") VALUES (OLD."agency_id", OLD."chosen_at", OLD."chosen_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id"); RETURN NULL;',
                                    hash="cbe86492d235461a32fe0d3586b6c8373d3b17ac",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_ab264",
                                    table="liaison_productagency",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductAgencyHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.productagency",
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
                        ("id", models.BigIntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="liaison.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "chosen_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="chosen by",
                            ),
                        ),
                        (
                            "chosen_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="chosen on"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="82ba3f37945a00a1721f1b16cb6a73e1094a5edf",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_bd9ce",
                                    table="liaison_productagencyhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
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
                            "channel",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="brands",
                                to="liaison.channel",
                                verbose_name="channel",
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
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
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
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelBrandHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="liaison.channelbrand",
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
                        ("id", models.BigIntegerField()),
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
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="934dd49d6e47a4865235a8624f1fe4a76fc55704",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1e52b",
                                    table="liaison_channelbrandhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
        alliance.lib.migrations.InstallTriggers(),
    ]
