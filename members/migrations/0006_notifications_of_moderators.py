"""Topics of the emails that moderators get."""

from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_keyboard_shortcuts"),
    ]

    operations = [
        LockTimeout(),
        migrations.RemoveConstraint(
            model_name="notificationsetting",
            name="notification_setting_is_known",
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
                    ("mentions", "Mentions"),
                    ("watched", "Watched cases"),
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
                    ("mentions", "Mentions"),
                    ("watched", "Watched cases"),
                ],
                max_length=20,
                verbose_name="topic",
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
                            "mentions",
                            "watched",
                        ],
                    ),
                ),
                name="notification_setting_is_known",
            ),
        ),
    ]
