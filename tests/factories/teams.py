"""Teams of moderators, their macros, and how moderators work together on a case."""

from __future__ import annotations

from typing import Any

from cases.models import Macro, ReasonCode, Team, TeamMember
from cases.services import teamwork
from members.models import User
from tests.factories import cases, people
from tests.factories.numbers import number
from tests.factories.sellers import reason


def team(*moderators: User, **fields: Any) -> Team:
    """A team with its moderators."""
    made = Team.objects.create(**{"name": f"Team {number()}"} | fields)
    TeamMember.objects.bulk_create(TeamMember(team=made, user=one) for one in moderators)
    return made


def macro(of: Team | None = None, **fields: Any) -> Macro:
    """A macro, by default one that upholds."""
    action = fields.get("action", Macro.Action.UPHOLD)
    values: dict[str, Any] = {
        "name": f"Macro {number()}",
        "key": "A",
        "action": action,
        "text": "The label of {brand} is forged, see [[page]].",
        "text_zh": "{brand} 的标签系伪造，见[[页码]]。",
    }
    if action == Macro.Action.UPHOLD:
        values |= {"ground": "illegal_content", "removes_all": True}
    if "reason" not in fields:
        values["reason"] = reason(ReasonCode.Use(Macro.USE[action]))
    return Macro.objects.create(team=of, **values | fields)


def teamwork_rows(moderator: User | None = None) -> None:
    """A team with a macro, and a case with a tag, a watcher and a link to another."""
    moderator = moderator or people.moderator()
    macro(team(moderator))
    case, other = cases.submitted_case(), cases.submitted_case()
    teamwork.add_tag(case=case, by=moderator, name=f"Tag {number()}")
    teamwork.watch(case=case, by=moderator)
    teamwork.link(case=case, by=moderator, other=other.reference, note="The same parcel")
