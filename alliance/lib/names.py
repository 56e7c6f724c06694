"""What the admin calls a relation, and words that Django and allauth have not in every language.

A foreign key without a name of its own is called what it points to, in the reader's language. It is
named when the project starts: written into every model, the names would be sixty lines and a migration.
"""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

OURS = ("members", "cases", "liaison")

# What a person did: the name of the field says it, not the person's model.
DEEDS: dict[str, Any] = {
    "created_by": _("created by"),
    "good_faith_by": _("stated in good faith by"),
    "decided_by": _("decided by"),
    "recorded_by": _("recorded by"),
    "resolved_by": _("resolved by"),
    "uploaded_by": _("uploaded by"),
    "reported_by": _("reported by"),
    "verified_by": _("verified by"),
    "published_by": _("published by"),
    "referred_by": _("referred by"),
}

# Here for the sake of our own catalogue, which comes before those of the packages.
FROM_PACKAGES = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    # "2 月" is February; two months are "2 个月".
    ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    # The Chinese of these is half English, or names the second factor otherwise than we do.
    gettext_noop("Two-Factor Authentication"),
    gettext_noop(
        "Your account is protected by two-factor authentication. "
        "Please enter an authenticator code:"
    ),
    gettext_noop("A new set of Two-Factor Authentication recovery codes has been generated."),
    gettext_noop("Email Addresses"),
    gettext_noop("The following email addresses are associated with your account:"),
    gettext_noop("Primary"),
    gettext_noop("Re-send Verification"),
    gettext_noop("Add Email Address"),
    gettext_noop("Add Email"),
    gettext_noop("Do you really want to remove the selected email address?"),
    gettext_noop("Email Address"),
    gettext_noop("Confirm Email Address"),
    gettext_noop("Please Confirm Your Email Address"),
    gettext_noop("Verify Your Email Address"),
    gettext_noop("Email Changed"),
    gettext_noop("Email Confirmation"),
    gettext_noop("Email Removed"),
)

# Models of allauth that have no name in any language: the singular and the plural.
THEIRS = {
    "mfa.authenticator": (_("second factor"), _("second factors")),
    "usersessions.usersession": (_("session"), _("sessions")),
}


def name_relations() -> None:
    """Give every nameless relation of the portal's models, and allauth's, a name that can be translated."""
    for label, (one, many) in THEIRS.items():
        options = apps.get_model(label)._meta
        options.verbose_name, options.verbose_name_plural = one, many
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            # A name that Django made up from the attribute is a plain text, one of ours is lazy.
            other = field.related_model
            if not isinstance(other, type) or not isinstance(field.verbose_name, str):
                continue
            names: Any = other._meta
            its_name = names.verbose_name_plural if field.many_to_many else names.verbose_name
            field.verbose_name = DEEDS.get(field.name, its_name)
