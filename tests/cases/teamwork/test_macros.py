"""Macros: one key fills in a form for the member's language, and nothing is sent with a blank."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from alliance.lib import changes
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import letters
from cases.models import Case, Macro, ReasonCode
from cases.services import decisions, macros, triage
from members.models import User
from tests import factories
from tests.factories.teams import macro, team
from tests.forms import form_data
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture
def mo() -> User:
    return factories.moderator(name="Mo Moderator")


def claimed(mo: User, language: str = "zh-hans") -> Case:
    case = factories.claimed_case(moderator=mo, listings=3)
    User.objects.filter(pk=case.created_by_id).update(language=language)
    return case


def page(case: Case, query: str = "") -> str:
    return reverse("triage:case", args=[case.reference]) + query


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def sent_form(desk: Client, case: Case, query: str, verb: str = "uphold") -> dict[str, Any]:
    url = reverse(f"triage:{verb}", args=[case.reference])
    return form_data(desk.get(page(case, query)), url)


def test_a_macro_fills_in_the_form_in_the_language_of_the_member(mo: User) -> None:
    case, desk = claimed(mo), browser_of(mo)
    one = macro(team(mo))
    data = sent_form(desk, case, f"?macro={one.pk}")
    brand = str(case.brand)
    assert data["facts"] == f"{brand} 的标签系伪造，见[[页码]]。"
    assert (int(data["reason"]), data["ground"]) == (one.reason_id, "illegal_content")
    shown = desk.get(page(case, f"?macro={one.pk}")).context["listings"]["rows"]
    assert [listing.outcome for listing in shown] == ["remove"] * 3
    data = sent_form(desk, case, f"?macro={one.pk}&language=en")
    assert data["facts"] == f"The label of {brand} is forged, see [[page]]."
    # Nothing was sent or saved by choosing it.
    assert Case.objects.get(pk=case.pk).version == case.version
    assert not case.listings.exclude(outcome="").exists()

    data |= {f"outcome-{listing.pk}": listing.outcome for listing in shown}
    answer = desk.post(reverse("triage:uphold", args=[case.reference]), data)
    assert answer.status_code == 422
    assert "Fill in the blanks of the text first: “page”." in text(answer)
    data["facts"] = data["facts"].replace("[[page]]", "page 2")
    answer = desk.post(reverse("triage:uphold", args=[case.reference]), data)
    assert answer.status_code == 302
    decision = case.decisions.get()
    assert decision.facts == f"The label of {brand} is forged, see page 2."
    # The member reads it in their language: the reason's label, and the facts as they were written.
    reader = browser_of(case.created_by)
    User.objects.filter(pk=case.created_by_id).update(language="zh-hans")
    seen = text(
        reader.get(reverse("desk:case", args=[case.reference]), HTTP_ACCEPT_LANGUAGE="zh-hans")
    )
    assert decision.reason is not None
    assert decision.reason.label_zh in seen
    assert decision.facts in seen
    assert one.name not in seen


def test_a_macro_without_a_text_in_the_language_says_so(mo: User) -> None:
    case, desk = claimed(mo), browser_of(mo)
    one = macro(text="See {listings} of {seller}.", text_zh="", action=Macro.Action.REJECT)
    shown = text(desk.get(page(case, f"?macro={one.pk}")))
    assert "The macro has no text in Chinese." in shown
    assert "reads the portal in Chinese." in shown
    data = sent_form(desk, case, f"?macro={one.pk}", "reject")
    assert data["facts"] == f"See 3 listings of {case.shop_name}."


def test_only_the_macros_of_the_moderator_for_possible_actions_are_offered(mo: User) -> None:
    case, desk = claimed(mo), browser_of(mo)
    theirs = macro(team(factories.moderator()), name="Of others")
    off = macro(name="Switched off", is_active=False)
    own = macro(team(mo), name="Of my team")
    macro(name="Of everyone")
    request = macro(name="Ask", key="Q", action=Macro.Action.REQUEST)
    shown = desk.get(page(case))
    assert [item["macro"].name for item in shown.context["macros"]] == [
        *("Ask", "Of everyone", "Of my team")
    ]
    # The team's macro has the key.
    assert [item["macro"].key for item in shown.context["macros"]] == ["Q", "", "A"]
    for gone in (theirs.pk, off.pk, 0, "x"):
        answer = desk.get(page(case, f"?macro={gone}"))
        assert "This macro cannot be used here any more." in text(answer)
    triage.release(case=case, by=mo)
    assert "macros" not in desk.get(page(case, f"?macro={own.pk}")).context or not desk.get(
        page(case, f"?macro={request.pk}")
    ).context.get("chosen")


def test_no_text_goes_out_with_a_blank(mo: User) -> None:
    second = factories.moderator()
    blank = "The label, see [[page]], of {brand}."
    reviewed, noticed = claimed(mo), factories.counter_noticed_case(moderator=mo, answered=True)
    reject, ask = (factories.reason(ReasonCode.Use(use)) for use in ("reject", "request"))
    uphold = factories.reason(ReasonCode.Use.UPHOLD)
    version = reviewed.version
    everything = dict.fromkeys(reviewed.listings.values_list("pk", flat=True), "remove")
    steps = [
        lambda: decisions.uphold(
            case=reviewed,
            by=mo,
            reason=uphold,
            ground="illegal_content",
            facts=blank,
            expected_version=version,
            outcomes=everything,
        ),
        lambda: decisions.reject(
            case=reviewed, by=mo, reason=reject, facts=blank, expected_version=version
        ),
        lambda: triage.request_information(case=reviewed, by=mo, reason=ask, note=blank),
        lambda: decisions.uphold_again(case=noticed, by=second, facts=blank),
        lambda: decisions.reinstate(case=noticed, by=second, facts=blank),
    ]
    for step in steps:
        with pytest.raises(Refusal, match=r"“page”, “\{brand\}”"):
            step()
    assert Case.objects.get(pk=reviewed.pk).version == version


def test_what_counts_as_a_blank() -> None:
    assert letters.blanks("a [[ b ]] c [[d\ne]] [[b]] [[]]") == ["b", "d\ne", "…"]
    assert letters.blanks("a [[ b") == ["[["]
    assert letters.blanks("see {x}, array[0]") == []
    for wrong in ("{Brand}", "{}", "{price}", "[[open", "closed]]"):
        with pytest.raises(ValidationError):
            letters.check_placeholders(wrong)


def test_moderators_keep_the_macros_of_their_teams(mo: User) -> None:
    mine, desk = team(mo), browser_of(mo)
    url = reverse("triage:macro_add")
    reason = factories.reason(ReasonCode.Use.REJECT)
    data = form_data(desk.get(url), "macro-form") | {
        "name": "Grey market",
        "key": "G",
        "action": "reject",
        "reason": reason.pk,
        "ground": "illegal_content",
        "text": "Of {barnd}",
        "text_zh": "",
    }
    answer = desk.post(url, data)
    assert answer.status_code == 422
    assert "There is no placeholder {barnd}." in text(answer)
    data["text"] = "Of {brand}"
    assert desk.post(url, data).status_code == 302
    assert desk.post(url, data).status_code == 302  # pressed twice
    one = Macro.objects.get()
    assert (one.team, one.ground, one.removes_all) == (mine, "", False)

    url = reverse("triage:macro", args=[one.pk])
    data = form_data(desk.get(url), "macro-form")
    first = data | {"name": "Parallel import"}
    assert desk.post(url, first).status_code == 302
    assert desk.post(url, first).status_code == 302
    answer = desk.post(url, data | {"name": "Another name"})
    assert (answer.status_code, answer.context["form"]["name"].value()) == (409, "Another name")
    wrong = {"reason": factories.reason(ReasonCode.Use.UPHOLD).pk}
    fresh = form_data(desk.get(url), "macro-form")
    assert "This reason is for another action." in text(desk.post(url, fresh | wrong))
    macro(mine, key="K")
    assert "Another macro of the team has this key." in text(desk.post(url, fresh | {"key": "K"}))
    assert "Choose a capital letter" in text(desk.post(url, fresh | {"key": "k"}))

    delete = reverse("triage:macro_delete", args=[one.pk])
    assert [desk.post(delete).status_code for _ in range(2)] == [302, 302]
    assert changes.rows_of(Macro, one.pk)[0].pgh_label == "delete"


def test_services_refuse_strangers_and_what_a_colleague_has_deleted(mo: User) -> None:
    other, mine, everyones = macro(team(factories.moderator())), macro(team(mo)), macro(key="Z")
    values = {name: getattr(mine, name) for name in macros.FIELDS}
    for one in (other, everyones):
        with pytest.raises(NotAllowed):
            macros.change(macro=one, by=mo, seen="", **values)
        with pytest.raises(NotAllowed):
            macros.delete(macro=one, by=mo)
    with pytest.raises(NotAllowed):
        macros.add(team=other.team, by=mo, **values)
    macros.delete(macro=mine, by=mo)
    with pytest.raises(Conflict):
        macros.change(macro=mine, by=mo, seen="", **values)


def test_the_database_refuses_impossible_macros(mo: User) -> None:
    mine = team(mo)
    macro(mine, key="A")
    macro(key="B")
    impossible: list[dict[str, Any]] = [
        {"of": mine, "key": "A"},
        {"key": "B"},
        {"key": "u"},
        {"text": "", "text_zh": ""},
        {"ground": ""},
        {"action": Macro.Action.REJECT, "ground": "illegal_content"},
    ]
    for fields in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            macro(**{"key": "G"} | fields)
    macro(mine, key="A", is_active=False)


def test_no_page_of_triage_uses_a_key_that_macros_may_have() -> None:
    keys: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        found = re.findall(r'(?:data-shortcut|\bkey)="([^"{]*)"', path.read_text("utf-8"))
        keys |= set(found)
    assert "u" in keys
    assert not [key for key in keys if re.fullmatch(r"[A-Z]", key)]
