"""Makes notices to a person notifications, with topics of their own. Earlier notices stay emails only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_history_context"),
    ]

    operations = [
        LockTimeout(),
        migrations.RemoveConstraint(
            model_name="notificationsetting",
            name="notification_setting_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="notificationsetting",
            name="topics_with_a_deadline_are_not_off",
        ),
        migrations.AddField(
            model_name="membernotice",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="members.digest",
                verbose_name="daily digest",
            ),
        ),
        migrations.AddField(
            model_name="membernotice",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="read on"),
        ),
        migrations.AddField(
            model_name="membernotice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="notificationsetting",
            name="topic",
            field=models.CharField(
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
                ],
                max_length=20,
                verbose_name="topic",
            ),
        ),
        migrations.AlterField(
            model_name="notificationsettinghistory",
            name="topic",
            field=models.CharField(
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
                ],
                max_length=20,
                verbose_name="topic",
            ),
        ),
        migrations.AddIndex(
            model_name="membernotice",
            index=models.Index(
                condition=models.Q(("user__isnull", False)),
                fields=["user", "-created_at", "-id"],
                name="member_notices_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="membernotice",
            index=models.Index(
                condition=models.Q(("read_at", None), ("user__isnull", False)),
                fields=["user", "-created_at", "-id"],
                name="member_notices_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="membernotice",
            index=models.Index(
                condition=models.Q(("digest__isnull", False)),
                fields=["digest"],
                name="member_notice_in_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationsetting",
            constraint=models.CheckConstraint(
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
                        ],
                    ),
                ),
                name="notification_setting_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationsetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("frequency", "off"),
                    ("topic__in", ["access", "expiries", "questions", "reminders"]),
                    _negated=True,
                ),
                name="topics_with_a_deadline_are_not_off",
            ),
        ),
    ]
