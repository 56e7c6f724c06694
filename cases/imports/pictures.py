"""The files that are uploaded with a sheet of listings: pictures in a ZIP file, and evidence for all cases."""

from __future__ import annotations

from contextlib import ExitStack

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from alliance.lib.picture_archives import PictureArchive
from alliance.lib.refusals import Refusal
from cases.services import evidence
from members.models import ImportJob
from members.services import import_files

PICTURES, EVIDENCE = "pictures", "evidence"


class Pictures:
    """The attachments of a job. They stay open until :meth:`close`."""

    def __init__(self, job: ImportJob) -> None:
        self._open = ExitStack()
        self._problems: dict[str, str] = {}
        self._archive: PictureArchive | None = None
        self.common: list[UploadedFile] = []
        for one in job.attachments.all():
            file = self._open.enter_context(import_files.opened(one))
            if one.role == PICTURES:
                self._archive = PictureArchive(file, one.original_name)
            else:
                self.common.append(UploadedFile(file, one.original_name, size=one.size))

    def close(self) -> None:
        self._open.close()

    def problem(self, name: str) -> str:
        """Return why a picture cannot be evidence, or "". Each picture is inspected once."""
        if name not in self._problems:
            self._problems[name] = self._inspect(name)
        return self._problems[name]

    def _inspect(self, name: str) -> str:
        if self._archive is None:
            return _("The pictures were not uploaded. Choose the ZIP file that contains them.")
        try:
            evidence.inspect(self.get(name))
        except Refusal as refusal:
            return str(refusal)
        return ""

    def get(self, name: str) -> UploadedFile:
        """Return a picture as an upload. Raises :class:`Refusal`."""
        if self._archive is None:
            raise Refusal(
                _("The pictures were not uploaded. Choose the ZIP file that contains them.")
            )
        data = self._archive.read(name, max_bytes=settings.EVIDENCE_MAX_BYTES)
        return SimpleUploadedFile(name, data)
