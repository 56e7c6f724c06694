"""Channels in the admin: made with their secret shown once, changed, renewed, paused, resumed, sent again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import shown_once
from alliance.lib.admin import PortalAdmin
from alliance.lib.punctuation import colon
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import (
    Channel,
    ChannelEvent,
)
from cases.liaison.monitoring.status import COUNTED_AT_MOST
from cases.services.channels import core, operating, resending, setup
from cases.services.refusals import Refusal

_THRESHOLDS = ("alert_after_minutes", "alert_backlog")
_NEEDS = {"webhook": "url", "email": "email"}
# Under each field, which kind of channel it is for.
_HELP = {
    "stream_key": _("Only for a Redis stream; left empty, the portal names it."),
    "url": _("Only for a signed webhook: an https address of the agency."),
    "email": _(
        "Only for e-mail: gets the reference of the case, what happened and a link, nothing else."
    ),
}
_PROGRESS = (
    "breaker",
    "paused_at",
    "pause_reason",
    "previous_secret_until",
    "numbered_seq",
    "sent_seq",
    "last_success_at",
    "failures",
    "last_error",
    "next_attempt_at",
    "behind_since",
)


class ChannelForm(forms.ModelForm):
    """What a kind needs is asked for, and nothing that belongs to another kind is taken."""

    class Meta:
        help_texts = _HELP

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind") or self.instance.kind
        for other, field in (*_NEEDS.items(), ("stream", "stream_key")):
            if data.get(field) and other != kind:
                self.add_error(field, gettext("A channel of this kind has none: leave it empty."))
            elif field in self.fields and field in _NEEDS.values() and other == kind:
                self._check(field, data.get(field) or "")
        if not accounts.is_possible(data.get("stream_key") or ""):
            self.add_error("stream_key", gettext("The name of a stream has no spaces in it."))
        for field in _THRESHOLDS:
            if field in self.fields and data.get(field) == 0:
                self.add_error(field, gettext("At least 1."))
        if (data.get("alert_backlog") or 0) > COUNTED_AT_MOST:
            most = formats.number_format(COUNTED_AT_MOST, force_grouping=True)
            text = gettext("At most %(number)s: nothing is counted beyond that.")
            self.add_error("alert_backlog", text % {"number": most})
        return data

    def _check(self, field: str, value: str) -> None:
        if not value:
            self.add_error(field, gettext("A channel of this kind needs one: enter it here."))
        elif field == "url":
            try:
                setup.check_url(value)
            except Refusal as refusal:
                self.add_error(field, str(refusal))


@admin.register(Channel)
class ChannelAdmin(PortalAdmin):
    """Where updates go. How far they came is the workers' business."""

    form = ChannelForm
    list_display = (
        "name",
        "agency",
        "kind",
        "is_active",
        "paused_at",
        "breaker",
        "numbered_seq",
        "sent_seq",
        "failures",
        "last_success_at",
        "behind_since",
    )
    figures = ("numbered_seq", "sent_seq", "failures")
    list_filter = ("is_active", "kind", ("behind_since", admin.EmptyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("name", "agency__name", "agency__name_local", "stream_key", "url", "email")
    autocomplete_fields = ("agency",)
    actions = ("renew_secret", "start_new_stream", "pause", "resume", "send_dead_again")
    fieldsets = (
        (None, {"fields": ("agency", "name", "kind", "stream_key", "url", "email", "is_active")}),
        (_("Alerts"), {"fields": _THRESHOLDS}),
        (_("Progress"), {"fields": ("operators_page", *_PROGRESS)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """One that is being made has come nowhere yet."""
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Another stream or agency would be another channel: numbers go on from where they are."""
        shown = ("operators_page", *_PROGRESS)
        return (*shown, "agency", "kind", "stream_key") if obj else shown

    @admin.display(description=_("operators’ page"))
    def operators_page(self, obj: Channel) -> str:
        """The way to where the channel is watched, tested, and sent through again."""
        if not obj.pk:
            return "–"
        url = reverse("triage:channel", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Watch, test and send again"))

    @admin.display(description=_("breaker"))
    def breaker(self, obj: Channel) -> str:
        return str(obj.breaker.label)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new channel is made by the service that makes its secret, which is shown once afterwards."""
        if change:
            super().save_model(request, obj, form, change)
            # Names of fields, never what was in them: an address may carry a key of its own.
            if form.changed_data:
                kind = ChannelEvent.Kind.CHANGED
                fields = sorted(form.changed_data)
                core.record(obj, kind, request.user, fields=fields)  # type: ignore[arg-type]
            return
        made, shown = setup.create(
            agency=obj.agency,
            by=request.user,  # type: ignore[arg-type]  # the admin is behind the login
            kind=obj.kind,
            name=obj.name,
            url=obj.url,
            email=obj.email,
            stream_key=obj.stream_key or "",
        )
        typed = {name: getattr(obj, name) for name in ("is_active", *_THRESHOLDS)}
        Channel.objects.filter(pk=made.pk).update(**typed)
        obj.pk = made.pk
        obj.refresh_from_db()
        if made.kind == Channel.Kind.STREAM:
            transaction.on_commit(partial(accounts.apply_quietly, made.agency_id))
        # For response_add, which answers this very request.
        request.shown_once = [_shown(obj, shown)] if shown else []  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Channel, post_url_continue: Any = None
    ) -> HttpResponse:
        """Answer with the secret itself, where there is one: it goes through no cookie and no redirect."""
        response = super().response_add(request, obj, post_url_continue)
        shown = getattr(request, "shown_once", [])
        return shown_once.show(self, request, shown) if shown else response

    @admin.action(description=_("Renew the secret or token, shown once"), permissions=("change",))
    def renew_secret(
        self, request: HttpRequest, queryset: QuerySet[Channel]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = shown_once.Question(
                title=gettext("Renew the secret or token"),
                text=gettext(
                    "A webhook is signed with its former secret as well for a day. A former token ends at once."
                ),
                button=gettext("Renew and show it once"),
            )
            chosen = queryset.select_related("agency")
            return shown_once.ask(self, request, chosen, action="renew_secret", question=question)
        shown: list[shown_once.OneTimeSecret] = []

        def renew(channel: Channel, by: Any) -> None:
            is_pull = channel.kind == Channel.Kind.PULL
            verb = setup.rotate_token if is_pull else setup.rotate_secret
            shown.append(_shown(channel, verb(channel=channel, by=by)))

        self._each(request, queryset, renew)
        return shown_once.show(self, request, shown) if shown else None

    @admin.action(description=_("Start a new stream"), permissions=("change",))
    def start_new_stream(
        self, request: HttpRequest, queryset: QuerySet[Channel]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = shown_once.Question(
                title=gettext("Start a new stream"),
                text=gettext(
                    "For a stream that no longer fits the database, after a restore. The new one is filled with "
                    "all of the channel’s updates; the agency’s system follows it with an empty inbox."
                ),
                button=gettext("Start a new stream"),
            )
            chosen = queryset.select_related("agency")
            return shown_once.ask(
                self, request, chosen, action="start_new_stream", question=question
            )

        def start(channel: Channel, by: Any) -> None:
            key = setup.start_new_stream(channel=channel, by=by).stream_key
            text = gettext("Tell the agency the name of its new stream: %(stream)s")
            self.message_user(request, text % {"stream": key})

        self._each(request, queryset, start)
        return None

    @admin.action(description=_("Pause"), permissions=("change",))
    def pause(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        reason = gettext("Paused in the admin.")
        self._each(
            request, queryset, lambda c, by: operating.pause(channel=c, by=by, reason=reason)
        )

    @admin.action(description=_("Resume"), permissions=("change",))
    def resume(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        self._each(request, queryset, lambda c, by: operating.resume(channel=c, by=by))

    @admin.action(description=_("Send again what was given up"), permissions=("change",))
    def send_dead_again(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        def send(channel: Channel, by: Any) -> None:
            order = resending.send_dead_again(channel=channel, by=by)
            count = order.done if order else 0
            text = ngettext(
                "%(count)s update is due again.", "%(count)s updates are due again.", count
            )
            if order and not order.finished_at:
                text = gettext("Updates due again: %(count)s. The others follow.")
            self.message_user(request, text % {"count": count})

        self._each(request, queryset, send)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Channel],
        act: Callable[[Channel, Any], object],
    ) -> None:
        for channel in queryset.select_related("agency"):
            try:
                act(channel, request.user)
            except Refusal as refusal:
                self.message_user(request, f"{channel}{colon()}{refusal}", messages.ERROR)


def _shown(channel: Channel, secret: str) -> shown_once.OneTimeSecret:
    is_pull = channel.kind == Channel.Kind.PULL
    label = gettext("Token") if is_pull else gettext("Secret")
    return shown_once.OneTimeSecret(str(channel), [(label, secret)])
