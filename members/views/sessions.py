"""Actions on the page of a person's sessions, and the page that shows recovery codes. The rest is allauth's."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from alliance.lib.refusals import Refusal
from members.services import sessions as service
from members.views.http import person


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's other sessions."""
    session = UserSession.objects.filter(pk=pk).first()
    if session is not None and session.user_id != person(request).pk:
        raise Http404
    # After a double click the session no longer exists.
    if session is not None:
        key = request.session.session_key or ""
        try:
            service.end(session=session, by=person(request), current_key=key)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("usersessions_list")
    messages.success(request, _("The session was ended."))
    return redirect("usersessions_list")


@require_GET
@never_cache  # sets no-store, so that going back does not show the codes again
@transaction.atomic
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once, after reauthentication. Two requests at the same time show them once."""
    mine = Authenticator.objects.filter(
        user=person(request), type=Authenticator.Type.RECOVERY_CODES
    )
    list(mine.select_for_update())
    response: HttpResponse = view_recovery_codes(request)
    return response
