"""Admin classes for people's roles at members and agencies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from alliance.lib.admin import DeletableAdmin, PortalInline
from members.forms.roles import RoleForm, RoleFormSet


class RolesAdmin(DeletableAdmin):
    """Base class for models that give a ``user`` a role. Users cannot change their own roles."""

    form = RoleForm

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        """Return whether the user may add a role (``obj`` is ``None``), or change or delete ``obj``."""
        return obj is None or obj.user_id != request.user.pk

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"acting": request.user})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self.may_write(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.may_write(request, obj)


class RolesInline(PortalInline):
    """Base class for inlines of such models. ``obj`` is the object of the page."""

    form = RoleForm
    formset = RoleFormSet

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        """Return whether the user may change the roles of ``obj``."""
        return True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        acting = {"acting": request.user}
        kwargs.setdefault("form", type(self.form.__name__, (self.form,), acting))
        kwargs.setdefault("formset", type(self.formset.__name__, (self.formset,), acting))
        return super().get_formset(request, obj, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and self.may_write(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.may_write(request, obj)
