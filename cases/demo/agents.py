"""The law firm of the demo: its roles, and its authorisations with signed documents."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile

from alliance.lib import clock
from cases.demo import logins
from cases.demo.papers import paper
from cases.demo.world import World
from members.models import Document, Member, Membership, User
from members.services import authorisations, documents
from members.services.authorisations import Grant

FIRM = "Raman & Okafor LLP"
DAY = timedelta(days=1)
RENEWED_DAYS_AGO = 155
# The last days of the authorisations, from today, in the order of the members of the login.
ENDS_IN = (210, 6, 300, 120)
ENDED_DAYS_AGO = 30


def roles(world: World, agent: User) -> list[Membership]:
    """Return unsaved roles at the members of the agent, and at the one that did not renew."""
    slugs = (*logins.AGENT_OF, logins.AGENT_NO_LONGER_OF)
    return [
        Membership(
            user=agent,
            member=(member := world.organisation(slug).member),
            role=Membership.Role.FILER,
            is_agent=True,
            valid_from=_start(member),
        )
        for slug in slugs
    ]


def authorise(world: World) -> list[FieldFile]:
    """Save the authorisations, of which all but the last member renewed one; return the stored files."""
    agent, today, files = world.people["agent"], world.now.date(), []
    for slug, days in zip(logins.AGENT_OF, ENDS_IN, strict=True):
        member = world.organisation(slug).member
        renewed = today - timedelta(days=RENEWED_DAYS_AGO)
        files.append(_save(member, agent, _start(member), renewed - DAY))
        files.append(_save(member, agent, renewed, today + timedelta(days=days)))
    member = world.organisation(logins.AGENT_NO_LONGER_OF).member
    ended = max(_start(member), today - timedelta(days=ENDED_DAYS_AGO))
    files.append(_save(member, agent, _start(member), ended))
    return files


def _start(member: Member) -> date:
    assert member.joined_on is not None
    return member.joined_on


def _save(member: Member, agent: User, start: date, end: date) -> FieldFile:
    """Record an authorisation as an owner did on its first day; return the stored file."""
    owners = Membership.objects.filter(member=member, role=Membership.Role.OWNER)
    owner = owners.select_related("user").order_by("pk")[0].user
    grant = Grant(start, end, _letter(member, agent, owner, start, end))
    kind = Document.Kind.AUTHORISATION
    with (
        clock.at(datetime.combine(start, time(9), UTC)),
        documents.stored(grant.document, kind=kind, by=owner) as document,
    ):
        assert document is not None
        authorisations.record(grant, document, member=member, by=owner, agent=agent)
    return document.file


def _letter(member: Member, agent: User, owner: User, start: date, end: date) -> SimpleUploadedFile:
    rows = [
        ("LETTER OF AUTHORISATION", 26, 90),
        ("Specimen: fictional data of the demo", 14, 130),
        (f"{member.name} authorises {FIRM},", 18, 250),
        (f"represented by {agent.name}, to report infringements", 18, 290),
        ("of its rights in the Alliance Portal.", 18, 330),
        (f"Valid from {start:%d %B %Y} to {end:%d %B %Y}.", 18, 400),
        (f"Signed: {owner.name}", 18, 500),
    ]
    return paper(f"Letter of authorisation {start.year}", "PDF", rows)
