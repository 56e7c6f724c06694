"""Change history, and records that never change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.db.utils import InternalError, NotSupportedError

from alliance.lib import changes, clock
from cases.liaison.models import Update
from cases.models import Case, CaseEvent, CustodyEntry, TestPurchaseEvent
from tests import factories
from tests.batches import undone
from tests.factories.api import access_token
from tests.factories.bulk import bulk_job, list_layout, saved_view, subscription
from tests.models import OURS, model_label

# Append-only records need no history.
WRITTEN_ONCE = {
    "cases.CaseEvent",
    "cases.CustodyEntry",
    "cases.TestPurchaseEvent",
    "liaison.ChannelEvent",
    "liaison.Update",
}
# The row itself has who decided and when, and the decision does not change.
DECIDED_ONCE = {"cases.FoundContact", "cases.HeldDecision"}
# Queue rows, which workers update often; the timeline records their subjects.
QUEUES = {
    "cases.BulkRow",
    "cases.CustodyChain",
    "cases.DiscardedDraft",
    "cases.KeyClash",
    "cases.KeyRebuild",
    "cases.OutgoingMail",
    "cases.PictureReading",
    "cases.PlannedCase",
    "cases.Preview",
    "cases.ViewMail",
    "members.ApplicationMail",
    "members.Digest",
    "members.ImportAttachment",
    "members.ImportProblem",
    "members.MemberNotice",
    "members.StoredAnswer",
    "liaison.Attempt",
    "liaison.ChannelTest",
    "liaison.CountedOperation",
    "liaison.Delivery",
    "liaison.Escalation",
    "liaison.ChannelMinute",
    "liaison.Notice",
    "liaison.Resend",
}


# --- Append-only records -----------------------------------------------------------------------


APPEND_ONLY: list[type[Model]] = [CaseEvent, CustodyEntry, TestPurchaseEvent, Update]


@pytest.mark.django_db
def test_append_only_records_cannot_be_changed_or_deleted() -> None:
    factories.referred_case()
    factories.purchase()
    for model in APPEND_ONLY:
        row: Any = model._default_manager.first()
        before = list(model._default_manager.order_by("pk").values())
        for how, change in changes_of(row).items():
            assert is_refused(change), f"{model_label(model)}: {how}"
            assert list(model._default_manager.order_by("pk").values()) == before


def is_refused(change: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            change()
    except (InternalError, NotSupportedError, IntegrityError):
        return True
    return False


def changes_of(row: Any) -> dict[str, Callable[[], Any]]:
    """Return each way to change or delete ``row``, by its name."""
    model = type(row)
    table, key = model._meta.db_table, model._meta.pk.column
    column = "kind" if model is not CustodyEntry else "action"
    return {
        "update": lambda: model._default_manager.filter(pk=row.pk).update(**{column: "x"}),
        "delete": lambda: model._default_manager.filter(pk=row.pk).delete(),
        "save": lambda: setattr(row, column, "x") or row.save(),
        "raw update": lambda: sql(f"UPDATE {table} SET {column} = 'x' WHERE {key} = %s", row.pk),
        "raw delete": lambda: sql(f"DELETE FROM {table} WHERE {key} = %s", row.pk),
    }


@pytest.mark.django_db
def test_history_cannot_be_changed() -> None:
    case = factories.submitted_case()
    rows = changes.rows_of(Case, case.pk)
    assert rows.exists()
    for change in (lambda: rows.order_by().update(status="closed"), rows.delete):
        with pytest.raises((InternalError, NotSupportedError)), transaction.atomic():
            change()


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


# --- History -----------------------------------------------------------------------------------


def test_every_model_has_a_history_or_is_exempt() -> None:
    untracked = {model_label(model) for model in OURS if not changes.is_tracked(model)}
    assert untracked == WRITTEN_ONCE | DECIDED_ONCE | QUEUES


@pytest.mark.django_db
def test_changes_by_sql_are_recorded() -> None:
    fill()
    for model in OURS:
        if changes.is_tracked(model):
            with undone():
                check_recorded(model)


def fill() -> None:
    """Create a row of every model that has a history."""
    factories.verified_operation()
    factories.other_name(factories.counter_noticed_case())
    factories.identifier()
    factories.example(factories.marketplace())
    factories.watch_list_entry()
    factories.authorised_seller()
    factories.industry()
    factories.due_times()
    factories.purchase_in_case()
    factories.stated_case()
    factories.referral_rule()
    factories.review_rule()
    bulk_job()
    list_layout(subscription(saved_view(), how="above", threshold=3).user)
    member = factories.member()
    owner = factories.owner(member)
    factories.invitation(member, by=owner)
    factories.directory_entry(member, by=owner)
    factories.choose(factories.user(), decisions="digest")
    factories.agent(member)
    factories.registered_right(member)
    factories.import_job(member)
    factories.guide_for(factories.agency())
    access_token(member, owner)
    factories.single_sign_on(member)
    factories.member_webhook("https://hooks.example/in", member, brands=[factories.brand(member)])
    factories.application_rows(member)
    factories.teamwork_rows()


def check_recorded(model: type[Model]) -> None:
    """Change one column of a row by SQL and check the new row of its history."""
    label = model_label(model)
    row: Any = model._default_manager.first()
    assert row is not None, label
    before = changes.rows_of(model, row.pk).count()
    column, attribute, value = another_value(model)
    table, key = model._meta.db_table, model._meta.pk.column
    sql(f'UPDATE {table} SET "{column}" = %s WHERE {key} = %s', value, row.pk)
    rows = changes.rows_of(model, row.pk)
    assert rows.count() == before + 1, label
    assert getattr(rows[0], attribute) == value, label
    assert changes.describe([rows[0], None])[0].who == "", label


def another_value(model: type[Model]) -> tuple[str, str, Any]:
    """Return the column and the attribute of a field that is in the history, and a new value for it."""
    fields = {field.name for field in model.pgh_event_model._meta.fields}  # type: ignore[attr-defined]
    plain = ("CharField", "TextField", "PositiveSmallIntegerField", "PositiveIntegerField")
    choices = [field for field in model._meta.concrete_fields if field.choices]
    texts = [
        field
        for field in model._meta.concrete_fields
        if field.name in ("revoked_at", "valid_until", "chosen_at", "added_at")
        or (field.name in fields and field.get_internal_type() in plain and not field.choices)
    ]
    field = [*texts, *choices][0]
    value: Any = {
        "PositiveSmallIntegerField": 7,
        "PositiveIntegerField": 7,
        "DateTimeField": clock.now(),
        "DateField": clock.today(),
    }.get(field.get_internal_type(), "changed")
    if field.choices:
        value = field.choices[-1][0]
    return field.column, field.attname, value


@pytest.mark.django_db
def test_passwords_are_not_in_the_history() -> None:
    person = factories.user()
    before = changes.rows_of(type(person), person.pk).count()
    person.set_password("another")
    person.save()
    rows = changes.rows_of(type(person), person.pk)
    assert rows.count() == before
    assert not {"password", "last_login"} & {field.name for field in rows.model._meta.fields}
