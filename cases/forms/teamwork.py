"""Forms that only have buttons: watching a case, and removing a tag or a link."""

from __future__ import annotations

from django import forms

from cases.forms.triage import ActionForm, PlainActionForm


class WatchForm(PlainActionForm):
    verb = "watch"


class UnwatchForm(PlainActionForm):
    verb = "unwatch"


class UntagForm(ActionForm):
    verb = "untag"
    tag = forms.IntegerField(widget=forms.HiddenInput)


class UnlinkForm(ActionForm):
    verb = "unlink"
    link = forms.IntegerField(widget=forms.HiddenInput)
