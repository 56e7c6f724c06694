"""Invitations by a member's owners, and their acceptance."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.accounts import account_of
from members.mail import notices
from members.models import (
    Authorisation,
    Document,
    Invitation,
    Member,
    MemberNotice,
    Membership,
    User,
)
from members.models.invitation import expiry, new_nonce
from members.services import authorisations, documents, people
from members.services.authorisations import Grant

# The least time between two emails to the same address, so that nobody receives many.
RESEND_AFTER = timedelta(minutes=10)


def invite(
    *, member: Member, by: User, email: str, role: str, grant: Grant | None = None
) -> Invitation:
    """Invite an email address to a role at the member. Inviting it again changes the open invitation.

    ``grant`` is the authorisation of an agent. Raises :class:`Refusal` if the address has a role already, if too many
    invitations are open, or if the authorisation is not accepted.
    """
    if grant is not None:
        authorisations.check(grant)
        if role == Membership.Role.OWNER:
            raise Refusal(people.agent_as_owner())
    upload, kind = (grant.document if grant else None), Document.Kind.AUTHORISATION
    with documents.stored(upload, kind=kind, by=by) as document, transaction.atomic():
        return _invite(member, by, email.strip().lower(), role, grant, document)


def _invite(
    member: Member, by: User, email: str, role: str, grant: Grant | None, document: Document | None
) -> Invitation:
    member = people.lock(member, by=by)
    _refuse_known(member, email)
    invitation = Invitation.objects.open().filter(member=member, email=email).first()
    if invitation is not None:
        before = invitation.authorisation
        changed = role != invitation.role or not authorisations.matches(before, grant, document)
        return _renew(
            invitation,
            by=by,
            role=role,
            changed=changed,
            authorisation=_record(member, by, grant, document),
        )
    if Invitation.objects.open().filter(member=member).count() >= settings.MAX_OPEN_INVITATIONS:
        raise Refusal(_("Too many invitations are open. Withdraw some first."))
    invitation = Invitation.objects.create(
        member=member,
        email=email,
        role=role,
        authorisation=_record(member, by, grant, document),
        invited_by=by,
    )
    _send(invitation)
    return invitation


def _refuse_known(member: Member, email: str) -> None:
    """Raise :class:`Refusal` if the address belongs to a person with a role, or to an agent without access."""
    invited = account_of(email)
    if invited is None:
        return
    if member.memberships.in_force().filter(user=invited).exists():
        raise Refusal(_("This person already has access."))
    if member.memberships.filter(user=invited, is_agent=True).exists():
        raise Refusal(
            _("This person is an agent without a valid authorisation. Renew it in the list above.")
        )


def _record(
    member: Member, by: User, grant: Grant | None, document: Document | None
) -> Authorisation | None:
    if grant is None or document is None:
        return None
    return authorisations.record(grant, document, member=member, by=by)


@transaction.atomic
def resend(*, invitation: Invitation, by: User) -> Invitation:
    """Send the invitation again, with a new link that is valid for another two weeks.

    Raises :class:`Refusal` if it was sent less than :data:`RESEND_AFTER` ago.
    """
    people.lock(invitation.member, by=by)
    invitation = _not_accepted(invitation)
    if invitation.withdrawn_at:
        raise Conflict(_("This invitation was withdrawn."))
    if _has_lapsed(invitation):
        raise Refusal(
            _("The authorisation has ended. Withdraw the invitation, and invite the agent again.")
        )
    return _renew(invitation, by=by, role=invitation.role, authorisation=invitation.authorisation)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Withdraw the invitation: its link no longer works. Idempotent."""
    people.lock(invitation.member, by=by, ends_access=True)
    invitation = _not_accepted(invitation)
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])


def invite_first_owner(*, member: Member, by: User, email: str, language: str) -> Invitation:
    """Invite the first owner of a member that ``by`` has just admitted. Runs in the transaction of the admission."""
    role = Membership.Role.OWNER
    invitation = Invitation.objects.create(member=member, email=email, role=role, invited_by=by)
    _send(invitation, language)
    return invitation


@transaction.atomic
def resend_first_owner(*, member: Member, by: User, language: str, email: str = "") -> Invitation:
    """Send the invitation of the first owner again, for a moderator: the member has nobody else who could.

    With another ``email``, the earlier invitation is withdrawn and that address is invited. Raises
    :class:`NotAllowed`, :class:`Conflict` once the member has an owner or the invitation was withdrawn, and
    :class:`Refusal` if it was sent less than :data:`RESEND_AFTER` ago, if the member is not active, or if the account
    of the address cannot be an owner.
    """
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not roles.may_review(by):
        raise NotAllowed(_("Your role does not allow this."))
    found = first_owner_invitation(member)
    if found is None:
        raise _nothing_to_resend(member)
    if not roles.may_write(member):
        raise Refusal(_not_active(member))
    email = email.strip().lower() or found.email
    if reason := unfit_as_owner(email):
        raise Refusal(reason)
    if email == found.email:
        return _renew(found, by=by, role=found.role, authorisation=None, language=language)
    _refuse_known(member, email)
    replaced = member.invitations.open().filter(Q(pk=found.pk) | Q(email=email))
    replaced.update(withdrawn_at=clock.now())
    return invite_first_owner(member=member, by=by, email=email, language=language)


def first_owner_invitation(member: Member) -> Invitation | None:
    """Return the open invitation of an owner of a member that has no owner, or ``None``."""
    invited = member.invitations.open().filter(role=Membership.Role.OWNER)
    found: Invitation | None = invited.first()
    return None if found is None or roles.owners_today(member).exists() else found


def unfit_as_owner(email: str) -> str:
    """Return why the account of the address could not accept, in a sentence for moderators, or ``""``."""
    account = account_of(email)
    if account is None:
        return ""
    if account.needs_second_factor:
        text = _(
            "%(email)s belongs to a moderator, officer or administrator, who cannot be an owner."
        )
        return text % {"email": email}
    if not account.is_active:
        return _("The account of %(email)s is deactivated.") % {"email": email}
    return ""


def _nothing_to_resend(member: Member) -> Conflict:
    """Return the refusal that says what happened to the invitation of the first owner."""
    accepted = member.invitations.filter(role=Membership.Role.OWNER, accepted_at__isnull=False)
    if accepted.exists() or roles.owners_today(member).exists():
        return Conflict(_("The invitation has just been accepted."))
    return Conflict(_("This invitation was withdrawn."))


@transaction.atomic
def accept(*, invitation: Invitation, by: User) -> Membership:
    """Give ``by`` the role of the invitation. Idempotent.

    Raises :class:`Refusal` if the invitation is for another address or no longer valid.
    """
    invitation = _locked(invitation)
    held = Membership.objects.filter(user=by, member=invitation.member_id)
    if invitation.accepted_by_id == by.pk and (role := held.first()):
        return role
    in_force = held.in_force().first()
    if reason := refusal(invitation):
        raise Refusal(reason)
    if not is_for(invitation, by):
        raise Refusal(_("This invitation is for another email address."))
    if by.needs_second_factor:
        raise Refusal(_("Moderators, officers and administrators cannot have a role at a member."))
    # A role that is in force stays as it is.
    membership = in_force or _give_role(invitation, by)
    if membership.is_agent and (authorisation := invitation.authorisation):
        authorisation.agent = by
        authorisation.save(update_fields=["agent"])
    invitation.accepted_by, invitation.accepted_at = by, clock.now()
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    _tell_inviter(invitation, by)
    return membership


@transaction.atomic
def accept_as_new_user(*, invitation: Invitation, name: str, password: str | None) -> User:
    """Create the account of the invited address, and accept the invitation. Returns the account.

    Without a password, the person logs in by single sign-on.

    The address counts as verified: only its mailbox has the key. Raises :class:`Refusal` as :func:`accept`, and if the
    address has an account.
    """
    invitation = _locked(invitation)
    if account_of(invitation.email):
        raise Refusal(_("This email address has an account. Log in to accept the invitation."))
    user = new_account(invitation.email, name=name, password=password)
    accept(invitation=invitation, by=user)
    return user


def new_account(email: str, *, name: str, password: str | None) -> User:
    """Create the account of an address that is known to be the person's. Without a password, it has none."""
    user = User.objects.create_user(email, password, name=name, language=get_language() or "")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def refusal(invitation: Invitation) -> str:
    """Return why the invitation cannot be accepted, in a sentence for its reader, or ``""``."""
    if invitation.accepted_at:
        return _("This invitation has been used. Log in to continue.")
    if invitation.withdrawn_at:
        return _("This invitation was withdrawn.")
    if invitation.has_expired:
        return _("This invitation has expired. Ask %(name)s to resend it.") % {
            "name": invitation.invited_by.name
        }
    if _has_lapsed(invitation):
        return _("The authorisation of this invitation has ended. Ask %(name)s for a new one.") % {
            "name": invitation.invited_by.name
        }
    if not roles.may_write(invitation.member):
        return _not_active(invitation.member)
    return ""


def _not_active(member: Member) -> str:
    text = _("%(member)s is not an active member at the moment.")
    return text % {"member": member.shown_name}


def is_for(invitation: Invitation, user: User) -> bool:
    """Return whether the invited address belongs to ``user``."""
    return account_of(invitation.email) == user


def _locked(invitation: Invitation) -> Invitation:
    """Lock the member, as all changes of its people do, and the invitation; return the invitation."""
    Member.objects.select_for_update(no_key=True).get(pk=invitation.member_id)
    rows = Invitation.objects.select_for_update(no_key=True, of=("self",))
    related = rows.select_related("member", "invited_by", "authorisation__document")
    return related.get(pk=invitation.pk)


def _has_lapsed(invitation: Invitation) -> bool:
    """Return whether the invited agent's authorisation has ended."""
    authorisation = invitation.authorisation
    return authorisation is not None and authorisation.valid_until < clock.today()


def _give_role(invitation: Invitation, user: User) -> Membership:
    given = {
        "role": invitation.role,
        "is_agent": invitation.authorisation_id is not None,
        "valid_from": clock.today(),
        "valid_until": None,
    }
    return Membership.objects.update_or_create(
        user=user, member_id=invitation.member_id, defaults=given
    )[0]


def _not_accepted(invitation: Invitation) -> Invitation:
    """Lock the invitation and return it. Raises :class:`Conflict` if it has been accepted."""
    invitation = _locked(invitation)
    if invitation.accepted_at:
        raise Conflict(_("The invitation has just been accepted."))
    return invitation


def _renew(
    invitation: Invitation,
    *,
    by: User,
    role: str,
    authorisation: Authorisation | None,
    changed: bool = False,
    language: str = "",
) -> Invitation:
    """Send the invitation again. Raises :class:`Refusal` if it was sent a moment ago and has not changed."""
    if clock.now() - invitation.invited_at < RESEND_AFTER and not changed:
        raise Refusal(_("The invitation was sent a few minutes ago. Try again later."))
    replaced = invitation.authorisation if invitation.authorisation != authorisation else None
    invitation.role, invitation.invited_by = role, by
    invitation.authorisation = authorisation
    invitation.nonce, invitation.expires_at = new_nonce(), expiry()
    invitation.invited_at = clock.now()
    invitation.save()
    if replaced is not None:
        authorisations.discard(replaced)
    _send(invitation, language)
    return invitation


def _send(invitation: Invitation, language: str = "") -> None:
    """Queue the email, in the language of the account, else in ``language`` or that of the page."""
    user = account_of(invitation.email)
    sent_at = invitation.invited_at.isoformat()
    notices.queue(
        MemberNotice.Kind.INVITED,
        about=f"{invitation.pk}:{sent_at}",
        to=invitation.email,
        language=user.language if user else (language or get_language() or ""),
        member=invitation.member,
        invitation=invitation,
        sent_at=sent_at,
    )


def _tell_inviter(invitation: Invitation, by: User) -> None:
    if not invitation.invited_by.is_active:
        return
    notices.tell(
        MemberNotice.Kind.INVITATION_ACCEPTED,
        invitation.invited_by,
        about=str(invitation.pk),
        member=invitation.member,
        invitation=invitation,
        by=by.name,
    )
