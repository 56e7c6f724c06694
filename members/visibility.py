"""Which rows of members a person may see, one function per noun."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from members.models import (
    Application,
    Authorisation,
    Brand,
    Document,
    IPRight,
    Member,
    MemberNotice,
    Membership,
    Product,
    ProductPicture,
    User,
)
from members.models.application import ApplicationQuerySet
from members.models.notification import NotificationQuerySet
from members.models.product import ProductQuerySet
from members.models.rights import IPRightQuerySet

Person = User | AnonymousUser


def own_members(user: User) -> QuerySet[Member]:
    """Return the members at which ``user`` has a role today."""
    return Member.objects.filter(pk__in=Membership.objects.members_of(user))


def rights(user: Person) -> IPRightQuerySet:
    """Return all rights for moderators and admins, and those of their members for brand staff."""
    if not user.is_authenticated or not user.is_active:
        return IPRight.objects.none()
    if user.is_moderator or user.is_staff:
        return IPRight.objects.all()
    return IPRight.objects.filter(member__in=Membership.objects.members_of(user))


def products(user: Person) -> ProductQuerySet:
    """Return all products for moderators and admins, and those of their members for brand staff."""
    if not user.is_authenticated or not user.is_active:
        return Product.objects.none()
    if user.is_moderator or user.is_staff:
        return Product.objects.all()
    return Product.objects.filter(member__in=Membership.objects.members_of(user))


def brands(user: Person) -> QuerySet[Brand]:
    """Return the brands whose guides ``user`` may see: all for moderators and admins, those of their members for brand staff."""
    if not user.is_authenticated or not user.is_active:
        return Brand.objects.none()
    if user.is_moderator or user.is_staff:
        return Brand.objects.all()
    return Brand.objects.filter(member__in=Membership.objects.members_of(user))


def documents(user: Person, seen: ProductQuerySet | None = None) -> QuerySet[Document]:
    """Return the documents that ``user`` may download: of the rights, authorisations and products that they see.

    ``seen`` are these products, by default those of :func:`products`.
    """
    if not user.is_authenticated or not user.is_active:
        return Document.objects.none()
    of_agents = authorisations(user)
    pictures = ProductPicture.objects.filter(document=OuterRef("pk"))
    # With COALESCE, PostgreSQL looks at the products of one document, instead of all that the user may see.
    shown = Coalesce(
        Exists(pictures.filter(product__in=products(user) if seen is None else seen)), Value(False)
    )
    found = Q(right__in=rights(user)) | Q(authorisation__in=of_agents) | Q(shown)
    if user.is_moderator or user.is_staff:
        sent = applications(user)
        found |= Q(registers__in=sent) | Q(authorises__in=sent)
    return Document.objects.filter(found)


def applications(user: Person) -> ApplicationQuerySet:
    """Return the submitted applications for moderators and admins. Drafts are the applicant's, who has no account."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return Application.objects.sent()
    return Application.objects.none()


def authorisations(user: Person) -> QuerySet[Authorisation]:
    """Return all authorisations for admins, those of their agents for owners, and an agent's own while in force."""
    if not user.is_authenticated or not user.is_active:
        return Authorisation.objects.none()
    if user.is_staff:
        return Authorisation.objects.all()
    in_force = Membership.objects.in_force().filter(user=user)
    owned = in_force.filter(role=Membership.Role.OWNER).values("member")
    own = Q(agent=user, member__in=Membership.objects.members_of(user))
    return Authorisation.objects.filter(Q(member__in=owned) | own)


def notices(user: Person) -> NotificationQuerySet:
    """Return the notices to ``user``, without those about a member at which the user no longer has a role.

    Those about the person's own access stay. Moderators and admins, who invite people, need no role.
    """
    if not user.is_authenticated or not user.is_active:
        return MemberNotice.objects.none()
    mine: NotificationQuerySet = MemberNotice.objects.filter(user=user)
    if user.is_moderator or user.is_staff:
        return mine
    roles = Membership.objects.in_force().filter(user=user, member=OuterRef("member"))
    return mine.filter(Q(kind__in=MemberNotice.ABOUT_THE_PERSON) | Q(Exists(roles)))
