"""Helpers for views: the logged-in user, the user's members, and what was sent with a form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from alliance.lib import counts, form_recovery
from alliance.lib.keyset import paginate
from members.models import Member, Membership, User
from members.visibility import own_members

PAGE_SIZE = 50


def person(request: HttpRequest) -> User:
    """Return the logged-in user. LoginRequiredMiddleware guarantees that there is one."""
    assert isinstance(request.user, User)
    return request.user


def role_at(request: HttpRequest, slug: str) -> Membership:
    """Return the user's role at the member, with ``has_other_members``. Raises ``Http404`` for strangers."""
    in_force = Membership.objects.in_force().filter(user=person(request))
    others = in_force.exclude(pk=OuterRef("pk"))
    rows = in_force.select_related("member").annotate(has_other_members=Exists(others))
    return get_object_or_404(rows, member__slug=slug)


def owned_member(request: HttpRequest, slug: str) -> Member:
    """Return the member, for one of its owners.

    Raises ``Http404`` for people without a role at the member, and ``PermissionDenied`` for others than its owners.
    """
    role = role_at(request, slug)
    if not role.is_owner:
        raise PermissionDenied
    return role.member


def member_list(request: HttpRequest, page_of: str, *, heading: str, lead: str) -> HttpResponse:
    """Let the user choose one of their members, or redirect to the only one. ``page_of`` is the URL name of its page."""
    page = paginate(
        own_members(person(request)),
        order=("name", "pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    if len(page.rows) == 1 and not page.previous:
        return redirect(page_of, page.rows[0].slug)
    context = {"page": page, "heading": heading, "lead": lead, "list_url": page_of}
    return render(request, "members/choose_member.html", context)


def list_context(
    request: HttpRequest,
    role: Membership,
    narrowed: Any,
    found: QuerySet[Any],
    shown: QuerySet[Any],
    *,
    order: tuple[str, ...] = ("-id",),
) -> dict[str, Any]:
    """Return what the templates of a member's lists need.

    ``narrowed`` is the form of the filter and ``found`` are its rows, which are counted. ``shown`` are the same rows
    with everything that the table shows.
    """
    return {
        "member": role.member,
        "filter": narrowed,
        "page": paginate(shown, order=order, cursor=request.GET.get("cursor"), size=PAGE_SIZE),
        "count": counts.words(counts.count(found)),
        "may_change": role.may_file,
        "several": role.has_other_members,  # type: ignore[attr-defined]
    }


def with_seen(request: HttpRequest, version: str) -> QueryDict:
    """Return what was posted with the current ``version`` as ``seen``, so that the form can be sent again."""
    data = request.POST.copy()
    data["seen"] = version
    return data


def restored_data(request: HttpRequest) -> QueryDict | None:
    """Return the form data posted to this URL when the session had expired, else ``None``.

    Adds a message that the data was restored.
    """
    data = form_recovery.restore(request)
    if data is not None:
        messages.warning(
            request,
            _("Your session expired. Your text was restored below: check it and send it again."),
        )
    return data
