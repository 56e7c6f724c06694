"""A person's notifications: read, one or all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed
from cases.models import OutgoingMail
from members.models import MemberNotice, User
from members.models.notification import Notification


def mark_read(*, notification: Notification, by: User) -> None:
    """Mark the notification as read. Idempotent: the time of the first call is kept.

    Raises :class:`NotAllowed` if it is another person's.
    """
    if notification.user_id != by.pk:
        raise NotAllowed(_("This is another person’s notification."))
    rows = type(notification).objects.unread()
    rows.filter(pk=notification.pk).update(read_at=clock.now())


@transaction.atomic
def mark_all_read(*, by: User, until: datetime) -> None:
    """Mark the notifications of ``by`` written up to ``until`` as read. Idempotent.

    ``until`` is when the person saw the list: later notifications stay unread.
    """
    now = clock.now()
    for model in (OutgoingMail, MemberNotice):
        model.objects.unread().filter(user=by, created_at__lte=until).update(read_at=now)
