"""Teams of moderators with macros; tags, watchers and links of cases."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import cases.letters
from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_held_decisions"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LockTimeout(),
        migrations.CreateModel(
            name="TagHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("neutral", "Grey"),
                            ("info", "Blue"),
                            ("success", "Green"),
                            ("warning", "Yellow"),
                            ("danger", "Red"),
                        ],
                        default="neutral",
                        max_length=10,
                        verbose_name="colour",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "verbose_name": "team",
                "verbose_name_plural": "teams",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="TeamHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="since"),
                ),
            ],
            options={
                "verbose_name": "moderator of a team",
                "verbose_name_plural": "moderators of teams",
                "ordering": ("team", "pk"),
            },
        ),
        migrations.CreateModel(
            name="TeamMemberHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="since"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="since"),
                ),
            ],
            options={
                "verbose_name": "watcher of a case",
                "verbose_name_plural": "watchers of cases",
                "ordering": ("case", "pk"),
            },
        ),
        migrations.CreateModel(
            name="WatchHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="since"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.CharField(max_length=200, verbose_name="note")),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="added on"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_to",
                        to="cases.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_from",
                        to="cases.case",
                        verbose_name="other case",
                    ),
                ),
            ],
            options={
                "verbose_name": "link between cases",
                "verbose_name_plural": "links between cases",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="CaseLinkHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("note", models.CharField(max_length=200, verbose_name="note")),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="added on"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                        verbose_name="case",
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
                        to="cases.caselink",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                        verbose_name="other case",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="added on"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="cases.case",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag of a case",
                "verbose_name_plural": "tags of cases",
                "ordering": ("case", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Macro",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "key",
                    models.CharField(
                        help_text="A capital letter. It fills in the form on the page of a case.",
                        max_length=1,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]$", "Choose a capital letter from A to Z."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("uphold", "Uphold"),
                            ("reject", "Reject"),
                            ("request_information", "Request information"),
                        ],
                        max_length=20,
                        verbose_name="action",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("illegal_content", "Illegal content"),
                            ("incompatible_content", "Incompatible with the terms"),
                        ],
                        max_length=25,
                        verbose_name="ground",
                    ),
                ),
                (
                    "removes_all",
                    models.BooleanField(
                        default=False,
                        help_text="Only for macros that uphold a complaint.",
                        verbose_name="mark all listings for removal",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        validators=[cases.letters.check_placeholders],
                        verbose_name="text in English",
                    ),
                ),
                (
                    "text_zh",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        validators=[cases.letters.check_placeholders],
                        verbose_name="text in Chinese",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.reasoncode",
                        verbose_name="reason",
                    ),
                ),
            ],
            options={
                "verbose_name": "macro",
                "verbose_name_plural": "macros",
                "ordering": ("position", "name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="MacroHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "key",
                    models.CharField(
                        help_text="A capital letter. It fills in the form on the page of a case.",
                        max_length=1,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]$", "Choose a capital letter from A to Z."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("uphold", "Uphold"),
                            ("reject", "Reject"),
                            ("request_information", "Request information"),
                        ],
                        max_length=20,
                        verbose_name="action",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("illegal_content", "Illegal content"),
                            ("incompatible_content", "Incompatible with the terms"),
                        ],
                        max_length=25,
                        verbose_name="ground",
                    ),
                ),
                (
                    "removes_all",
                    models.BooleanField(
                        default=False,
                        help_text="Only for macros that uphold a complaint.",
                        verbose_name="mark all listings for removal",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        validators=[cases.letters.check_placeholders],
                        verbose_name="text in English",
                    ),
                ),
                (
                    "text_zh",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        validators=[cases.letters.check_placeholders],
                        verbose_name="text in Chinese",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        to="cases.macro",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.reasoncode",
                        verbose_name="reason",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("neutral", "Grey"),
                            ("info", "Blue"),
                            ("success", "Green"),
                            ("warning", "Yellow"),
                            ("danger", "Red"),
                        ],
                        default="neutral",
                        max_length=10,
                        verbose_name="colour",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="tag_name_once_in_any_case",
                        violation_error_message="There is already a tag with this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseTagHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "added_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="added on"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
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
                        verbose_name="case",
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
                        to="cases.casetag",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.tag",
                        verbose_name="tag",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="casetag",
            name="tag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="cases.tag",
                verbose_name="tag",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_taghistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tone") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tone"); RETURN NULL;',
                    hash="230c93760cc027c9cca30b2c7d8872c4e8c6aa86",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9dd63",
                    table="cases_tag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_taghistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tone") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tone"); RETURN NULL;',
                    hash="cb35e215dda4992e39210631bd25f83274d138e3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5f72c",
                    table="cases_tag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_taghistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tone") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tone"); RETURN NULL;',
                    hash="a27296dcdc839e104d00a4fd88d70a391738ac38",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6b684",
                    table="cases_tag",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="taghistory",
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
            model_name="taghistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="cases.tag",
            ),
        ),
        migrations.AddField(
            model_name="macrohistory",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Without a team, every moderator can use the macro.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="macro",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="Without a team, every moderator can use the macro.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="macros",
                to="cases.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="teamhistory",
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
            model_name="teamhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="cases.team",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="places",
                to="cases.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="user",
            field=models.ForeignKey(
                limit_choices_to={"is_moderator": True},
                on_delete=django.db.models.deletion.CASCADE,
                related_name="team_places",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moderator",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="moderators",
            field=models.ManyToManyField(
                related_name="teams",
                through="cases.TeamMember",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moderators",
            ),
        ),
        migrations.AddField(
            model_name="teammemberhistory",
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
            model_name="teammemberhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="cases.teammember",
            ),
        ),
        migrations.AddField(
            model_name="teammemberhistory",
            name="team",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="teammemberhistory",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                limit_choices_to={"is_moderator": True},
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moderator",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="watches",
                to="cases.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moderator",
            ),
        ),
        migrations.AddField(
            model_name="watchhistory",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="watchhistory",
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
            model_name="watchhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="cases.watch",
            ),
        ),
        migrations.AddField(
            model_name="watchhistory",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moderator",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                fields=("first", "second"), name="cases_linked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))),
                name="linked_cases_are_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caselink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_caselinkhistory" ("added_at", "added_by_id", "first_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."first_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."second_id"); RETURN NULL;',
                    hash="585771b392405f249fa33761144cf51485d2c517",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2b4de",
                    table="cases_caselink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caselink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_caselinkhistory" ("added_at", "added_by_id", "first_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."first_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."second_id"); RETURN NULL;',
                    hash="2785e8730fe16999d256f8d2dd566cfa5684c47e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_15f08",
                    table="cases_caselink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caselink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_caselinkhistory" ("added_at", "added_by_id", "first_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."first_id", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."second_id"); RETURN NULL;',
                    hash="9780c05694e9086639838500b531dcadee1e4f3e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_99dd1",
                    table="cases_caselink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caselinkhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="47cc2304dbbe7e25747c2517bc891697b640fe13",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0d008",
                    table="cases_caselinkhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="casetaghistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8858ca6fd8c9734314dd4205b847a16a24e6cd9a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_dbae4",
                    table="cases_casetaghistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="casetag",
            constraint=models.UniqueConstraint(fields=("case", "tag"), name="tag_once_per_case"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="casetag",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_casetaghistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tag_id"); RETURN NULL;',
                    hash="3e1e420373b35563d3a5bad31106009e2cb4e969",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d579f",
                    table="cases_casetag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="casetag",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_casetaghistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tag_id"); RETURN NULL;',
                    hash="2eba94817bfa097dc4cc71abe844ed35857e550b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e0565",
                    table="cases_casetag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="casetag",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_casetaghistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tag_id"); RETURN NULL;',
                    hash="e93c4c8363106e982e42f9a3937b7cabc7ae7541",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_337dc",
                    table="cases_casetag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taghistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1eeacc55fbe976dcd07016d851d2d2c88edf9cb3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5a49a",
                    table="cases_taghistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macrohistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f6510efc65bbafc5903b04958df9b9820d5bd081",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_787b8",
                    table="cases_macrohistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)),
                fields=("team", "key"),
                name="macro_key_once_per_team",
                nulls_distinct=False,
                violation_error_message="Another macro of the team has this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[A-Z]$")),
                name="macro_key_is_not_one_of_the_pages",
                violation_error_message="Choose a capital letter from A to Z.",
            ),
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), ("text_zh", ""), _negated=True),
                name="macro_has_a_text",
                violation_error_message="Enter the text in at least one language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "uphold"), models.Q(("ground", ""), _negated=True)),
                    models.Q(
                        models.Q(("action", "uphold"), _negated=True),
                        ("ground", ""),
                        ("removes_all", False),
                    ),
                    _connector="OR",
                ),
                name="macro_ground_and_outcome_go_with_uphold",
                violation_error_message="A macro that upholds a complaint has a ground. Other macros have neither a ground nor an outcome.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_macrohistory" ("action", "ground", "id", "is_active", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason_id", "removes_all", "team_id", "text", "text_zh") VALUES (NEW."action", NEW."ground", NEW."id", NEW."is_active", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."reason_id", NEW."removes_all", NEW."team_id", NEW."text", NEW."text_zh"); RETURN NULL;',
                    hash="b828d4a49346c023b4bcd243f33e87dcc6e9eb65",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a6b9a",
                    table="cases_macro",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_macrohistory" ("action", "ground", "id", "is_active", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason_id", "removes_all", "team_id", "text", "text_zh") VALUES (NEW."action", NEW."ground", NEW."id", NEW."is_active", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."reason_id", NEW."removes_all", NEW."team_id", NEW."text", NEW."text_zh"); RETURN NULL;',
                    hash="de1e6a74775ef39aaf8e368e33c6f103d6bbe3b6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e9213",
                    table="cases_macro",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_macrohistory" ("action", "ground", "id", "is_active", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason_id", "removes_all", "team_id", "text", "text_zh") VALUES (OLD."action", OLD."ground", OLD."id", OLD."is_active", OLD."key", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."reason_id", OLD."removes_all", OLD."team_id", OLD."text", OLD."text_zh"); RETURN NULL;',
                    hash="c5d2d44bc6f67404ffb445877e781359cd092286",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_91a3a",
                    table="cases_macro",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teamhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d32e6c8d552e75abd92d642550c793a42533672a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_78944",
                    table="cases_teamhistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                fields=("team", "user"),
                name="moderator_once_per_team",
                violation_error_message="This moderator is already in the team.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammember",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_teammemberhistory" ("added_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") VALUES (NEW."added_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."team_id", NEW."user_id"); RETURN NULL;',
                    hash="d12528f4158cf33bf1db28c8c169daced0599276",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9b06a",
                    table="cases_teammember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_teammemberhistory" ("added_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") VALUES (NEW."added_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."team_id", NEW."user_id"); RETURN NULL;',
                    hash="e380b87b83b4f48f0cb64044b97b0d2038cba700",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d1657",
                    table="cases_teammember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_teammemberhistory" ("added_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") VALUES (OLD."added_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."team_id", OLD."user_id"); RETURN NULL;',
                    hash="e334ef0a3c7ab71538c2394551143c9b9ff5b7d1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5fc1f",
                    table="cases_teammember",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                name="team_name_once",
                violation_error_message="There is already a team with this name.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_teamhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="521c89afd8c79beddfb2955ca002d52e1ac07b73",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3573e",
                    table="cases_team",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_teamhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="abe589e260879638b6a481e10ed0eb63053984df",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e10b1",
                    table="cases_team",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_teamhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="e8dec68830904bb9a8df240679beccf1409b576e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_73538",
                    table="cases_team",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammemberhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="501c67fbfeabeb54972aca3f8ac32e1f4778294c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5b164",
                    table="cases_teammemberhistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("case", "user"), name="watcher_once_per_case"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="watch",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_watchhistory" ("added_at", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."added_at", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
                    hash="1a83e884244012bd9b3d706c0479fc72c148a712",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8f340",
                    table="cases_watch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="watch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_watchhistory" ("added_at", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."added_at", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
                    hash="debe83f606eccee798b647b214255e96d694d00f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7a1f5",
                    table="cases_watch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="watch",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_watchhistory" ("added_at", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."added_at", OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
                    hash="461da0261a885666fc159333e8e7f24bfe7750e7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aa95d",
                    table="cases_watch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="watchhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="39d74fa59480438ed8d843baff8d8cbfe40b968b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_edbc0",
                    table="cases_watchhistory",
                    when="BEFORE",
                ),
            ),
        ),
    ]
