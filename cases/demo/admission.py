"""Applications to join in several statuses, one of them a possible duplicate, and why members were suspended or left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from alliance.lib import clock
from cases.demo.papers import paper
from cases.demo.screenshots import Studio
from cases.demo.world import World
from members import checklist
from members.models import (
    Application,
    ApplicationMail,
    Industry,
    Member,
    MemberNotice,
    StatusChange,
)
from members.services import admissions, applications
from members.services.admissions import Checked


class Entry(NamedTuple):
    """An application that was submitted ``days_ago``, and what became of it."""

    days_ago: int
    name: str
    name_local: str
    country: str
    number: str
    domain: str
    industry: str
    contact: str
    phone: str
    brands: list[str]
    outcome: str = ""


_ENTRIES = (
    # The name of a member in traditional characters, with another legal form.
    Entry(2, "Xinglu Mobility (HK) Ltd", "星麓出行科技（集團）有限公司", "HK", "CR 9909 0901", "xinglu-hk.example",
          "automotive", "Lam Wing Yan", "+852 5550 0101", ["Xinglu 星麓"]),
    Entry(1, "Brisa Calzados S.L.", "", "ES", "B-99090902", "brisacalzados.example", "footwear-sports",
          "Nuria Ferrer", "+34 910 000 102", ["BRISA", "BRISA NIÑOS"]),
    Entry(5, "Kitano Seiki K.K.", "株式会社キタノ精機", "JP", "9909-01-000903", "kitano-seiki.example", "automotive",
          "Haruka Mori", "+81 3 5550 0103", ["KITANO"], "asked"),
    Entry(12, "Deniz Textiles Ltd", "", "TR", "990900-904", "deniztextiles.example", "apparel", "Ece Kaya",
          "+90 212 555 01 04", ["DENIZ"], "refused"),
    Entry(9, "Norrsken Hudvård AB", "", "SE", "999909-0905", "norrsken-hudvard.example", "personal-care", "Elsa Berg",
          "+46 8 555 01 05", ["NORRSKEN"], "admitted"),
)  # fmt: skip
_QUESTION = "The letter names Kenji Mori. Please send one that names you, or let Mr Mori apply."
_REFUSAL = "The trademark DENIZ is registered for another company, and no licence was shown."
_SUSPENDED = "The membership fee of two years is unpaid (statutes, article 7)."
_LEFT = "The board of the company gave notice for the end of the quarter."


def apply(world: World, studio: Studio) -> None:
    """Make the applications through the services, each at its time. The emails count as sent."""
    moderator = world.people["moderator"]
    industries = {industry.slug: industry for industry in Industry.objects.all()}
    for entry in _ENTRIES:
        with clock.at(world.now - timedelta(days=entry.days_ago)):
            made = _application(entry, industries[entry.industry])
        studio.stored += [made.registration_document.file, made.mandate.file]  # type: ignore[union-attr]
        with clock.at(world.now - timedelta(days=entry.days_ago) + timedelta(hours=7)):
            if entry.outcome == "asked":
                admissions.ask(application=made, by=moderator, text=_QUESTION)
            elif entry.outcome == "refused":
                admissions.refuse(application=made, by=moderator, reason=_REFUSAL)
            elif entry.outcome == "admitted":
                _admit(made, moderator)
    sent = {"sent_at": world.now, "attempts": 1}
    ApplicationMail.objects.filter(sent_at=None).update(**sent)
    MemberNotice.objects.filter(sent_at=None).update(**sent)
    _explain(world)


def _application(entry: Entry, industry: Industry) -> Application:
    email = f"{entry.contact.split()[0].lower()}@{entry.domain}"
    applications.start(email=email, language="zh-hans" if entry.country == "HK" else "en")
    made = applications.verify(application=Application.objects.open().get(email=email))
    facts: dict[str, Any] = {
        "name": entry.name,
        "name_local": entry.name_local,
        "country": entry.country,
        "registration_number": entry.number,
        "website": f"https://www.{entry.domain}/",
        "industries": [industry],
        "contact_name": entry.contact,
        "contact_position": "Head of brand protection",
        "contact_phone": entry.phone,
        "brands": entry.brands,
        "registration_document": _paper("EXTRACT OF THE COMPANY REGISTER", entry),
        "mandate": _paper("LETTER OF AUTHORITY", entry),
    }
    return applications.submit(
        application=applications.save(application=made, **facts), declared=True
    )


def _admit(made: Application, moderator: Any) -> None:
    entered = {point.key: Checked(True, "") for point in checklist.POINTS}
    entered["website"] = Checked(True, "Imprint agrees with the register.")
    seen = admissions.checks_version({})
    admissions.save_checks(application=made, by=moderator, seen=seen, entered=entered)
    admissions.admit(application=made, by=moderator)


def _explain(world: World) -> None:
    """Record the reasons of the suspensions and departures in the member files."""
    kinds, rows = StatusChange.Kind, []
    for member in Member.objects.filter(status__in=("suspended", "left")).order_by("pk"):
        is_suspended = member.status == Member.Status.SUSPENDED
        day: Any = member.suspended_on if is_suspended else member.left_on
        rows.append(
            StatusChange(
                member=member,
                kind=kinds.SUSPENDED if is_suspended else kinds.LEFT,
                reason=_SUSPENDED if is_suspended else _LEFT,
                day=day,
                made_by=world.people["moderator"],
                made_at=world.now - (world.now.date() - day),
            )
        )
    StatusChange.objects.bulk_create(rows)


def _paper(title: str, entry: Entry) -> Any:
    rows = [
        (title, 26, 90),
        ("Specimen: fictional data of the demo", 14, 130),
        (entry.name, 24, 250),
        (f"No. {entry.number}", 20, 330),
        (f"Person: {entry.contact}", 18, 400),
    ]
    return paper("document", "PNG", rows)
