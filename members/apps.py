from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Members")

    def ready(self) -> None:
        from members.imports import products, registry, rights  # they import the models

        registry.register(rights.Rights())
        registry.register(products.Products())
