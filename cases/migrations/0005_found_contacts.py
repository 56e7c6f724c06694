"""Contacts found in pictures, and the queue of pictures to read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_late_evidence_reopens"),
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
            name="FoundContact",
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
                            ("phone", "Telephone"),
                            ("email", "Email"),
                            ("payment", "Payment account"),
                            ("address", "Postal address"),
                            ("licence", "Business licence"),
                            ("social", "Social media account"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                ("text", models.CharField(max_length=300, verbose_name="text in the picture")),
                ("confidence", models.FloatField(verbose_name="confidence")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Suggested"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Not the seller’s"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                ),
                (
                    "found_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="found on"),
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
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found_contacts",
                        to="cases.evidence",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact found in a picture",
                "verbose_name_plural": "contacts found in pictures",
            },
        ),
        migrations.CreateModel(
            name="PictureReading",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reading",
                        serialize=False,
                        to="cases.evidence",
                        verbose_name="file",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a worker"),
                            ("read", "Read"),
                            ("impossible", "Not possible"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=alliance.lib.clock.now, verbose_name="next attempt"
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a picture",
                "verbose_name_plural": "readings of pictures",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="reading_waiting",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="foundcontact",
            constraint=models.UniqueConstraint(
                fields=("evidence", "kind", "value"), name="contact_found_once_per_picture"
            ),
        ),
        migrations.AddConstraint(
            model_name="foundcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                name="found_contact_confidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="foundcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="found_contact_decided_by_a_person",
            ),
        ),
    ]
