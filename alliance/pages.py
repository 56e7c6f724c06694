"""The public pages about the portal itself, and ``/.well-known/security.txt``.

The operator of the installation and its contact address come from the settings.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

NAMES = ("about", "help", "contact", "privacy", "terms", "accessibility")

# When the texts were last reviewed. Change it with the texts.
REVIEWED_ON = date(2026, 11, 29)

# RFC 9116 recommends less than a year.
SECURITY_TXT_VALID = timedelta(days=180)


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Render the page ``name``, which is one of :data:`NAMES`."""
    context = {
        "contact_email": settings.CONTACT_EMAIL,
        "operator": settings.OPERATOR_NAME,
        "operator_address": settings.OPERATOR_ADDRESS,
        "reviewed_on": REVIEWED_ON,
        "listings_per_case": settings.LISTINGS_PER_CASE,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "keep_mails_days": settings.KEEP_MAILS_DAYS,
        "keep_discarded_days": settings.EVIDENCE_KEEP_DISCARDED_DAYS,
    }
    return render(request, f"pages/{name}.html", context)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return ``security.txt``: where to report a vulnerability, in the format of RFC 9116."""
    contact_page = settings.SITE_URL + reverse("pages:contact")
    expires = (timezone.now() + SECURITY_TXT_VALID).replace(hour=0, minute=0, second=0)
    contacts = [f"mailto:{settings.CONTACT_EMAIL}"] if settings.CONTACT_EMAIL else []
    lines = [
        *(f"Contact: {contact}" for contact in [*contacts, contact_page]),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, zh",
        f"Canonical: {settings.SITE_URL}{reverse('pages:security_txt')}",
        f"Policy: {contact_page}#security",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
