"""The page on which owners choose what the directory shows of their member."""

from __future__ import annotations

import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib.refusals import Conflict, Refusal
from members.forms.directory import EntryForm
from members.models import DirectoryEntry, Member
from members.services import directory
from members.views.http import owned_member, person, restored_data, with_seen
from members.views.public_page import page_context


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what the directory shows of the member, in two steps: preview, then publish."""
    member = owned_member(request, slug)
    if request.method != "POST":
        return _form_page(request, member, EntryForm(restored_data(request), member=member))
    form = EntryForm(request.POST, member=member)
    if request.POST.get("step") == "change":
        form.full_clean()
        form.errors.clear()
        return _form_page(request, member, form)
    if not form.is_valid():
        return _form_page(request, member, form, status=422)
    if request.POST.get("step") != "publish":
        return _preview(request, member, form)
    try:
        directory.publish(member=member, by=person(request), **form.choice)
    except Refusal as refusal:
        if isinstance(refusal, Conflict):
            data = with_seen(request, directory.published(member).version)
            form = EntryForm(data, member=member)
        form.add_error(None, str(refusal))
        return _form_page(request, member, form, status=refusal.http_status)
    messages.success(request, _("The directory entry is published."))
    return redirect("members:detail", member.slug)


def _preview(request: HttpRequest, member: Member, form: EntryForm) -> HttpResponse:
    """Show the page as the public would see it. Nothing is saved."""
    facts = form.cleaned_data
    shown, entry = copy.copy(member), DirectoryEntry(member_id=member.pk)
    for name in directory.OF_MEMBER:
        setattr(shown, name, facts[name])
    for name in directory.OF_ENTRY:
        setattr(entry, name, facts[name])
    chinese = (get_language() or "").startswith("zh")
    other = shown.description if chinese else shown.description_zh
    context = page_context(shown, facts["brands"], entry) | {
        "form": form,
        "other_description": "" if other == shown.localized_description else other,
        "breadcrumbs": _breadcrumbs(member, _("Preview")),
    }
    return render(request, "members/entry_preview.html", context)


def _form_page(
    request: HttpRequest, member: Member, form: EntryForm, status: int = 200
) -> HttpResponse:
    entry = directory.entry_of(member)
    context = {
        "form": form,
        "member": member,
        "is_active": member.status == Member.Status.ACTIVE,
        "entry": entry if entry.pk else None,
        "breadcrumbs": _breadcrumbs(member, _("Directory entry")),
    }
    return render(request, "members/entry.html", context, status=status)


def _breadcrumbs(member: Member, last: str) -> list[dict[str, str]]:
    people = {"label": _("People"), "url": reverse("people:list", args=[member.slug])}
    return [people, {"label": last}]
