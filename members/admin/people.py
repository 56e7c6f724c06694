"""People and their accounts in the admin."""

from __future__ import annotations

import zoneinfo
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

from alliance.lib.admin import FreelyDeletable, PortalAdmin
from members.accounts import send_password_link
from members.admin.organisations import MembershipInline
from members.models import User
from members.roles import left_without_owner

# Roles are in code: a group would give nothing.
admin.site.unregister((EmailAddress, Authenticator, UserSession, Group))


def is_out_of_reach(request: HttpRequest, person: User) -> bool:
    """Whether the account of ``person`` is for superusers alone to change.

    Who can change the e-mail address or the second factor of an account can make it their own, and with
    it what the alliance keeps from its own staff: decisions, and what agencies answer.
    """
    if request.user.is_superuser or person.pk == request.user.pk:
        return False
    return (
        person.is_superuser or person.is_staff or person.is_moderator or hasattr(person, "officer")
    )


def keeps_address(request: HttpRequest, person: User) -> bool:
    """Whether the e-mail address of ``person`` is for a superuser or its owner to change.

    It leads to the password, and so to the person's roles at members. Before the first log-in an admin may
    correct it: until then nobody has the account.
    """
    if is_out_of_reach(request, person):
        return True
    if request.user.is_superuser or person.pk == request.user.pk or person.last_login is None:
        return False
    return person.memberships.exists()


class PartOfAccount(FreelyDeletable):
    """What an account is entered by: kept by whoever may keep the account."""

    def out_of_reach(self, request: HttpRequest, person: User) -> bool:
        return is_out_of_reach(request, person)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and self.out_of_reach(request, obj.user):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and self.out_of_reach(request, obj.user):
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if self.out_of_reach(request, obj.user):
            raise PermissionDenied
        super().save_model(request, obj, form, change)


class UserForm(forms.ModelForm):
    """An account without its password. E-mail addresses are kept in lower case."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", "–"), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        initial="UTC",
        choices=[(name, name) for name in sorted(zoneinfo.available_timezones())],
    )

    class Meta:
        model = User
        fields = ("email", "name", "language", "time_zone")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        # Somebody's second address is not on the account, yet it is proved to be theirs.
        taken = EmailAddress.objects.filter(email=email, verified=True)
        if taken.exclude(user_id=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Somebody else's account has this address."))
        return email


class NewUserForm(UserForm):
    """An account that nobody can log in to until its owner has set a password."""

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


class UserMembershipInline(MembershipInline):
    """The same beneath a person: the person is given."""

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.pk != request.user.pk


@admin.register(User)
class UserAdmin(PortalAdmin):
    """Accounts. Passwords are set by their owners through a link, never here, and hashes not shown.

    An account that is no longer wanted is made inactive: what its owner did stays on record.
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
    search_help_text = _("E-mail address or name")
    ordering = ("email",)
    inlines = (UserMembershipInline,)
    readonly_fields = ("last_login", "date_joined", "second_factor")
    actions = ("mail_password_link",)
    deletable = False
    form = UserForm
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "time_zone")}),
        (
            _("Roles"),
            {
                "fields": ("is_active", "is_moderator", "is_staff", "is_superuser"),
                "description": _(
                    "Roles at members are further down; officers are at their agency."
                ),
            },
        ),
        (_("Log-in"), {"fields": ("second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "language", "time_zone"),
                "description": _(
                    "The person is sent a link by e-mail, with which they set a password."
                ),
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
        if obj is not None and is_out_of_reach(request, obj):
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
        """Only superusers give roles that reach beyond a member, and none to themselves."""
        fields = tuple(self.readonly_fields)
        if isinstance(obj, User) and keeps_address(request, obj):
            fields += ("email",)
        if request.user.is_superuser and (obj is None or obj.pk != request.user.pk):
            return fields
        return (*fields, "is_superuser", "is_staff", "is_moderator")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if change and "is_active" in form.changed_data and not obj.is_active:
            self._name_members_without_owner(request, obj)
        super().save_model(request, obj, form, change)
        if not change:
            # Nobody can log in but through a link sent to this very address: that proves it.
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=True)
            transaction.on_commit(lambda: self._send_link(request, obj))
        elif "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
            EmailAddress.objects.update_or_create(
                user=obj, email=obj.email, defaults={"primary": True, "verified": False}
            )

    def _name_members_without_owner(self, request: HttpRequest, person: User) -> None:
        """An account can always be closed at once, as when it was broken into; say what it leaves."""
        roles = person.memberships.values_list("pk", flat=True)
        if members := left_without_owner(replaced=roles):
            names = ", ".join(member.name for member in members)
            text = gettext("No active owner is left at: %(members)s. Name one.")
            self.message_user(request, text % {"members": names}, messages.WARNING)

    @admin.display(boolean=True, description=_("second factor"))
    def second_factor(self, obj: Any) -> bool:
        return bool(getattr(obj, "has_factor", False))

    @admin.action(description=_("Send a link to set the password"), permissions=("change",))
    def mail_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Send up to a page of people the link by which they set a password."""
        for person in queryset.filter(is_active=True)[: self.list_per_page]:
            self._send_link(request, person)

    def _send_link(self, request: HttpRequest, person: User) -> None:
        if send_password_link(request, person):
            text = gettext("A link to set the password was sent to %(email)s.")
            level = messages.SUCCESS
        else:
            text = gettext("The e-mail to %(email)s could not be sent. Try again from the list.")
            level = messages.ERROR
        self.message_user(request, text % {"email": person.email}, level)


@admin.register(EmailAddress)
class EmailAddressAdmin(PartOfAccount):
    """The addresses with which people log in, and whether they proved them to be theirs."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("primary", "verified")
    list_select_related = ("user",)
    search_fields = ("email", "user__name")
    autocomplete_fields = ("user",)

    def out_of_reach(self, request: HttpRequest, person: User) -> bool:
        return keeps_address(request, person)


@admin.register(Authenticator)
class AuthenticatorAdmin(PartOfAccount):
    """Second factors. Their secrets are not shown; deleting them lets a person set up new ones."""

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
class UserSessionAdmin(FreelyDeletable):
    """Who is logged in. Deleting a session logs that browser out."""

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
