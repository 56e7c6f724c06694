from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonConfig(AppConfig):
    name = "cases.liaison"
    label = "liaison"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Liaison")
