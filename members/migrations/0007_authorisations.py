import datetime

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations

# What agents without an end date keep until an owner records their authorisation.
GRACE_DAYS = 30


def carry_over(apps, schema_editor):
    """Give the roles of agents from before an authorisation without a document, with their dates.

    An agent that was an owner belongs to the member, and keeps the role without being an agent.
    """
    memberships = apps.get_model("members", "Membership").objects.filter(is_agent=True)
    authorisation = apps.get_model("members", "Authorisation")
    memberships.filter(role="owner").update(is_agent=False)
    latest = alliance.lib.clock.today() + datetime.timedelta(days=GRACE_DAYS)
    for role in memberships.order_by("pk").iterator():
        authorisation.objects.create(
            member_id=role.member_id,
            agent_id=role.user_id,
            valid_from=role.valid_from,
            valid_until=role.valid_until or max(latest, role.valid_from),
        )
    memberships.exclude(valid_until=None).update(valid_until=None)


def carry_back(apps, schema_editor):
    """Give agents the end date of their last authorisation."""
    authorisations = apps.get_model("members", "Authorisation").objects.filter(ended_at=None)
    memberships = apps.get_model("members", "Membership").objects.filter(is_agent=True)
    for row in authorisations.order_by("valid_until").iterator():
        found = memberships.filter(user_id=row.agent_id, member_id=row.member_id)
        found.filter(valid_from__lte=row.valid_until).update(valid_until=row.valid_until)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_notifications"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended on")),
                ("reminded_days", models.PositiveSmallIntegerField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "authorisation",
                "verbose_name_plural": "authorisations",
                "ordering": ("-valid_until", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="AuthorisationHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="recorded on"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended on")),
                ("reminded_days", models.PositiveSmallIntegerField(editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="invitation",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="invitation",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="invitation",
                    name="delete_delete",
                ),
            ]
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[("certificate", "Certificate"), ("authorisation", "Authorisation")],
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="documenthistory",
            name="kind",
            field=models.CharField(
                choices=[("certificate", "Certificate"), ("authorisation", "Authorisation")],
                max_length=15,
                verbose_name="kind",
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
                    ("right_verified", "A right was verified"),
                    ("right_returned", "A right was returned"),
                    ("rights_expire", "Rights expire soon"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="is_agent",
            field=models.BooleanField(
                default=False,
                help_text="Acts for the member from outside, for example a law firm. Has access while an authorisation that an owner has recorded is in force.",
                verbose_name="agent",
            ),
        ),
        migrations.AlterField(
            model_name="membershiphistory",
            name="is_agent",
            field=models.BooleanField(
                default=False,
                help_text="Acts for the member from outside, for example a law firm. Has access while an authorisation that an owner has recorded is in force.",
                verbose_name="agent",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="agent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authorisations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="agent",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="document",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authorisation",
                to="members.document",
                verbose_name="document",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ended by",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="authorisations",
                to="members.member",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="authorisation",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitation",
                to="members.authorisation",
                verbose_name="authorisation",
            ),
        ),
        migrations.AddField(
            model_name="invitationhistory",
            name="authorisation",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="authorisationhistory",
            name="agent",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="authorisationhistory",
            name="document",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="authorisationhistory",
            name="ended_by",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="authorisationhistory",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.member",
            ),
        ),
        migrations.AddField(
            model_name="authorisationhistory",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="authorisationhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.authorisation",
            ),
        ),
        migrations.AddField(
            model_name="authorisationhistory",
            name="recorded_by",
            field=models.ForeignKey(
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
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["agent", "member", "valid_until"],
                name="authorisation_not_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["valid_until"],
                name="authorisation_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                name="authorisation_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="authorisation_ended_by_and_at_go_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", None), ("recorded_by", None)),
                    models.Q(("document__isnull", False), ("recorded_by__isnull", False)),
                    _connector="OR",
                ),
                name="authorisation_has_its_document",
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisation",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisation",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisation",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="authorisationhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5dfbcaeffafa58ac33380d620b47eabcdd79a2c6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_cba7d",
                            table="members_authorisationhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitation",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitation",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitation",
                    trigger=pgtrigger.compiler.Trigger(
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
                ),
            ]
        ),
        migrations.RunPython(carry_over, carry_back),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_agent", False), models.Q(("role", "owner"), _negated=True), _connector="OR"
                ),
                name="agent_is_not_an_owner",
                violation_error_message="An agent cannot be an owner.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_agent", False), ("valid_until", None), _connector="OR"),
                name="agent_has_no_end_of_its_own",
                violation_error_message="The access of an agent ends with its authorisation. Leave “valid until” empty.",
            ),
        ),
    ]
