"""Adds the event of a case that late evidence reopens to the choices. The table does not change."""

from django.db import migrations, models

from alliance.lib.migrations import LockTimeout


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_case_updated_at"),
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
    ]
