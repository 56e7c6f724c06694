"""Pages of macros, and a case with tags, watchers, links and a chosen macro."""

from __future__ import annotations

from django.urls import reverse

from cases.models import Case, Macro
from cases.services import teamwork, triage
from tests.browser.form_pages import post
from tests.browser.visits import Visit
from tests.factories.teams import macro, team
from tests.personas import Personas


def visits(cast: Personas, case: Case) -> list[Visit]:
    """Return the pages; ``case`` is claimed by the moderator."""
    mine = team(cast.moderator)
    chosen = macro(mine, name="A forged label")
    macro(name="Ask", key="Q", action=Macro.Action.REQUEST, text_zh="")
    macro(mine, name="No longer used", key="Z", is_active=False)
    for name in ("Batch 7", "Repeat"):
        teamwork.add_tag(case=case, by=cast.moderator, name=name)
    other = Case.objects.submitted().exclude(pk=case.pk)[0]
    teamwork.link(case=case, by=cast.moderator, other=other.reference, note="The same parcel")
    teamwork.watch(case=case, by=cast.second_moderator)
    triage.comment(case=case, by=cast.second_moderator, note=f"@{cast.moderator.name}, look.")
    page = reverse("triage:case", args=[case.reference])
    return [
        *(
            Visit(name, reverse("triage:macros"))
            for name in ("moderator", "second_moderator", "admin")
        ),
        Visit("moderator", reverse("triage:macro_add")),
        Visit("moderator", reverse("triage:macro", args=[chosen.pk])),
        Visit("moderator", f"{page}?macro={chosen.pk}"),
        Visit("moderator", f"{page}?macro=0"),
        Visit("moderator", reverse("triage:list") + "?view=mine"),
        Visit("moderator", reverse("notifications:list")),
        post("moderator", ("triage:macro_add",)),
        post("moderator", ("triage:macro", chosen.pk)),
        post("moderator", ("triage:tag", case.reference)),
        post("moderator", ("triage:link", case.reference)),
    ]
