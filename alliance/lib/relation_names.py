"""Verbose names of foreign keys and of allauth's models.

Django derives the verbose name of a foreign key from its attribute name, in English. :func:`name_relations` replaces
it at startup with the translatable name of the related model. Writing the names into the models would add sixty
lines and a migration.
"""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

OWN_APPS = ("members", "cases", "liaison")

# Foreign keys to a user are named after the action, not after the user model.
ACTIONS: dict[str, Any] = {
    "created_by": _("created by"),
    "good_faith_by": _("confirmed in good faith by"),
    "decided_by": _("decided by"),
    "recorded_by": _("recorded by"),
    "resolved_by": _("resolved by"),
    "uploaded_by": _("uploaded by"),
    "reported_by": _("reported by"),
    "verified_by": _("verified by"),
    "published_by": _("published by"),
    "referred_by": _("referred by"),
}

# allauth's models without a verbose name: singular and plural.
PACKAGE_MODELS = {
    "mfa.authenticator": (_("authentication factor"), _("authentication factors")),
    "socialaccount.socialaccount": (_("connected login"), _("connected logins")),
    "usersessions.usersession": (_("session"), _("sessions")),
}


def name_relations() -> None:
    """Set translatable verbose names on unnamed relations of the portal's models and on allauth's models."""
    for label, (singular, plural) in PACKAGE_MODELS.items():
        options = apps.get_model(label)._meta
        options.verbose_name, options.verbose_name_plural = singular, plural
    for model in apps.get_models():
        if model._meta.app_label not in OWN_APPS:
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            # Django's derived name is a str; a declared one is lazy.
            other = field.related_model
            if not isinstance(other, type) or not isinstance(field.verbose_name, str):
                continue
            names: Any = other._meta
            related = names.verbose_name_plural if field.many_to_many else names.verbose_name
            field.verbose_name = ACTIONS.get(field.name, related)
