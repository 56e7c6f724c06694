"""Make the engraved rosette of the front page: static/img/rosette.svg. Usage: python dev/rosette.py

Security printing fights counterfeits with fine, interlaced lines (guilloche). Each ring here is one wavy
line, r = radius + depth · cos(lobes · angle), drawn again and again, each time turned a little.
"""

import math
from pathlib import Path

SIZE = 400
# radius, depth, lobes, times drawn, opacity, colour
RINGS = (
    (168, 22, 12, 9, 0.55, "#e3a53c"),
    (128, 26, 9, 9, 0.5, "#3fa9a8"),
    (84, 24, 8, 8, 0.55, "#7fa3c4"),
    (44, 14, 6, 7, 0.6, "#e3a53c"),
)
POINTS_PER_LOBE = 24


def wave(radius: float, depth: float, lobes: int) -> str:
    """One closed wavy line around the origin, as path data."""
    steps = lobes * POINTS_PER_LOBE
    points = []
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        r = radius + depth * math.cos(lobes * angle)
        points.append(f"{r * math.cos(angle):.1f} {r * math.sin(angle):.1f}")
    return f"M{'L'.join(points)}z"


def main() -> None:
    half = SIZE // 2
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{half} -{half} {SIZE} {SIZE}">',
        '<g fill="none" stroke-width=".7">',
    ]
    for number, (radius, depth, lobes, times, opacity, colour) in enumerate(RINGS):
        turn = 360 / lobes / times
        lines.append(f'<g stroke="{colour}" stroke-opacity="{opacity}">')
        lines.append(f'<path id="r{number}" d="{wave(radius, depth, lobes)}"/>')
        lines += [
            f'<use href="#r{number}" transform="rotate({turn * i:.2f})"/>' for i in range(1, times)
        ]
        lines.append("</g>")
    lines.append("</g></svg>\n")
    target = Path(__file__).resolve().parent.parent / "static/img/rosette.svg"
    target.write_text("\n".join(lines))
    print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
