"""Industries, members, their brands and rights."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from alliance.lib import clock
from members.models import Brand, Industry, IPRight, Member, User
from members.services import rights
from tests.factories.files import png
from tests.factories.numbers import number
from tests.factories.people import filer_of, moderator


def industry(**fields: Any) -> Industry:
    n = number()
    values = {"slug": f"industry-{n}", "name": f"Industry {n}", "name_zh": f"行业{n}"}
    return Industry.objects.create(**values | {"nice_classes": [25]} | fields)


def member(**fields: Any) -> Member:
    """An active member, without brands or people."""
    n = number()
    values = {
        "slug": f"member-{n}",
        "name": f"Member {n}",
        "country": "CN",
        "status": Member.Status.ACTIVE,
        "joined_on": date(2020, 1, 1),
    }
    return Member.objects.create(**values | fields)


def brand(of: Member | None = None, **fields: Any) -> Brand:
    return Brand.objects.create(member=of or member(), **{"name": f"Brand {number()}"} | fields)


def right(of: Brand | None = None, **fields: Any) -> IPRight:
    """A verified trademark in class 25, in force in mainland China."""
    n = number()
    values = {
        "brand": of or brand(),
        "kind": IPRight.Kind.TRADEMARK,
        "title": f"Mark {n}",
        "office": "CNIPA",
        "number": f"{10_000_000 + n}",
        "territory": ["CN"],
        "nice_classes": [25],
        "registered_on": date(2015, 3, 1),
        "verified_at": clock.now(),
    }
    if "verified_by" not in fields:
        values["verified_by"] = moderator()
    return IPRight.objects.create(**values | fields, member=values["brand"].member)


def facts_of_right(**facts: Any) -> dict[str, Any]:
    """The facts of a trademark, for :mod:`members.services.rights`."""
    n = number()
    values = {
        "kind": IPRight.Kind.TRADEMARK,
        "title": f"Mark {n}",
        "registered_owner": "Alder Works Ltd",
        "office": "CNIPA",
        "number": f"{20_000_000 + n}",
        "territory": ["CN"],
        "nice_classes": [25],
        "registered_on": date(2015, 3, 1),
        "expires_on": None,
    }
    return values | facts


def registered_right(
    of: Member,
    *,
    by: User | None = None,
    under: Brand | None = None,
    certificate: UploadedFile | None = None,
    **facts: Any,
) -> IPRight:
    """A right with a certificate that a member has registered. It waits for its verification."""
    return rights.register(
        member=of,
        by=by or filer_of(of),
        brand=under or of.brands.first() or brand(of),
        certificate=certificate or png("certificate.png"),
        **facts_of_right(**facts),
    )
