"""People and their accounts in the admin."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import text, time_zones
from alliance.lib.admin import DeletableAdmin, PortalAdmin
from members.accounts import account_of, send_password_link
from members.admin.organisations import MembershipInline
from members.forms.account import NameField
from members.models import User
from members.roles import left_without_owner
from members.services import single_sign_on

# Roles are defined in code, so groups have no effect.
admin.site.unregister((EmailAddress, Authenticator, UserSession, Group))


def is_protected(request: HttpRequest, person: User) -> bool:
    """Return whether only superusers may change the account of ``person``.

    Changing the email address or the authentication factors of an account allows taking it over. Admins must not gain
    the rights of moderators and officers this way.
    """
    if request.user.is_superuser or person.pk == request.user.pk:
        return False
    return (
        person.is_superuser or person.is_staff or person.is_moderator or hasattr(person, "officer")
    )


def email_is_protected(request: HttpRequest, person: User) -> bool:
    """Return whether only superusers and the person may change the email address of ``person``.

    The address can reset the password, and so gives access to the person's roles at members. Admins may correct it
    before the first login.
    """
    if is_protected(request, person):
        return True
    if request.user.is_superuser or person.pk == request.user.pk or person.last_login is None:
        return False
    return person.memberships.exists()


class CredentialAdmin(DeletableAdmin):
    """Base class for email addresses and authentication factors, which are protected like their account."""

    def is_protected(self, request: HttpRequest, person: User) -> bool:
        return is_protected(request, person)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and self.is_protected(request, obj.user):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and self.is_protected(request, obj.user):
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if self.is_protected(request, obj.user):
            raise PermissionDenied
        super().save_model(request, obj, form, change)


class UserForm(forms.ModelForm):
    """An account without its password. The email address is stored in lower case."""

    name = NameField()
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", "–"), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=lambda: [("", _("The browser’s at the next login")), *time_zones.choices()],
    )

    class Meta:
        model = User
        fields = ("email", "name", "language", "time_zone", "uses_shortcuts")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        other = account_of(email)
        if other and other.pk != self.instance.pk:
            raise forms.ValidationError(gettext("This email address belongs to another account."))
        return email


class NewUserForm(UserForm):
    """A new account without a usable password, until its owner sets one."""

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


class UserMembershipInline(MembershipInline):
    """Memberships of a person. Admins cannot change their own."""

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.pk != request.user.pk


@admin.register(User)
class UserAdmin(PortalAdmin):
    """Accounts. Owners set their password with an emailed link; password hashes are not shown.

    Accounts are deactivated instead of deleted, because records refer to them.
    """

    list_display = (
        "email",
        "name",
        "is_moderator",
        "is_staff",
        "is_superuser",
        "second_factor",
        "is_active",
        "last_login",
    )
    list_filter = ("is_active", "is_moderator", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    search_help_text = _("Email address or name")
    ordering = ("email",)
    inlines = (UserMembershipInline,)
    readonly_fields = ("last_login", "date_joined", "second_factor")
    actions = ("mail_password_link",)
    deletable = False
    form = UserForm
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "time_zone", "uses_shortcuts")}),
        (
            _("Roles"),
            {
                "fields": ("is_active", "is_moderator", "is_staff", "is_superuser"),
                "description": _(
                    "Roles at members are listed below. Officers are listed at their agency."
                ),
            },
        ),
        (_("Login"), {"fields": ("second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "language", "time_zone"),
                "description": _("The person gets an email with a link to set a password."),
            },
        ),
        (_("Roles"), {"fields": ("is_moderator", "is_staff", "is_superuser")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        rows: QuerySet[User] = super().get_queryset(request).select_related("officer")
        return rows.annotate(has_factor=Exists(factors))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and is_protected(request, obj):
            return False
        return super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if not change:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        """Return the read-only fields. Only superusers grant staff roles, and not to themselves."""
        fields = tuple(self.readonly_fields)
        if isinstance(obj, User) and email_is_protected(request, obj):
            fields += ("email",)
        if request.user.is_superuser and (obj is None or obj.pk != request.user.pk):
            return fields
        return (*fields, "is_superuser", "is_staff", "is_moderator")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if change and "is_active" in form.changed_data and not obj.is_active:
            self._warn_about_missing_owners(request, obj)
        super().save_model(request, obj, form, change)
        if not change:
            # The first login requires the link sent to this address, which verifies it.
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=True)
            transaction.on_commit(lambda: self._send_link(request, obj))
        elif "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
            EmailAddress.objects.update_or_create(
                user=obj, email=obj.email, defaults={"primary": True, "verified": False}
            )
            single_sign_on.release(obj)

    def _warn_about_missing_owners(self, request: HttpRequest, person: User) -> None:
        """Warn about members without an owner. Accounts can always be deactivated, for example after a compromise."""
        roles = person.memberships.values_list("pk", flat=True)
        if members := left_without_owner(replaced=roles):
            names = text.join(member.name for member in members)
            message = gettext("These members no longer have an active owner: %(members)s. Add one.")
            self.message_user(request, message % {"members": names}, messages.WARNING)

    @admin.display(boolean=True, description=_("two-factor authentication"))
    def second_factor(self, obj: Any) -> bool:
        return bool(getattr(obj, "has_factor", False))

    @admin.action(description=_("Send a password link"), permissions=("change",))
    def mail_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Email a password link to the selected people, up to one page of the list."""
        for person in queryset.filter(is_active=True)[: self.list_per_page]:
            self._send_link(request, person)

    def _send_link(self, request: HttpRequest, person: User) -> None:
        if send_password_link(request, person):
            message = gettext("A password link was sent to %(email)s.")
            level = messages.SUCCESS
        else:
            message = gettext(
                "The email to %(email)s could not be sent. Try again from the list of users."
            )
            level = messages.ERROR
        self.message_user(request, message % {"email": person.email}, level)


@admin.register(EmailAddress)
class EmailAddressAdmin(CredentialAdmin):
    """Email addresses for login, and whether they are verified."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("primary", "verified")
    list_select_related = ("user",)
    search_fields = ("email", "user__name")
    autocomplete_fields = ("user",)

    def is_protected(self, request: HttpRequest, person: User) -> bool:
        return email_is_protected(request, person)


@admin.register(Authenticator)
class AuthenticatorAdmin(CredentialAdmin):
    """Authentication factors. Secrets are not shown. After deletion, the person sets up a new one."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(UserSession)
class UserSessionAdmin(DeletableAdmin):
    """Login sessions. Deleting a session logs the browser out."""

    list_display = ("user", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    ordering = ("-pk",)
    fields = readonly_fields = ("user", "created_at", "ip", "user_agent")

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for session in queryset:
            session.end()
