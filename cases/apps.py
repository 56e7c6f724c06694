from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from cases.imports import authorised_sellers, listings  # they import the models
        from members.imports import registry

        registry.register(authorised_sellers.AuthorisedSellers())
        registry.register(listings.Listings())
