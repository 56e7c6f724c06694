"""Storages of static files with hashed names, also in the imports of JavaScript modules."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own patterns (support_js_module_import_aggregation) also match comments in the extensions of htmx.
_IMPORT = r"""(?m)(?P<matched>^import (?P<names>[\w{}, ]+) from "(?P<url>\.{1,2}/[^"]+)";)"""
_PATTERNS: tuple[Any, ...] = (
    *HashedFilesMixin.patterns,
    ("*.js", ((_IMPORT, 'import %(names)s from "%(url)s";'),)),
)


class HashedFiles(ManifestStaticFilesStorage):
    """Gives each file a name with a hash of its contents."""

    patterns = _PATTERNS


class CompressedHashedFiles(CompressedManifestStaticFilesStorage):
    """Also compresses the files."""

    patterns = _PATTERNS
