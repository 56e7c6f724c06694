"""The law firm of the demo: its roles, and its authorisations with signed documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile

from cases.demo import logins
from cases.demo.world import World
from members.models import Authorisation, Document, Member, Membership, User
from members.services import documents

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
    """Save an authorisation that an owner recorded on its first day."""
    owners = Membership.objects.filter(member=member, role=Membership.Role.OWNER)
    owner = owners.select_related("user").order_by("pk")[0].user
    lines = [
        "LETTER OF AUTHORISATION",
        f"{member.name} authorises {FIRM}, represented by {agent.name},",
        "to report infringements of its rights in the Alliance Portal.",
        f"Valid from {start:%d %B %Y} to {end:%d %B %Y}.",
        f"Signed: {owner.name.encode('latin-1', 'ignore').decode('latin-1').strip() or 'the owner'}",
    ]
    name = f"Letter of authorisation {start.year}.pdf"
    upload = SimpleUploadedFile(name, pdf(lines), "application/pdf")
    recorded = datetime.combine(start, time(9), UTC)
    kind = Document.Kind.AUTHORISATION
    with documents.stored(upload, kind=kind, by=owner) as document:
        assert document is not None
        document.uploaded_at = recorded
        document.save()
    Authorisation.objects.create(
        member=member,
        agent=agent,
        document=document,
        recorded_by=owner,
        recorded_at=recorded,
        valid_from=start,
        valid_until=end,
    )
    return document.file


def pdf(lines: list[str]) -> bytes:
    """Return a page of text in Latin letters as a PDF file (ISO 32000-1, 7.5)."""
    objects = list(_objects(lines))
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return out


def _objects(lines: list[str]) -> Iterator[bytes]:
    shown = b""
    for number, line in enumerate(lines):
        for special in "\\()":
            line = line.replace(special, "\\" + special)
        text = line.encode("latin-1", "replace")
        shown += b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n" % (740 - 28 * number, text)
    yield b"<< /Type /Catalog /Pages 2 0 R >>"
    yield b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    yield (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>"
    )
    yield b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown)
    yield b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
