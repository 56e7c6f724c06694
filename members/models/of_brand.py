"""The base of what belongs to a brand: rights, products and authorised sellers."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.touched import touched
from members.models.organisation import Member


class OfBrand(models.Model):
    """Two columns that triggers set (:func:`triggers`); the history omits them.

    ``member`` is the member of the row's ``brand``, so that a list of the member has an index. ``updated_at`` is for
    programs that ask what has changed.
    """

    member = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("member"),
    )
    updated_at = models.DateTimeField(default=clock.now, db_default=Now(), editable=False)

    class Meta:
        abstract = True


def triggers(*columns: str) -> list[pgtrigger.Trigger]:
    """Return the triggers of the two columns. ``columns`` are those whose change sets ``updated_at``."""
    member_of_brand = pgtrigger.Trigger(
        name="member_of_brand",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("brand_id", "member_id"),
        func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
    )
    return [touched(*columns), member_of_brand]
