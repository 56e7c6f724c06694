"""How moderators work together on a case: watch it, tag it, link it to another. Each is a POST."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.forms.teamwork import UnlinkForm, UntagForm, UnwatchForm, WatchForm
from cases.forms.triage import LinkForm, TagForm
from cases.services import teamwork
from cases.views.http import get_or_post
from cases.views.triage.actions import act


@get_or_post
def watch(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("You are notified of what others do on %(reference)s.")
    return act(request, reference, WatchForm, teamwork.watch, message=message)


@get_or_post
def unwatch(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("You no longer watch %(reference)s.")
    return act(request, reference, UnwatchForm, teamwork.unwatch, message=message)


@get_or_post
def tag(request: HttpRequest, reference: str) -> HttpResponse:
    return act(request, reference, TagForm, teamwork.add_tag, message=_("The tag was added."))


@get_or_post
def untag(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The tag was removed.")
    return act(request, reference, UntagForm, teamwork.remove_tag, message=message)


@get_or_post
def link(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The cases were linked.")
    return act(request, reference, LinkForm, teamwork.link, message=message)


@get_or_post
def unlink(request: HttpRequest, reference: str) -> HttpResponse:
    message = _("The link was removed.")
    return act(request, reference, UnlinkForm, teamwork.unlink, message=message)
