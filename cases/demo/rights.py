"""Rights that members registered themselves in the last days: with certificates, waiting, returned and expiring."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.lib import clock
from cases.demo import logins
from cases.demo.data.offices import EUROPEAN_UNION
from cases.demo.papers import paper
from cases.demo.screenshots import Studio
from cases.demo.world import Organisation, World
from members.models import IPRight, MemberNotice, User
from members.services import rights

_KIND = IPRight.Kind
_REASON = (
    "The certificate shows Cosmonde Holding SA as the owner, and class 18 only. Enter both as in the register, or "
    "upload the certificate of the transfer."
)


class Entry(NamedTuple):
    """A right that a member registered ``days_ago``, and what a moderator did with it."""

    days_ago: int
    kind: str
    title: str
    office: str
    number: str
    territory: list[str]
    classes: list[int]
    expires_in: int | None
    outcome: str = ""


_OF_MEMBER = (
    Entry(9, _KIND.TRADEMARK, "VELMONDRA ATELIER", "EUIPO", "099090001", EUROPEAN_UNION, [18, 25], 21, "verified"),
    Entry(8, _KIND.DESIGN, "Clasp of a handbag", "EUIPO", "009909-0002", EUROPEAN_UNION, [], 74, "verified"),
    Entry(4, _KIND.TRADEMARK, "VELMONDRA VOYAGE", "WIPO", "9909003", ["CN", "JP", "SG"], [18, 25], 3100, "returned"),
    Entry(1, _KIND.COPYRIGHT, "Velmondra: pattern of the lining", "NCAC", "国作登字-2099-F-09090004", ["CN"], [], None),
)  # fmt: skip
_OF_CHINESE_MEMBER = (
    Entry(2, _KIND.DESIGN, "运动鞋鞋底", "CNIPA", "ZL209930990005.X", ["CN"], [], 4700),
)
_OF_WINE_GROWER = (
    Entry(3, _KIND.GEOGRAPHICAL_INDICATION, "Coteaux d’Orsalie", "EUIPO", "PDO-FR-A0906", EUROPEAN_UNION, [], None),
)  # fmt: skip
WINE_GROWER = "domaine-orsalie"


def register(world: World, studio: Studio) -> None:
    """Register the rights through the services, each at its time. The emails count as sent."""
    for slug, entries, person in (
        (logins.MEMBER, _OF_MEMBER, world.people["owner"]),
        (logins.CHINESE_MEMBER, _OF_CHINESE_MEMBER, world.people["filer.zh"]),
        (WINE_GROWER, _OF_WINE_GROWER, None),
    ):
        organisation = world.organisation(slug)
        for entry in entries:
            by = person or organisation.filers[0]
            with clock.at(world.now - timedelta(days=entry.days_ago)):
                right = _register(organisation, entry, by)
            if right.certificate is not None:
                studio.stored.append(right.certificate.file)
            with clock.at(world.now - timedelta(days=entry.days_ago) + timedelta(hours=5)):
                _review(right, entry, world.people["moderator"])
    MemberNotice.objects.filter(sent_at=None).update(sent_at=world.now, attempts=1)


def _register(organisation: Organisation, entry: Entry, by: User) -> IPRight:
    today = clock.today()
    expires = today + timedelta(days=entry.expires_in) if entry.expires_in else None
    facts: dict[str, Any] = {
        "kind": entry.kind,
        "title": entry.title,
        "registered_owner": organisation.member.name_local or organisation.member.name,
        "office": entry.office,
        "number": entry.number,
        "territory": entry.territory,
        "nice_classes": entry.classes,
        "registered_on": expires - timedelta(days=3652) if expires else date(2020, 5, 4),
        "expires_on": expires,
    }
    if facts["registered_on"] > today:
        facts["registered_on"] = today - timedelta(days=400)
    return rights.register(
        member=organisation.member,
        by=by,
        brand=organisation.brands[0],
        certificate=_certificate(facts),
        **facts,
    )


def _review(right: IPRight, entry: Entry, moderator: User) -> None:
    if entry.outcome == "verified":
        rights.verify(right=right, by=moderator)
    elif entry.outcome == "returned":
        rights.send_back(right=right, by=moderator, reason=_REASON)


def _certificate(facts: dict[str, Any]) -> SimpleUploadedFile:
    rows = [
        ("CERTIFICATE OF REGISTRATION", 26, 90),
        ("Specimen: fictional data of the demo", 14, 130),
        (facts["title"], 28, 250),
        (f"No. {facts['number']}", 20, 330),
        (f"Registered on {facts['registered_on']:%d %B %Y}", 18, 400),
        (f"Expires on {facts['expires_on']:%d %B %Y}" if facts["expires_on"] else "", 18, 440),
        (", ".join(f"Class {number}" for number in facts["nice_classes"]), 18, 500),
    ]
    return paper("certificate", "PNG", rows)
