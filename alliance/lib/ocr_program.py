"""The program that reads the text in a picture. :mod:`alliance.lib.ocr` runs it, as a file and without the portal's settings.

It takes a WebP picture on standard input and writes a JSON list of lines, each ``[text, confidence]``, from the top of the
picture to its bottom. It needs the packages of requirements-ocr.txt and no network: the models are in a package.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import resource
import sys
from typing import Any, NamedTuple

PACKAGE = "rapidocr_onnxruntime"
# Exit codes. Others mean that the program ended unexpectedly.
NOT_INSTALLED, NOT_READABLE = 3, 4

# Address space, of which the models and a preview use less than half; and processor time.
MEMORY_BYTES = 3 * 1024**3
CPU_SECONDS = 40
# A preview has at most 1200 × 3600 pixels (alliance.lib.previews).
MAX_PIXELS = 5_000_000
# A taller picture is read in parts that overlap by a line of text: the models scale a side of more than 2000 pixels down.
# Smaller parts also need less memory.
PART, OVERLAP = 1260, 60
MAX_LINES = 300
MAX_LINE = 300
THREADS = 1


class Box(NamedTuple):
    """Text with its place in the picture, in pixels, and the confidence of the model, from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    confidence: float


def limit() -> None:
    """Limit the memory and the processor time of this process. Beyond them it fails or is killed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def in_lines(boxes: list[Box]) -> list[tuple[str, float]]:
    """Join the boxes that are beside each other: a label and what follows it are often two boxes."""
    lines: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: (one.top + one.bottom, one.left)):
        line = next((one for one in lines[-8:] if _continues(one[-1], box)), None)
        if line is None:
            lines.append([box])
        else:
            line.append(box)
    return [
        (" ".join(box.text for box in line)[:MAX_LINE], min(box.confidence for box in line))
        for line in lines[:MAX_LINES]
    ]


def _continues(before: Box, box: Box) -> bool:
    height = min(before.bottom - before.top, box.bottom - box.top)
    level = abs(before.top + before.bottom - box.top - box.bottom) / 2 < height / 2
    return level and -height / 2 < box.left - before.right < 2 * height


def _boxes(picture: Any) -> list[Box]:
    import numpy
    from rapidocr_onnxruntime import RapidOCR

    read = RapidOCR(intra_op_num_threads=THREADS, inter_op_num_threads=1)
    found = []
    for top in range(0, max(picture.height - OVERLAP, 1), PART - OVERLAP):
        part = picture.crop((0, top, picture.width, min(top + PART, picture.height)))
        # The models expect the order of colours of OpenCV.
        rows, _times = read(numpy.asarray(part)[:, :, ::-1])
        for corners, text, confidence in rows or []:
            across, down = zip(*corners, strict=True)
            found.append(
                Box(
                    *(min(across), min(down) + top, max(across), max(down) + top),
                    *(str(text), float(confidence)),
                )
            )
    return found


def main() -> int:
    """Read one picture. Returns the exit code."""
    limit()
    if importlib.util.find_spec(PACKAGE) is None:
        return NOT_INSTALLED
    from PIL import Image

    with contextlib.redirect_stdout(sys.stderr):  # libraries print
        try:
            with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("WEBP",)) as image:
                if image.width * image.height > MAX_PIXELS:
                    return NOT_READABLE
                picture = image.convert("RGB")
        except (OSError, ValueError, Image.DecompressionBombError):
            return NOT_READABLE
        lines = in_lines(_boxes(picture))
    json.dump(lines, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
