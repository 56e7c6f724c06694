"""Admin actions on an agency's account in the streams' Redis: rotate its password, or revoke it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import shown_once
from alliance.lib.admin import PortalAdmin
from alliance.lib.refusals import Refusal
from alliance.lib.shown_once import OneTimeSecret, Question
from alliance.lib.text import colon
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency, Channel
from cases.services.channels import stream_accounts
from members.models import User


class StreamAccountAdmin(PortalAdmin):
    """Base class of the agency admin, with the two actions. Each asks for confirmation."""

    actions = ("renew_stream_password", "withdraw_stream_password")

    @admin.action(
        description=_("Rotate the password of the stream account"),
        permissions=("change",),
    )
    def renew_stream_password(
        self, request: HttpRequest, queryset: QuerySet[Agency]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = Question(
                title=gettext("Rotate the password of the stream account"),
                text=gettext(
                    "The agency’s previous password stops working immediately, and connections opened with it are closed. Its system cannot read until it uses the new password. No updates are lost."
                ),
                button=gettext("Rotate and show once"),
            )
            action = "renew_stream_password"
            return shown_once.ask(self, request, queryset, action=action, question=question)
        shown = []
        for agency in queryset:
            try:
                password = stream_accounts.rotate(agency=agency, by=_person(request))
            except Refusal as refusal:
                self.message_user(request, f"{agency}{colon()}{refusal}", messages.ERROR)
            else:
                shown.append(_shown(agency, password))
        return shown_once.show(self, request, shown) if shown else None

    @admin.action(description=_("Revoke the stream account"), permissions=("change",))
    def withdraw_stream_password(
        self, request: HttpRequest, queryset: QuerySet[Agency]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = Question(
                title=gettext("Revoke the stream account"),
                text=gettext(
                    "The agency’s system can no longer read its streams. The entries are kept."
                ),
                button=gettext("Revoke account"),
            )
            action = "withdraw_stream_password"
            return shown_once.ask(self, request, queryset, action=action, question=question)
        for agency in queryset:
            try:
                stream_accounts.revoke(agency=agency, by=_person(request))
            except Refusal as refusal:
                self.message_user(request, f"{agency}{colon()}{refusal}", messages.ERROR)
            else:
                text = gettext("The stream account of %(agency)s is revoked.") % {"agency": agency}
                self.message_user(request, text)
                if problem := accounts.problem(agency.pk):
                    self.message_user(request, problem, messages.WARNING)
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Apply a changed slug, or the deactivation of the agency, to its account in Redis."""
        super().save_model(request, obj, form, change)
        if change and obj.stream_password_hash:
            transaction.on_commit(lambda: accounts.apply_quietly(obj.pk))


def connection_url(agency: Agency, password: str) -> str:
    """Return the URL with user and password for ``STREAM_URL``; ``""`` without ``LIAISON_REDIS_PUBLIC_URL``."""
    if not settings.LIAISON_REDIS_PUBLIC_URL:
        return ""
    public = urlsplit(settings.LIAISON_REDIS_PUBLIC_URL)
    # The setting may contain other credentials by mistake. An agency must not see them.
    host = public.netloc.rpartition("@")[2]
    return str(public._replace(netloc=f"{accounts.name(agency)}:{password}@{host}").geturl())


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin is behind the login
    return request.user


def _shown(agency: Agency, password: str) -> OneTimeSecret:
    streams = Channel.objects.filter(agency=agency, kind=Channel.Kind.STREAM).order_by("pk")
    keys = streams.values_list("stream_key", flat=True)
    values = [
        (gettext("User"), accounts.name(agency)),
        (gettext("Password"), password),
        (gettext("Stream"), ", ".join(key or "" for key in keys)),
    ]
    if url := connection_url(agency, password):
        values.append((gettext("URL with user and password"), url))
    return OneTimeSecret(str(agency), values, warning=accounts.problem(agency.pk))
