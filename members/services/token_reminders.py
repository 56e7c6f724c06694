"""Reminders of access tokens that expire soon, to the person who uses them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from alliance.lib import clock
from members.mail import notices
from members.models import AccessToken, MemberNotice
from members.models.access_token import REMINDER_DAYS


@transaction.atomic
def remind_next() -> bool:
    """Remind the person of one token that expires soon; return whether there was one. Concurrent calls are safe."""
    soon = clock.now() + timedelta(days=REMINDER_DAYS)
    due = AccessToken.objects.usable().filter(reminded_at=None, expires_at__lte=soon)
    rows = due.select_for_update(no_key=True, skip_locked=True, of=("self",))
    token = rows.select_related("membership__user", "membership__member").first()
    if token is None:
        return False
    token.reminded_at = clock.now()
    token.save(update_fields=["reminded_at"])
    notices.tell(
        MemberNotice.Kind.TOKEN_EXPIRES,
        token.membership.user,
        about=str(token.pk),
        member=token.membership.member,
        token=token.pk,
        token_name=token.name,
        ends=token.expires_at.isoformat(),
        zone=token.membership.user.time_zone,
    )
    return True
