"""The page of a person's email addresses. It is allauth's, with the rule of domains that require single sign-on."""

from __future__ import annotations

from typing import Any

from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from members.services import single_sign_on
from members.single_sign_on import pages
from members.views.http import person


class Addresses(EmailView):
    """People who must use single sign-on keep an address of its domains, also as the primary one."""

    def _action_primary(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        address = self._get_email_address(request)
        if address and (found := single_sign_on.forbids_address(person(request), address.email)):
            messages.error(request, pages.only_its_domains(found))
            return None
        response: HttpResponse | None = super()._action_primary(request, *args, **kwargs)
        return response

    def _action_remove(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        address = self._get_email_address(request)
        if (
            address
            and not address.primary
            and (found := single_sign_on.needs_address(person(request), address.email))
        ):
            messages.error(request, pages.must_use(found))
            return None
        response: HttpResponse | None = super()._action_remove(request, *args, **kwargs)
        return response
