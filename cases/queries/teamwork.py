"""How moderators work together on a case: its tags, its watchers, the cases linked by hand, and who was mentioned."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, CaseEvent, CaseLink, CaseTag, Tag, Watch
from cases.models.event import EventKind
from cases.models.mail import MENTIONED, WATCHED
from members.models import Membership, User

# What a page shows. Moderators are few, and so are tags in use.
MOST_TAGS, MOST_LINKS, MOST_MODERATORS = 300, 50, 200


@dataclass(frozen=True)
class Link:
    """A link by hand, seen from one of its cases: the ``other`` case, and the row."""

    other: Case
    row: CaseLink


@dataclass(frozen=True)
class Teamwork:
    """What moderators have added to a case. ``other_tags`` are those that it does not have.

    ``moderators`` are those who may work on the case, and so can be mentioned.
    """

    tags: list[Tag]
    other_tags: list[Tag]
    watchers: list[User]
    moderators: list[User]
    links: list[Link]

    @property
    def watcher_names(self) -> list[str]:
        """The names of those who watch the case."""
        return [one.name for one in self.watchers]

    @property
    def names(self) -> list[str]:
        """The names by which moderators can be mentioned."""
        return [one.name for one in self.moderators]


def of_case(case: Case) -> Teamwork:
    """Return what moderators have added to ``case``, in three queries."""
    used = Exists(CaseTag.objects.filter(case=case, tag=OuterRef("pk")))
    # Tags of the case come first, so that the limit does not hide one.
    tags: list[Any] = list(Tag.objects.annotate(used=used).order_by("-used", "name")[:MOST_TAGS])
    people: list[Any] = list(_moderators(case).order_by("name", "pk")[:MOST_MODERATORS])
    return Teamwork(
        tags=[tag for tag in tags if tag.used],
        other_tags=[tag for tag in tags if not tag.used],
        watchers=[one for one in people if one.watches],
        moderators=people,
        links=_links(case),
    )


def tags_of(cases: Iterable[Case]) -> dict[int, list[Tag]]:
    """Return the tags of each of ``cases`` by its primary key, in one query."""
    found: defaultdict[int, list[Tag]] = defaultdict(list)
    rows = CaseTag.objects.filter(case__in=[case.pk for case in cases]).select_related("tag")
    for row in rows.order_by("tag__name"):
        found[row.case_id].append(row.tag)
    return found


def is_watched() -> Exists:
    """Return the condition that somebody watches a case, for a query of cases."""
    return Exists(Watch.objects.filter(case=OuterRef("pk")))


def may_mention(event: CaseEvent) -> bool:
    """Whether ``event`` is an internal note in which somebody may be mentioned."""
    return event.kind == EventKind.COMMENTED and "@" in unicodedata.normalize("NFKC", event.note)


def to_notify(case: Case, events: Sequence[CaseEvent]) -> dict[int, str]:
    """Return the moderators to notify of a step, by primary key, each with the kind of the notification.

    They are those whom an internal note mentions, and the watchers of the case. The person who made the step and people
    with a role at the member are left out. Makes one query.
    """
    event = events[0]
    note = next((one.note for one in events if may_mention(one)), "")
    people = _moderators(case).exclude(pk=event.actor_id)
    if not note:
        people = people.filter(watches=True)
    found: list[Any] = list(people[:MOST_MODERATORS])
    kinds = {one.pk: f"{WATCHED}{event.kind}" for one in found if one.watches}
    return kinds | {one.pk: MENTIONED for one in mentioned(note, found)}


def mentioned(note: str, people: Sequence[User]) -> list[User]:
    """Return those of ``people`` whom ``note`` mentions as “@name”, with the whole name in any case."""
    names = {_plain(person.name) for person in people if person.name}
    # A longer name first, so that “@Li Na” does not mention Li. Chinese text has no space after a name.
    choices = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if not choices:
        return []
    found = set(re.findall(rf"@({choices})(?![a-z0-9])", _plain(note)))
    return [person for person in people if _plain(person.name) in found]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _moderators(case: Case) -> QuerySet[Any]:
    """Return the moderators who may work on ``case``; ``watches`` says whether they watch it."""
    parties = Membership.objects.in_force().filter(member=case.member_id, user=OuterRef("pk"))
    watches = Watch.objects.filter(case=case, user=OuterRef("pk"))
    people = User.objects.filter(~Exists(parties), is_moderator=True, is_active=True)
    return people.annotate(watches=Exists(watches)).only("name")


def _links(case: Case) -> list[Link]:
    rows = CaseLink.objects.filter(Q(first=case) | Q(second=case)).order_by("-pk")
    rows = rows.select_related("first__brand", "second__brand", "added_by")[:MOST_LINKS]
    return [Link(row.second if row.first_id == case.pk else row.first, row) for row in rows]
