"""The products of a member: list, page of a product, creation and change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.lib import counts
from alliance.lib.refusals import Refusal
from members import guides, territories
from members.forms.product import ProductFilterForm, ProductForm
from members.models import BrandGuide, Membership, Product, ProductFeature
from members.services import products
from members.views.http import (
    list_context,
    member_list,
    person,
    restored_data,
    role_at,
    with_seen,
)

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the products of the user's member, or a choice if the user has a role at several members."""
    lead = _("Choose the member whose products you want to see.")
    return member_list(request, "products:list", heading=_("Products"), lead=lead)


@require_safe
def product_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the member's products, filtered and paginated."""
    role = role_at(request, slug)
    narrowed = ProductFilterForm(request.GET, member=role.member)
    features = ProductFeature.objects.filter(product=OuterRef("pk"))
    found = narrowed.products
    shown = found.select_related("brand").annotate(
        genuine=counts.Number(features.filter(kind="genuine").values("pk")),
        fake=counts.Number(features.filter(kind="fake").values("pk")),
    )
    context = list_context(request, role, narrowed, found, shown) | {"brands": narrowed.guides}
    return render(request, "members/products.html", context)


@require_safe
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a product with its pictures and features."""
    return product_page(request, role_at(request, slug), pk)


def product_page(
    request: HttpRequest, role: Membership, pk: int, *, status: int = 200
) -> HttpResponse:
    """Render the page of a product. The views of its parts render it with their refusals."""
    product = find(role, pk)
    guide = BrandGuide.objects.filter(brand=product.brand_id).first()
    context = {
        "member": role.member,
        "product": product,
        "entry": guides.entries([product])[0],
        "guide": guide or BrandGuide(brand=product.brand),
        "may_change": role.may_file,
        "breadcrumbs": [*breadcrumbs(role), {"label": str(product)}],
    }
    return render(request, "members/product.html", context, status=status)


@get_or_post
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """Create a product."""
    role = filing_role(request, slug)
    if request.method != "POST":
        form = ProductForm(restored_data(request), member=role.member)
        return _form_page(request, role, form)
    form = ProductForm(request.POST, member=role.member)

    def save() -> Product:
        return products.create(member=role.member, by=person(request), **form.values)

    product, status = _try(form, save)
    if product is None:
        return _form_page(request, role, form, status=status)
    messages.success(request, _("The product was saved. Add pictures and features to it."))
    return redirect("products:detail", slug, product.pk)


@get_or_post
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a product."""
    role = filing_role(request, slug)
    product = find(role, pk)
    if request.method != "POST":
        form = ProductForm(restored_data(request), member=role.member, product=product)
        return _form_page(request, role, form)
    form = ProductForm(request.POST, member=role.member, product=product)

    def save() -> Product:
        seen = form.cleaned_data["seen"]
        return products.change(product=product, by=person(request), seen=seen, **form.values)

    try:
        saved, status = _try(form, save)
    except products.ProductChanged as refusal:
        return _changed_elsewhere(request, role, form, refusal)
    if saved is None:
        return _form_page(request, role, form, status=status)
    messages.success(request, _("The product was saved."))
    return redirect("products:detail", slug, product.pk)


@require_POST
def retire(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a product out of its brand guide."""
    text = _("The product was retired. It is no longer in the brand guide.")
    return _set_state(request, slug, pk, products.retire, text)


@require_POST
def restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put a retired product back into its brand guide."""
    text = _("The product was restored. It is in the brand guide again.")
    return _set_state(request, slug, pk, products.restore, text)


def _set_state(
    request: HttpRequest, slug: str, pk: int, service: Callable[..., Any], done: str
) -> HttpResponse:
    role = filing_role(request, slug)
    try:
        service(product=find(role, pk), by=person(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return product_page(request, role, pk, status=refusal.http_status)
    messages.success(request, done)
    return redirect("products:detail", slug, pk)


def _try(form: ProductForm, save: Callable[[], Product]) -> tuple[Product | None, int]:
    """Return the result of ``save`` and 200; or ``None`` and a status, with the errors in the form.

    :class:`products.ProductChanged` is raised.
    """
    if not form.is_valid():
        return None, 422
    try:
        return save(), 200
    except products.GTINTaken as refusal:
        form.add_error("gtin", str(refusal))
        return None, refusal.http_status
    except products.ProductChanged:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None, refusal.http_status


def _changed_elsewhere(
    request: HttpRequest, role: Membership, form: ProductForm, refusal: products.ProductChanged
) -> HttpResponse:
    """Show the form with what was entered beside what is saved now. Saving it again replaces that."""
    data = with_seen(request, products.version(refusal.product))
    again = ProductForm(data, member=role.member, product=refusal.product)
    again.is_valid()
    again.add_error(None, str(refusal))
    differences = _differences(refusal.product, form)
    return _form_page(request, role, again, status=409, differences=differences)


def _differences(product: Product, form: ProductForm) -> list[dict[str, Any]]:
    """Return the fields in which the saved product differs from the form, each with both values as text."""
    entered = Product(**form.values)
    rows = []
    for name, show in _SHOWN.items():
        saved, submitted = show(product), show(entered)
        if saved != submitted:
            label = form.fields[name].label
            rows.append({"label": label, "saved": saved, "submitted": submitted})
    return rows


_SHOWN: dict[str, Callable[[Product], str]] = {
    "brand": lambda product: str(product.brand),
    "gtin": lambda product: product.gtin_shown,
    "name": lambda product: product.name,
    "name_local": lambda product: product.name_local,
    "other_names": lambda product: "\n".join(
        f"{tag}: {name}" for tag, name in sorted(product.other_names.items())
    ),
    "description": lambda product: product.description,
    "packaging": lambda product: product.packaging,
    "production_places": lambda product: territories.words(product.production_places),
    "nice_classes": lambda product: product.classes_words,
}


def filing_role(request: HttpRequest, slug: str) -> Membership:
    """Return the user's role if it allows changing products. Raises ``Http404`` or ``PermissionDenied``."""
    role = role_at(request, slug)
    if not role.may_file:
        raise PermissionDenied
    return role


def find(role: Membership, pk: int) -> Product:
    """Return the member's product. Raises ``Http404``."""
    rows = Product.objects.filter(member=role.member)
    return get_object_or_404(rows.select_related("brand", "member"), pk=pk)


def breadcrumbs(role: Membership, product: Product | None = None) -> list[dict[str, str]]:
    """Return the way to the list, or to the page of ``product``."""
    way = [{"label": _("Products"), "url": reverse("products:list", args=[role.member.slug])}]
    if product is not None:
        url = reverse("products:detail", args=[role.member.slug, product.pk])
        way.append({"label": str(product), "url": url})
    return way


def _form_page(
    request: HttpRequest,
    role: Membership,
    form: ProductForm,
    *,
    status: int = 200,
    differences: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    last = _("Change") if form.product else _("Add a product")
    context = {
        "member": role.member,
        "form": form,
        "product": form.product,
        "differences": differences or [],
        "breadcrumbs": [*breadcrumbs(role, form.product), {"label": last}],
    }
    return render(request, "members/product_form.html", context, status=status)
