"""The download of a stored document. :mod:`cases.views.documents` checks access."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from alliance.lib import arrivals, private_files
from members.models import Document

log = structlog.get_logger(__name__)


def serve(request: HttpRequest, visible: QuerySet[Document], pk: UUID) -> HttpResponseBase:
    """Return a document as an attachment if it is among the ``visible`` ones. Raises ``Http404``."""
    found = get_object_or_404(visible, pk=pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        log.error("document_missing", document=str(found.pk))
        return render(request, "file_missing.html", {"file": found}, status=404)
    name = arrivals.clean_name(found.original_name)
    return private_files.attachment(file, name=name, content_type=found.content_type)
