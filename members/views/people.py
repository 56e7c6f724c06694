"""The people of a member: who has access, and invitations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from members import standing
from members.forms.people import ChangeRoleForm, InviteForm
from members.models import Invitation, Member, Membership
from members.services import invitations, people
from members.views.http import PAGE_SIZE, member_list, owned_member, person, role_at
from members.visibility import own_members


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the people of the user's member, or a choice if the user has a role at several members."""
    lead = _("Choose the member whose people you want to see.")
    return member_list(request, "people:list", heading=_("People"), lead=lead)


@require_safe
def list_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who has access to the member, and to its owners the open invitations."""
    return _show(request, slug)


@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite an email address."""
    member, form = owned_member(request, slug), InviteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, member.slug, form, status=422)
    try:
        invitation = invitations.invite(member=member, by=person(request), **form.values)
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return _show(request, member.slug, form, status=refusal.http_status)
    text = _("An invitation is on its way to %(email)s.") % {"email": invitation.email}
    return _done(request, member, text)


@require_POST
def resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation again."""
    invitation = _invitation(request, slug, pk)
    text = _("The invitation to %(email)s was resent.") % {"email": invitation.email}
    return _try(request, invitation.member, text, invitations.resend, invitation=invitation)


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = _invitation(request, slug, pk)
    text = _("The invitation to %(email)s was withdrawn.") % {"email": invitation.email}
    return _try(request, invitation.member, text, invitations.withdraw, invitation=invitation)


@require_POST
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change the role of a person."""
    membership, form = _membership(request, slug, pk), ChangeRoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a role."))
        return _show(request, slug, status=422)
    role = Membership.Role(form.cleaned_data["role"])
    names = {"name": membership.user.name, "role": role.label}
    text = _("%(name)s now has the role “%(role)s”.") % names
    return _try(
        request, membership.member, text, people.change_role, membership=membership, role=role
    )


@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End the access of a person."""
    membership = _membership(request, slug, pk)
    text = _("%(name)s no longer has access.") % {"name": membership.user.name}
    return _try(request, membership.member, text, people.remove, membership=membership)


def _invitation(request: HttpRequest, slug: str, pk: int) -> Invitation:
    rows = Invitation.objects.select_related("member")
    return get_object_or_404(rows, member=owned_member(request, slug), pk=pk)


def _membership(request: HttpRequest, slug: str, pk: int) -> Membership:
    rows = Membership.objects.select_related("user", "member")
    return get_object_or_404(rows, member=owned_member(request, slug), pk=pk)


def _try(
    request: HttpRequest, member: Member, done: str, service: Callable[..., Any], **arguments: Any
) -> HttpResponse:
    """Call the service. Show the list with the refusal, or afresh with the text ``done``."""
    try:
        service(by=person(request), **arguments)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _show(request, member.slug, status=refusal.http_status)
    return _done(request, member, done)


def _done(request: HttpRequest, member: Member, text: str) -> HttpResponse:
    """Show the text on the list, or on the start page for a person who has just left the member."""
    messages.success(request, text)
    if own_members(person(request)).filter(pk=member.pk).exists():
        return redirect("people:list", member.slug)
    return redirect("start")


def _show(
    request: HttpRequest, slug: str, form: InviteForm | None = None, *, status: int = 200
) -> HttpResponse:
    role = role_at(request, slug)
    member = role.member
    in_force = member.memberships.in_force().values("pk")
    # Agents without a valid authorisation are listed too, so that owners can renew it.
    rows = member.memberships.filter(Q(pk__in=in_force) | Q(is_agent=True))
    rows = rows.select_related("user").annotate(name=F("user__name"))
    page = paginate(rows, order=("name", "pk"), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    standing.attach(page.rows)
    context: dict[str, Any] = {
        "member": member,
        "page": page,
        "is_owner": role.is_owner,
        "roles": Membership.Role.choices,
        "several": role.has_other_members,  # type: ignore[attr-defined]
    }
    if role.is_owner:
        open_ = member.invitations.open().select_related("invited_by", "authorisation")
        context |= {"form": form or InviteForm(), "invitations": open_[: 2 * PAGE_SIZE]}
    return render(request, "members/people.html", context, status=status)
