"""What people see when something is wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words why a form was not taken, and what to do."""
    return render(request, "403_csrf.html", status=403)
