"""Deadlines and second contacts of agencies, and their overdue steps."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from cases.demo.world import World
from cases.liaison.models import Agency, DueTimes, Escalation, Notice, Referral
from cases.services import escalations
from cases.states import Priority, ReferralStatus

# By agency. Two agencies have none.
SECOND_CONTACTS = {
    "shanghai-online-goods": "邵文澜",
    "zhejiang-brand-crime": "骆启航",
    "guangdong-counterfeits": "区咏琴",
    "fujian-goods-crime": "池立诚",
    "jiangsu-online-market": "厉晓棠",
    "fujian-ip-prosecution": "游敬之",
    "hong-kong-harbour": "Ophelia Tsui",
    "rotterdam-border": "Joris Hallema",
    "gulf-ports": "Dana Whitlock",
}
# In minutes and hours: delivered, read, acknowledged, accepted or declined.
AGREED = {
    "shanghai-online-goods": {Priority.HIGH: (10, 4, 8, 48), Priority.URGENT: (5, 1, 2, 24)},
    "hong-kong-harbour": {Priority.NORMAL: (15, 8, 16, 72), Priority.URGENT: (5, 1, 3, 12)},
    "rotterdam-border": {Priority.NORMAL: (15, 24, 48, 240)},
}
DELIVERED_AFTER = timedelta(seconds=3)
NOTICED_AFTER = timedelta(seconds=20)
# Every second overdue referral has been read.
READ_AFTER = timedelta(hours=5, minutes=40)


def agree(world: World) -> None:
    """Create deadlines and second contacts before the first referral."""
    for slug, (_entry, agency) in world.agencies.items():
        agency.language = "zh-hans" if agency.country == "CN" else "en"
        if name := SECOND_CONTACTS.get(slug):
            agency.second_contact_name = name
            agency.second_contact_email = f"second.contact@{slug}.example"
    Agency.objects.bulk_update(
        [agency for _entry, agency in world.agencies.values()],
        ["language", "second_contact_name", "second_contact_email"],
    )
    DueTimes.objects.bulk_create(
        [
            DueTimes(
                agency=world.agencies[slug][1],
                priority=priority,
                deliver_minutes=times[0],
                read_hours=times[1],
                acknowledge_hours=times[2],
                accept_hours=times[3],
            )
            for slug, rows in AGREED.items()
            for priority, times in rows.items()
        ]
    )


def finish(world: World) -> None:
    """Mark referrals as delivered, raise overdue steps, and mark their notices as sent."""
    Referral.objects.update(delivered_at=F("referred_at") + DELIVERED_AFTER)
    late = Referral.objects.filter(
        status=ReferralStatus.OFFERED, acknowledge_by__lt=world.now
    ).order_by("referred_at")
    read = list(late.values_list("pk", flat=True))[::2]
    Referral.objects.filter(pk__in=read).update(read_at=F("referred_at") + READ_AFTER)
    escalations.sweep()
    Escalation.objects.update(raised_at=F("due_at") + NOTICED_AFTER)
    # Officers were notified of each referral when it was created.
    Notice.objects.filter(kind=Notice.Kind.REFERRED).update(sent_at=F("created_at"), attempts=1)
    for notice in Notice.objects.filter(kind=Notice.Kind.OVERDUE):
        raised = Escalation.objects.get(
            referral=notice.referral, step=notice.data["step"]
        ).raised_at
        Notice.objects.filter(pk=notice.pk).update(created_at=raised, sent_at=raised, attempts=1)
    oldest = Escalation.objects.open().order_by("due_at", "pk").first()
    if oldest is not None:
        escalations.remind(escalation=oldest, by=world.moderators[0])
