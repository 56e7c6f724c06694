"""Channels in the admin: create, change, rotate secrets, pause, resume and resend."""

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
from alliance.lib.admin import PortalAdmin, ReadOnlyAdmin
from alliance.lib.refusals import Refusal
from alliance.lib.text import colon
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import (
    Channel,
    ChannelBrand,
    ChannelEvent,
)
from cases.liaison.monitoring.status import MAX_COUNTED
from cases.services.channels import core, members, operating, resending, setup

_THRESHOLDS = ("alert_after_minutes", "alert_backlog")
_NEEDS = {"webhook": "url", "email": "email"}
# Help texts that say which kind of channel a field is for.
_HELP = {
    "stream_key": _("Only for a Redis stream. Leave empty to let the portal name it."),
    "url": _("Only for a signed webhook: an https URL of the agency."),
    "email": _(
        "Only for email. Messages contain the reference of the referral, the event and a link, nothing else."
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


# What is shown of a member's webhook. The query of its URL may contain a key.
_OF_MEMBER = ("member", "name", "shown_url", "all_brands", "is_active", "deleted_at")


class ChannelForm(forms.ModelForm):
    """Requires the fields of the channel's kind and refuses those of other kinds."""

    class Meta:
        help_texts = _HELP

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind") or self.instance.kind
        for other, field in (*_NEEDS.items(), ("stream", "stream_key")):
            if data.get(field) and other != kind:
                self.add_error(
                    field,
                    gettext("A channel of this kind does not use this field. Leave it empty."),
                )
            elif field in self.fields and field in _NEEDS.values() and other == kind:
                self._check(field, data.get(field) or "")
        if not accounts.is_possible(data.get("stream_key") or ""):
            self.add_error("stream_key", gettext("The name of a stream cannot contain spaces."))
        for field in _THRESHOLDS:
            if field in self.fields and data.get(field) == 0:
                self.add_error(field, gettext("At least 1."))
        if (data.get("alert_backlog") or 0) > MAX_COUNTED:
            most = formats.number_format(MAX_COUNTED, force_grouping=True)
            text = gettext("At most %(number)s. Counting stops there.")
            self.add_error("alert_backlog", text % {"number": most})
        return data

    def _check(self, field: str, value: str) -> None:
        if not value:
            self.add_error(field, gettext("A channel of this kind needs this field."))
        elif field == "url":
            try:
                setup.check_url(value)
            except Refusal as refusal:
                self.add_error(field, str(refusal))


@admin.register(ChannelBrand)
class ChannelBrandAdmin(ReadOnlyAdmin):
    list_display = ("channel", "brand", "added_at")
    list_select_related = ("channel__agency", "channel__member", "brand")
    search_fields = ("channel__name", "brand__name")
    ordering = ("-pk",)
    sortable_by = ()


@admin.register(Channel)
class ChannelAdmin(PortalAdmin):
    """Channels. The fields of their progress are read-only."""

    form = ChannelForm
    list_display = (
        "name",
        "agency",
        "member",
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
    list_select_related = ("agency", "member")
    search_fields = ("name", "agency__name", "agency__name_local", "stream_key", "email")
    autocomplete_fields = ("agency",)
    actions = ("renew_secret", "start_new_stream", "pause", "resume", "resend_dead_letters")
    fieldsets = (
        (None, {"fields": ("agency", "name", "kind", "stream_key", "url", "email", "is_active")}),
        (_("Alerts"), {"fields": _THRESHOLDS}),
        (_("Progress"), {"fields": ("operators_page", *_PROGRESS)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new channel has no progress to show, and a member's webhook only what its owners set."""
        if obj and obj.member_id:
            return ((None, {"fields": _OF_MEMBER}), (_("Progress"), {"fields": _PROGRESS}))
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The agency, kind and stream of an existing channel are fixed, because its numbers continue.

        Administrators can only switch a member's webhook off.
        """
        shown = ("operators_page", *_PROGRESS)
        if obj and obj.member_id:
            fixed = [name for name in _OF_MEMBER if name != "is_active" or not obj.is_active]
            return (*fixed, *_PROGRESS)
        return (*shown, "agency", "kind", "stream_key") if obj else shown

    @admin.display(description=_("operations page"))
    def operators_page(self, obj: Channel) -> str:
        """Return a link to the page for operators, where they monitor and test the channel."""
        if not obj.pk:
            return "–"
        url = reverse("triage:channel", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Monitor, test and resend"))

    @admin.display(description=_("URL"))
    def shown_url(self, obj: Channel) -> str:
        return obj.shown_url

    @admin.display(description=_("circuit breaker"))
    def breaker(self, obj: Channel) -> str:
        return str(obj.breaker.label)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Create a new channel with the service. :meth:`response_add` shows the secret that it returns."""
        if change and obj.member_id:
            if "is_active" in form.changed_data:
                members.switch_off_for_alliance(channel=obj, by=request.user)  # type: ignore[arg-type]
            return
        if change:
            super().save_model(request, obj, form, change)
            # Only the names of fields: the value of an address may contain a key.
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
        entered = {name: getattr(obj, name) for name in ("is_active", *_THRESHOLDS)}
        Channel.objects.filter(pk=made.pk).update(**entered)
        obj.pk = made.pk
        obj.refresh_from_db()
        if made.kind == Channel.Kind.STREAM:
            transaction.on_commit(partial(accounts.apply_quietly, made.recipient.pk))
        # For response_add, which answers the same request.
        request.shown_once = [_shown(obj, shown)] if shown else []  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Channel, post_url_continue: Any = None
    ) -> HttpResponse:
        """Show the secret, if any, in this response. It must not be in a cookie or a redirect."""
        response = super().response_add(request, obj, post_url_continue)
        shown = getattr(request, "shown_once", [])
        return shown_once.show(self, request, shown) if shown else response

    @admin.action(description=_("Rotate the secret or token"), permissions=("change",))
    def renew_secret(
        self, request: HttpRequest, queryset: QuerySet[Channel]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = shown_once.Question(
                title=gettext("Rotate the secret or token"),
                text=gettext(
                    "Webhooks are also signed with the previous secret for one day. The previous token stops working immediately."
                ),
                button=gettext("Rotate and show once"),
            )
            chosen = queryset.select_related("agency")
            return shown_once.ask(self, request, chosen, action="renew_secret", question=question)
        shown: list[shown_once.OneTimeSecret] = []

        def rotate(channel: Channel, by: Any) -> None:
            is_pull = channel.kind == Channel.Kind.PULL
            service = setup.rotate_token if is_pull else setup.rotate_secret
            shown.append(_shown(channel, service(channel=channel, by=by)))

        self._for_each(request, queryset, rotate)
        return shown_once.show(self, request, shown) if shown else None

    @admin.action(description=_("Start new stream"), permissions=("change",))
    def start_new_stream(
        self, request: HttpRequest, queryset: QuerySet[Channel]
    ) -> HttpResponse | None:
        if not shown_once.is_confirmed(request):
            question = shown_once.Question(
                title=gettext("Start new stream"),
                text=gettext(
                    "Use this when a stream no longer matches the database after a restore. The new stream is filled with all of the channel’s updates. The agency’s system must read it from the beginning with an empty inbox."
                ),
                button=gettext("Start new stream"),
            )
            chosen = queryset.select_related("agency")
            return shown_once.ask(
                self, request, chosen, action="start_new_stream", question=question
            )

        def start(channel: Channel, by: Any) -> None:
            key = setup.start_new_stream(channel=channel, by=by).stream_key
            text = gettext("Send the agency the name of its new stream: %(stream)s")
            self.message_user(request, text % {"stream": key})

        self._for_each(request, queryset, start)
        return None

    @admin.action(description=_("Pause"), permissions=("change",))
    def pause(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        reason = gettext("Paused in the admin.")
        self._for_each(
            request, queryset, lambda c, by: operating.pause(channel=c, by=by, reason=reason)
        )

    @admin.action(description=_("Resume"), permissions=("change",))
    def resume(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        self._for_each(request, queryset, lambda c, by: operating.resume(channel=c, by=by))

    @admin.action(description=_("Resend all dead letters"), permissions=("change",))
    def resend_dead_letters(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        def resend(channel: Channel, by: Any) -> None:
            order = resending.resend_dead_letters(channel=channel, by=by)
            count = order.done if order else 0
            text = ngettext(
                "%(count)s update is queued for resending.",
                "%(count)s updates are queued for resending.",
                count,
            )
            if order and not order.finished_at:
                text = gettext("Updates queued for resending: %(count)s. The others follow.")
            self.message_user(request, text % {"count": count})

        self._for_each(request, queryset, resend)

    def _for_each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Channel],
        perform: Callable[[Channel, Any], object],
    ) -> None:
        for channel in queryset.select_related("agency"):
            try:
                perform(channel, request.user)
            except Refusal as refusal:
                self.message_user(request, f"{channel}{colon()}{refusal}", messages.ERROR)


def _shown(channel: Channel, secret: str) -> shown_once.OneTimeSecret:
    is_pull = channel.kind == Channel.Kind.PULL
    label = gettext("Token") if is_pull else gettext("Secret")
    return shown_once.OneTimeSecret(str(channel), [(label, secret)])
