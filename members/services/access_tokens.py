"""Access tokens: created and revoked by people, and checked at every request of the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from alliance.lib import clock, tokens
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.models import AccessToken, Member, Membership, User
from members.models.access_token import DEFAULT_DAYS, MAX_DAYS, PREFIX

# The most live tokens of a role.
MAX_LIVE = 20
# The characters of a token that lists show.
SHOWN = 7


class FormUsed(Conflict):
    """The form has created a token already."""


@transaction.atomic
def create(
    *,
    member: Member,
    by: User,
    name: str,
    scopes: Sequence[str],
    days: int = DEFAULT_DAYS,
    form: UUID | None = None,
) -> tuple[AccessToken, str]:
    """Create a token of ``by`` that is valid for ``days``; return it with the secret, which is not stored.

    ``form`` identifies the form that was sent, so that sending it twice creates one token. Raises :class:`FormUsed`,
    :class:`NotAllowed` without a role at an active member, and :class:`Refusal` for too many tokens, or for scopes to
    write of a role that may not file.
    """
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    in_force = Membership.objects.in_force().filter(user=by, member=member)
    role = in_force.select_related("member").first()
    if role is None or not by.is_active or member.status != Member.Status.ACTIVE:
        raise NotAllowed(_("Your role does not allow this."))
    _check_form(role, form)
    if not scopes or not 1 <= days <= MAX_DAYS:
        raise Refusal(_("Choose what the token may do, and for how long."))
    if not role.may_file and any(scope.endswith(":write") for scope in scopes):
        raise Refusal(_("Your role only reads, so its tokens cannot change anything."))
    if role.access_tokens.live().count() >= MAX_LIVE:
        raise Refusal(_("You have too many tokens. Revoke one first."))
    secret, now = tokens.new(PREFIX), clock.now()
    token = AccessToken.objects.create(
        membership=role,
        name=name,
        scopes=sorted(set(scopes)),
        start=secret[:SHOWN],
        digest=tokens.digest(secret),
        form=form,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, secret


@transaction.atomic
def revoke(*, token: AccessToken, by: User) -> AccessToken:
    """Revoke the token at once, and record who did. Idempotent.

    People revoke their own tokens, owners those of their member, and administrators any. Raises :class:`NotAllowed`.
    """
    stored = AccessToken.objects.select_for_update(no_key=True, of=("self",))
    found = stored.select_related("membership__member").get(pk=token.pk)
    if not _may_revoke(by, found.membership):
        raise NotAllowed(_("Only owners can revoke the tokens of other people."))
    if found.revoked_at is None:
        found.revoked_by, found.revoked_at = by, clock.now()
        found.save(update_fields=["revoked_by", "revoked_at"])
    return found


def with_secret(secret: str) -> QuerySet[AccessToken]:
    """Return the token ``secret``, usable or not; none for a text that is not a whole token."""
    if not tokens.is_well_formed(secret, PREFIX):
        return AccessToken.objects.none()
    return AccessToken.objects.filter(digest=tokens.digest(secret))


def find(secret: str) -> AccessToken | None:
    """Return the usable token with its role, person and member, or ``None``. Records the hour of its use."""
    if not tokens.is_well_formed(secret, PREFIX):
        return None
    usable = AccessToken.objects.usable().filter(digest=tokens.digest(secret))
    found = usable.select_related("membership__user", "membership__member").first()
    if found is not None:
        _record_use(found)
    return found


def _check_form(role: Membership, form: UUID | None) -> None:
    known = role.access_tokens.filter(form=form).first() if form else None
    if known is not None:
        text = _(
            "This form has already created the token “%(name)s”. If you do not have it, revoke it and create another."
        )
        raise FormUsed(text % {"name": known.name})


def _may_revoke(by: User, role: Membership) -> bool:
    if role.user_id == by.pk or roles.is_owner(by, role.member):
        return True
    return by.is_active and by.is_staff


def _record_use(token: AccessToken) -> None:
    """Write the hour of the last use, once an hour, so that reading stays cheap."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    if token.last_used_at is not None and token.last_used_at >= hour:
        return
    earlier = Q(last_used_at=None) | Q(last_used_at__lt=hour)
    AccessToken.objects.filter(earlier, pk=token.pk).update(last_used_at=hour)
