"""The people of a member: who has access, and invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.lib.keyset import paginate
from alliance.lib.refusals import NotAllowed, Refusal
from members import roles
from members.models import Invitation, Member, Membership, User
from members.people_forms import InviteForm, RoleForm
from members.services import invitations, people

PAGE_SIZE = 50


def person(request: HttpRequest) -> User:
    """Return the logged-in user. LoginRequiredMiddleware guarantees that there is one."""
    assert isinstance(request.user, User)
    return request.user


def members_of(user: User) -> QuerySet[Member]:
    """Return the members at which the user has a role today."""
    in_force = Membership.objects.in_force().filter(user=user)
    return Member.objects.filter(pk__in=in_force.values("member"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the people of the user's member, or a choice if the user has a role at several members."""
    found = members_of(person(request)).order_by("name", "pk")
    only = list(found[:2])
    if len(only) == 1:
        return redirect("people:list", only[0].slug)
    page = paginate(found, order=("name", "pk"), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    return render(request, "members/people_members.html", {"page": page})


@require_safe
def list_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who has access to the member, and to its owners the open invitations."""
    return _show(request, _member(request, slug))


@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite an email address."""
    member = _owned(request, slug)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, member, form, status=422)
    try:
        invitation = invitations.invite(member=member, by=person(request), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return _show(request, member, form, status=422)
    messages.success(
        request, _("An invitation is on its way to %(email)s.") % {"email": invitation.email}
    )
    return redirect("people:list", slug)


@require_POST
def resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation again."""
    invitation = _invitation(request, slug, pk)
    done = _("The invitation to %(email)s was resent.") % {"email": invitation.email}
    return _try(
        request, slug, lambda: invitations.resend(invitation=invitation, by=person(request)), done
    )


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = _invitation(request, slug, pk)
    done = _("The invitation to %(email)s was withdrawn.") % {"email": invitation.email}
    return _try(
        request, slug, lambda: invitations.withdraw(invitation=invitation, by=person(request)), done
    )


@require_POST
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change the role of a person."""
    membership = _membership(request, slug, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a role."))
        return redirect("people:list", slug)
    role = form.cleaned_data["role"]
    done = _("%(name)s now has the role “%(role)s”.") % {
        "name": membership.user.name,
        "role": Membership.Role(role).label,
    }
    return _try(
        request,
        slug,
        lambda: people.change_role(membership=membership, by=person(request), role=role),
        done,
    )


@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End the access of a person."""
    membership = _membership(request, slug, pk)
    own = membership.user_id == request.user.pk
    done = _("%(name)s no longer has access.") % {"name": membership.user.name}
    response = _try(
        request, slug, lambda: people.remove(membership=membership, by=person(request)), done
    )
    if own and not Membership.objects.filter(pk=membership.pk).exists():
        return redirect("start")
    return response


def _member(request: HttpRequest, slug: str) -> Member:
    return get_object_or_404(members_of(person(request)), slug=slug)


def _owned(request: HttpRequest, slug: str) -> Member:
    """Return the member. Raises ``Http404`` for strangers, and ``PermissionDenied`` for others than its owners."""
    member = _member(request, slug)
    if not roles.is_owner(person(request), member):
        raise PermissionDenied
    return member


def _invitation(request: HttpRequest, slug: str, pk: int) -> Invitation:
    return get_object_or_404(Invitation, member=_owned(request, slug), pk=pk)


def _membership(request: HttpRequest, slug: str, pk: int) -> Membership:
    rows = Membership.objects.select_related("user", "member")
    return get_object_or_404(rows, member=_owned(request, slug), pk=pk)


def _try(request: HttpRequest, slug: str, action: Any, done: str) -> HttpResponse:
    """Call the service, show the result as a message, and return to the list."""
    try:
        action()
    except NotAllowed:
        raise PermissionDenied from None
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("people:list", slug)


def _show(
    request: HttpRequest, member: Member, form: InviteForm | None = None, *, status: int = 200
) -> HttpResponse:
    user = person(request)
    is_owner = roles.is_owner(user, member)
    rows = member.memberships.in_force().select_related("user").annotate(name=F("user__name"))
    page = paginate(rows, order=("name", "pk"), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    context: dict[str, Any] = {
        "member": member,
        "page": page,
        "is_owner": is_owner,
        "roles": Membership.Role.choices,
        "several": members_of(user).count() > 1,
    }
    if is_owner:
        open_ = member.invitations.open().select_related("invited_by").order_by("-invited_at")
        context |= {
            "form": form or InviteForm(),
            "invitations": open_[: 2 * PAGE_SIZE],
            "invite_url": reverse("people:invite", args=[member.slug]),
        }
    return render(request, "members/people.html", context, status=status)
