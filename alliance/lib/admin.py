"""Base classes of the admin: fast lists, protection against lost updates and a readable change history."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DataError, models
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import changes, counts, ids

PER_PAGE = 50

# The hidden field with the history id of the version that the page was rendered from.
VERSION_FIELD = "_seen"

# Patterns of search terms for large tables.
CASE = ids.pattern("AP")
REFERRAL = ids.pattern("LR")
APPLICATION = ids.pattern("JA")
EMAIL = r"[^@\s]+@\S+"
SHA256 = "[0-9a-f]{64}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ANYTHING = "(?s).+"
REFERENCES = (CASE, REFERRAL, APPLICATION)


class CappedPaginator(Paginator):
    """Counts up to :data:`LIMIT` rows, so that the cost does not grow with the table."""

    LIMIT = counts.CAP

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: self.LIMIT + 1].count()
        return min(len(rows), self.LIMIT + 1)

    @property
    def words(self) -> str:
        """The count as the page shows it."""
        return counts.words(self.count, self.LIMIT)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than the limit."""
        return self.count > self.LIMIT

    @cached_property
    def num_pages(self) -> int:
        # The row beyond the limit starts no page.
        return max(1, -(-min(self.count, self.LIMIT) // self.per_page))


class LenientAutocomplete(AutocompleteSelect):
    """Renders a submitted value that is not a valid key, such as ``abc``. Django's widget fails on it."""

    def optgroups(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> Any:
        remote: Any = self.field.remote_field
        target = remote.model._meta.get_field(
            getattr(remote, "field_name", None) or remote.model._meta.pk.name
        )
        return super().optgroups(name, [key for key in value if _is_key(target, key)], attrs)


class LenientMultipleAutocomplete(LenientAutocomplete, AutocompleteSelectMultiple):
    """The same widget for several keys."""


class PortalFields(BaseModelAdmin):
    """Form fields of pages and inlines."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LenientAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LenientMultipleAutocomplete(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class PortalInline(PortalFields, admin.StackedInline):
    """Base class of inlines."""

    extra = 0


class PortalChangeList(ChangeList):
    """A list that treats filter values which the database rejects as invalid filters."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        try:
            return super().get_queryset(*args, **kwargs)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error


class PortalAdmin(PortalFields, admin.ModelAdmin):
    """Base class of admin classes.

    Only changed fields are written. If another user has changed the object since the page was rendered, the form is
    shown again and nothing is saved. A row can be deleted only if no other row refers to it. Large tables set an
    empty ``sortable_by``, because sorting by a column without an index takes seconds.
    """

    list_per_page = PER_PAGE
    list_max_show_all = 200
    show_full_result_count = False
    # Each facet count is a query over the whole table.
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    history_template = "admin/pghistory_history.html"
    change_form_template = "admin/portal_change_form.html"
    # For large tables: (pattern, lookup) pairs. The first pattern that matches the whole search term selects the
    # lookup, which uses an index. A term that matches no pattern finds nothing.
    exact_search: tuple[tuple[str, str], ...] = ()
    # List columns shown with thousands separators.
    figures: tuple[str, ...] = ()
    deletable = True

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = super().get_list_display(request)
        return [_figure(self.model, name) if name in self.figures else name for name in columns]

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if (
            obj is None
            or not change
            or request.method != "POST"
            or VERSION_FIELD not in request.POST
        ):
            return form_class
        latest = changes.latest(obj)
        if latest is None or request.POST[VERSION_FIELD] == str(latest.pgh_id):
            return form_class
        who = changes.describe([latest, None])[0].who
        return type(form_class.__name__, (form_class,), {"clean": _reject_stale(form_class, who)})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = context.get("original")
        latest = changes.latest(obj) if obj else None
        context |= {"seen_name": VERSION_FIELD, "seen": str(latest.pgh_id) if latest else ""}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        if changed := [name for name in form.changed_data if name in columns]:
            obj.save(update_fields=changed)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return Django's formset with an ``aria-label`` on each field, because Django gives these no label."""
        formset = super().get_changelist_formset(request, **kwargs)
        for name in self.list_editable:
            field = formset.form.base_fields[name]
            field.widget.attrs["aria-label"] = str(field.label)
        return formset

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PortalChangeList

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        """Return the object's URL directly, without Django's redirect by content type."""
        if obj is None or not self.view_on_site:
            return None
        if callable(self.view_on_site):
            return str(self.view_on_site(obj) or "") or None
        own: Any = getattr(obj, "get_absolute_url", None)
        return str(own()) if own else None

    def history_rows(self, pk: Any) -> QuerySet[Any]:
        """Return the history rows of one object that admins may read, newest first."""
        return changes.rows_of(self.model, pk)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Reject selected values that are not valid keys. Django fails on them."""
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(_is_key(self.opts.pk, key) for key in keys):
            raise BadRequest("invalid key")
        return super().response_action(request, queryset, *args, **kwargs)

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.search_fields or [lookup for _pattern, lookup in self.exact_search]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # PostgreSQL does not store NUL in text.
        search_term = search_term.replace("\x00", "")
        if not self.exact_search or not search_term.strip():
            return super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        for pattern, lookup in self.exact_search:
            if re.fullmatch(pattern, term):
                value = term.upper() if pattern in REFERENCES else term
                return queryset.filter(**{lookup: value}), False
        return queryset.none(), False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not self.deletable or not super().has_delete_permission(request, obj):
            return False
        return obj is not None and not is_referred_to(obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the history recorded by the database, also of a deleted object."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        try:
            rows = self.history_rows(self.opts.pk.to_python(unquote(object_id)))
            paginator = CappedPaginator(rows, PER_PAGE)
            page = paginator.get_page(request.GET.get("p"))
        except (ValidationError, ValueError):
            raise Http404 from None
        if obj is None and not paginator.count:
            raise Http404
        start = page.start_index() - 1 if paginator.count else 0
        window = list(rows[start : start + PER_PAGE + 1])
        if len(window) <= PER_PAGE:
            window.append(None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history"),
            "subtitle": str(obj) if obj else f"{capfirst(self.opts.verbose_name)} {object_id}",
            "object": obj,
            "opts": self.opts,
            "is_tracked": changes.is_tracked(self.model),
            "changes": changes.describe(window),
            "page": page,
            "pages": paginator.get_elided_page_range(page.number),
            "gap": Paginator.ELLIPSIS,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.history_template, context)


def _reject_stale(form_class: Any, who: str) -> Any:
    """Return a ``clean`` method that rejects the form. The page is rendered again with the current version."""

    def clean(self: Any) -> Any:
        cleaned = form_class.clean(self)
        if who:
            text = gettext(
                "%(who)s changed this while you were editing it. See the change history."
            )
        else:
            text = gettext("This was changed while you were editing it. See the change history.")
        again = gettext("Your changes are still in the form. Save again to apply them.")
        self.add_error(None, f"{text % {'who': who}} {again}")
        return cleaned

    return clean


class DeletableAdmin(PortalAdmin):
    """Base class for models that no other model refers to: rows can be deleted, also in bulk."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


class ReadOnlyAdmin(PortalAdmin):
    """Base class for models that only services and workers write."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _figure(model: type[Model], name: str) -> Any:
    """Return a list column that shows the field ``name`` with thousands separators."""

    field: Any = model._meta.get_field(name)

    @admin.display(description=field.verbose_name, ordering=name)
    def column(obj: Model) -> Any:
        value = getattr(obj, name)
        return None if value is None else number_format(value, force_grouping=True)

    column.__name__ = name
    return column


def _is_key(field: Any, key: Any) -> bool:
    """Return whether ``key`` is a valid value of ``field``."""
    try:
        field.get_prep_value(field.to_python(key))
    except (ValueError, TypeError, ValidationError):
        return False
    return "\x00" not in str(key)


def is_referred_to(obj: Model) -> bool:
    """Return whether a row of another table refers to ``obj``, apart from its history."""
    for relation in obj._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        model: Any = relation.related_model
        if hasattr(model, "pgh_tracked_model") or model._meta.auto_created:
            continue
        name = relation.field.name  # type: ignore[union-attr]
        if model._base_manager.filter(**{name: obj.pk}).exists():
            return True
    return False
