"""Single sign-on of members in the admin: providers, their domains, and the logins connected with them."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from alliance.lib.admin import PortalAdmin, PortalInline
from alliance.lib.sealing import CannotOpen
from members.admin.people import CredentialAdmin
from members.forms.single_sign_on import LoginDomainForm, SingleSignOnForm
from members.models import LoginDomain, SingleSignOn
from members.services import single_sign_on as service
from members.single_sign_on import oidc, saml

# The portal's providers are SingleSignOn; tokens are not stored.
admin.site.unregister((SocialApp, SocialToken, SocialAccount))
# The action asks each provider.
MAX_TESTED = 5


class OfSuperusers(PortalAdmin):
    """Base class of providers and their domains, which only superusers write.

    The provider of a domain decides who logs in with an address of that domain, owners included.
    """

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_delete_permission(request, obj)


class LoginDomainInline(PortalInline):
    model = LoginDomain
    form = LoginDomainForm
    extra = 1


@admin.register(SingleSignOn)
class SingleSignOnAdmin(OfSuperusers):
    """Identity providers. The URLs that the other side needs are shown after the first save."""

    form = SingleSignOnForm
    list_display = ("member", "kind", "is_active", "is_required", "creates_accounts", "tested_at")
    list_filter = ("kind", "is_active")
    list_select_related = ("member",)
    search_fields = ("member__name", "member__name_local", "domains__name")
    search_help_text = _("Member or email domain")
    autocomplete_fields = ("member",)
    inlines = (LoginDomainInline,)
    readonly_fields = ("portal_urls", "tested_at", "has_secret")
    actions = ("test",)
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("member", "kind", "portal_urls")}),
        (_("OpenID Connect"), {"fields": ("issuer", "client_id", "new_secret", "has_secret")}),
        (_("SAML 2.0"), {"fields": ("metadata", "metadata_file")}),
        (_("Rules"), {"fields": ("creates_accounts", "is_required", "is_active", "tested_at")}),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Save the changed columns at once, with what the form has put beside its fields: they go together."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        self._disconnect_if_another(request, obj)
        columns = {field.name for field in obj._meta.concrete_fields} & set(form.changed_data)
        obj.save(update_fields={*columns, "secret_sealed", "metadata"})

    def _disconnect_if_another(self, request: HttpRequest, obj: SingleSignOn) -> None:
        """Delete the connected logins if ``obj``, not yet saved, is another provider now, and say how many."""
        before = SingleSignOn.objects.get(pk=obj.pk)
        if saml.identity_of(before) == saml.identity_of(obj):
            return
        if number := service.disconnect(before):
            text = ngettext(
                "It is another provider now, so %(number)d connected login was deleted. The next login connects the"
                " person again.",
                "It is another provider now, so %(number)d connected logins were deleted. The next login connects each"
                " person again.",
                number,
            )
            self.message_user(request, text % {"number": number}, messages.WARNING)

    @admin.display(description=_("URLs of the portal"))
    def portal_urls(self, obj: SingleSignOn) -> str:
        if not obj.pk:
            return gettext("Shown after the first save. The provider needs them.")
        if obj.kind == SingleSignOn.Kind.OIDC:
            rows = [(gettext("Redirect URI"), oidc.callback_url(obj.key))]
        else:
            rows = [
                (gettext("Entity ID and metadata"), saml.entity_id(obj.key)),
                (gettext("Assertion consumer service (ACS)"), saml.acs_url(obj.key)),
            ]
        return format_html_join("", "<div>{}: <code>{}</code></div>", rows)

    @admin.display(boolean=True, description=_("has a client secret"))
    def has_secret(self, obj: SingleSignOn) -> bool:
        return bool(obj.secret_sealed)

    @admin.action(description=_("Test selected providers"), permissions=("change",))
    def test(self, request: HttpRequest, queryset: QuerySet[SingleSignOn]) -> None:
        """Read the discovery document of active OpenID Connect providers, or the metadata of SAML providers.

        Only the former asks the provider. A SAML provider is reached by the browser alone.
        """
        for row in queryset.select_related("member").order_by("pk")[:MAX_TESTED]:
            try:
                text = self._tested(request, row)
            except SocialApp.DoesNotExist:
                self._report(request, row, gettext("not active"), messages.WARNING)
            except (RequestException, OAuth2Error, CannotOpen) as error:
                self._report(request, row, f"{type(error).__name__} ({error})", messages.ERROR)
            except ValidationError as error:
                self._report(request, row, " ".join(error.messages), messages.ERROR)
            else:
                self._report(request, row, text, messages.SUCCESS)

    def _tested(self, request: HttpRequest, row: SingleSignOn) -> str:
        """Test one provider, and return what is known then. Raises the errors that :meth:`test` reports."""
        provider = get_adapter().get_provider(request, provider=row.key)
        if row.kind == SingleSignOn.Kind.SAML:
            return gettext("The metadata is valid.")
        _config = provider.get_oauth2_adapter(request).openid_config
        service.record_test(row)
        return gettext("The provider answers.")

    def _report(self, request: HttpRequest, row: SingleSignOn, text: str, level: int) -> None:
        self.message_user(request, f"{row}: {text}", level)


@admin.register(LoginDomain)
class LoginDomainAdmin(OfSuperusers):
    """Email domains of all providers, to find the provider of a domain."""

    form = LoginDomainForm
    list_display = ("name", "single_sign_on", "is_used")
    list_select_related = ("single_sign_on__member",)
    search_fields = ("name",)
    autocomplete_fields = ("single_sign_on",)

    @admin.display(boolean=True, description=pgettext_lazy("single sign-on", "active"))
    def is_used(self, obj: LoginDomain) -> bool:
        return obj.single_sign_on.is_active


@admin.register(SocialAccount)
class ConnectedLoginAdmin(CredentialAdmin):
    """People's logins by single sign-on. After deletion, the next login connects the person again."""

    list_display = ("user", "provider", "uid", "date_joined", "last_login")
    list_select_related = ("user",)
    search_fields = ("user__email", "provider")
    fields = readonly_fields = ("user", "provider", "uid", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
