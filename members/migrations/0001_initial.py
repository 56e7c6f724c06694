import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_countries.fields
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.CreateModels(
            [
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
                                    func='INSERT INTO "members_userhistory" ("date_joined", "email", "id", "is_active", "is_moderator", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_moderator", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."time_zone"); RETURN NULL;',
                                    hash="ebd86a0e05e1dbadb5856c729498b19a48f9f34c",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_ad80e",
                                    table="members_user",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_moderator" IS DISTINCT FROM (NEW."is_moderator") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone"))',
                                    func='INSERT INTO "members_userhistory" ("date_joined", "email", "id", "is_active", "is_moderator", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_moderator", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."time_zone"); RETURN NULL;',
                                    hash="d1fbcd6747efed32829cd0cf774bd199d07cbadd",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_3d12e",
                                    table="members_user",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_userhistory" ("date_joined", "email", "id", "is_active", "is_moderator", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (OLD."date_joined", OLD."email", OLD."id", OLD."is_active", OLD."is_moderator", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."time_zone"); RETURN NULL;',
                                    hash="b876641979a2e8155f786caf8c0f3a61f9fb5e29",
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
                                    func='INSERT INTO "members_memberhistory" ("applied_on", "country", "description", "description_zh", "id", "joined_on", "left_on", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "suspended_on", "website") VALUES (NEW."applied_on", NEW."country", NEW."description", NEW."description_zh", NEW."id", NEW."joined_on", NEW."left_on", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."status", NEW."suspended_on", NEW."website"); RETURN NULL;',
                                    hash="fd07dff6c12d5091b937d05522c2b2a9a30d34b9",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2df50",
                                    table="members_member",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_memberhistory" ("applied_on", "country", "description", "description_zh", "id", "joined_on", "left_on", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "suspended_on", "website") VALUES (NEW."applied_on", NEW."country", NEW."description", NEW."description_zh", NEW."id", NEW."joined_on", NEW."left_on", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."status", NEW."suspended_on", NEW."website"); RETURN NULL;',
                                    hash="ff3d79edfe5cac796bc3baf791eabc064754f6c7",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b1bc1",
                                    table="members_member",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_memberhistory" ("applied_on", "country", "description", "description_zh", "id", "joined_on", "left_on", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "suspended_on", "website") VALUES (OLD."applied_on", OLD."country", OLD."description", OLD."description_zh", OLD."id", OLD."joined_on", OLD."left_on", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."status", OLD."suspended_on", OLD."website"); RETURN NULL;',
                                    hash="fdbb9e755e5ebe756894ad70aeecfb9c0c65f4e1",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_925fb",
                                    table="members_member",
                                    when="AFTER",
                                ),
                            ),
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
                    ],
                    options={
                        "verbose_name": "brand",
                        "verbose_name_plural": "brands",
                        "ordering": ("name",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "name"), name="brand_once_per_member"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_brandhistory" ("id", "is_active", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."is_active", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                                    hash="d891a29a411936a9c6590a93e69eda0dcd70c2e8",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_4a040",
                                    table="members_brand",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_brandhistory" ("id", "is_active", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."is_active", NEW."member_id", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                                    hash="ff2473fbe4bad9b9afcf80e95c3148a32d49f401",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_fc405",
                                    table="members_brand",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_brandhistory" ("id", "is_active", "member_id", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."is_active", OLD."member_id", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                                    hash="e821fc6f90874f707939abea9220f9d988a9fd9f",
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
                                help_text="Acts for the member from outside, for example a law firm.",
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
                            "brand",
                            models.ForeignKey(
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
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="mark or title")),
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
                    ],
                    options={
                        "verbose_name": "IP right",
                        "verbose_name_plural": "IP rights",
                        "ordering": ("brand", "office", "number"),
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
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_iprighthistory" ("brand_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "territory", "title", "verified_at", "verified_by_id") VALUES (NEW."brand_id", NEW."expires_on", NEW."id", NEW."kind", NEW."nice_classes", NEW."number", NEW."office", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registered_on", NEW."territory", NEW."title", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                                    hash="11f2c3e43438f7af166073fc55c80d395340343d",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2b210",
                                    table="members_ipright",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "members_iprighthistory" ("brand_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "territory", "title", "verified_at", "verified_by_id") VALUES (NEW."brand_id", NEW."expires_on", NEW."id", NEW."kind", NEW."nice_classes", NEW."number", NEW."office", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registered_on", NEW."territory", NEW."title", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;',
                                    hash="50d2e16d42fa9bd97aa38b5a11717a74a74d08be",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_6bd4b",
                                    table="members_ipright",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "members_iprighthistory" ("brand_id", "expires_on", "id", "kind", "nice_classes", "number", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "territory", "title", "verified_at", "verified_by_id") VALUES (OLD."brand_id", OLD."expires_on", OLD."id", OLD."kind", OLD."nice_classes", OLD."number", OLD."office", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."registered_on", OLD."territory", OLD."title", OLD."verified_at", OLD."verified_by_id"); RETURN NULL;',
                                    hash="ec5127a9fbee855fed7d6288d2752a83385443ee",
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
                                help_text="Acts for the member from outside, for example a law firm.",
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
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="mark or title")),
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
            ]
        ),
        alliance.lib.migrations.InstallTriggers(),
    ]
