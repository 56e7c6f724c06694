"""The language of an account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def activate_for(request: HttpRequest, language: str) -> None:
    """Activate the ``language`` of an account for the rest of the request.

    A language that was chosen in this browser (the language cookie) takes precedence. An empty ``language`` changes nothing.
    """
    if language and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
