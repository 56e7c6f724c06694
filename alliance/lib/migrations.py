"""Operations for migrations."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class InstallTriggers(Operation):
    """Install the triggers that the models of the app name in their options.

    An initial migration has a hundred of them. django-pgtrigger's own operation renders the whole project's
    models once for each, which takes most of the time of a migration; this one does not change the state.
    """

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The triggers are in the state already, as options of the models."""

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
                    # The SQL is complete: a percent sign in it is no placeholder.
                    schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """The triggers go with their tables."""

    def describe(self) -> str:
        return "Install the triggers of the app's models"


class LockTimeout(Operation):
    """Give up after ``seconds`` of waiting for a lock, until the migration's transaction ends.

    An ``ALTER TABLE`` that waits behind a long query makes every later query of the table wait as well. The first
    operation of each migration after the initial ones; a test says so.
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
