"""The program that reads the text in a picture. :mod:`alliance.lib.ocr` runs it, as a file and without the portal's settings.

It takes a WebP picture on standard input and writes a JSON list of lines, each ``[text, confidence]``, from the top of the
picture to its bottom. It needs the packages of requirements-ocr.txt and no network: the models are in a package. It uses
one thread if the environment says so (:data:`alliance.lib.ocr.ONE_THREAD`).
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from typing import Any, NamedTuple

PACKAGE = "rapidocr_onnxruntime"
# The exit code for a file that is no picture, or too large. Others mean that the program ended unexpectedly.
NOT_READABLE = 4

# Address space, of which the models and a preview use less than half; processor time; and the size of a file that is
# written, for which the longest output has room.
MEMORY_BYTES = 3 * 1024**3
CPU_SECONDS = 40
OUTPUT_BYTES = 2 * 1024**2
# A preview has at most 1200 × 3600 pixels (alliance.lib.previews).
MAX_PIXELS = 5_000_000
# A taller picture is read in parts: the models scale a side of more than 2000 pixels down, and smaller parts need less
# memory. They overlap by more than a line of text, so that a line cut by the edge of one part is whole in another.
PART, OVERLAP = 1280, 120
# The models find the box of a cut line as far as this from the edge, in pixels.
EDGE = 2
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
    """Limit the memory, the processor time and the output of this process. Beyond them it fails or is killed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def parts(height: int) -> list[tuple[int, int]]:
    """Return the top and the bottom of each part in which a picture of this height is read."""
    tops = range(0, max(height - OVERLAP, 1), PART - OVERLAP)
    return [(top, min(top + PART, height)) for top in tops]


def is_whole(box: Box, part: tuple[int, int], height: int) -> bool:
    """Return whether no edge of ``part`` cuts the box, unless it is an edge of the picture of this height."""
    top, bottom = part
    return (top == 0 or box.top > top + EDGE) and (bottom == height or box.bottom < bottom - EDGE)


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
    import cv2
    import numpy
    from rapidocr_onnxruntime import RapidOCR

    cv2.setNumThreads(THREADS)
    read = RapidOCR(intra_op_num_threads=THREADS, inter_op_num_threads=THREADS)
    found = []
    for part in parts(picture.height):
        top, bottom = part
        # The models expect the order of colours of OpenCV.
        pixels = numpy.asarray(picture.crop((0, top, picture.width, bottom)))[:, :, ::-1]
        rows, _times = read(pixels)
        for corners, text, confidence in rows or []:
            across, down = zip(*corners, strict=True)
            box = Box(
                *(min(across), min(down) + top, max(across), max(down) + top),
                *(str(text), float(confidence)),
            )
            if is_whole(box, part, picture.height):
                found.append(box)
    return found


def main() -> int:
    """Read one picture. Returns the exit code."""
    limit()
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
