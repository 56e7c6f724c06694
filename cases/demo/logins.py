"""The accounts of the demo to try each role with, and their common password."""

from __future__ import annotations

from typing import NamedTuple

# Known to everybody, so the demo refuses to load where DEMO and DEBUG are off.
PASSWORD = "genuine-goods-only"  # noqa: S105

# The member whose desk is the fullest, those the agent acts for, and the agencies of the two officers.
MEMBER = "maison-velmondra"
CHINESE_MEMBER = "beiyao-sports"
AGENT_OF = (
    "maison-velmondra",
    "kazemori-audio",
    "thistlemoor-knitwear",
    "hollowcrest-outfitters",
)
AGENT_NO_LONGER_OF = "cobblewick-toys"
AGENCY = "shanghai-online-goods"
SECOND_AGENCY = "rotterdam-border"


class Login(NamedTuple):
    """An account for one role; ``language`` is what the person chose, empty for the browser's."""

    key: str
    name: str
    role: str
    country: str
    language: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


LOGINS = (
    Login("owner", "Claire Delmas", "Brand staff, owner at Maison Velmondra", "FR"),
    Login("filer", "Hugo Vasseur", "Brand staff, filer at Maison Velmondra", "FR"),
    Login("viewer", "Inès Carpentier", "Brand staff, viewer at Maison Velmondra", "FR"),
    Login("filer.zh", "宋雨宁", "Brand staff, filer at Beiyao Sports, in Chinese", "CN", "zh-hans"),
    Login("agent", "Priya Raman", "Law firm, files for four members", "GB"),
    Login("moderator", "Tang Qing", "Moderator", "CN"),
    Login("moderator2", "Marta Lindqvist", "Second moderator (verifies what the first did)", "SE"),
    Login("officer", "Zhou Ning", "Liaison officer, Shanghai Online Goods Crime Desk", "CN"),
    Login("officer2", "Femke de Wit", "Liaison officer, Rotterdam Border Goods Desk", "NL"),
    Login("admin", "Alex Garland", "Alliance admin", "GB"),
)
# By this account a loaded demo is known: everything is committed with it or not at all.
MARKER = "admin@demo.example"


def table() -> str:
    """Return the logins as lines of text, the password first."""
    width = max(len(login.email) for login in LOGINS)
    lines = [f"Every login has the password  {PASSWORD}", ""]
    lines += [f"  {login.email:<{width}}  {login.role}" for login in LOGINS]
    return "\n".join(lines)
