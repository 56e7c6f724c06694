"""Error views."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Render the page that explains a failed CSRF check."""
    return render(request, "403_csrf.html", status=403)
