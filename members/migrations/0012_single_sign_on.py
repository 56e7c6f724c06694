import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations
import members.models.single_sign_on


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0011_access_tokens"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="LoginDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "This domain belongs to another provider."},
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
                    ("login_connected", "A new way to log in was connected"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="SingleSignOn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        default=alliance.lib.clock.now, editable=False, verbose_name="created on"
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
            ],
            options={
                "verbose_name": "identity provider",
                "verbose_name_plural": "identity providers",
            },
        ),
        migrations.CreateModel(
            name="LoginDomainHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "This domain belongs to another provider."},
                        max_length=253,
                        verbose_name="domain",
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
                        to="members.logindomain",
                    ),
                ),
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="logindomain",
            name="single_sign_on",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="domains",
                to="members.singlesignon",
            ),
        ),
        migrations.CreateModel(
            name="SingleSignOnHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "key",
                    models.CharField(
                        default=members.models.single_sign_on.new_key, editable=False, max_length=16
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
                        default=alliance.lib.clock.now, editable=False, verbose_name="created on"
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
                        to="members.singlesignon",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="singlesignon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "oidc"), ("metadata", "")),
                    models.Q(
                        ("client_id", ""), ("issuer", ""), ("kind", "saml"), ("secret_sealed", "")
                    ),
                    _connector="OR",
                ),
                name="single_sign_on_kind_and_fields_go_together",
                violation_error_message="OpenID Connect has an issuer and a client ID, and no metadata. SAML has metadata only.",
            ),
        ),
        migrations.AddConstraint(
            model_name="singlesignon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_active", False),
                    models.Q(
                        ("kind", "oidc"),
                        models.Q(("issuer", ""), _negated=True),
                        models.Q(("client_id", ""), _negated=True),
                    ),
                    models.Q(("kind", "saml"), models.Q(("metadata", ""), _negated=True)),
                    _connector="OR",
                ),
                name="active_single_sign_on_is_complete",
                violation_error_message="Before you activate it, enter the issuer and the client ID, or the metadata.",
            ),
        ),
        migrations.AddConstraint(
            model_name="logindomain",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^[a-z0-9.-]+$")),
                name="login_domain_is_normalised",
                violation_error_message="Enter a domain such as example.com.",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="singlesignon",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="singlesignon",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="singlesignon",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="logindomainhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c8e1fbf881241f1e71589645632a898f6345011c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a06a0",
                            table="members_logindomainhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="logindomain",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="logindomain",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="logindomain",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="singlesignonhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b50abb36ba9c7c8c18593f925569ba6d49135e9f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_01fce",
                            table="members_singlesignonhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
