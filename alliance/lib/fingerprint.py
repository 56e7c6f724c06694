"""Fingerprints, with which a form detects that what it shows has changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def of(*values: Any) -> str:
    """Return a digest of ``values``, which JSON or ``str`` can represent."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
