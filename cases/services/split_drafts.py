"""Splits a draft whose listings belong to several shops into one draft for each shop."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.models import Case
from cases.queries.shop_groups import ShopGroup
from cases.services import drafts, filing, hidden_links
from cases.services.stated_identifiers import ByKind
from cases.states import Status
from members.models import User


@transaction.atomic
def split(
    *,
    case: Case,
    by: User,
    groups: Sequence[ShopGroup],
    form_id: uuid.UUID,
    seller_name: str = "",
    identifiers: ByKind | None = None,
    confirmed: bool = False,
    seen: Collection[str] | None = None,
) -> list[Case]:
    """Move the listings of each group but the first to a further draft, and return the further drafts.

    They get a copy of the complaint; evidence stays where it is. The first group stays in ``case``. ``seller_name`` and
    ``identifiers`` are those of its shop. ``form_id`` identifies the form: sending it again returns the same drafts.
    ``confirmed`` and ``seen`` as in :func:`filing.set_listings`. Raises :class:`Refusal` if the person would have more
    than ``MAX_OPEN_DRAFTS`` drafts.
    """
    # In the order in which start_draft locks.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    tokens = [uuid.uuid5(form_id, group.key) for group in groups[1:]]
    made = list(Case.objects.filter(draft_token__in=tokens, created_by=by).order_by("pk"))
    if len(made) == len(tokens):
        return made
    case = filing.lock_draft(case, by)
    drafts.check(case, drafts.listings_version(case), "", seen)
    _check_number(case, by, len(tokens) - len(made))
    further = []
    for token, group in zip(tokens, groups[1:], strict=True):
        draft = _copy(case, by, token)
        keys = [address.key for address in group.addresses]
        # Moved, not copied, so that their prices and sales are kept.
        case.listings.filter(canonical_key__in=keys).update(case=draft)
        further.append(_set(draft, by, group, confirmed=confirmed))
    _set(case, by, groups[0], confirmed=confirmed, name=seller_name, identifiers=identifiers)
    return further


def _copy(case: Case, by: User, token: uuid.UUID) -> Case:
    """Return a new draft with the complaint of ``case``."""
    return filing.start_draft(
        by=by,
        token=token,
        brand=case.brand,
        right=case.right,
        violation=case.violation,
        jurisdiction=str(case.jurisdiction),
        goods_class=case.goods_class,
        explanation=case.explanation,
        infringement_in=case.infringement_in,
        hidden=hidden_links.stated_in(case),
    )


def _set(
    draft: Case,
    by: User,
    group: ShopGroup,
    *,
    confirmed: bool,
    name: str = "",
    identifiers: ByKind | None = None,
) -> Case:
    return filing.set_listings(
        case=draft,
        by=by,
        marketplace=group.marketplace if group.shop else None,
        seller_id=group.shop,
        seller_name=name,
        shop_url=group.shop_url,
        addresses=group.addresses,
        identifiers=identifiers,
        confirmed=confirmed,
    )


def _check_number(case: Case, by: User, new: int) -> None:
    limit = settings.MAX_OPEN_DRAFTS
    mine = Case.objects.filter(member=case.member_id, status=Status.DRAFT, created_by=by)
    free = max(limit - mine.count(), 0)
    if new > free:
        raise Refusal(
            _(
                "Splitting needs %(new)d more drafts, but you can open only %(free)d more (the limit is "
                "%(limit)d). Submit or discard drafts first, or remove URLs here."
            )
            % {"new": new, "free": free, "limit": limit}
        )
