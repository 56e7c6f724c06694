"""Single sign-on: who may log in by a member's identity provider, and with which account."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alliance.lib import clock, visible
from alliance.lib.refusals import Refusal
from members import domains, roles
from members.accounts import account_of
from members.mail import notices
from members.models import (
    Invitation,
    LoginDomain,
    Member,
    MemberNotice,
    Membership,
    SingleSignOn,
    User,
)
from members.services import invitations

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claims:
    """What a provider has said of a person, after its signature was checked.

    ``subject`` identifies the person at the provider for ever. ``is_verified`` tells whether the provider has verified
    the email address.
    """

    subject: str
    email: str
    is_verified: bool
    name: str


@transaction.atomic
def admit(*, provider: SingleSignOn, claims: Claims) -> SocialAccount:
    """Return the login of the person at the provider, with its account. Idempotent.

    At the first login, the login is connected to the account with this address, or the account is created: by the open
    invitation of the address, or as a viewer if the provider creates accounts. An account that is connected with another
    person of the provider stays with that person: addresses are given to new people. Raises :class:`Refusal`.
    """
    Member.objects.select_for_update(no_key=True).get(pk=provider.member_id)
    found = SingleSignOn.objects.in_use().filter(pk=provider.pk).select_related("member").first()
    if found is None:
        raise Refusal(_("Single sign-on of %(member)s is switched off.") % _name(provider.member))
    email = claims.email.strip().lower()
    _check_address(found, email, claims)
    login = SocialAccount.objects.filter(provider=found.key, uid=claims.subject)
    connected = login.select_related("user").first()
    user = connected.user if connected else account_of(email)
    if user is not None:
        _check_account(found, user)
        if connected is None:
            _check_verified(user, email)
            _check_unconnected(found, user, email)
    else:
        user = _new_account(found, email, claims)
    if not user.is_active:  # allauth refuses the login
        return connected or SocialAccount(user=user, provider=found.key, uid=claims.subject)
    _accept_invitation(found, user, email)
    return connected or _connect(found, user, claims.subject)


def required_for(user: User) -> SingleSignOn | None:
    """Return the provider that ``user`` must log in with, or ``None`` if a password is accepted.

    It is the provider of any of the person's addresses, primary or verified, or one that the person has logged in by:
    choosing another primary address does not help. Owners of the member may use their password, so that a fault of the
    provider does not lock the member out. Moderators, officers and admins never log in by a provider.
    """
    if user.needs_second_factor:
        return None
    by_address = LoginDomain.objects.filter(name__in=_domains_of(user)).values("single_sign_on")
    connected = SocialAccount.objects.filter(user=user).values("provider")
    found = SingleSignOn.objects.in_use().filter(
        Q(pk__in=by_address) | Q(key__in=connected), is_required=True
    )
    rows = found.select_related("member").order_by("pk")
    return next((row for row in rows if not roles.is_owner(user, row.member)), None)


def forbids_address(user: User, email: str) -> SingleSignOn | None:
    """Return the provider that ``user`` must log in with, if ``email`` is not of its domains."""
    provider = required_for(user)
    return provider if provider and not provider.serves(email) else None


def needs_address(user: User, email: str) -> SingleSignOn | None:
    """Return the provider that ``user`` must log in with, if ``email`` is the only address of its domains."""
    provider = required_for(user)
    if provider is None or not provider.serves(email):
        return None
    others = EmailAddress.objects.filter(user=user, verified=True).exclude(email=email)
    kept = any(provider.serves(other) for other in others.values_list("email", flat=True))
    return None if kept else provider


@transaction.atomic
def disconnect(provider: SingleSignOn) -> int:
    """Delete the connected logins of the provider, which becomes another one. Returns their number.

    Its subjects mean other people then. The next login connects each person again, by the email address.
    """
    Member.objects.select_for_update(no_key=True).get(pk=provider.member_id)
    number: int = SocialAccount.objects.filter(provider=provider.key).delete()[0]
    log.info("logins_disconnected", single_sign_on=provider.pk, number=number)
    return number


def release(user: User) -> None:
    """Delete the logins of ``user`` whose providers do not serve the account's address. An admin has changed it."""
    serving = SingleSignOn.objects.filter(domains__name=domains.of_address(user.email))
    SocialAccount.objects.filter(user=user).exclude(provider__in=serving.values("key")).delete()


def record_test(provider: SingleSignOn) -> None:
    """Record that the provider has just been reached, or has logged a person in."""
    SingleSignOn.objects.filter(pk=provider.pk).update(tested_at=clock.now())


def _check_address(provider: SingleSignOn, email: str, claims: Claims) -> None:
    if not email:
        raise Refusal(_("The identity provider did not send your email address."))
    if not provider.serves(email):
        raise Refusal(
            _("%(email)s does not belong to the email domains of %(member)s.")
            % {"email": email, **_name(provider.member)}
        )
    if not claims.is_verified:
        raise Refusal(
            _("The identity provider has not verified %(email)s. Ask the people who run it.")
            % {"email": email}
        )


def _check_account(provider: SingleSignOn, user: User) -> None:
    """Raise :class:`Refusal` if ``user`` may not log in by this provider."""
    if user.needs_second_factor:
        raise Refusal(_("Moderators, officers and administrators log in with their password."))
    if not provider.serves(user.email):
        raise Refusal(
            _(
                "Your account has the email address %(email)s, which is not of %(member)s. If it should be, ask an"
                " administrator of the alliance to change it."
            )
            % {"email": user.email, **_name(provider.member)}
        )


def _check_verified(user: User, email: str) -> None:
    """Raise :class:`Refusal` if the portal has not verified the address: another person may have entered it."""
    if not EmailAddress.objects.filter(user=user, email=email, verified=True).exists():
        raise Refusal(
            _("The portal has not verified %(email)s yet. Log in with your password first.")
            % {"email": email}
        )


def _check_unconnected(provider: SingleSignOn, user: User, email: str) -> None:
    """Raise :class:`Refusal` if another person of the provider has the account."""
    if SocialAccount.objects.filter(user=user, provider=provider.key).exists():
        raise Refusal(
            _(
                "The account of %(email)s is connected with another person at your identity provider. Ask an"
                " administrator of the alliance to disconnect it."
            )
            % {"email": email}
        )


def _domains_of(user: User) -> set[str]:
    """Return the domains of the person's primary address and verified other addresses."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {domains.of_address(email) for email in (user.email, *verified)} - {""}


def _new_account(provider: SingleSignOn, email: str, claims: Claims) -> User:
    name = _shown_name(claims, email)
    if invitation := _open_invitation(provider, email):
        return invitations.accept_as_new_user(invitation=invitation, name=name, password=None)
    member = provider.member
    if member.status != Member.Status.ACTIVE:
        raise Refusal(_("%(member)s is not an active member at the moment.") % _name(member))
    if not provider.creates_accounts:
        raise Refusal(
            _("You have no account yet. Ask an owner of %(member)s to invite %(email)s.")
            % {"email": email, **_name(member)}
        )
    user = invitations.new_account(email, name=name, password=None)
    Membership.objects.create(user=user, member=member, role=Membership.Role.VIEWER)
    return user


def _accept_invitation(provider: SingleSignOn, user: User, email: str) -> None:
    """Accept the invitation of the address, if it is the person's: the provider may have renamed the person."""
    invitation = _open_invitation(provider, email)
    if invitation and invitations.is_for(invitation, user):
        invitations.accept(invitation=invitation, by=user)


def _open_invitation(provider: SingleSignOn, email: str) -> Invitation | None:
    """Return the invitation of the address to the provider's member, if it can be accepted."""
    found = Invitation.objects.open().filter(member=provider.member, email=email)
    invitation = found.select_related("member", "invited_by", "authorisation").first()
    return invitation if invitation and not invitations.refusal(invitation) else None


def _connect(provider: SingleSignOn, user: User, subject: str) -> SocialAccount:
    login = SocialAccount.objects.create(user=user, provider=provider.key, uid=subject)
    log.info("login_connected", user=user.pk, single_sign_on=provider.pk)
    notices.tell(
        MemberNotice.Kind.LOGIN_CONNECTED, user, about=str(login.pk), member=provider.member
    )
    return login


def _shown_name(claims: Claims, email: str) -> str:
    """Return the name that the provider sent, without invisible characters, or the beginning of the address."""
    limit = User._meta.get_field("name").max_length
    name = visible.cleaned(claims.name)[:limit].strip()
    return email.partition("@")[0][:limit] if visible.is_blank(name) else name


def _name(member: Member) -> dict[str, str]:
    return {"member": member.shown_name}
