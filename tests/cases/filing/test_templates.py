"""Complaint templates: saved from a case, used to start one, renamed and deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, ComplaintTemplate
from cases.services import complaint_templates
from members.models import IPRight
from tests import factories
from tests.cases.filing.forms import NEW, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

LIST = "/cases/templates/"


@pytest.fixture
def template(mine: dict[str, Any]) -> ComplaintTemplate:
    case = factories.draft_case(
        **mine, explanation="Seams are glued.", infringement_in=["picture", "text"]
    )
    return complaint_templates.save(case=case, by=mine["by"], name="Glued")


def rename_page(template: ComplaintTemplate) -> str:
    return reverse("desk:template_rename", args=[template.pk])


def test_complaint_is_saved_and_starts_a_case(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.submitted_case(
        **mine, explanation="Seams are glued.", infringement_in=["picture"]
    )
    url = reverse("desk:template_save", args=[case.reference])
    assert url in client.get(case.get_absolute_url()).content.decode()
    data = form_data(client.get(url), "template-form", name=" Glued\u200b seams ")
    for _ in range(2):  # a double click saves it once
        assert client.post(url, data)["Location"] == LIST
    template = ComplaintTemplate.objects.get()
    assert template.name == "Glued seams"
    # A colleague starts a case from it.
    colleague = personas.client("owner")
    assert f"{NEW}?template={template.pk}" in colleague.get(LIST).content.decode()
    page = colleague.get(f"{NEW}?template={template.pk}")
    form = form_data(page, "complaint-form", then="next")
    assert (form["right"], form["explanation"]) == (str(case.right_id), "Seams are glued.")
    assert (form["infringement_in"], form["goods_class"]) == ("picture", "25")
    assert colleague.post(NEW, form).status_code == 302
    assert Case.objects.latest("pk").infringement_in == ["picture"]


def test_templates_are_not_offered_over_a_copied_case(
    client: Client, mine: dict[str, Any], template: ComplaintTemplate
) -> None:
    assert "Start from a template" in words(client.get(NEW))
    earlier = factories.rejected_case(**mine, explanation="Copied words.")
    page = client.get(f"{NEW}?like={earlier.reference}&template={template.pk}")
    assert "Start from a template" not in words(page)
    form = form_data(page, "complaint-form")
    assert (form["like"], form["explanation"]) == (earlier.reference, "Copied words.")
    # A draft is no earlier case.
    draft = Case.objects.get(status="draft")
    page = client.get(f"{NEW}?like={draft.reference}")
    assert "Start from a template" in words(page)
    assert form_data(page, "complaint-form")["like"] == ""


def test_names_are_unique_and_the_typed_name_is_kept(
    client: Client, mine: dict[str, Any], template: ComplaintTemplate
) -> None:
    other = factories.draft_case(**mine, explanation="Other words.")
    url = reverse("desk:template_save", args=[other.reference])
    response = client.post(url, form_data(client.get(url), "template-form", name="Glued"))
    assert response.status_code == 422
    assert "already has a template with this name" in words(response)
    assert form_data(response, "template-form")["name"] == "Glued"
    client.post(url, form_data(response, "template-form", name="Other"))
    response = client.post(rename_page(template), {"name": "Other"})
    assert response.status_code == 422
    for name in ("", "\u200b"):
        assert client.post(rename_page(template), {"name": name}).status_code == 422
    assert client.post(rename_page(template), {"name": "First"}).status_code == 302
    assert set(ComplaintTemplate.objects.values_list("name", flat=True)) == {"First", "Other"}
    delete = reverse("desk:template_delete", args=[template.pk])
    for _ in range(2):
        assert client.post(delete)["Location"] == LIST
    assert ComplaintTemplate.objects.get().name == "Other"


def test_right_that_can_no_longer_be_cited(
    personas: Personas, client: Client, template: ComplaintTemplate
) -> None:
    factories.right(personas.brand)
    IPRight.objects.filter(pk=template.right_id).update(
        expires_on=clock.today() - timedelta(days=1)
    )
    assert "This right can no longer be cited: not in force." in words(client.get(LIST))
    page = client.get(f"{NEW}?template={template.pk}")
    assert "can no longer be cited: not in force. Choose another right." in words(page)
    form = form_data(page, "complaint-form", then="next")
    assert form["explanation"] == "Seams are glued."
    assert form["right"] == ""


def test_other_members_and_viewers(personas: Personas, template: ComplaintTemplate) -> None:
    stranger = personas.client("stranger")
    assert "Glued" not in words(stranger.get(LIST))
    assert "Seams are glued." not in words(stranger.get(f"{NEW}?template={template.pk}"))
    for key in ("x", "9" * 30, "٣", ""):
        assert stranger.get(f"{NEW}?template={key}").status_code == 200
    assert stranger.post(reverse("desk:template_delete", args=[template.pk])).status_code == 302
    assert ComplaintTemplate.objects.filter(pk=template.pk).exists()
    gone = ComplaintTemplate(pk=0, member=template.member, name="Gone")
    with pytest.raises(Conflict, match="A colleague has deleted"):
        complaint_templates.rename(template=gone, by=personas.filer, name="Again")
    with pytest.raises(NotAllowed):
        complaint_templates.delete(template=template, by=personas.viewer)
    assert personas.client("viewer").get(LIST).status_code == 403


def test_limit_and_queries(
    client: Client,
    mine: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
    settings: Any,
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    monkeypatch.setattr(complaint_templates, "MOST", 3)
    case, costs = factories.draft_case(**mine), []
    for number in range(3):
        complaint_templates.save(case=case, by=mine["by"], name=f"T{number}")
        client.get(LIST)
        with django_assert_max_num_queries(8) as cost:
            client.get(LIST)
        costs.append(len(cost))
    assert costs[0] == costs[2]
    with pytest.raises(Refusal, match="already has 3 templates"):
        complaint_templates.save(case=case, by=mine["by"], name="One more")
