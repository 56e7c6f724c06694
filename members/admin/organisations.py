"""Members, industries, brands and rights in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from alliance.lib.admin import PortalAdmin, PortalInline
from alliance.lib.refusals import Refusal
from members.admin.documents import document_link
from members.admin.roles import RolesAdmin, RolesInline
from members.forms.member import MemberForm
from members.forms.right import RightForm
from members.forms.roles import InlineMembershipForm, MembershipForm, MembershipFormSet, needs_owner
from members.models import Authorisation, Brand, Industry, IPRight, Member, Membership
from members.roles import left_without_owner
from members.services import rights
from members.views.http import person


@admin.register(Industry)
class IndustryAdmin(PortalAdmin):
    list_display = ("name", "name_zh", "nice_classes", "position")
    list_editable = ("position",)
    search_fields = ("name", "name_zh", "slug")
    prepopulated_fields = {"slug": ("name",)}


class BrandInline(PortalInline):
    model = Brand
    can_delete = False
    show_change_link = True


class MembershipInline(RolesInline):
    model = Membership
    form = InlineMembershipForm
    formset = MembershipFormSet
    autocomplete_fields = ("user", "member")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "member")


@admin.register(Member)
class MemberAdmin(PortalAdmin):
    form = MemberForm
    list_display = ("name", "name_local", "country", "status", "joined_on", "brand_count")
    list_filter = ("status", ("country", CountryFilter), "industries")
    search_fields = ("name", "name_local", "slug")
    autocomplete_fields = ("industries",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (BrandInline, MembershipInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("name", "name_local", "slug", "country", "industries", "website"),
                    "registration_number",
                )
            },
        ),
        (
            _("Membership"),
            {
                "fields": ("status", "applied_on", "joined_on", "suspended_on", "left_on"),
                "description": _(
                    "Only to correct mistakes. To suspend, reinstate or end a membership, use its page in the roster: it "
                    "records the reason and notifies the member."
                ),
            },
        ),
        (_("Directory entry"), {"fields": ("description", "description_zh")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        rows: QuerySet[Member] = super().get_queryset(request)
        # A subquery, because grouping discards the order.
        brands = Brand.objects.filter(member=OuterRef("pk")).order_by().values("member")
        return rows.annotate(brand_total=Subquery(brands.annotate(n=Count("pk")).values("n")))

    @admin.display(description=_("brands"))
    def brand_count(self, obj: Any) -> int:
        return obj.brand_total or 0


@admin.register(Brand)
class BrandAdmin(PortalAdmin):
    list_display = ("name", "name_local", "member", "is_active", "is_public")
    list_filter = ("is_active", "is_public")
    list_select_related = ("member",)
    search_fields = ("name", "name_local", "member__name", "member__name_local")
    autocomplete_fields = ("member",)


class VerifiedFilter(admin.SimpleListFilter):
    """Filter rights by whether they are verified."""

    title = pgettext_lazy("right", "verified")
    parameter_name = "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[IPRight]) -> QuerySet[IPRight]:
        if self.value() in ("yes", "no"):
            return queryset.filter(verified_at__isnull=self.value() == "no")
        return queryset


@admin.register(IPRight)
class IPRightAdmin(PortalAdmin):
    form = RightForm
    list_display = ("title", "brand", "kind", "office", "number", "expires_on", "verified")
    list_filter = (VerifiedFilter, "kind", "office", "expires_on")
    ordering = ("-id",)  # that of the model sorts all rights
    list_select_related = ("brand", "verified_by")
    search_fields = ("title", "number", "brand__name", "brand__name_local")
    autocomplete_fields = ("brand",)
    readonly_fields = (
        "certificate_link",
        "submitted_by",
        "submitted_at",
        "verified_by",
        "verified_at",
        "returned_by",
        "returned_at",
        "return_reason",
    )
    actions = ("mark_verified",)

    @admin.display(
        boolean=True, description=pgettext_lazy("right", "verified"), ordering="verified_at"
    )
    def verified(self, obj: IPRight) -> bool:
        return obj.verified_at is not None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the right. Changing a verified fact ends the verification."""
        by = person(request)
        if not change:
            obj.submitted_by = by
            super().save_model(request, obj, form, change)
        elif rights.change_as_admin(right=obj, names=form.changed_data, by=by):
            text = gettext("A verified fact of this right was changed. Verify the right again.")
            self.message_user(request, text, messages.WARNING)

    @admin.display(description=_("certificate"))
    def certificate_link(self, obj: IPRight) -> str:
        return document_link(obj.certificate)

    @admin.action(description=_("Mark selected rights as verified"), permissions=("change",))
    def mark_verified(self, request: HttpRequest, queryset: QuerySet[IPRight]) -> None:
        """Record who verified the rights against the office's register, and when."""
        count = 0
        for right in queryset.filter(verified_at=None).order_by("pk"):
            try:
                rights.verify(right=right, by=person(request))
                count += 1
            except Refusal as refusal:
                self.message_user(request, f"{right}: {refusal}", messages.ERROR)
        self.message_user(
            request,
            ngettext("%(count)d right verified.", "%(count)d rights verified.", count)
            % {"count": count},
            messages.SUCCESS if count else messages.WARNING,
        )


@admin.register(Membership)
class MembershipAdmin(RolesAdmin):
    form = MembershipForm
    list_display = ("user", "member", "role", "is_agent", "valid_from", "valid_until")
    list_filter = ("role", "is_agent", "valid_until")
    list_select_related = ("user", "member")
    search_fields = ("user__email", "user__name", "member__name", "member__name_local")
    autocomplete_fields = ("user", "member")
    readonly_fields = ("authorisations",)

    @admin.display(description=_("authorisations"))
    def authorisations(self, obj: Membership) -> str:
        """Link the authorisations of an agent. Owners record and end them."""
        if not obj.is_agent:
            return "–"
        rows = Authorisation.objects.filter(agent=obj.user_id, member=obj.member_id)
        links = (
            (reverse("admin:members_authorisation_change", args=[one.pk]), one) for one in rows
        )
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Run the check and the deletion in one transaction, which keeps the members' rows locked."""
        with transaction.atomic():
            return super().response_action(request, queryset, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Protect the last owner of a member from deletion."""
        deleted, counts, needed, kept = super().get_deleted_objects(objs, request)
        with transaction.atomic():
            members = left_without_owner(replaced=[role.pk for role in objs])
        return deleted, counts, needed, [*kept, *([needs_owner(members)] if members else [])]
