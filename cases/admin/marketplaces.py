"""Marketplaces in the admin: their rules, the examples that test them, and a page that explains addresses."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from alliance.lib.admin import PortalAdmin, PortalInline, ReadOnlyAdmin
from cases.forms.marketplace_rules import AddressesForm, MarketplaceForm, RulesForm
from cases.marketplaces.lookup import Marketplaces
from cases.models import AuthorisedSeller, Marketplace, MarketplaceExample
from cases.models.marketplace_rules import EXAMPLES, EXAMPLES_PER_MARKETPLACE
from cases.queries import examples, explained_addresses
from cases.queries.examples import Failure
from cases.services import listing_keys

# The field of the change form with the marketplace whose unsaved rules are tried.
EDITED = "edited"


class ExamplesFormSet(BaseInlineFormSet):
    """Checks all examples, also those of other marketplaces, against the rules that are about to be saved.

    ``instance`` has these rules. The examples are not checked if the rules are invalid.
    """

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not getattr(self.instance, "has_valid_rules", False):
            return
        own = [form for form in self.forms if _is_kept(form)]
        others = examples.of_others(self.instance)
        if len(own) + len(others) > EXAMPLES:
            text = gettext("All marketplaces together can have up to %(limit)d examples.")
            raise ValidationError(text % {"limit": EXAMPLES})
        marketplaces = Marketplaces.all().replacing(self.instance)
        for form in own:
            form.instance.marketplace = self.instance
            for failure in examples.failures([form.instance], marketplaces):
                form.add_error("url", failure.message)
        failed = examples.failures(others, marketplaces)
        if failed:
            raise ValidationError([_about(failure) for failure in failed])


def _about(failure: Failure) -> str:
    about = {"marketplace": failure.example.marketplace, "problem": failure.message}
    return gettext("Example of %(marketplace)s: %(problem)s") % about


def _is_kept(form: ModelForm) -> bool:
    return bool(form.instance.url) and not form.cleaned_data.get("DELETE", False)


class ExampleInline(PortalInline):
    model = MarketplaceExample
    formset = ExamplesFormSet
    fields = ("url", "expected", "item", "shop", "note")
    max_num = EXAMPLES_PER_MARKETPLACE
    verbose_name_plural = _("Examples that test the rules")


@admin.register(Marketplace)
class MarketplaceAdmin(PortalAdmin):
    form = MarketplaceForm
    list_display = ("name", "name_local", "country", "hosts", "is_active")
    list_filter = ("is_active", ("country", CountryFilter))
    search_fields = ("name", "name_local", "slug", "hosts")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ExampleInline,)
    change_list_template = "admin/marketplaces.html"
    change_form_template = "admin/marketplace.html"

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "addresses/",
            self.admin_site.admin_view(self.addresses_view),
            name="cases_marketplace_addresses",
        )
        return [page, *super().get_urls()]

    def addresses_view(self, request: HttpRequest) -> HttpResponse:
        """Explain the addresses in a text by the saved rules, or by those of the change form that is posted."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        rules = self._rules_form(request)
        form = AddressesForm(request.POST if "text" in request.POST else None)
        explained = None
        if form.is_valid() and (rules is None or rules.is_valid()):
            marketplaces = Marketplaces.all()
            if rules is not None:
                marketplaces = marketplaces.replacing(rules.instance)
            explained = explained_addresses.explain(form.cleaned_data["text"], marketplaces)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("What becomes of a URL?"),
            "opts": self.opts,
            "form": form,
            "rules": rules,
            "edited": request.POST.get(EDITED, ""),
            "explained": explained,
        }
        return TemplateResponse(request, "admin/marketplace_addresses.html", context)

    def _rules_form(self, request: HttpRequest) -> RulesForm | None:
        """Return the form with the rules that are being edited, if any."""
        if EDITED not in request.POST:
            return None
        number, instance = request.POST[EDITED], None
        if number:
            instance = self.get_object(request, number)
            if instance is None:
                raise Http404
        form = RulesForm(request.POST, instance=instance)
        for name in self.get_readonly_fields(request, instance):
            form.fields.pop(name, None)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Fix case sensitivity once there are shops: their keys depend on it."""
        in_use = obj and (obj.sellers.exists() or AuthorisedSeller.objects.filter(marketplace=obj))
        return ("shop_ids_are_case_sensitive",) if in_use else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["addresses_url"] = reverse("admin:cases_marketplace_addresses")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        form.instance.has_valid_rules = True
        return super().save_form(request, form, change)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        listing_keys.schedule_check()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        listing_keys.schedule_check()


@admin.register(MarketplaceExample)
class MarketplaceExampleAdmin(ReadOnlyAdmin):
    """The examples of all marketplaces. They are changed on the page of their marketplace, with its rules."""

    list_display = ("url", "marketplace", "expected", "item", "shop")
    list_filter = ("expected",)
    list_select_related = ("marketplace",)
    search_fields = ("url", "item", "marketplace__name")
