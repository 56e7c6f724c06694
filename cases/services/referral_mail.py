"""Email to the officers of an agency about a new referral."""

from __future__ import annotations

from django.db import transaction

from cases.liaison.models import Notice, Referral
from cases.mail import queue as mail_queue

MAX_OFFICERS = 50


def announce(referral: Referral) -> None:
    """Queue an email with a reference and a link to each active officer of the agency. Idempotent.

    Called in the transaction that creates the referral.
    """
    agency = referral.agency
    officers = agency.officers.filter(is_active=True, user__is_active=True).select_related("user")
    notices = [
        Notice(
            key=f"referred:{referral.reference}:{officer.user_id}",
            kind=Notice.Kind.REFERRED,
            to=officer.user.email,
            language=officer.user.language or agency.language,
            referral=referral,
            data={"about": referral.reference},
        )
        for officer in officers.order_by("pk")[:MAX_OFFICERS]
    ]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        transaction.on_commit(mail_queue.wake)
