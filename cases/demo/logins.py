"""The demo accounts for each role, with a common password."""

from __future__ import annotations

from typing import NamedTuple

# Publicly known, so the demo does not load unless DEMO or DEBUG is on.
PASSWORD = "genuine-goods-only"  # noqa: S105

# The members and agencies of the demo accounts.
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
    """An account for one role. An empty ``language`` means that of the browser."""

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
    Login(
        "moderator2",
        "Marta Lindqvist",
        "Second moderator (verifies operations that the first referred)",
        "SE",
    ),
    Login("officer", "Zhou Ning", "Liaison officer, Shanghai Online Goods Crime Desk", "CN"),
    Login("officer2", "Femke de Wit", "Liaison officer, Rotterdam Border Goods Desk", "NL"),
    Login("admin", "Alex Garland", "Alliance admin", "GB"),
)
# The demo is loaded if this account exists, since everything is committed together.
MARKER = "admin@demo.example"


def table() -> str:
    """Return the password and the accounts as lines of text."""
    width = max(len(login.email) for login in LOGINS)
    lines = [f"The password of every account is  {PASSWORD}", ""]
    lines += [f"  {login.email:<{width}}  {login.role}" for login in LOGINS]
    return "\n".join(lines)
