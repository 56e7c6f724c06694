"""What the database refuses is refused by the admin's forms first, in a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint
from django.test import Client, RequestFactory

from alliance.lib.admin import ReadOnlyAdmin
from members.models import Industry, IPRight, Member, Membership, User
from tests import factories
from tests.admin.conftest import OURS, address, first_row
from tests.forms import form_of

pytestmark = pytest.mark.django_db


def fields_of(constraint: BaseConstraint) -> set[str]:
    """Return the fields that a constraint of the two usual kinds is about."""
    assert isinstance(constraint, CheckConstraint | UniqueConstraint)
    condition = constraint.condition
    found = set(condition.referenced_base_fields) if isinstance(condition, Q) else set()
    if isinstance(constraint, UniqueConstraint):
        found |= set(constraint.fields)
        for expression in constraint.expressions:
            parts = expression.get_source_expressions()
            found |= {part.name for part in parts if isinstance(part, F)}
    return found


def names_itself(constraint: BaseConstraint) -> bool:
    """Whether the message to a person is the default, which holds the name of the constraint."""
    if isinstance(constraint, UniqueConstraint) and constraint.fields and not constraint.condition:
        return False  # Django words these by the fields.
    return "%(name)s" in str(constraint.violation_error_message)


def test_no_form_can_show_the_name_of_a_constraint(ada: User) -> None:
    request = RequestFactory().get("/")
    request.user = ada
    reachable, nameless = 0, []
    for model in OURS:
        its = admin.site._registry[model]
        if isinstance(its, ReadOnlyAdmin):
            continue
        forms = [its.get_form(request)]
        if obj := first_row(model):
            forms.append(its.get_form(request, obj, change=True))
        for constraint in model._meta.constraints:
            fields = fields_of(constraint)
            if any(fields <= set(form.base_fields) for form in forms):
                reachable += 1
                nameless += [constraint.name] if names_itself(constraint) else []
    assert reachable > 5
    assert nameless == []


def change(desk: Client, obj: Any, **fields: str) -> Any:
    """Send the object's form with some fields changed; return the page that refuses it."""
    url = address(type(obj), "change", obj.pk)
    data = form_of(desk.get(url), id=f"{obj._meta.model_name}_form") | fields
    response = desk.post(url, data)
    assert response.status_code == 200, "the form was taken"
    return response


@pytest.mark.parametrize(
    ("status", "field"),
    [("active", "joined_on"), ("suspended", "suspended_on"), ("left", "left_on")],
)
def test_a_status_of_a_member_asks_for_its_date(desk: Client, status: str, field: str) -> None:
    member = factories.member(status="applied", joined_on=None)
    factories.owner(member)
    form = change(desk, member, status=status).context["adminform"].form
    label = Member.Status(status).label
    assert form.errors == {field: [f"Enter the date. The status “{label}” requires it."]}


def test_a_role_and_a_right_do_not_end_before_they_begin(desk: Client) -> None:
    right = factories.right()
    page = change(desk, right, expires_on="1999-01-01").content.decode()
    assert "The right cannot expire before it is registered." in page
    person = factories.filer(right.brand.member)
    role = Membership.objects.get(user=person)
    page = change(desk, role, valid_until="1999-01-01").content.decode()
    assert "The role cannot end before it begins." in page
    assert "Constraint" not in page


def test_fields_of_a_list_that_can_be_changed_are_saved(desk: Client) -> None:
    industry = factories.industry(position=3)
    url = address(Industry, "changelist")
    page = desk.get(url).content.decode()
    assert 'name="_save"' in page
    data = form_of(desk.get(url), id="changelist-form")
    (name,) = (
        key.replace("-id", "-position")
        for key, value in data.items()
        if key.endswith("-id") and value == [str(industry.pk)]
    )
    desk.post(url, data | {name: "41", "_save": "Save"})
    industry.refresh_from_db()
    assert industry.position == 41


def test_dates_are_written_with_the_day_first(desk: Client) -> None:
    right = factories.right()
    IPRight.objects.filter(pk=right.pk).update(expires_on="2031-11-02")
    page = desk.get(address(IPRight, "changelist")).content.decode()
    assert "2 Nov 2031" in page
    assert "Nov. 2, 2031" not in page
    page = change(desk, right, expires_on="11/02/2031").content.decode()
    assert "Enter a valid date." in page
