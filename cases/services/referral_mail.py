"""The officers of an agency are told by e-mail of a case that was referred to it."""

from __future__ import annotations

from django.db import transaction

from cases.liaison.models import Notice, Referral
from cases.mail import case_steps

OFFICERS_AT_MOST = 50


def announce(referral: Referral) -> None:
    """Queue an e-mail to each active officer of the agency: a reference and a link.

    Called within the transaction that refers the case. Again, nobody is written to a second time.
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
        for officer in officers.order_by("pk")[:OFFICERS_AT_MOST]
    ]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        transaction.on_commit(case_steps.wake)
