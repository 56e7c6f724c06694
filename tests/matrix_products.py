"""Rows of the access matrix (:mod:`tests.matrix`) for products and brand guides."""

from __future__ import annotations

from typing import Any

from members.models import DisclosedTo, Product
from tests import factories
from tests.access import LOGIN, Row, Status, form, read
from tests.personas import Personas


def _member(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug,)


def _product(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug, factories.product(cast.brand, by=cast.owner).pk)


def _feature(cast: Personas) -> tuple[Any, ...]:
    slug, pk = _product(cast)
    return (slug, pk, factories.feature(Product.objects.get(pk=pk)).pk)


def _picture(cast: Personas) -> tuple[Any, ...]:
    slug, pk = _product(cast)
    return (slug, pk, factories.product_picture(Product.objects.get(pk=pk)).pk)


def _brand(cast: Personas) -> tuple[Any, ...]:
    return (cast.brand.pk,)


def _own_product(cast: Personas) -> tuple[Any, ...]:
    return _product(cast)[1:]


def _referral(cast: Personas, *, to: str) -> tuple[Any, ...]:
    """A referral of a case of a brand with a product. ``to`` says which agencies may see the product."""
    product = factories.product(cast.brand, by=cast.owner)
    Product.objects.filter(pk=product.pk).update(disclosed_to=to)
    facts = {"by": cast.filer, "citing": cast.right, "moderator": cast.moderator}
    return (factories.referred_case(cast.agency, **facts).reference,)


def _document(cast: Personas, *, to: str) -> tuple[Any, ...]:
    _referral(cast, to=to)
    return (factories.product_picture(Product.objects.get()).document_id,)


def _people(reading: Status, writing: Status, *, alliance: Status = 404) -> tuple[Status, ...]:
    """Expected statuses of a page of the member's people; ``alliance`` is for moderators and admins."""
    return (LOGIN, 404, reading, writing, writing, alliance, alliance, 404, 404, alliance)


# A wrong method is refused before the role is checked.
_POST_ONLY = (LOGIN, *(405,) * 9)
_OFFICER = (LOGIN, 403, 403, 403, 403, 403, 403, 200, 404, 403)
_NO_OFFICER = (LOGIN, 403, 403, 403, 403, 403, 403, 404, 404, 403)

# fmt: off
#                          anon  strng view filer owner hold  mod  offic other admin
ROWS: list[Row] = [
    *read("products:home", LOGIN, 302, 302, 302, 302, 200, 200, 200, 200, 200),
    *read("products:list", *_people(200, 200), make=_member),
    *read("products:detail", *_people(200, 200), make=_product),
    *form("products:create", _people(403, 200), _people(403, 422), _member),
    *form("products:change", _people(403, 200), _people(403, 422), _product),
    *form("products:retire", _POST_ONLY, _people(403, 302), _product),
    *form("products:restore", _POST_ONLY, _people(403, 302), _product),
    *form("products:add_feature", _people(403, 200), _people(403, 422), _product),
    *form("products:change_feature", _people(403, 200), _people(403, 422), _feature),
    *form("products:move_feature", _POST_ONLY, _people(403, 422), _feature),
    *form("products:remove_feature", _POST_ONLY, _people(403, 302), _feature),
    *form("products:add_picture", _people(403, 200), _people(403, 422), _product),
    *form("products:describe_picture", _people(403, 200), _people(403, 422), _picture),
    *form("products:move_picture", _POST_ONLY, _people(403, 422), _picture),
    *form("products:remove_picture", _POST_ONLY, _people(403, 302), _picture),
    *read("guides:brand", *_people(200, 200, alliance=200), make=_brand),
    *form("guides:change", _people(403, 200, alliance=403),
          _people(403, 422, alliance=403), _brand),
    *form("guides:disclose", _people(403, 200, alliance=403),
          _people(403, 422, alliance=403), _own_product),
    *read("liaison:guide", *_OFFICER, make=lambda cast: _referral(cast, to=DisclosedTo.ALL)),
    *read("liaison:guide", *_NO_OFFICER, make=lambda cast: _referral(cast, to=DisclosedTo.BRAND),
          variant="not disclosed"),
    *read("document", LOGIN, 404, 200, 200, 200, 200, 200, 200, 404, 200,
          make=lambda cast: _document(cast, to=DisclosedTo.ALL), variant="picture"),
    *read("document", LOGIN, 404, 200, 200, 200, 200, 200, 404, 404, 200,
          make=lambda cast: _document(cast, to=DisclosedTo.BRAND), variant="undisclosed picture"),
]
# fmt: on
