"""An agency's account at the streams' Redis, in the admin: its password made, shown once, or withdrawn."""

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
from alliance.lib.punctuation import colon
from alliance.lib.shown_once import OneTimeSecret, Question
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency, Channel
from cases.services.channels import stream_accounts
from cases.services.refusals import Refusal
from members.models import User


class StreamAccountAdmin(PortalAdmin):
    """For the admin of agencies: two actions, each asked for before it is done."""

    actions = ("renew_stream_password", "withdraw_stream_password")

    @admin.action(
        description=_("Renew the password of the stream account, shown once"),
        permissions=("change",),
    )
    def renew_stream_password(
        self, request: HttpRequest, queryset: QuerySet[Agency]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = Question(
                title=gettext("Renew the password of the stream account"),
                text=gettext(
                    "The agency's former password ends at once, and so do the connections opened with it. "
                    "Its system reads nothing until it has the new one; nothing is lost meanwhile."
                ),
                button=gettext("Renew and show it once"),
            )
            action = "renew_stream_password"
            return shown_once.ask(self, request, queryset, action=action, question=question)
        shown = []
        for agency in queryset:
            try:
                password = stream_accounts.renew(agency=agency, by=_person(request))
            except Refusal as refusal:
                self.message_user(request, f"{agency}{colon()}{refusal}", messages.ERROR)
            else:
                shown.append(_shown(agency, password))
        return shown_once.show(self, request, shown) if shown else None

    @admin.action(description=_("Withdraw the stream account"), permissions=("change",))
    def withdraw_stream_password(
        self, request: HttpRequest, queryset: QuerySet[Agency]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = Question(
                title=gettext("Withdraw the stream account"),
                text=gettext(
                    "The agency's system can read its streams no more, from now on. What is sent there stays there."
                ),
                button=gettext("Withdraw"),
            )
            action = "withdraw_stream_password"
            return shown_once.ask(self, request, queryset, action=action, question=question)
        for agency in queryset:
            try:
                stream_accounts.revoke(agency=agency, by=_person(request))
            except Refusal as refusal:
                self.message_user(request, f"{agency}{colon()}{refusal}", messages.ERROR)
            else:
                text = gettext("%(agency)s has no stream account any more.") % {"agency": agency}
                self.message_user(request, text)
                if problem := accounts.problem(agency.pk):
                    self.message_user(request, problem, messages.WARNING)
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Another name is another account, and who is no longer in use has none: at once."""
        super().save_model(request, obj, form, change)
        if change and obj.stream_password_hash:
            transaction.on_commit(lambda: accounts.apply_quietly(obj.pk))


def connection_url(agency: Agency, password: str) -> str:
    """Return the address with user and password, as ``STREAM_URL`` has it; ``""`` when it is not set."""
    if not settings.LIAISON_REDIS_PUBLIC_URL:
        return ""
    public = urlsplit(settings.LIAISON_REDIS_PUBLIC_URL)
    # Whoever stands in the setting by mistake is not shown to an agency.
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
        values.append((gettext("Address, with user and password"), url))
    return OneTimeSecret(str(agency), values, warning=accounts.problem(agency.pk))
