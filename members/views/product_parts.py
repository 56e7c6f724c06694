"""Features and pictures of a product: added, changed, moved and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.lib.refusals import Refusal
from members.forms.product import FeatureForm, MoveForm, PictureForm
from members.models import Membership, Product, ProductFeature, ProductPicture
from members.services import product_parts
from members.views import products
from members.views.http import person, restored_data, with_seen
from members.views.products import filing_role, find, get_or_post


@get_or_post
def add_feature(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add a feature. The parameter ``kind`` chooses its kind in the form."""
    role = filing_role(request, slug)
    product = find(role, pk)
    if request.method != "POST":
        form = FeatureForm(restored_data(request), kind=request.GET.get("kind", ""))
        return _feature_page(request, role, product, form)
    form = FeatureForm(request.POST, request.FILES)

    def save() -> ProductFeature:
        return product_parts.add_feature(product=product, by=person(request), **form.values)

    if status := _try(form, save):
        return _feature_page(request, role, product, form, status=status)
    messages.success(request, _("The feature was added."))
    return redirect("products:detail", slug, pk)


@get_or_post
def change_feature(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change a feature."""
    role = filing_role(request, slug)
    product = find(role, pk)
    feature = _feature(product, part)
    if request.method != "POST":
        form = FeatureForm(restored_data(request), feature=feature)
        return _feature_page(request, role, product, form)
    form = FeatureForm(request.POST, request.FILES, feature=feature)

    def save() -> ProductFeature:
        seen = form.cleaned_data["seen"]
        by = person(request)
        return product_parts.change_feature(feature=feature, by=by, seen=seen, **form.values)

    try:
        status = _try(form, save)
    except product_parts.FeatureChanged as refusal:
        return _changed_elsewhere(request, role, product, form, refusal)
    if status:
        return _feature_page(request, role, product, form, status=status)
    messages.success(request, _("The feature was saved."))
    return redirect("products:detail", slug, pk)


@get_or_post
def add_picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add a picture."""
    role = filing_role(request, slug)
    product = find(role, pk)
    if request.method != "POST":
        return _picture_page(request, role, product, PictureForm(restored_data(request)))
    form = PictureForm(request.POST, request.FILES)

    def save() -> ProductPicture:
        upload, alt = form.cleaned_data["picture"], form.cleaned_data["alt"]
        return product_parts.add_picture(
            product=product, by=person(request), upload=upload, alt=alt
        )

    if status := _try(form, save):
        return _picture_page(request, role, product, form, status=status)
    messages.success(request, _("The picture was added."))
    return redirect("products:detail", slug, pk)


@get_or_post
def describe_picture(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change the description of a picture."""
    role = filing_role(request, slug)
    product = find(role, pk)
    picture = _picture(product, part)
    if request.method != "POST":
        form = PictureForm(restored_data(request), picture=picture)
        return _picture_page(request, role, product, form)
    form = PictureForm(request.POST, picture=picture)

    def save() -> ProductPicture:
        alt = form.cleaned_data["alt"]
        return product_parts.describe_picture(picture=picture, by=person(request), alt=alt)

    if status := _try(form, save):
        return _picture_page(request, role, product, form, status=status)
    messages.success(request, _("The description was saved."))
    return redirect("products:detail", slug, pk)


@require_POST
def remove_feature(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Remove a feature. One that was removed already is not an error."""
    role = filing_role(request, slug)
    found = find(role, pk).features.select_related("product__member").filter(pk=part).first()

    def remove() -> None:
        if found is not None:
            product_parts.remove_feature(feature=found, by=person(request))

    return _do(request, role, pk, remove, _("The feature was removed."))


@require_POST
def remove_picture(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Remove a picture. One that was removed already is not an error."""
    role = filing_role(request, slug)
    rows = find(role, pk).pictures.filter(feature=None)
    found = rows.select_related("product__member").filter(pk=part).first()

    def remove() -> None:
        if found is not None:
            product_parts.remove_picture(picture=found, by=person(request))

    return _do(request, role, pk, remove, _("The picture was removed."))


@require_POST
def move_feature(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Move a feature among those of its kind."""
    role = filing_role(request, slug)
    return _move(request, role, _feature(find(role, pk), part))


@require_POST
def move_picture(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Move a picture."""
    role = filing_role(request, slug)
    return _move(request, role, _picture(find(role, pk), part))


def _move(request: HttpRequest, role: Membership, part: Any) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose where to move it."))
        return products.product_page(request, role, part.product_id, status=422)

    def move() -> None:
        product_parts.move(part=part, by=person(request), to=form.cleaned_data["to"])

    return _do(request, role, part.product_id, move, _("The order was saved."))


def _do(
    request: HttpRequest, role: Membership, pk: int, act: Callable[[], None], done: str
) -> HttpResponse:
    """Call ``act``. Show the product with the refusal, or afresh with the text ``done``."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return products.product_page(request, role, pk, status=refusal.http_status)
    messages.success(request, done)
    return redirect("products:detail", role.member.slug, pk)


def _feature(product: Product, pk: int) -> ProductFeature:
    rows = product.features.select_related("product__member", "picture")
    return get_object_or_404(rows, pk=pk)


def _picture(product: Product, pk: int) -> ProductPicture:
    rows = product.pictures.filter(feature=None).select_related("product__member")
    return get_object_or_404(rows, pk=pk)


def _try(form: Any, save: Callable[[], Any]) -> int:
    """Save and return 0; or return a status, with the errors in the form.

    :class:`product_parts.FeatureChanged` is raised.
    """
    if not form.is_valid():
        return 422
    try:
        save()
    except product_parts.InvalidPart as refusal:
        form.add_error(refusal.field, str(refusal))
        return refusal.http_status
    except product_parts.FeatureChanged:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return refusal.http_status
    return 0


def _changed_elsewhere(
    request: HttpRequest,
    role: Membership,
    product: Product,
    form: FeatureForm,
    refusal: product_parts.FeatureChanged,
) -> HttpResponse:
    """Show the form with what was entered beside what is saved now. Saving it again replaces that."""
    data = with_seen(request, product_parts.version(refusal.feature))
    again = FeatureForm(data, request.FILES, feature=refusal.feature)
    again.is_valid()
    again.add_error(None, str(refusal))
    differences = _differences(refusal.feature, form)
    return _feature_page(request, role, product, again, status=409, differences=differences)


def _differences(feature: ProductFeature, form: FeatureForm) -> list[dict[str, Any]]:
    picture = product_parts.picture_of(feature)
    kinds = dict(ProductFeature.Kind.choices)
    both = {
        "kind": (kinds[feature.kind], kinds[form.cleaned_data["kind"]]),
        "text": (feature.text, form.cleaned_data["text"]),
        "place": (feature.place, form.cleaned_data["place"]),
        "alt": (picture.alt if picture else "", form.cleaned_data["alt"]),
    }
    return [
        {"label": form.fields[name].label, "saved": saved, "submitted": submitted}
        for name, (saved, submitted) in both.items()
        if saved != submitted
    ]


def _feature_page(
    request: HttpRequest,
    role: Membership,
    product: Product,
    form: FeatureForm,
    *,
    status: int = 200,
    differences: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    feature = form.feature
    heading = _("Change feature") if feature else _("Add a feature")
    context = {
        "member": role.member,
        "product": product,
        "form": form,
        "feature": feature,
        "picture": product_parts.picture_of(feature) if feature else None,
        "heading": heading,
        "differences": differences or [],
        "breadcrumbs": [*products.breadcrumbs(role, product), {"label": heading}],
    }
    return render(request, "members/product_feature.html", context, status=status)


def _picture_page(
    request: HttpRequest,
    role: Membership,
    product: Product,
    form: PictureForm,
    *,
    status: int = 200,
) -> HttpResponse:
    heading = _("Describe the picture") if form.described else _("Add a picture")
    context = {
        "member": role.member,
        "product": product,
        "form": form,
        "picture": form.described,
        "heading": heading,
        "breadcrumbs": [*products.breadcrumbs(role, product), {"label": heading}],
    }
    return render(request, "members/product_picture.html", context, status=status)
