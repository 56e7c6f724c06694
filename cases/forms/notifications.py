"""The form that marks all notifications as read."""

from __future__ import annotations

from django import forms


class ReadAllForm(forms.Form):
    """``until`` is the time of the page: what is written later stays unread."""

    until = forms.DateTimeField(widget=forms.HiddenInput)
