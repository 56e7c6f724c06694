"""Saved views of the triage list: their owner saves, changes and deletes them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import NotAllowed, Refusal
from cases.models import ListLayout, SavedView, ViewSubscription
from cases.permissions import may_read_all
from members.models import User

MOST_VIEWS = 50


@transaction.atomic
def create(*, by: User, name: str, query: str, is_shared: bool, position: int) -> SavedView:
    """Save a view. ``query`` has known parameters only.

    Raises :class:`Refusal` for a name that ``by`` has already used, and if they have :data:`MOST_VIEWS` views.
    """
    if not may_read_all(by):
        raise NotAllowed(_("Your role does not allow this."))
    # Serialises the requests of one person.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise Refusal(
            _("You have %(count)d saved views. Delete one before you save another.")
            % {"count": MOST_VIEWS}
        )
    view = SavedView(owner=by, name=name, query=query, is_shared=is_shared, position=position)
    return _saved(view)


@transaction.atomic
def change(*, view: SavedView, by: User, name: str, is_shared: bool, position: int) -> SavedView:
    """Change the name, the readers and the position. Subscriptions of people who lose the view end."""
    view = _locked(view, by)
    view.name, view.is_shared, view.position = name, is_shared, position
    if not is_shared:
        ViewSubscription.objects.filter(view=view).exclude(user=by).delete()
    return _saved(view)


@transaction.atomic
def set_query(*, view: SavedView, by: User, query: str) -> SavedView:
    """Replace the filters of the view."""
    view = _locked(view, by)
    view.query = query
    view.save(update_fields=["query"])
    return view


@transaction.atomic
def delete(*, view: SavedView, by: User) -> None:
    """Delete the view, with everybody's subscriptions. Idempotent."""
    if SavedView.objects.filter(pk=view.pk).exists():
        _locked(view, by).delete()


@transaction.atomic
def set_layout(*, by: User, columns: list[str], density: str) -> ListLayout:
    """Store the columns and the density of the list that ``by`` has chosen."""
    values = {"columns": columns, "density": density}
    layout, _created = ListLayout.objects.update_or_create(user=by, defaults=values)
    return layout


def _locked(view: SavedView, by: User) -> SavedView:
    locked = SavedView.objects.select_for_update(no_key=True).get(pk=view.pk)
    if locked.owner_id != by.pk or not may_read_all(by):
        raise NotAllowed(_("Only the owner of a view can change it."))
    return locked


def _saved(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refusal(_("You already have a view with this name.")) from None
    return view
