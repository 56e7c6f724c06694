import datetime
import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import django_countries.fields
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations
import alliance.lib.two_scripts
import members.models.application
import members.models.document
import members.models.import_job
import members.models.invitation
import members.models.product
import members.models.single_sign_on
import members.names


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Industry",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "name_zh",
                            models.CharField(max_length=80, verbose_name="name in Chinese"),
                        ),
                        (
                            "nice_classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    validators=[
                                        django.core.validators.MinValueValidator(1),
                                        django.core.validators.MaxValueValidator(45),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="Nice classes",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                    ],
                    options={
                        "verbose_name": "industry",
                        "verbose_name_plural": "industries",
                        "ordering": ("position", "name"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_industryhistory" ("id", "name", "name_zh", "nice_classes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (NEW."id", NEW."name", NEW."name_zh", NEW."nice_classes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."slug"); RETURN NULL;',
                                    hash="86d8d8653753fff3af7a5b28f72ae3d9655ff179",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_c7d5f",
                                    table="members_industry",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_industryhistory" ("id", "name", "name_zh", "nice_classes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (NEW."id", NEW."name", NEW."name_zh", NEW."nice_classes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."slug"); RETURN NULL;',
                                    hash="f0d36dcdde1731c2e7d31aa0324b827c85d27828",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_e0923",
                                    table="members_industry",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_industryhistory" ("id", "name", "name_zh", "nice_classes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (OLD."id", OLD."name", OLD."name_zh", OLD."nice_classes", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."slug"); RETURN NULL;',
                                    hash="0a1ea54da521ce06ff96ff53170097dfa2e8d682",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_1df49",
                                    table="members_industry",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Member",
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
                        ("slug", models.SlugField(max_length=80, unique=True, verbose_name="slug")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True,
                                help_text="As in the company register.",
                                max_length=200,
                                verbose_name="name in its own script",
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country or region"
                            ),
                        ),
                        ("website", models.URLField(blank=True, verbose_name="website")),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True,
                                help_text="In the company register.",
                                max_length=60,
                                verbose_name="registration number",
                            ),
                        ),
                        (
                            "description",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="description"
                            ),
                        ),
                        (
                            "description_zh",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="description in Chinese"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("applied", "Applied"),
                                    ("active", "Active"),
                                    ("suspended", "Suspended"),
                                    ("left", "Former member"),
                                ],
                                default="applied",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "applied_on",
                            models.DateField(blank=True, null=True, verbose_name="applied on"),
                        ),
                        (
                            "joined_on",
                            models.DateField(blank=True, null=True, verbose_name="joined on"),
                        ),
                        (
                            "suspended_on",
                            models.DateField(blank=True, null=True, verbose_name="suspended on"),
                        ),
                        (
                            "left_on",
                            models.DateField(blank=True, null=True, verbose_name="left on"),
                        ),
                        (
                            "name_keys",
                            members.names.NameKeysField(
                                base_field=models.TextField(),
                                default=list,
                                editable=False,
                                size=None,
                            ),
                        ),
                        (
                            "domain",
                            members.names.DomainField(default="", editable=False, max_length=253),
                        ),
                        (
                            "number_key",
                            members.names.NumberKeyField(
                                default="", editable=False, max_length=120
                            ),
                        ),
                        ("search_text", members.names.SearchTextField(default="", editable=False)),
                        (
                            "industries",
                            models.ManyToManyField(
                                blank=True, related_name="members", to="members.industry"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member",
                        "verbose_name_plural": "members",
                        "ordering": ("name",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "active")),
                                fields=["name", "id"],
                                name="member_directory",
                            ),
                            models.Index(fields=["country", "status"], name="member_country"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name_keys"], name="member_name_keys"
                            ),
                            models.Index(
                                condition=models.Q(("domain", ""), _negated=True),
                                fields=["domain"],
                                name="member_domain",
                            ),
                            models.Index(
                                condition=models.Q(("number_key", ""), _negated=True),
                                fields=["number_key"],
                                name="member_number",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "applied"),
                                    models.Q(("joined_on__isnull", False), ("status", "active")),
                                    models.Q(
                                        ("status", "suspended"), ("suspended_on__isnull", False)
                                    ),
                                    models.Q(("left_on__isnull", False), ("status", "left")),
                                    _connector="OR",
                                ),
                                name="member_status_has_its_date",
                                violation_error_message="A status other than “Applied” requires its date.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                    bases=(alliance.lib.two_scripts.NamedInTwoScripts, models.Model),
                ),
                migrations.CreateModel(
                    name="Brand",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="brands",
                                to="members.member",
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="name in another script"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "is_public",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                help_text="Whether the public directory shows the brand.",
                                verbose_name="in the directory",
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                editable=False,
                            ),
                        ),
                        ("search_text", members.names.SearchTextField(default="", editable=False)),
                    ],
                    options={
                        "verbose_name": "brand",
                        "verbose_name_plural": "brands",
                        "ordering": ("name",),
                        "indexes": [
                            models.Index(
                                fields=["member", "updated_at", "id"],
                                name="brand_updated_of_member",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "name"), name="brand_once_per_member"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
                                name="rights_follow",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.member_id IS DISTINCT FROM NEW.member_id)",
                                    func="UPDATE members_ipright SET member_id = NEW.member_id WHERE brand_id = NEW.id; RETURN NULL;",
                                    hash="9c831681f42690b1019dd810abf4ceab110aeed3",
                                    operation='UPDATE OF "member_id"',
                                    pgid="pgtrigger_rights_follow_00f8a",
                                    table="members_brand",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="products_follow",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.member_id IS DISTINCT FROM NEW.member_id)",
                                    func="UPDATE members_product SET member_id = NEW.member_id WHERE brand_id = NEW.id; RETURN NULL;",
                                    hash="64011d1ac9d2371d2cbcb0b27a9e78a08b39c8bd",
                                    operation='UPDATE OF "member_id"',
                                    pgid="pgtrigger_products_follow_2fe11",
                                    table="members_brand",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndustryHistory",
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
                                to="members.industry",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "name_zh",
                            models.CharField(max_length=80, verbose_name="name in Chinese"),
                        ),
                        (
                            "nice_classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    validators=[
                                        django.core.validators.MinValueValidator(1),
                                        django.core.validators.MaxValueValidator(45),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="Nice classes",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c6f11710992775c825e9acef732a2835d0e256c1",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_16634",
                                    table="members_industryhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
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
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                max_length=254, unique=True, verbose_name="email address"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False, help_text="May use the admin.", verbose_name="admin"
                            ),
                        ),
                        (
                            "is_moderator",
                            models.BooleanField(
                                default=False,
                                help_text="May triage cases of all members.",
                                verbose_name="moderator",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(blank=True, max_length=10, verbose_name="language"),
                        ),
                        (
                            "time_zone",
                            models.CharField(blank=True, max_length=60, verbose_name="time zone"),
                        ),
                        (
                            "uses_shortcuts",
                            models.BooleanField(
                                default=True,
                                help_text="Single keys press buttons on pages that have shortcuts.",
                                verbose_name="keyboard shortcuts",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="date joined"
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="user_email_once_in_any_case",
                                violation_error_message="Another account has this email address.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_userhistory" ("date_joined", "email", "id", "is_active", "is_moderator", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "uses_shortcuts") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_moderator", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."time_zone", NEW."uses_shortcuts"); RETURN NULL;',
                                    hash="fbe6059694e2bc5627c59a7e222261e032e49609",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_ad80e",
                                    table="members_user",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_moderator" IS DISTINCT FROM (NEW."is_moderator") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."uses_shortcuts" IS DISTINCT FROM (NEW."uses_shortcuts"))',
                                    func='INSERT INTO "members_userhistory" ("date_joined", "email", "id", "is_active", "is_moderator", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "uses_shortcuts") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_moderator", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."time_zone", NEW."uses_shortcuts"); RETURN NULL;',
                                    hash="6106d24d7e1fd2423908d21563d19ed7877092a5",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_3d12e",
                                    table="members_user",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_userhistory" ("date_joined", "email", "id", "is_active", "is_moderator", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "uses_shortcuts") VALUES (OLD."date_joined", OLD."email", OLD."id", OLD."is_active", OLD."is_moderator", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."time_zone", OLD."uses_shortcuts"); RETURN NULL;',
                                    hash="62c42320e501396a5f57faa05408e2d0c7c0e2ab",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_d335d",
                                    table="members_user",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
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
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("certificate", "Certificate"),
                                    ("authorisation", "Authorisation"),
                                    ("picture", "Picture of a product"),
                                    ("registration", "Registration document"),
                                    ("mandate", "Proof of authority"),
                                ],
                                max_length=15,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                storage=members.models.document.document_storage,
                                upload_to=members.models.document.document_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "document",
                        "verbose_name_plural": "documents",
                        "ordering": ("-uploaded_at",),
                        "indexes": [models.Index(fields=["sha256"], name="document_hash")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_documenthistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                                    hash="a52c3fcea09df0b5cfde8f5b1426f84bf8de29e4",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_d1af0",
                                    table="members_document",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_documenthistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                                    hash="591b02ac2d0493bec753f475bf4a9e9a3501543f",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_c65c6",
                                    table="members_document",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_documenthistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (OLD."content_type", OLD."file", OLD."id", OLD."kind", OLD."original_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sha256", OLD."size", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;',
                                    hash="a84793cf83dbeaf492a20f7a56a06da1ff3770e2",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_e2c9b",
                                    table="members_document",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Authorisation",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="authorisations",
                                to="members.member",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authorisations",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "document",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authorisation",
                                to="members.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="recorded on"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(verbose_name="valid until")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
                        ),
                        (
                            "reminded_days",
                            models.PositiveSmallIntegerField(editable=False, null=True),
                        ),
                    ],
                    options={
                        "verbose_name": "authorisation",
                        "verbose_name_plural": "authorisations",
                        "ordering": ("-valid_until", "-pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["agent", "member", "valid_until"],
                                name="authorisation_not_ended",
                            ),
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["valid_until"],
                                name="authorisation_due",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                                name="authorisation_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(
                                        ("ended_at__isnull", False), ("ended_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="authorisation_ended_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("document", None), ("recorded_by", None)),
                                    models.Q(
                                        ("document__isnull", False), ("recorded_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="authorisation_has_its_document",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_authorisationhistory" ("agent_id", "document_id", "ended_at", "ended_by_id", "id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reminded_days", "valid_from", "valid_until") VALUES (NEW."agent_id", NEW."document_id", NEW."ended_at", NEW."ended_by_id", NEW."id", NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reminded_days", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                                    hash="8d2ee4d6f50e0bf88085ff33ed9088141dd1b301",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_738e3",
                                    table="members_authorisation",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_authorisationhistory" ("agent_id", "document_id", "ended_at", "ended_by_id", "id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reminded_days", "valid_from", "valid_until") VALUES (NEW."agent_id", NEW."document_id", NEW."ended_at", NEW."ended_by_id", NEW."id", NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reminded_days", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                                    hash="d53e067b37f2d47c4a912550c182d69d90221bdf",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_fc5fd",
                                    table="members_authorisation",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_authorisationhistory" ("agent_id", "document_id", "ended_at", "ended_by_id", "id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reminded_days", "valid_from", "valid_until") VALUES (OLD."agent_id", OLD."document_id", OLD."ended_at", OLD."ended_by_id", OLD."id", OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."reminded_days", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                                    hash="0ed8a354c3090ad66425ba048dbbda57008bea86",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_833ee",
                                    table="members_authorisation",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="members.member",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="email address")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("filer", "Filer"),
                                    ("viewer", "Viewer"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "authorisation",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitation",
                                to="members.authorisation",
                                verbose_name="authorisation",
                            ),
                        ),
                        (
                            "nonce",
                            models.CharField(
                                default=members.models.invitation.new_nonce,
                                editable=False,
                                max_length=32,
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="invited by",
                            ),
                        ),
                        (
                            "invited_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="invited on"
                            ),
                        ),
                        (
                            "expires_at",
                            models.DateTimeField(
                                default=members.models.invitation.expiry, verbose_name="expires on"
                            ),
                        ),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="accepted by",
                            ),
                        ),
                        (
                            "accepted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="accepted on"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="withdrawn on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invitation",
                        "verbose_name_plural": "invitations",
                        "ordering": ("-invited_at",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                                fields=("member", "email"),
                                name="one_open_invitation_per_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted_at", None), ("accepted_by", None)),
                                    models.Q(
                                        ("accepted_at__isnull", False),
                                        ("accepted_by__isnull", False),
                                        ("withdrawn_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="invitation_accepted_by_and_at_go_together",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_invitationhistory" ("accepted_at", "accepted_by_id", "authorisation_id", "email", "expires_at", "id", "invited_at", "invited_by_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."authorisation_id", NEW."email", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."withdrawn_at"); RETURN NULL;',
                                    hash="bb7499475908f5b25565ea1154e09ff1c9ca05c7",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_df347",
                                    table="members_invitation",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by_id" IS DISTINCT FROM (NEW."accepted_by_id") OR OLD."authorisation_id" IS DISTINCT FROM (NEW."authorisation_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."invited_by_id" IS DISTINCT FROM (NEW."invited_by_id") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                                    func='INSERT INTO "members_invitationhistory" ("accepted_at", "accepted_by_id", "authorisation_id", "email", "expires_at", "id", "invited_at", "invited_by_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."authorisation_id", NEW."email", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."withdrawn_at"); RETURN NULL;',
                                    hash="4ecee06bd1a2a213fe8184012d84d0b79a392d19",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_34c15",
                                    table="members_invitation",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_invitationhistory" ("accepted_at", "accepted_by_id", "authorisation_id", "email", "expires_at", "id", "invited_at", "invited_by_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (OLD."accepted_at", OLD."accepted_by_id", OLD."authorisation_id", OLD."email", OLD."expires_at", OLD."id", OLD."invited_at", OLD."invited_by_id", OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."withdrawn_at"); RETURN NULL;',
                                    hash="d01ab06f1d4f14e0d3664d9dd3428caa35c97a65",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_1089f",
                                    table="members_invitation",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvitationHistory",
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
                                to="members.invitation",
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
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.member",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="email address")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("filer", "Filer"),
                                    ("viewer", "Viewer"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "authorisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.authorisation",
                                verbose_name="authorisation",
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="invited by",
                            ),
                        ),
                        (
                            "invited_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="invited on"
                            ),
                        ),
                        (
                            "expires_at",
                            models.DateTimeField(
                                default=members.models.invitation.expiry, verbose_name="expires on"
                            ),
                        ),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="accepted by",
                            ),
                        ),
                        (
                            "accepted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="accepted on"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="withdrawn on"
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
                                    hash="9350cf2de556958eec91ae0809098123e1d7dd03",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_be0e6",
                                    table="members_invitationhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IPRight",
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
                            "member",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                editable=False,
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rights",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("trademark", "Trademark"),
                                    ("copyright", "Copyright"),
                                    ("design", "Design"),
                                    ("patent", "Patent (invention)"),
                                    ("gi", "Geographical indication"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="mark or title")),
                        (
                            "registered_owner",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="As in the office’s register.",
                                max_length=200,
                                verbose_name="registered owner",
                            ),
                        ),
                        (
                            "office",
                            models.CharField(
                                help_text="For example CNIPA, EUIPO or WIPO.",
                                max_length=20,
                                verbose_name="office",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(max_length=60, verbose_name="registration number"),
                        ),
                        (
                            "territory",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                size=None,
                                verbose_name="territory",
                            ),
                        ),
                        (
                            "nice_classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    validators=[
                                        django.core.validators.MinValueValidator(1),
                                        django.core.validators.MaxValueValidator(45),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="Nice classes",
                            ),
                        ),
                        ("registered_on", models.DateField(verbose_name="registered on")),
                        (
                            "expires_on",
                            models.DateField(blank=True, null=True, verbose_name="expires on"),
                        ),
                        (
                            "certificate",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="right",
                                to="members.document",
                                verbose_name="certificate",
                            ),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                verbose_name="submitted on",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="submitted by",
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
                                verbose_name="verified by",
                            ),
                        ),
                        (
                            "verified_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="verified at"),
                        ),
                        (
                            "returned_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="returned by",
                            ),
                        ),
                        (
                            "returned_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="returned on"),
                        ),
                        (
                            "return_reason",
                            models.CharField(
                                blank=True,
                                db_default="",
                                max_length=2000,
                                verbose_name="reason for the return",
                            ),
                        ),
                        (
                            "reminded_days",
                            models.PositiveSmallIntegerField(editable=False, null=True),
                        ),
                    ],
                    options={
                        "verbose_name": "IP right",
                        "verbose_name_plural": "IP rights",
                        "ordering": ("brand", "office", "number"),
                        "indexes": [
                            models.Index(fields=["member", "-id"], name="right_of_member"),
                            models.Index(fields=["brand", "-id"], name="right_of_brand"),
                            models.Index(fields=["member", "kind", "-id"], name="right_of_kind"),
                            models.Index(
                                fields=["member", "updated_at", "id"],
                                name="right_updated_of_member",
                            ),
                            models.Index(
                                fields=["member", "expires_on", "id"], name="right_expiry_of_member"
                            ),
                            models.Index(fields=["expires_on", "id"], name="right_expiry"),
                            models.Index(
                                condition=models.Q(
                                    ("returned_at", None),
                                    ("verified_at", None),
                                    ("certificate__isnull", False),
                                ),
                                fields=["member", "-id"],
                                name="right_queued_of_member",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("returned_at", None),
                                    ("verified_at", None),
                                    ("certificate", None),
                                ),
                                fields=["member", "-id"],
                                name="right_incomplete_of_member",
                            ),
                            models.Index(
                                condition=models.Q(("returned_at__isnull", False)),
                                fields=["member", "-id"],
                                name="right_returned_of_member",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("returned_at", None),
                                    ("verified_at", None),
                                    ("certificate__isnull", False),
                                ),
                                fields=["submitted_at", "id"],
                                name="right_queued",
                            ),
                            models.Index(
                                condition=models.Q(("returned_at__isnull", False)),
                                fields=["-returned_at", "-id"],
                                name="right_returned",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("office", "number", "kind"),
                                name="right_once_per_office_and_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verified_at", None), ("verified_by", None)),
                                    models.Q(
                                        ("verified_at__isnull", False),
                                        ("verified_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="right_verified_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("return_reason", ""),
                                        ("returned_at", None),
                                        ("returned_by", None),
                                    ),
                                    models.Q(
                                        models.Q(("return_reason", ""), _negated=True),
                                        ("returned_at__isnull", False),
                                        ("returned_by__isnull", False),
                                        ("verified_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="right_returned_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expires_on", None),
                                    ("expires_on__gte", models.F("registered_on")),
                                    _connector="OR",
                                ),
                                name="right_expires_after_registration",
                                violation_error_message="The right cannot expire before it is registered.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
                                name="member_of_brand",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                                    hash="536d8ab5dc71fee1276358a35ab711abcc4c098b",
                                    operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                                    pgid="pgtrigger_member_of_brand_0adde",
                                    table="members_ipright",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_iprighthistory" ("brand_id", "certificate_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "registered_owner", "return_reason", "returned_at", "returned_by_id", "submitted_at", "submitted_by_id", "territory", "title", "verified_at", "verified_by_id") VALUES (NEW."brand_id", NEW."certificate_id", NEW."expires_on", NEW."id", NEW."kind", NEW."nice_classes", NEW."number", NEW."office", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registered_on", NEW."registered_owner", NEW."return_reason", NEW."returned_at", NEW."returned_by_id", NEW."submitted_at", NEW."submitted_by_id", NEW."territory", NEW."title", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                                    hash="19382915c8a28ae6b3a183993bca725330fd7f1f",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2b210",
                                    table="members_ipright",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."certificate_id" IS DISTINCT FROM (NEW."certificate_id") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."nice_classes" IS DISTINCT FROM (NEW."nice_classes") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."office" IS DISTINCT FROM (NEW."office") OR OLD."registered_on" IS DISTINCT FROM (NEW."registered_on") OR OLD."registered_owner" IS DISTINCT FROM (NEW."registered_owner") OR OLD."return_reason" IS DISTINCT FROM (NEW."return_reason") OR OLD."returned_at" IS DISTINCT FROM (NEW."returned_at") OR OLD."returned_by_id" IS DISTINCT FROM (NEW."returned_by_id") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."submitted_by_id" IS DISTINCT FROM (NEW."submitted_by_id") OR OLD."territory" IS DISTINCT FROM (NEW."territory") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id"))',
                                    func='INSERT INTO "members_iprighthistory" ("brand_id", "certificate_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "registered_owner", "return_reason", "returned_at", "returned_by_id", "submitted_at", "submitted_by_id", "territory", "title", "verified_at", "verified_by_id") VALUES (NEW."brand_id", NEW."certificate_id", NEW."expires_on", NEW."id", NEW."kind", NEW."nice_classes", NEW."number", NEW."office", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registered_on", NEW."registered_owner", NEW."return_reason", NEW."returned_at", NEW."returned_by_id", NEW."submitted_at", NEW."submitted_by_id", NEW."territory", NEW."title", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                                    hash="5a270dc1fcaabb5c1b855b4219e73422f1726996",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_6bd4b",
                                    table="members_ipright",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_iprighthistory" ("brand_id", "certificate_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "registered_owner", "return_reason", "returned_at", "returned_by_id", "submitted_at", "submitted_by_id", "territory", "title", "verified_at", "verified_by_id") VALUES (OLD."brand_id", OLD."certificate_id", OLD."expires_on", OLD."id", OLD."kind", OLD."nice_classes", OLD."number", OLD."office", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."registered_on", OLD."registered_owner", OLD."return_reason", OLD."returned_at", OLD."returned_by_id", OLD."submitted_at", OLD."submitted_by_id", OLD."territory", OLD."title", OLD."verified_at", OLD."verified_by_id"); RETURN NULL;',
                                    hash="21816c709d81af839118ffc58995b291944ace19",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_5b3dd",
                                    table="members_ipright",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IPRightHistory",
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
                                to="members.ipright",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("trademark", "Trademark"),
                                    ("copyright", "Copyright"),
                                    ("design", "Design"),
                                    ("patent", "Patent (invention)"),
                                    ("gi", "Geographical indication"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="mark or title")),
                        (
                            "registered_owner",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="As in the office’s register.",
                                max_length=200,
                                verbose_name="registered owner",
                            ),
                        ),
                        (
                            "office",
                            models.CharField(
                                help_text="For example CNIPA, EUIPO or WIPO.",
                                max_length=20,
                                verbose_name="office",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(max_length=60, verbose_name="registration number"),
                        ),
                        (
                            "territory",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                size=None,
                                verbose_name="territory",
                            ),
                        ),
                        (
                            "nice_classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    validators=[
                                        django.core.validators.MinValueValidator(1),
                                        django.core.validators.MaxValueValidator(45),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="Nice classes",
                            ),
                        ),
                        ("registered_on", models.DateField(verbose_name="registered on")),
                        (
                            "expires_on",
                            models.DateField(blank=True, null=True, verbose_name="expires on"),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.document",
                                verbose_name="certificate",
                            ),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                verbose_name="submitted on",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="submitted by",
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
                                verbose_name="verified by",
                            ),
                        ),
                        (
                            "verified_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="verified at"),
                        ),
                        (
                            "returned_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="returned by",
                            ),
                        ),
                        (
                            "returned_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="returned on"),
                        ),
                        (
                            "return_reason",
                            models.CharField(
                                blank=True,
                                db_default="",
                                max_length=2000,
                                verbose_name="reason for the return",
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
                                    hash="1fe6d6fee6def176c0bda6624d1ded367882b8d9",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_54b57",
                                    table="members_iprighthistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SingleSignOn",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="single_sign_ons",
                                to="members.member",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=members.models.single_sign_on.new_key,
                                editable=False,
                                max_length=16,
                                unique=True,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")],
                                default="oidc",
                                max_length=4,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "issuer",
                            models.URLField(
                                blank=True,
                                default="",
                                help_text="OpenID Connect: the URL that identifies the provider, without /.well-known/…",
                                max_length=500,
                                verbose_name="issuer",
                            ),
                        ),
                        (
                            "client_id",
                            models.CharField(
                                blank=True, default="", max_length=200, verbose_name="client ID"
                            ),
                        ),
                        ("secret_sealed", models.TextField(blank=True, default="", editable=False)),
                        (
                            "metadata",
                            models.TextField(
                                blank=True,
                                default="",
                                help_text="SAML: the XML document that the provider publishes about itself.",
                                max_length=262144,
                                verbose_name="metadata",
                            ),
                        ),
                        (
                            "creates_accounts",
                            models.BooleanField(
                                default=False,
                                help_text="People without an account get one at their first login, as viewers.",
                                verbose_name="create accounts",
                            ),
                        ),
                        (
                            "is_required",
                            models.BooleanField(
                                default=False,
                                help_text="People of these domains cannot log in otherwise. The member’s owners can, so that a fault of the provider does not lock the member out.",
                                verbose_name="required",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=False, verbose_name="active")),
                        (
                            "tested_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="tested on"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now,
                                editable=False,
                                verbose_name="created on",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "identity provider",
                        "verbose_name_plural": "identity providers",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "oidc"), ("metadata", "")),
                                    models.Q(
                                        ("client_id", ""),
                                        ("issuer", ""),
                                        ("kind", "saml"),
                                        ("secret_sealed", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="single_sign_on_kind_and_fields_go_together",
                                violation_error_message="OpenID Connect has an issuer and a client ID, and no metadata. SAML has metadata only.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_active", False),
                                    models.Q(
                                        ("kind", "oidc"),
                                        models.Q(("issuer", ""), _negated=True),
                                        models.Q(("client_id", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("kind", "saml"), models.Q(("metadata", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="active_single_sign_on_is_complete",
                                violation_error_message="Before you activate it, enter the issuer and the client ID, or the metadata.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_singlesignonhistory" ("client_id", "created_at", "creates_accounts", "id", "is_active", "is_required", "issuer", "key", "kind", "member_id", "metadata", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tested_at") VALUES (NEW."client_id", NEW."created_at", NEW."creates_accounts", NEW."id", NEW."is_active", NEW."is_required", NEW."issuer", NEW."key", NEW."kind", NEW."member_id", NEW."metadata", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tested_at"); RETURN NULL;',
                                    hash="37cba9a17515c3bfa3ba6c25e284b1d2b1e680a0",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1b8ef",
                                    table="members_singlesignon",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."creates_accounts" IS DISTINCT FROM (NEW."creates_accounts") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_required" IS DISTINCT FROM (NEW."is_required") OR OLD."issuer" IS DISTINCT FROM (NEW."issuer") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."metadata" IS DISTINCT FROM (NEW."metadata") OR OLD."tested_at" IS DISTINCT FROM (NEW."tested_at"))',
                                    func='INSERT INTO "members_singlesignonhistory" ("client_id", "created_at", "creates_accounts", "id", "is_active", "is_required", "issuer", "key", "kind", "member_id", "metadata", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tested_at") VALUES (NEW."client_id", NEW."created_at", NEW."creates_accounts", NEW."id", NEW."is_active", NEW."is_required", NEW."issuer", NEW."key", NEW."kind", NEW."member_id", NEW."metadata", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tested_at"); RETURN NULL;',
                                    hash="4787be43894ce84e2c1f70e1931f9c94ea6a9795",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_603ca",
                                    table="members_singlesignon",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_singlesignonhistory" ("client_id", "created_at", "creates_accounts", "id", "is_active", "is_required", "issuer", "key", "kind", "member_id", "metadata", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tested_at") VALUES (OLD."client_id", OLD."created_at", OLD."creates_accounts", OLD."id", OLD."is_active", OLD."is_required", OLD."issuer", OLD."key", OLD."kind", OLD."member_id", OLD."metadata", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tested_at"); RETURN NULL;',
                                    hash="83633dcfa0eb0844a529691485452400778f3335",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_0ab65",
                                    table="members_singlesignon",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoginDomain",
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
                            "single_sign_on",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="domains",
                                to="members.singlesignon",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                error_messages={
                                    "unique": "This domain belongs to another provider."
                                },
                                max_length=253,
                                unique=True,
                                verbose_name="domain",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "email domain",
                        "verbose_name_plural": "email domains",
                        "ordering": ("name",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name__regex", "^[a-z0-9.-]+$")),
                                name="login_domain_is_normalised",
                                violation_error_message="Enter a domain such as example.com.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_logindomainhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "single_sign_on_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."single_sign_on_id"); RETURN NULL;',
                                    hash="7b3503249fb93c084471b5731ff46fae63f012ad",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a0675",
                                    table="members_logindomain",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_logindomainhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "single_sign_on_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."single_sign_on_id"); RETURN NULL;',
                                    hash="5e75c86b6b2dd2505dbee02b5e648a91736ceda4",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_c7d38",
                                    table="members_logindomain",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_logindomainhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "single_sign_on_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."single_sign_on_id"); RETURN NULL;',
                                    hash="eaf59143595db2e17c8cd8155aab5786f3b960f7",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_38f65",
                                    table="members_logindomain",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoginDomainHistory",
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
                                to="members.logindomain",
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
                            "single_sign_on",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.singlesignon",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                error_messages={
                                    "unique": "This domain belongs to another provider."
                                },
                                max_length=253,
                                verbose_name="domain",
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
                                    hash="c8e1fbf881241f1e71589645632a898f6345011c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a06a0",
                                    table="members_logindomainhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MemberHistory",
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
                        ("id", models.BigIntegerField()),
                        (
                            "slug",
                            models.SlugField(db_index=False, max_length=80, verbose_name="slug"),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True,
                                help_text="As in the company register.",
                                max_length=200,
                                verbose_name="name in its own script",
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country or region"
                            ),
                        ),
                        ("website", models.URLField(blank=True, verbose_name="website")),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True,
                                help_text="In the company register.",
                                max_length=60,
                                verbose_name="registration number",
                            ),
                        ),
                        (
                            "description",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="description"
                            ),
                        ),
                        (
                            "description_zh",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="description in Chinese"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("applied", "Applied"),
                                    ("active", "Active"),
                                    ("suspended", "Suspended"),
                                    ("left", "Former member"),
                                ],
                                default="applied",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "applied_on",
                            models.DateField(blank=True, null=True, verbose_name="applied on"),
                        ),
                        (
                            "joined_on",
                            models.DateField(blank=True, null=True, verbose_name="joined on"),
                        ),
                        (
                            "suspended_on",
                            models.DateField(blank=True, null=True, verbose_name="suspended on"),
                        ),
                        (
                            "left_on",
                            models.DateField(blank=True, null=True, verbose_name="left on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="43189736a09f5b5d535ec0b3ad486f2e4d2231f0",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_d3bc4",
                                    table="members_memberhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Digest",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        ("look_at", models.DateTimeField()),
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
                migrations.CreateModel(
                    name="MemberNotice",
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
                            "read_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="read on"),
                        ),
                        (
                            "digest",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="members.digest",
                                verbose_name="daily digest",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                                    ("login_connected", "A new way to log in was connected"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="members.member",
                            ),
                        ),
                        (
                            "invitation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="members.invitation",
                            ),
                        ),
                        (
                            "right",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="members.ipright",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notice about a role",
                        "verbose_name_plural": "notices about roles",
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("failed_at", None), ("sent_at", None)),
                                fields=["next_attempt_at"],
                                name="member_notice_waiting",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    ("failed_at__isnull", False),
                                    _connector="OR",
                                ),
                                fields=["created_at", "id"],
                                name="member_notice_age",
                            ),
                            models.Index(
                                condition=models.Q(("user__isnull", False)),
                                fields=["user", "-created_at", "-id"],
                                name="member_notices_of_person",
                            ),
                            models.Index(
                                condition=models.Q(("read_at", None), ("user__isnull", False)),
                                fields=["user", "-created_at", "-id"],
                                name="member_notices_unread",
                            ),
                            models.Index(
                                condition=models.Q(("digest__isnull", False)),
                                fields=["digest"],
                                name="member_notice_in_digest",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
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
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="members.member",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("filer", "Filer"),
                                    ("viewer", "Viewer"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "is_agent",
                            models.BooleanField(
                                default=False,
                                help_text="Acts for the member from outside, for example a law firm. Has access while an authorisation that an owner has recorded is in force.",
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "valid_from",
                            models.DateField(
                                default=alliance.lib.clock.today, verbose_name="valid from"
                            ),
                        ),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                    ],
                    options={
                        "verbose_name": "membership",
                        "verbose_name_plural": "memberships",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "member"), name="one_role_per_person_and_member"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="membership_ends_after_it_starts",
                                violation_error_message="The role cannot end before it begins.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_agent", False),
                                    models.Q(("role", "owner"), _negated=True),
                                    _connector="OR",
                                ),
                                name="agent_is_not_an_owner",
                                violation_error_message="An agent cannot be an owner.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_agent", False), ("valid_until", None), _connector="OR"
                                ),
                                name="agent_has_no_end_of_its_own",
                                violation_error_message="The access of an agent ends with its authorisation. Leave “valid until” empty.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_membershiphistory" ("id", "is_agent", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") VALUES (NEW."id", NEW."is_agent", NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."user_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                                    hash="180f3ab16dd45ef2011eea80e93517d2ab826e4e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_20243",
                                    table="members_membership",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_membershiphistory" ("id", "is_agent", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") VALUES (NEW."id", NEW."is_agent", NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."user_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                                    hash="d0f0b1b2f3e1aeebb3475897309b29b8af1fad01",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f5071",
                                    table="members_membership",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_membershiphistory" ("id", "is_agent", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") VALUES (OLD."id", OLD."is_agent", OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."user_id", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                                    hash="a3ffa7b5054246c6cb37386ae21200abdda86fd4",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_84b9f",
                                    table="members_membership",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MembershipHistory",
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
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("filer", "Filer"),
                                    ("viewer", "Viewer"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "is_agent",
                            models.BooleanField(
                                default=False,
                                help_text="Acts for the member from outside, for example a law firm. Has access while an authorisation that an owner has recorded is in force.",
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "valid_from",
                            models.DateField(
                                default=alliance.lib.clock.today, verbose_name="valid from"
                            ),
                        ),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="079945a68704aa834c6447a946fe1b18bb372123",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_921bf",
                                    table="members_membershiphistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationSetting",
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
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
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
                                    ("rights", "Rights"),
                                    ("expiries", "Expiry dates"),
                                    ("people", "People and agents"),
                                    ("access", "Your access and security"),
                                    ("mentions", "Mentions"),
                                    ("watched", "Watched cases"),
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
                    ],
                    options={
                        "verbose_name": "notification setting",
                        "verbose_name_plural": "notification settings",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "topic"), name="one_setting_per_topic"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("frequency__in", ["at_once", "digest", "off"]),
                                    (
                                        "topic__in",
                                        [
                                            "questions",
                                            "reminders",
                                            "decisions",
                                            "progress",
                                            "law_enforcement",
                                            "rights",
                                            "expiries",
                                            "people",
                                            "access",
                                            "mentions",
                                            "watched",
                                        ],
                                    ),
                                ),
                                name="notification_setting_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("frequency", "off"),
                                    ("topic__in", ["access", "expiries", "questions", "reminders"]),
                                    _negated=True,
                                ),
                                name="topics_with_a_deadline_are_not_off",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationSettingHistory",
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
                                to="members.notificationsetting",
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
                                verbose_name="user",
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
                                    ("rights", "Rights"),
                                    ("expiries", "Expiry dates"),
                                    ("people", "People and agents"),
                                    ("access", "Your access and security"),
                                    ("mentions", "Mentions"),
                                    ("watched", "Watched cases"),
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
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="96d5229be26014a35139a206590048721c622b5d",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_9a0fc",
                                    table="members_notificationsettinghistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
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
                            "member",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                editable=False,
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="products",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="name in another script"
                            ),
                        ),
                        ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                        (
                            "other_names",
                            models.JSONField(
                                blank=True, default=dict, verbose_name="further names"
                            ),
                        ),
                        (
                            "description",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="description"
                            ),
                        ),
                        (
                            "packaging",
                            models.TextField(blank=True, max_length=2000, verbose_name="packaging"),
                        ),
                        (
                            "production_places",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="places of production",
                            ),
                        ),
                        (
                            "nice_classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    validators=[
                                        django.core.validators.MinValueValidator(1),
                                        django.core.validators.MaxValueValidator(45),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="Nice classes",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "disclosed_to",
                            models.CharField(
                                choices=[
                                    ("brand", "Same as the brand guide"),
                                    ("nobody", "No agency"),
                                    ("all", "All agencies"),
                                    ("agencies", "Chosen agencies"),
                                    ("countries", "Agencies of chosen countries or regions"),
                                ],
                                default="brand",
                                max_length=10,
                                verbose_name="visible to",
                            ),
                        ),
                        (
                            "disclosed_countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="countries or regions",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        ("search_text", members.models.product.ProductSearchField(editable=False)),
                    ],
                    options={
                        "verbose_name": "product",
                        "verbose_name_plural": "products",
                        "ordering": ("name", "id"),
                        "indexes": [
                            models.Index(fields=["member", "-id"], name="product_of_member"),
                            models.Index(
                                fields=["member", "updated_at", "id"],
                                name="product_updated_of_member",
                            ),
                            models.Index(fields=["brand", "-id"], name="product_of_brand"),
                            models.Index(
                                condition=models.Q(("is_active", True)),
                                fields=["brand", "name", "id"],
                                name="product_of_guide",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("gtin", ""), _negated=True),
                                fields=("member", "gtin"),
                                name="product_gtin_once_per_member",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("gtin", ""), ("gtin__regex", "^[0-9]{14}$"), _connector="OR"
                                ),
                                name="product_gtin_has_14_digits",
                            ),
                            models.CheckConstraint(
                                condition=django.db.models.lookups.Exact(
                                    models.Func(
                                        models.F("other_names"),
                                        function="jsonb_typeof",
                                        output_field=models.CharField(),
                                    ),
                                    models.Value("object"),
                                ),
                                name="product_other_names_are_an_object",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("disclosed_to", "countries"),
                                        models.Q(("disclosed_countries", []), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("disclosed_to", "countries"), _negated=True),
                                        ("disclosed_countries", []),
                                    ),
                                    _connector="OR",
                                ),
                                name="product_disclosed_with_its_countries",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
                                name="member_of_brand",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                                    hash="dc4a5fb2d61f24b5be286e79752dac2dbad4ab2f",
                                    operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                                    pgid="pgtrigger_member_of_brand_60399",
                                    table="members_product",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_producthistory" ("brand_id", "created_at", "created_by_id", "description", "disclosed_countries", "disclosed_to", "gtin", "id", "is_active", "name", "name_local", "nice_classes", "other_names", "packaging", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "production_places") VALUES (NEW."brand_id", NEW."created_at", NEW."created_by_id", NEW."description", NEW."disclosed_countries", NEW."disclosed_to", NEW."gtin", NEW."id", NEW."is_active", NEW."name", NEW."name_local", NEW."nice_classes", NEW."other_names", NEW."packaging", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."production_places"); RETURN NULL;',
                                    hash="71acec62c9706f1f37caaeac9db36ee22b21482e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_b1084",
                                    table="members_product",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."disclosed_countries" IS DISTINCT FROM (NEW."disclosed_countries") OR OLD."disclosed_to" IS DISTINCT FROM (NEW."disclosed_to") OR OLD."gtin" IS DISTINCT FROM (NEW."gtin") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local") OR OLD."nice_classes" IS DISTINCT FROM (NEW."nice_classes") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."packaging" IS DISTINCT FROM (NEW."packaging") OR OLD."production_places" IS DISTINCT FROM (NEW."production_places"))',
                                    func='INSERT INTO "members_producthistory" ("brand_id", "created_at", "created_by_id", "description", "disclosed_countries", "disclosed_to", "gtin", "id", "is_active", "name", "name_local", "nice_classes", "other_names", "packaging", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "production_places") VALUES (NEW."brand_id", NEW."created_at", NEW."created_by_id", NEW."description", NEW."disclosed_countries", NEW."disclosed_to", NEW."gtin", NEW."id", NEW."is_active", NEW."name", NEW."name_local", NEW."nice_classes", NEW."other_names", NEW."packaging", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."production_places"); RETURN NULL;',
                                    hash="6922a06173a0029253629abbfe67bf95a5722b43",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b7a85",
                                    table="members_product",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_producthistory" ("brand_id", "created_at", "created_by_id", "description", "disclosed_countries", "disclosed_to", "gtin", "id", "is_active", "name", "name_local", "nice_classes", "other_names", "packaging", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "production_places") VALUES (OLD."brand_id", OLD."created_at", OLD."created_by_id", OLD."description", OLD."disclosed_countries", OLD."disclosed_to", OLD."gtin", OLD."id", OLD."is_active", OLD."name", OLD."name_local", OLD."nice_classes", OLD."other_names", OLD."packaging", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."production_places"); RETURN NULL;',
                                    hash="4da6aa563c7632cc59e9b8d3480cffe4901814bb",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_60b61",
                                    table="members_product",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductFeature",
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
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="features",
                                to="members.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("genuine", "Genuine"), ("fake", "Fake")],
                                max_length=7,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.TextField(max_length=1000, verbose_name="feature")),
                        (
                            "place",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="where to look"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                    ],
                    options={
                        "verbose_name": "feature of a product",
                        "verbose_name_plural": "features of products",
                        "ordering": ("kind", "position", "id"),
                        "indexes": [
                            models.Index(
                                fields=["product", "kind", "position", "id"],
                                name="feature_of_product",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ("genuine", "fake"))),
                                name="feature_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="feature_has_a_text",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_productfeaturehistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "product_id", "text") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."position", NEW."product_id", NEW."text"); RETURN NULL;',
                                    hash="deceae682248a828526eecb25f658b894a20bf29",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_469ac",
                                    table="members_productfeature",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_productfeaturehistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "product_id", "text") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."position", NEW."product_id", NEW."text"); RETURN NULL;',
                                    hash="716ca8956a2a1c18aa85021783d86befe973a57d",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f6fd3",
                                    table="members_productfeature",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_productfeaturehistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "product_id", "text") VALUES (OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."position", OLD."product_id", OLD."text"); RETURN NULL;',
                                    hash="79e53aaf13ecbaec90ed3c1682324980fe4f45fd",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9f3a2",
                                    table="members_productfeature",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductFeatureHistory",
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
                                to="members.productfeature",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[("genuine", "Genuine"), ("fake", "Fake")],
                                max_length=7,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.TextField(max_length=1000, verbose_name="feature")),
                        (
                            "place",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="where to look"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e94d2e21a0312091105dbfa7cba6fa5f7ddd538c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a502f",
                                    table="members_productfeaturehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductHistory",
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
                                to="members.product",
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
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="name in another script"
                            ),
                        ),
                        ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                        (
                            "other_names",
                            models.JSONField(
                                blank=True, default=dict, verbose_name="further names"
                            ),
                        ),
                        (
                            "description",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="description"
                            ),
                        ),
                        (
                            "packaging",
                            models.TextField(blank=True, max_length=2000, verbose_name="packaging"),
                        ),
                        (
                            "production_places",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="places of production",
                            ),
                        ),
                        (
                            "nice_classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    validators=[
                                        django.core.validators.MinValueValidator(1),
                                        django.core.validators.MaxValueValidator(45),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="Nice classes",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "disclosed_to",
                            models.CharField(
                                choices=[
                                    ("brand", "Same as the brand guide"),
                                    ("nobody", "No agency"),
                                    ("all", "All agencies"),
                                    ("agencies", "Chosen agencies"),
                                    ("countries", "Agencies of chosen countries or regions"),
                                ],
                                default="brand",
                                max_length=10,
                                verbose_name="visible to",
                            ),
                        ),
                        (
                            "disclosed_countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="countries or regions",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
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
                                    hash="78383a651ed8f9529c30152f282d6865efaa251e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_ea468",
                                    table="members_producthistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductPicture",
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
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="members.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "feature",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="picture",
                                to="members.productfeature",
                                verbose_name="feature",
                            ),
                        ),
                        (
                            "document",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="product_picture",
                                to="members.document",
                                verbose_name="picture",
                            ),
                        ),
                        (
                            "alt",
                            models.CharField(
                                max_length=300, verbose_name="description of the picture"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                    ],
                    options={
                        "verbose_name": "picture of a product",
                        "verbose_name_plural": "pictures of products",
                        "ordering": ("position", "id"),
                        "indexes": [
                            models.Index(
                                fields=["product", "position", "id"], name="picture_of_product"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("alt", ""), _negated=True),
                                name="picture_has_a_description",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="product_of_feature",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NEW.feature_id IS NOT NULL)",
                                    func="NEW.product_id = (SELECT product_id FROM members_productfeature WHERE id = NEW.feature_id); RETURN NEW;",
                                    hash="e2349de5730c4187935f2c432b88835c6e2b6271",
                                    operation='INSERT OR UPDATE OF "product_id", "feature_id"',
                                    pgid="pgtrigger_product_of_feature_ee522",
                                    table="members_productpicture",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_productpicturehistory" ("alt", "document_id", "feature_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id") VALUES (NEW."alt", NEW."document_id", NEW."feature_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."product_id"); RETURN NULL;',
                                    hash="305f8695dead8eea39d42e1c1d12d7b8da077fa3",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_db5ba",
                                    table="members_productpicture",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_productpicturehistory" ("alt", "document_id", "feature_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id") VALUES (NEW."alt", NEW."document_id", NEW."feature_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."product_id"); RETURN NULL;',
                                    hash="6f789d5df4be1fc05136a7f0ccb1ab33fe92453c",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_7734b",
                                    table="members_productpicture",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_productpicturehistory" ("alt", "document_id", "feature_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id") VALUES (OLD."alt", OLD."document_id", OLD."feature_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."product_id"); RETURN NULL;',
                                    hash="1e75bd8191e05c24a96ac714e9c9c1d3b9a71e48",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_6bf43",
                                    table="members_productpicture",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductPictureHistory",
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
                                to="members.productpicture",
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
                        (
                            "feature",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.productfeature",
                                verbose_name="feature",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.document",
                                verbose_name="picture",
                            ),
                        ),
                        (
                            "alt",
                            models.CharField(
                                max_length=300, verbose_name="description of the picture"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="14cf3c29e602a0959b4fe99f7751e6b305263461",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_9b108",
                                    table="members_productpicturehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SingleSignOnHistory",
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
                                to="members.singlesignon",
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
                            "key",
                            models.CharField(
                                default=members.models.single_sign_on.new_key,
                                editable=False,
                                max_length=16,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")],
                                default="oidc",
                                max_length=4,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "issuer",
                            models.URLField(
                                blank=True,
                                default="",
                                help_text="OpenID Connect: the URL that identifies the provider, without /.well-known/…",
                                max_length=500,
                                verbose_name="issuer",
                            ),
                        ),
                        (
                            "client_id",
                            models.CharField(
                                blank=True, default="", max_length=200, verbose_name="client ID"
                            ),
                        ),
                        (
                            "metadata",
                            models.TextField(
                                blank=True,
                                default="",
                                help_text="SAML: the XML document that the provider publishes about itself.",
                                max_length=262144,
                                verbose_name="metadata",
                            ),
                        ),
                        (
                            "creates_accounts",
                            models.BooleanField(
                                default=False,
                                help_text="People without an account get one at their first login, as viewers.",
                                verbose_name="create accounts",
                            ),
                        ),
                        (
                            "is_required",
                            models.BooleanField(
                                default=False,
                                help_text="People of these domains cannot log in otherwise. The member’s owners can, so that a fault of the provider does not lock the member out.",
                                verbose_name="required",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=False, verbose_name="active")),
                        (
                            "tested_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="tested on"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now,
                                editable=False,
                                verbose_name="created on",
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
                                    hash="b50abb36ba9c7c8c18593f925569ba6d49135e9f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_01fce",
                                    table="members_singlesignonhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatusChange",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="status_changes",
                                to="members.member",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("suspended", "Membership suspended"),
                                    ("reinstated", "Membership reinstated"),
                                    ("left", "Membership ended"),
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
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="made on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change of a member’s status",
                        "verbose_name_plural": "changes of members’ status",
                        "ordering": ("-id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="status_change_has_a_reason",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatusChangeHistory",
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
                                to="members.statuschange",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("suspended", "Membership suspended"),
                                    ("reinstated", "Membership reinstated"),
                                    ("left", "Membership ended"),
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
                            "made_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="made on"
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
                                    hash="7881c38725f4a65ad76d5724f9deae401e695818",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_6848a",
                                    table="members_statuschangehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessToken",
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
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="access_tokens",
                                to="members.membership",
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
                                        ("cases:read", "Read cases, evidence and imports"),
                                        ("cases:write", "File and change cases, import listings"),
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
                        ("form", models.UUIDField(editable=False, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires on")),
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
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked on"),
                        ),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                        ),
                        ("reminded_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "access token",
                        "verbose_name_plural": "access tokens",
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("reminded_at", None), ("revoked_at", None)),
                                fields=["expires_at"],
                                name="access_token_to_remind",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("membership", "form"), name="token_once_per_form"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("scopes__len__gt", 0)), name="token_has_a_scope"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at", None), ("revoked_by", None)),
                                    models.Q(
                                        ("revoked_at__isnull", False), ("revoked_by__isnull", False)
                                    ),
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
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoredAnswer",
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
                            "token",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="members.accesstoken",
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("request_digest", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField(default=0)),
                        ("body", models.TextField(blank=True)),
                        ("headers", models.JSONField(default=dict)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stored answer",
                        "verbose_name_plural": "stored answers",
                        "indexes": [models.Index(fields=["created_at"], name="stored_answer_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("token", "key"), name="answer_once_per_key"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UserHistory",
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
                                to=settings.AUTH_USER_MODEL,
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
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="email address")),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False, help_text="May use the admin.", verbose_name="admin"
                            ),
                        ),
                        (
                            "is_moderator",
                            models.BooleanField(
                                default=False,
                                help_text="May triage cases of all members.",
                                verbose_name="moderator",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(blank=True, max_length=10, verbose_name="language"),
                        ),
                        (
                            "time_zone",
                            models.CharField(blank=True, max_length=60, verbose_name="time zone"),
                        ),
                        (
                            "uses_shortcuts",
                            models.BooleanField(
                                default=True,
                                help_text="Single keys press buttons on pages that have shortcuts.",
                                verbose_name="keyboard shortcuts",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="date joined"
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
                                    hash="4d1ce2b994e6eee7a6a9e6eec9902825b56c1270",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4126f",
                                    table="members_userhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessTokenHistory",
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
                                to="members.accesstoken",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.membership",
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
                                        ("cases:read", "Read cases, evidence and imports"),
                                        ("cases:write", "File and change cases, import listings"),
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
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires on")),
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
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b9c04beda795ae09e35ea1d5cb5667beaf647b05",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_3a190",
                                    table="members_accesstokenhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Application",
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
                                default=members.models.application.application_reference,
                                max_length=12,
                                unique=True,
                                verbose_name="reference",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="email address")),
                        (
                            "language",
                            models.CharField(blank=True, max_length=10, verbose_name="language"),
                        ),
                        (
                            "nonce",
                            models.CharField(
                                default=members.models.application.new_nonce,
                                editable=False,
                                max_length=32,
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="started on"
                            ),
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
                                blank=True,
                                max_length=200,
                                verbose_name="legal name in Latin letters",
                            ),
                        ),
                        (
                            "name_local",
                            models.CharField(
                                blank=True,
                                max_length=200,
                                verbose_name="legal name in its own script",
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
                                validators=[
                                    django.core.validators.URLValidator(schemes=["http", "https"])
                                ],
                                verbose_name="website",
                            ),
                        ),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="registration number"
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
                        (
                            "contact_name",
                            models.CharField(blank=True, max_length=150, verbose_name="name"),
                        ),
                        (
                            "contact_position",
                            models.CharField(blank=True, max_length=100, verbose_name="position"),
                        ),
                        (
                            "contact_phone",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="phone number"
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
                                max_length=254,
                                verbose_name="email of the second contact",
                            ),
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
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="submitted on"
                            ),
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
                            "asked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="asked on"),
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
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="withdrawn on"
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
                            "name_keys",
                            members.names.NameKeysField(
                                base_field=models.TextField(),
                                default=list,
                                editable=False,
                                size=None,
                            ),
                        ),
                        (
                            "domain",
                            members.names.DomainField(default="", editable=False, max_length=253),
                        ),
                        (
                            "number_key",
                            members.names.NumberKeyField(
                                default="", editable=False, max_length=120
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
                    ],
                    options={
                        "verbose_name": "application",
                        "verbose_name_plural": "applications",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                fields=["status", "submitted_at", "id"], name="application_queue"
                            ),
                            models.Index(
                                condition=models.Q(("status", "draft")),
                                fields=["changed_at"],
                                name="application_drafts",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name_keys"], name="application_name_keys"
                            ),
                            models.Index(
                                condition=models.Q(("domain", ""), _negated=True),
                                fields=["domain"],
                                name="application_domain",
                            ),
                            models.Index(
                                condition=models.Q(("number_key", ""), _negated=True),
                                fields=["number_key"],
                                name="application_number",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "submitted", "information_requested"))
                                ),
                                fields=("email",),
                                name="one_open_application_per_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "draft"), ("submitted_at", None)),
                                    ("status", "withdrawn"),
                                    models.Q(
                                        ("submitted_at__isnull", False),
                                        ("verified_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_is_submitted_by_a_verified_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("second_contact_email", ""), ("second_contact_name", "")
                                    ),
                                    models.Q(
                                        models.Q(("second_contact_name", ""), _negated=True),
                                        models.Q(("second_contact_email", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_second_contact_has_name_and_email",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("asked_at", None), ("asked_by", None)),
                                        models.Q(
                                            ("asked_at__isnull", False), ("asked_by__isnull", False)
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("status", "information_requested"), _negated=True
                                        ),
                                        ("asked_at__isnull", False),
                                        _connector="OR",
                                    ),
                                ),
                                name="application_asked_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ("admitted", "refused")),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("status__in", ("admitted", "refused")), _negated=True
                                        ),
                                        ("decided_at", None),
                                        ("decided_by", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_decision_has_person_and_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status", "refused"),
                                        models.Q(("refusal_reason", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("status", "refused"), _negated=True),
                                        ("refusal_reason", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_refused_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("member__isnull", False), ("status", "admitted")),
                                    models.Q(
                                        models.Q(("status", "admitted"), _negated=True),
                                        ("member", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_admitted_with_its_member",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status", "withdrawn"), ("withdrawn_at__isnull", False)
                                    ),
                                    models.Q(
                                        models.Q(("status", "withdrawn"), _negated=True),
                                        ("withdrawn_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_withdrawn_with_its_date",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_applicationhistory" ("asked_at", "asked_by_id", "brands", "changed_at", "contact_name", "contact_phone", "contact_position", "country", "decided_at", "decided_by_id", "email", "id", "language", "link_sent_at", "mandate_id", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "refusal_reason", "registration_document_id", "registration_number", "second_contact_email", "second_contact_name", "started_at", "status", "submitted_at", "verified_at", "website", "withdrawn_at") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."brands", NEW."changed_at", NEW."contact_name", NEW."contact_phone", NEW."contact_position", NEW."country", NEW."decided_at", NEW."decided_by_id", NEW."email", NEW."id", NEW."language", NEW."link_sent_at", NEW."mandate_id", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."refusal_reason", NEW."registration_document_id", NEW."registration_number", NEW."second_contact_email", NEW."second_contact_name", NEW."started_at", NEW."status", NEW."submitted_at", NEW."verified_at", NEW."website", NEW."withdrawn_at"); RETURN NULL;',
                                    hash="90814c24d20b94987c319e74039ca4de46a27a6a",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1f4b2",
                                    table="members_application",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."brands" IS DISTINCT FROM (NEW."brands") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."contact_name" IS DISTINCT FROM (NEW."contact_name") OR OLD."contact_phone" IS DISTINCT FROM (NEW."contact_phone") OR OLD."contact_position" IS DISTINCT FROM (NEW."contact_position") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."link_sent_at" IS DISTINCT FROM (NEW."link_sent_at") OR OLD."mandate_id" IS DISTINCT FROM (NEW."mandate_id") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."refusal_reason" IS DISTINCT FROM (NEW."refusal_reason") OR OLD."registration_document_id" IS DISTINCT FROM (NEW."registration_document_id") OR OLD."registration_number" IS DISTINCT FROM (NEW."registration_number") OR OLD."second_contact_email" IS DISTINCT FROM (NEW."second_contact_email") OR OLD."second_contact_name" IS DISTINCT FROM (NEW."second_contact_name") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."website" IS DISTINCT FROM (NEW."website") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                                    func='INSERT INTO "members_applicationhistory" ("asked_at", "asked_by_id", "brands", "changed_at", "contact_name", "contact_phone", "contact_position", "country", "decided_at", "decided_by_id", "email", "id", "language", "link_sent_at", "mandate_id", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "refusal_reason", "registration_document_id", "registration_number", "second_contact_email", "second_contact_name", "started_at", "status", "submitted_at", "verified_at", "website", "withdrawn_at") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."brands", NEW."changed_at", NEW."contact_name", NEW."contact_phone", NEW."contact_position", NEW."country", NEW."decided_at", NEW."decided_by_id", NEW."email", NEW."id", NEW."language", NEW."link_sent_at", NEW."mandate_id", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."refusal_reason", NEW."registration_document_id", NEW."registration_number", NEW."second_contact_email", NEW."second_contact_name", NEW."started_at", NEW."status", NEW."submitted_at", NEW."verified_at", NEW."website", NEW."withdrawn_at"); RETURN NULL;',
                                    hash="7021c228ee39013d4a23ee30d604f50cfc3ff2da",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_da26f",
                                    table="members_application",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_applicationhistory" ("asked_at", "asked_by_id", "brands", "changed_at", "contact_name", "contact_phone", "contact_position", "country", "decided_at", "decided_by_id", "email", "id", "language", "link_sent_at", "mandate_id", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "refusal_reason", "registration_document_id", "registration_number", "second_contact_email", "second_contact_name", "started_at", "status", "submitted_at", "verified_at", "website", "withdrawn_at") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."brands", OLD."changed_at", OLD."contact_name", OLD."contact_phone", OLD."contact_position", OLD."country", OLD."decided_at", OLD."decided_by_id", OLD."email", OLD."id", OLD."language", OLD."link_sent_at", OLD."mandate_id", OLD."member_id", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."refusal_reason", OLD."registration_document_id", OLD."registration_number", OLD."second_contact_email", OLD."second_contact_name", OLD."started_at", OLD."status", OLD."submitted_at", OLD."verified_at", OLD."website", OLD."withdrawn_at"); RETURN NULL;',
                                    hash="9d7427c5bff37e263512331238d5f2cde27f6938",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_31d6a",
                                    table="members_application",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationCheck",
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
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checks",
                                to="members.application",
                            ),
                        ),
                        ("point", models.CharField(max_length=20, verbose_name="point")),
                        ("is_done", models.BooleanField(default=False, verbose_name="checked")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
                            ),
                        ),
                        (
                            "saved_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="saved on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "check of an application",
                        "verbose_name_plural": "checks of applications",
                        "ordering": ("application", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "point"),
                                name="one_check_per_application_and_point",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationCheckHistory",
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
                                to="members.applicationcheck",
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
                            "application",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.application",
                            ),
                        ),
                        ("point", models.CharField(max_length=20, verbose_name="point")),
                        ("is_done", models.BooleanField(default=False, verbose_name="checked")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
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
                        (
                            "saved_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="saved on"
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
                                    hash="3e37d6517688e8a23a8fb408e72176a8d21f716a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_ce764",
                                    table="members_applicationcheckhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationMail",
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("failed_at", None), ("sent_at", None)),
                                fields=["next_attempt_at"],
                                name="application_mail_waiting",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    ("failed_at__isnull", False),
                                    _connector="OR",
                                ),
                                fields=["created_at", "id"],
                                name="application_mail_age",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationMessage",
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
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="members.application",
                            ),
                        ),
                        ("text", models.TextField(max_length=2000, verbose_name="text")),
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
                        (
                            "sent_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="sent on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "message about an application",
                        "verbose_name_plural": "messages about applications",
                        "ordering": ("application", "id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationMessageHistory",
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
                                to="members.applicationmessage",
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
                            "application",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.application",
                            ),
                        ),
                        ("text", models.TextField(max_length=2000, verbose_name="text")),
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
                            "sent_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="sent on"
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
                                    hash="0905c677cd57b96e561bc9c183a0e91f8b314049",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0b771",
                                    table="members_applicationmessagehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BrandGuide",
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
                            "brand",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guide",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "introduction",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="introduction"
                            ),
                        ),
                        (
                            "disclosed_to",
                            models.CharField(
                                choices=[
                                    ("nobody", "No agency"),
                                    ("all", "All agencies"),
                                    ("agencies", "Chosen agencies"),
                                    ("countries", "Agencies of chosen countries or regions"),
                                ],
                                default="nobody",
                                max_length=10,
                                verbose_name="visible to",
                            ),
                        ),
                        (
                            "disclosed_countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="countries or regions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "brand guide",
                        "verbose_name_plural": "brand guides",
                        "ordering": ("brand",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("disclosed_to", "countries"),
                                        models.Q(("disclosed_countries", []), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("disclosed_to", "countries"), _negated=True),
                                        ("disclosed_countries", []),
                                    ),
                                    _connector="OR",
                                ),
                                name="guide_disclosed_with_its_countries",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("disclosed_to", "brand"), _negated=True),
                                name="guide_follows_nothing",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_brandguidehistory" ("brand_id", "disclosed_countries", "disclosed_to", "id", "introduction", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."disclosed_countries", NEW."disclosed_to", NEW."id", NEW."introduction", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                                    hash="f3bd597e47e3f4b43a0dd2df2443d5b183889e54",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_5002e",
                                    table="members_brandguide",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_brandguidehistory" ("brand_id", "disclosed_countries", "disclosed_to", "id", "introduction", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."disclosed_countries", NEW."disclosed_to", NEW."id", NEW."introduction", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                                    hash="34c1db94cab01e9351a4912e9165ec567fac1e09",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_56817",
                                    table="members_brandguide",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_brandguidehistory" ("brand_id", "disclosed_countries", "disclosed_to", "id", "introduction", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."brand_id", OLD."disclosed_countries", OLD."disclosed_to", OLD."id", OLD."introduction", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                                    hash="b7c90f6904d3bcc0c9180cd95280c0e4e73d0d99",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_e740d",
                                    table="members_brandguide",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BrandGuideHistory",
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
                                to="members.brandguide",
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
                            "introduction",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="introduction"
                            ),
                        ),
                        (
                            "disclosed_to",
                            models.CharField(
                                choices=[
                                    ("nobody", "No agency"),
                                    ("all", "All agencies"),
                                    ("agencies", "Chosen agencies"),
                                    ("countries", "Agencies of chosen countries or regions"),
                                ],
                                default="nobody",
                                max_length=10,
                                verbose_name="visible to",
                            ),
                        ),
                        (
                            "disclosed_countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="countries or regions",
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
                                    hash="c5321412fbfe74cf289a75ca4225fb0aafa2961b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_46b91",
                                    table="members_brandguidehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BrandHistory",
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
                                to="members.brand",
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
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.member",
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="name in another script"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "is_public",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                help_text="Whether the public directory shows the brand.",
                                verbose_name="in the directory",
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
                                    hash="8f36e406b30d8baa386eb8acfb57fcef5a076f69",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1adba",
                                    table="members_brandhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DirectoryEntry",
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
                            "member",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entry",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "shows_website",
                            models.BooleanField(default=True, verbose_name="show the website"),
                        ),
                        (
                            "consumer_email",
                            models.EmailField(
                                blank=True,
                                max_length=254,
                                verbose_name="email address for consumers",
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
                                validators=[
                                    django.core.validators.URLValidator(schemes=["http", "https"])
                                ],
                                verbose_name="web page for consumers",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("consumer_url", ""),
                                    ("consumer_url__iregex", "^https?://"),
                                    _connector="OR",
                                ),
                                name="consumer_url_is_a_web_address",
                                violation_error_message="Enter an address that starts with https://.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("consumer_phone", ""),
                                    ("consumer_phone__regex", "^[+]?[0-9 ()./-]+$"),
                                    _connector="OR",
                                ),
                                name="consumer_phone_is_a_number",
                                violation_error_message="Enter digits, for example +86 571 8502 2088.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                            pgtrigger.compiler.Trigger(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DirectoryEntryHistory",
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
                                to="members.directoryentry",
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
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "shows_website",
                            models.BooleanField(default=True, verbose_name="show the website"),
                        ),
                        (
                            "consumer_email",
                            models.EmailField(
                                blank=True,
                                max_length=254,
                                verbose_name="email address for consumers",
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
                                validators=[
                                    django.core.validators.URLValidator(schemes=["http", "https"])
                                ],
                                verbose_name="web page for consumers",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
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
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c27e951820dd1e08af140369fb95c69f214393c6",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f11f1",
                                    table="members_directoryentryhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorisationHistory",
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
                                to="members.authorisation",
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
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="recorded on"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(verbose_name="valid until")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
                        ),
                        (
                            "reminded_days",
                            models.PositiveSmallIntegerField(editable=False, null=True),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="5dfbcaeffafa58ac33380d620b47eabcdd79a2c6",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_cba7d",
                                    table="members_authorisationhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationHistory",
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
                        (
                            "language",
                            models.CharField(blank=True, max_length=10, verbose_name="language"),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="started on"
                            ),
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
                                blank=True,
                                max_length=200,
                                verbose_name="legal name in Latin letters",
                            ),
                        ),
                        (
                            "name_local",
                            models.CharField(
                                blank=True,
                                max_length=200,
                                verbose_name="legal name in its own script",
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
                                validators=[
                                    django.core.validators.URLValidator(schemes=["http", "https"])
                                ],
                                verbose_name="website",
                            ),
                        ),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="registration number"
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
                        (
                            "contact_name",
                            models.CharField(blank=True, max_length=150, verbose_name="name"),
                        ),
                        (
                            "contact_position",
                            models.CharField(blank=True, max_length=100, verbose_name="position"),
                        ),
                        (
                            "contact_phone",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="phone number"
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
                                max_length=254,
                                verbose_name="email of the second contact",
                            ),
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
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="submitted on"
                            ),
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
                            "asked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="asked on"),
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
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="withdrawn on"
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
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ed834346ff481970f614e34e7b3df3acac33f6b4",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_226e1",
                                    table="members_applicationhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentHistory",
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
                                to="members.document",
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
                            "id",
                            models.UUIDField(default=uuid.uuid4, editable=False, serialize=False),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("certificate", "Certificate"),
                                    ("authorisation", "Authorisation"),
                                    ("picture", "Picture of a product"),
                                    ("registration", "Registration document"),
                                    ("mandate", "Proof of authority"),
                                ],
                                max_length=15,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                storage=members.models.document.document_storage,
                                upload_to=members.models.document.document_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
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
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ea96d06084f4e1053e59afdb064df4855113b84c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a62be",
                                    table="members_documenthistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportJob",
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
                            "member",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imports",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="kind")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Waiting for your confirmation"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10)),
                        (
                            "file",
                            models.FileField(
                                blank=True,
                                default="",
                                storage=members.models.import_job.import_storage,
                                upload_to=members.models.import_job.import_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("options", models.JSONField(blank=True, default=dict)),
                        (
                            "notes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=500),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                        (
                            "will_create",
                            models.PositiveIntegerField(default=0, verbose_name="to be created"),
                        ),
                        (
                            "will_change",
                            models.PositiveIntegerField(default=0, verbose_name="to be changed"),
                        ),
                        (
                            "will_keep",
                            models.PositiveIntegerField(
                                default=0, verbose_name="unchanged by the check"
                            ),
                        ),
                        (
                            "will_fail",
                            models.PositiveIntegerField(
                                default=0, verbose_name="with errors by the check"
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="confirmed by",
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="confirmed on"
                            ),
                        ),
                        (
                            "position",
                            models.PositiveIntegerField(default=0, verbose_name="rows done"),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        ("created", models.PositiveIntegerField(default=0, verbose_name="created")),
                        ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                        (
                            "unchanged",
                            models.PositiveIntegerField(default=0, verbose_name="unchanged"),
                        ),
                        (
                            "failed",
                            models.PositiveIntegerField(default=0, verbose_name="with errors"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                        ),
                        (
                            "failure",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (
                                        "file",
                                        "The uploaded file cannot be read any more. Upload it again.",
                                    ),
                                    (
                                        "role",
                                        "The person who confirmed the import may no longer change this.",
                                    ),
                                    (
                                        "error",
                                        "An error of the portal stopped the import. Upload the sheet again; if it fails again, contact us.",
                                    ),
                                ],
                                max_length=10,
                                verbose_name="reason for the failure",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ("-uploaded_at", "-id"),
                        "indexes": [
                            models.Index(
                                fields=["member", "-uploaded_at", "-id"], name="import_of_member"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("checking", "running"))),
                                fields=["confirmed_at", "uploaded_at"],
                                name="import_running",
                            ),
                            models.Index(
                                condition=models.Q(("file", ""), _negated=True),
                                fields=["uploaded_at"],
                                name="import_with_file",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("confirmed_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="import_confirmed_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("confirmed_at", None),
                                        ("finished_at", None),
                                        ("state__in", ("checking", "checked")),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("finished_at", None),
                                        ("state", "running"),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("finished_at__isnull", False),
                                        ("state", "done"),
                                    ),
                                    models.Q(
                                        ("finished_at__isnull", False),
                                        ("state__in", ("failed", "cancelled")),
                                    ),
                                    _connector="OR",
                                ),
                                name="import_state_has_its_dates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "failed"),
                                        models.Q(("failure", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "failed"), _negated=True),
                                        ("failure", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="import_failed_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "checking"),
                                    (
                                        "position",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("created"), "+", models.F("changed")
                                                ),
                                                "+",
                                                models.F("unchanged"),
                                            ),
                                            "+",
                                            models.F("failed"),
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="import_rows_add_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "checking"),
                                    models.Q(
                                        ("confirmed_at", None),
                                        ("state__in", ("failed", "cancelled")),
                                    ),
                                    (
                                        "row_count",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("will_create"),
                                                    "+",
                                                    models.F("will_change"),
                                                ),
                                                "+",
                                                models.F("will_keep"),
                                            ),
                                            "+",
                                            models.F("will_fail"),
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="import_checked_rows_add_up",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_importjobhistory" ("confirmed_at", "confirmed_by_id", "failure", "file", "finished_at", "id", "kind", "language", "member_id", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "sha256", "size", "state", "uploaded_at", "uploaded_by_id", "will_change", "will_create", "will_fail", "will_keep") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."failure", NEW."file", NEW."finished_at", NEW."id", NEW."kind", NEW."language", NEW."member_id", NEW."original_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."row_count", NEW."sha256", NEW."size", NEW."state", NEW."uploaded_at", NEW."uploaded_by_id", NEW."will_change", NEW."will_create", NEW."will_fail", NEW."will_keep"); RETURN NULL;',
                                    hash="27bcc369908d146d7b9d21c175a9234850941be9",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_3c37c",
                                    table="members_importjob",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."failure" IS DISTINCT FROM (NEW."failure") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."original_name" IS DISTINCT FROM (NEW."original_name") OR OLD."row_count" IS DISTINCT FROM (NEW."row_count") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."will_change" IS DISTINCT FROM (NEW."will_change") OR OLD."will_create" IS DISTINCT FROM (NEW."will_create") OR OLD."will_fail" IS DISTINCT FROM (NEW."will_fail") OR OLD."will_keep" IS DISTINCT FROM (NEW."will_keep"))',
                                    func='INSERT INTO "members_importjobhistory" ("confirmed_at", "confirmed_by_id", "failure", "file", "finished_at", "id", "kind", "language", "member_id", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "sha256", "size", "state", "uploaded_at", "uploaded_by_id", "will_change", "will_create", "will_fail", "will_keep") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."failure", NEW."file", NEW."finished_at", NEW."id", NEW."kind", NEW."language", NEW."member_id", NEW."original_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."row_count", NEW."sha256", NEW."size", NEW."state", NEW."uploaded_at", NEW."uploaded_by_id", NEW."will_change", NEW."will_create", NEW."will_fail", NEW."will_keep"); RETURN NULL;',
                                    hash="fbbae83ab2a271ab2bc836ef6269450f1b1c60b6",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_bafc0",
                                    table="members_importjob",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_importjobhistory" ("confirmed_at", "confirmed_by_id", "failure", "file", "finished_at", "id", "kind", "language", "member_id", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "sha256", "size", "state", "uploaded_at", "uploaded_by_id", "will_change", "will_create", "will_fail", "will_keep") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."failure", OLD."file", OLD."finished_at", OLD."id", OLD."kind", OLD."language", OLD."member_id", OLD."original_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."row_count", OLD."sha256", OLD."size", OLD."state", OLD."uploaded_at", OLD."uploaded_by_id", OLD."will_change", OLD."will_create", OLD."will_fail", OLD."will_keep"); RETURN NULL;',
                                    hash="7201a9c5b12233d2e314f03cca13f8e1c468d557",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_c75d8",
                                    table="members_importjob",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportAttachment",
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
                            "job",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attachments",
                                to="members.importjob",
                                verbose_name="import",
                            ),
                        ),
                        ("role", models.CharField(max_length=20)),
                        (
                            "file",
                            models.FileField(
                                storage=members.models.import_job.import_storage,
                                upload_to=members.models.import_job.import_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        (
                            "content_type",
                            models.CharField(max_length=100, verbose_name="content type"),
                        ),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                    ],
                    options={
                        "verbose_name": "attachment of an import",
                        "verbose_name_plural": "attachments of imports",
                        "ordering": ("role", "original_name", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="ImportJobHistory",
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
                                to="members.importjob",
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
                            "id",
                            models.UUIDField(default=uuid.uuid4, editable=False, serialize=False),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="kind")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Waiting for your confirmation"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10)),
                        (
                            "file",
                            models.FileField(
                                blank=True,
                                default="",
                                storage=members.models.import_job.import_storage,
                                upload_to=members.models.import_job.import_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                        (
                            "will_create",
                            models.PositiveIntegerField(default=0, verbose_name="to be created"),
                        ),
                        (
                            "will_change",
                            models.PositiveIntegerField(default=0, verbose_name="to be changed"),
                        ),
                        (
                            "will_keep",
                            models.PositiveIntegerField(
                                default=0, verbose_name="unchanged by the check"
                            ),
                        ),
                        (
                            "will_fail",
                            models.PositiveIntegerField(
                                default=0, verbose_name="with errors by the check"
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="confirmed by",
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="confirmed on"
                            ),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                        ),
                        (
                            "failure",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (
                                        "file",
                                        "The uploaded file cannot be read any more. Upload it again.",
                                    ),
                                    (
                                        "role",
                                        "The person who confirmed the import may no longer change this.",
                                    ),
                                    (
                                        "error",
                                        "An error of the portal stopped the import. Upload the sheet again; if it fails again, contact us.",
                                    ),
                                ],
                                max_length=10,
                                verbose_name="reason for the failure",
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
                                    hash="a9f90aeaea61ad9465f4ff50b836054ef14e2610",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_2a556",
                                    table="members_importjobhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportProblem",
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
                            "job",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="problems",
                                to="members.importjob",
                                verbose_name="import",
                            ),
                        ),
                        ("row", models.PositiveIntegerField(verbose_name="row")),
                        ("message", models.TextField(max_length=2000, verbose_name="message")),
                    ],
                    options={
                        "verbose_name": "problem of an import",
                        "verbose_name_plural": "problems of imports",
                        "ordering": ("row",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("job", "row"), name="problem_once_per_row"
                            )
                        ],
                    },
                ),
            ],
        ),
        alliance.lib.migrations.InstallTriggers(),
    ]
