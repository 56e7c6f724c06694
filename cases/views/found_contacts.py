"""Helpers for the views in which filers and moderators confirm or reject contacts found in pictures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.models import Case, FoundContact
from cases.services import found_contacts as service
from members.models import User


def decide(request: HttpRequest, case: Case, pk: int, user: User) -> None:
    """Confirm or reject a contact of ``case`` as the button of the form says, and add a message.

    The view has checked that ``user`` may see the case. Raises ``Http404`` for a contact of another case.
    """
    found = FoundContact.objects.select_related("evidence__case")
    contact = get_object_or_404(found, pk=pk, evidence__case=case)
    answer = request.POST.get("contact", "")
    try:
        if answer == "confirm":
            service.confirm(contact=contact, by=user)
            messages.success(request, _("“%(contact)s” was added.") % {"contact": contact})
        elif answer == "reject":
            service.reject(contact=contact, by=user)
            text = _("“%(contact)s” is no longer suggested.")
            messages.success(request, text % {"contact": contact})
    except Refusal as refusal:
        messages.error(request, str(refusal))
