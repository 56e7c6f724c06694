from django.apps import AppConfig


class AllianceConfig(AppConfig):
    """The project's app: registers the system checks and sets verbose names of relations."""

    name = "alliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from alliance import checks  # noqa: F401
        from alliance.lib.countries import sort_all_lists
        from alliance.lib.relation_names import name_relations

        name_relations()
        sort_all_lists()
