"""Classes of the admin for the roles of people, shared by members and agencies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from alliance.lib.admin import DeletableAdmin, PortalInline
from members.forms import RoleForm, RoleFormSet


class RolesAdmin(DeletableAdmin):
    """Rows with a ``user`` that give this user a role. Nobody writes their own."""

    form = RoleForm

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        """Return whether the person may add a role (``obj`` is ``None``), or change or delete this one."""
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
    """The same beneath another object, which ``obj`` is here."""

    form = RoleForm
    formset = RoleFormSet

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        """Return whether the person may write the roles beneath ``obj``."""
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
