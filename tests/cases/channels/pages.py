"""Helpers to request the operator's pages and to read them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from cases.liaison.models import Channel

URL = "https://liaison.example/updates"


def address(name: str, channel: Channel, *more: Any, **query: Any) -> str:
    url = reverse(f"triage:{name}", args=[channel.pk, *more])
    return f"{url}?{urlencode(query)}" if query else url


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def part(desk: Client, url: str, target: str) -> Any:
    """Request a part as htmx does."""
    return desk.get(url, headers={"HX-Request": "true", "HX-Target": target})
