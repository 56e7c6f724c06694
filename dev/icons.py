"""Build static/img/icons.svg, the sprite behind `_components/icon.html`.

Usage: python dev/icons.py <folder of bootstrap-icons SVG files>

Each entry of ICONS is copied from the icon set as one <symbol>; the page shows it with <use>.
To add an icon, add its name here and run the script again.
"""

import re
import sys
from pathlib import Path

# Name used in templates -> file name in the icon set (the same where not said).
ICONS = {
    "alert": "exclamation-triangle",
    "archive": "archive",
    "arrow-right": "arrow-right",
    "award": "award",
    "bank": "bank",
    "bell": "bell",
    "building": "building",
    "calendar": "calendar3",
    "cash": "cash-coin",
    "chart": "bar-chart",
    "check": "check-lg",
    "check-circle": "check-circle",
    "chevron-down": "chevron-down",
    "chevron-left": "chevron-left",
    "chevron-right": "chevron-right",
    "clock": "clock",
    "close": "x-lg",
    "comment": "chat-left-text",
    "copy": "copy",
    "dash-circle": "dash-circle",
    "download": "download",
    "edit": "pencil",
    "email": "envelope",
    "external": "box-arrow-up-right",
    "eye": "eye",
    "file": "file-earmark",
    "file-image": "file-earmark-image",
    "filter": "funnel",
    "flag": "flag",
    "gavel": "hammer",
    "gear": "gear",
    "globe": "globe2",
    "grid": "grid",
    "history": "clock-history",
    "hourglass": "hourglass-split",
    "inbox": "inbox",
    "info": "info-circle",
    "key": "key",
    "keyboard": "keyboard",
    "language": "translate",
    "laptop": "laptop",
    "link": "link-45deg",
    "list": "list",
    "lock": "lock",
    "logout": "box-arrow-right",
    "more": "three-dots",
    "paperclip": "paperclip",
    "patch-check": "patch-check",
    "people": "people",
    "person": "person-circle",
    "plus": "plus-lg",
    "print": "printer",
    "question": "question-circle",
    "refresh": "arrow-repeat",
    "search": "search",
    "send": "send",
    "shield": "shield-check",
    "shield-lock": "shield-lock",
    "shop": "shop",
    "tag": "tag",
    "theme": "circle-half",
    "trash": "trash",
    "undo": "arrow-counterclockwise",
    "unlock": "unlock",
    "upload": "upload",
    "x-circle": "x-circle",
}
OUT = Path(__file__).resolve().parent.parent / "static/img/icons.svg"


def symbol(name: str, source: str) -> str:
    """One <symbol> from the text of one SVG file of the set."""
    match = re.search(r'viewBox="([^"]+)"[^>]*>(.*)</svg>', source, re.DOTALL)
    if match is None:
        raise SystemExit(f"{name}: not an SVG file of the icon set")
    body = re.sub(r"\s*\n\s*", "", match[2])
    return f'<symbol id="{name}" viewBox="{match[1]}">{body}</symbol>'


def main() -> None:
    folder = Path(sys.argv[1])
    symbols = [symbol(name, (folder / f"{file}.svg").read_text()) for name, file in ICONS.items()]
    OUT.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    print(f"{OUT.name}: {len(symbols)} icons, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
