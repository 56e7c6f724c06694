"""Access tokens of a person at a member: list, creation and revocation."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.lib import shown_once
from alliance.lib.keyset import paginate
from alliance.lib.refusals import NotAllowed, Refusal
from members.forms.access_token import AccessTokenForm
from members.models import AccessToken, Membership
from members.services import access_tokens
from members.views.http import PAGE_SIZE, member_list, person, role_at


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the tokens at the user's member, or a choice if the user has a role at several members."""
    lead = _("Choose the member whose data your programs read or change.")
    return member_list(request, "tokens:list", heading=_("Access tokens"), lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def list_tokens(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the person's tokens, to owners all of the member's; or create a token."""
    role = role_at(request, slug)
    if request.method != "POST":
        return _show(request, role, AccessTokenForm(role=role))
    form = AccessTokenForm(request.POST, role=role)
    if not form.is_valid():
        return _show(request, role, form, status=422)
    response: HttpResponse = _create(request, role, form)
    return response


@reauthentication_required
def _create(request: HttpRequest, role: Membership, form: AccessTokenForm) -> HttpResponse:
    """Create a token, after the person has entered the password again, and show it once."""
    try:
        token, secret = access_tokens.create(
            member=role.member, by=person(request), **form.cleaned_data
        )
    except access_tokens.FormUsed as refusal:
        messages.warning(request, str(refusal))
        return _show(request, role, AccessTokenForm(role=role), status=refusal.http_status)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, role, form, status=refusal.http_status)
    context = {"member": role.member, "token": token, "secret": secret}
    return shown_once.page(request, "members/access_token.html", context)


@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Revoke a token of the person, or any of the member for its owners."""
    role = role_at(request, slug)
    token = get_object_or_404(AccessToken, membership__member=role.member, pk=pk)
    try:
        access_tokens.revoke(token=token, by=person(request))
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    text = _("The token “%(name)s” was revoked. Programs that use it are refused from now on.")
    messages.success(request, text % {"name": token.name})
    return redirect("tokens:list", slug)


def _show(
    request: HttpRequest, role: Membership, form: AccessTokenForm, *, status: int = 200
) -> HttpResponse:
    rows = AccessToken.objects.filter(membership__member=role.member)
    if not role.is_owner:
        rows = rows.filter(membership=role)
    rows = rows.select_related("membership__user")
    context = {
        "member": role.member,
        "form": form,
        "is_owner": role.is_owner,
        "several": role.has_other_members,  # type: ignore[attr-defined]
        "page": paginate(rows, order=("-id",), cursor=request.GET.get("cursor"), size=PAGE_SIZE),
    }
    return render(request, "members/access_tokens.html", context, status=status)
