"""The guide of a brand, and what of it agencies see: the brand's choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.guides import DisclosureForm, GuideForm
from cases.services import guides as service
from cases.views.http import get_or_post
from members import guides, territories
from members import visibility as of_members
from members.forms.product import SearchForm
from members.models import Brand, BrandGuide, DisclosedTo, Membership, Product
from members.models.product import ProductQuerySet
from members.views.http import person, restored_data, with_seen

PAGE = 20


@require_safe
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a brand's guide to its member's people, to moderators and to admins."""
    user = person(request)
    brand = get_object_or_404(of_members.brands(user).select_related("member", "guide"), pk=pk)
    role = _roles(request).filter(member=brand.member_id).select_related("member").first()
    context = guide_context(request, visibility.products(user), brand) | {
        "role": role,
        "may_change": role is not None and role.may_file,
        "breadcrumbs": _breadcrumbs(role, brand),
    }
    return render(request, "cases/guide.html", context)


def guide_context(request: HttpRequest, products: ProductQuerySet, brand: Brand) -> dict[str, Any]:
    """Return what the page of a guide shows: one page of ``products`` of ``brand`` with all their parts."""
    search = SearchForm(request.GET)
    rows = search.matching(products.active().filter(brand=brand))
    page = paginate(rows, order=("name", "pk"), cursor=request.GET.get("cursor"), size=PAGE)
    return {
        "brand": brand,
        "introduction": getattr(getattr(brand, "guide", None), "introduction", ""),
        "filter": search,
        "page": page,
        "entries": guides.entries(page.rows),
    }


@get_or_post
def change_guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the introduction of a guide, and which agencies see it."""
    rows = of_members.brands(person(request)).select_related("member")
    brand = get_object_or_404(rows, pk=pk)
    role = _filing_role(request, brand)
    row = service.guide_of(brand)
    page = _Page(
        request,
        role,
        GuideForm,
        row,
        heading=_("Brand guide: %(name)s") % {"name": brand},
        back=reverse("guides:brand", args=[brand.pk]),
        breadcrumbs=[*_breadcrumbs(role, brand, linked=True), {"label": _("Change")}],
    )

    def save(**values: Any) -> Any:
        return service.change_guide(brand=brand, by=person(request), **values)

    return page.answer(save, _("The brand guide was saved."))


@get_or_post
def disclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which agencies see a product."""
    rows = visibility.products(person(request)).select_related("brand", "member")
    product = get_object_or_404(rows, pk=pk)
    role = _filing_role(request, product.brand)
    back = reverse("products:detail", args=[product.member.slug, product.pk])
    products = reverse("products:list", args=[product.member.slug])
    page = _Page(
        request,
        role,
        DisclosureForm,
        product,
        heading=_("Visibility of %(product)s") % {"product": product},
        back=back,
        breadcrumbs=[
            {"label": _("Products"), "url": products},
            {"label": str(product), "url": back},
            {"label": _("Visible to agencies")},
        ],
    )

    def save(**values: Any) -> Any:
        return service.disclose(product=product, by=person(request), **values)

    return page.answer(save, _("The visibility was saved."))


class _Page:
    """The page of a form about disclosure."""

    def __init__(
        self,
        request: HttpRequest,
        role: Membership,
        form: type[DisclosureForm],
        row: Product | BrandGuide,
        **context: Any,
    ) -> None:
        self.request, self.form, self.row = request, form, row
        self.context = {"member": role.member} | context

    def answer(self, save: Callable[..., Any], done: str) -> HttpResponse:
        """Show the form; or save it and redirect, or show it with its errors."""
        if self.request.method != "POST":
            return self._show(self.form(restored_data(self.request), row=self.row))
        form = self.form(self.request.POST, row=self.row)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            save(**form.values)
        except service.DisclosureChanged as refusal:
            return self._changed_elsewhere(form, refusal)
        except service.NothingChosen as refusal:
            form.add_error(refusal.field, str(refusal))
            return self._show(form, status=refusal.http_status)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._show(form, status=refusal.http_status)
        messages.success(self.request, done)
        return redirect(self.context["back"])

    def _changed_elsewhere(
        self, form: DisclosureForm, refusal: service.DisclosureChanged
    ) -> HttpResponse:
        data = with_seen(self.request, service.version(refusal.current))
        again = self.form(data, row=refusal.current)
        again.is_valid()
        again.add_error(None, str(refusal))
        return self._show(again, status=409, differences=_differences(refusal.current, again))

    def _show(self, form: DisclosureForm, *, status: int = 200, **context: Any) -> HttpResponse:
        shown = self.context | {"form": form} | context
        return render(self.request, "cases/disclosure.html", shown, status=status)


def _differences(row: Any, form: DisclosureForm) -> list[dict[str, Any]]:
    """Return the fields in which the saved row differs from the form, each with both values as text."""
    entered, labels = form.cleaned_data, dict(DisclosedTo.choices)
    both = {
        "introduction": (getattr(row, "introduction", ""), entered.get("introduction", "")),
        "disclosed_to": (
            labels[row.disclosed_to],
            labels.get(str(entered.get("disclosed_to")), ""),
        ),
        "countries": tuple(
            territories.words(codes)
            for codes in (row.disclosed_countries, entered.get("countries", ()))
        ),
        "agencies": tuple(
            form.agency_names(keys)
            for keys in (
                [str(key) for key in service.agencies_of(row)],
                entered.get("agencies", ()),
            )
        ),
    }
    return [
        {"label": form.fields[name].label, "saved": saved, "submitted": submitted}
        for name, (saved, submitted) in both.items()
        if name in form.fields and saved != submitted
    ]


def _roles(request: HttpRequest) -> Any:
    return Membership.objects.in_force().filter(user=person(request))


def _filing_role(request: HttpRequest, brand: Brand) -> Membership:
    """Return the user's role if it allows changing the brand's products. Raises ``PermissionDenied``."""
    role: Membership | None = (
        _roles(request).filter(member=brand.member_id).select_related("member").first()
    )
    if role is None or not role.may_file:
        raise PermissionDenied
    return role


def _breadcrumbs(
    role: Membership | None, brand: Brand, *, linked: bool = False
) -> list[dict[str, str]]:
    """Return the way to the guide: from the member's list of products, or from triage for moderators."""
    here: dict[str, str] = {"label": _("Brand guide: %(name)s") % {"name": brand}}
    if linked:
        here["url"] = reverse("guides:brand", args=[brand.pk])
    if role is None:
        return [{"label": _("Triage"), "url": reverse("triage:list")}, here]
    url = reverse("products:list", args=[role.member.slug])
    return [{"label": _("Products"), "url": url}, here]
