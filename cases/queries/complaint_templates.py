"""The complaint templates that a person can start cases from."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import ComplaintTemplate
from cases.queries import rights_to_cite
from members.models import IPRight, Membership, User


def of_filer(user: User) -> QuerySet[ComplaintTemplate]:
    """Return the templates of the members for which ``user`` may file, by name.

    Each has ``is_citable``, for :func:`obstacle`.
    """
    members = Membership.objects.may_file().filter(user=user).values("member")
    rows = ComplaintTemplate.objects.filter(member__in=members)
    citable = IPRight.objects.citable().filter(pk=OuterRef("right"))
    rows = rows.select_related("member", "right__brand__member", "created_by")
    return rows.annotate(is_citable=Exists(citable)).order_by("name", "pk")


def obstacle(template: ComplaintTemplate) -> str:
    """Return why the right of a template cannot be cited, or ``""``."""
    is_citable: bool = template.is_citable  # type: ignore[attr-defined]  # by of_filer()
    return "" if is_citable else rights_to_cite.reason(template.right)
