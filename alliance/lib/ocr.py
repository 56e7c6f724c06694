"""Read the text in a picture, in a process of its own.

This is the only place that knows how pictures are read. The process gets the picture on its standard input and an
environment without settings. Its time, memory and output are limited, so that a picture can end it but not the worker.
It is no sandbox: it runs as the user of the worker, with that user's files and network.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from alliance.lib import ocr_program

# A preview that has more bytes than this is not read.
MAX_BYTES = 8 * 1024 * 1024
MAX_SECONDS = 35.0
# The models share their work among threads, by default as many as the machine has processors.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Tests set another program.
PROGRAM: Sequence[str] = (
    sys.executable,
    "-I",
    str(Path(ocr_program.__file__)),
)


class Unreadable(Exception):
    """The picture cannot be read, and another attempt would give the same result."""


class Failed(Exception):
    """The program ended or took too long. Another attempt may succeed."""


@dataclass(frozen=True)
class Line:
    """A line of text in a picture. ``confidence`` is that of the model, from 0 to 1."""

    text: str
    confidence: float


def is_installed() -> bool:
    """Return whether the packages of requirements-ocr.txt are installed here. Imports nothing."""
    return importlib.util.find_spec(ocr_program.PACKAGE) is not None


def read(picture: bytes) -> list[Line]:
    """Return the lines of text in ``picture``, a WebP file, from top to bottom.

    Takes at most :data:`MAX_SECONDS`. Raises :class:`Unreadable` or :class:`Failed`.
    """
    if len(picture) > MAX_BYTES:
        raise Unreadable("too many bytes")
    # A file, because the program limits the size of files that it writes. What libraries print is dropped.
    with tempfile.TemporaryFile() as output:
        _run(picture, output)
        output.seek(0)
        written = output.read(ocr_program.OUTPUT_BYTES + 1)
    if len(written) > ocr_program.OUTPUT_BYTES:
        raise Failed("too much output")
    return _lines(written)


def _run(picture: bytes, output: IO[bytes]) -> None:
    try:
        # run() kills the program after the time limit, and on any exception such as Celery's.
        done = subprocess.run(  # noqa: S603  (the program is a constant)
            list(PROGRAM),
            input=picture,
            stdout=output,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", **ONE_THREAD},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed("timeout") from None
    if done.returncode == ocr_program.NOT_READABLE:
        raise Unreadable("not a picture")
    if done.returncode != 0:
        raise Failed(f"exit code {done.returncode}")


def _lines(output: bytes) -> list[Line]:
    try:
        rows = json.loads(output)
        lines = [Line(str(text), float(confidence)) for text, confidence in rows]
    except (ValueError, TypeError) as error:
        raise Failed(type(error).__name__) from None
    if any(not 0 <= line.confidence <= 1 for line in lines):
        raise Failed("confidence out of range")
    return [
        # JSON can hold half a character, which PostgreSQL does not store.
        Line(
            line.text[: ocr_program.MAX_LINE].encode(errors="replace").decode(),
            line.confidence,
        )
        for line in lines[: ocr_program.MAX_LINES]
    ]
