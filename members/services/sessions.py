"""A person's own sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import NotAllowed, Refusal
from members.models import User


@transaction.atomic
def end(*, session: UserSession, by: User, current_key: str) -> None:
    """End the session: its browser is logged out with its next request. Idempotent.

    ``current_key`` is the key of the session in which ``by`` is acting. Raises :class:`Refusal` for that session, and
    :class:`NotAllowed` for another person's.
    """
    if session.user_id != by.pk:
        raise NotAllowed(_("This is another person’s session."))
    if session.session_key == current_key:
        raise Refusal(_("This is the session you are using. Log out to end it."))
    locked = UserSession.objects.select_for_update().filter(pk=session.pk).first()
    if locked is not None:
        locked.end()
