"""Operations for migrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.transaction import atomic
from pgtrigger.migrations import AddTrigger, RemoveTrigger


class CreateModels(Operation):
    """Create several models, each as ``CreateModel`` does, and render them once.

    Django renders a new model with all models that refer to it or that it refers to, which takes most of the time of
    an initial migration.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Without rendered models, adding one renders nothing. They are rendered when they are needed next.
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


class InstallTriggers(Operation):
    """Install the triggers in the options of the app's models. The state does not change.

    An initial migration has about a hundred triggers. django-pgtrigger's operation renders all models of the project
    for each one, which takes most of the time of a migration.
    """

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The state already has the triggers, as model options."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for (app, _name), model in to_state.models.items():
            if app == app_label:
                for trigger in model.options.get("triggers", []):
                    # params=None: a percent sign in the SQL is not a placeholder.
                    schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """The triggers are dropped with their tables."""

    def describe(self) -> str:
        return "Install the triggers of the app's models"


class ChangeTriggers(Operation):
    """Add and remove triggers in one transaction. django-pgtrigger's operations render all models for each trigger.

    Only the state's options change. A rendered model does not need its triggers.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, changes: Sequence[AddTrigger | RemoveTrigger]) -> None:
        self.changes = changes

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for change in self.changes:
            options = state.models[app_label, change.model_name].options
            triggers = options.get("triggers", [])
            if isinstance(change, AddTrigger):
                options["triggers"] = [*triggers, change.trigger]
            else:
                options["triggers"] = [one for one in triggers if one.name != change.name]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        with atomic(schema_editor.connection.alias):
            for change in self.changes:
                if isinstance(change, AddTrigger):
                    added: Any = change.trigger
                    sql = added.install_sql
                else:
                    sql = _trigger_of(from_state, app_label, change).uninstall_sql
                schema_editor.execute(sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        with atomic(schema_editor.connection.alias):
            for change in reversed(self.changes):
                if isinstance(change, AddTrigger):
                    added: Any = change.trigger
                    sql = added.uninstall_sql
                else:
                    sql = _trigger_of(to_state, app_label, change).install_sql
                schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return f"Change {len(self.changes)} triggers"


def _trigger_of(state: ProjectState, app_label: str, change: RemoveTrigger) -> Any:
    triggers = state.models[app_label, change.model_name].options["triggers"]
    return next(trigger for trigger in triggers if trigger.name == change.name)


class LockTimeout(Operation):
    """Set ``lock_timeout`` to ``seconds`` until the migration's transaction ends.

    An ``ALTER TABLE`` that waits for a long query blocks every later query on the table. Must be the first operation
    of every migration except the initial ones; a test checks this.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, seconds: int = 5) -> None:
        self.seconds = seconds

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The state does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        scope = "LOCAL" if schema_editor.atomic_migration else "SESSION"
        schema_editor.execute(f"SET {scope} lock_timeout = '{int(self.seconds)}s'")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Wait for locks for at most {self.seconds} seconds"
