"""The download of a stored document. Access is checked here only."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from alliance.lib import arrivals, private_files
from members import visibility
from members.views.http import person

log = structlog.get_logger(__name__)


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Return a document as an attachment to those who may see the row that it belongs to."""
    found = get_object_or_404(visibility.documents(person(request)), pk=pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        log.error("document_missing", document=str(found.pk))
        return render(request, "file_missing.html", {"file": found}, status=404)
    name = arrivals.clean_name(found.original_name)
    return private_files.attachment(file, name=name, content_type=found.content_type)
