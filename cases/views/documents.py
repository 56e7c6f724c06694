"""The download of a stored document. Access is checked here only."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from cases import visibility
from members.views import documents
from members.views.http import person


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Return a document as an attachment to those who may see the row that it belongs to."""
    return documents.serve(request, visibility.documents(person(request)), pk)
