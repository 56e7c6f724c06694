"""Cases and their related objects. They are read-only, except for the priority of a case."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ANYTHING, CASE, REFERRAL, SHA256, UUID, PortalAdmin, ReadOnlyAdmin
from alliance.lib.changes import is_tracked
from alliance.lib.refusals import Refusal
from cases.liaison.models import Referral
from cases.marketplaces import shops
from cases.models import (
    Case,
    CaseEvent,
    CounterNotice,
    CustodyChain,
    CustodyEntry,
    Decision,
    Evidence,
    FoundContact,
    HiddenLink,
    Listing,
    PictureReading,
    Preview,
    Seller,
    StatedIdentifier,
    Strike,
)
from cases.services import triage
from cases.states import Priority, Status

# Models whose lists the page of a case links to.
_RELATED_MODELS = (
    Listing,
    HiddenLink,
    StatedIdentifier,
    CaseEvent,
    Evidence,
    Decision,
    CounterNotice,
    Referral,
)


@admin.register(Case)
class CaseAdmin(PortalAdmin):
    list_display = (
        "reference",
        "member",
        "brand",
        "seller",
        "status",
        "priority",
        "assignee",
        "submitted_at",
        "due_at",
    )
    list_filter = ("status", "violation", "submitted_at")
    list_select_related = ("member", "brand", "seller", "assignee")
    exact_search = ((CASE, "reference"), (REFERRAL, "referrals__reference"))
    search_help_text = _("Case reference (AP-…) or referral reference (LR-…)")
    ordering = ("-submitted_at", "-id")
    sortable_by = ("reference",)
    deletable = False
    fieldsets = (
        (None, {"fields": ("reference", "status", "version", "priority", "more")}),
        (
            _("Complaint"),
            {
                "fields": (
                    "member",
                    "brand",
                    "right",
                    "seller",
                    "violation",
                    "jurisdiction",
                    "goods_class",
                    "infringement_in",
                    "explanation",
                    "follows",
                )
            },
        ),
        (
            _("Progress"),
            {
                "fields": (
                    "created_by",
                    "created_at",
                    "good_faith_by",
                    "good_faith_at",
                    "submitted_at",
                    "due_at",
                    "assignee",
                    "lease_until",
                    "decided_at",
                    "outcome",
                    "closed_at",
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in flatten_fieldsets(self.fieldsets) if name != "priority"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The priority of a closed case cannot be changed."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Exclude drafts, for superusers too: they are visible to their member only."""
        rows: Any = super().get_queryset(request)
        submitted: QuerySet[Case] = rows.submitted()
        return submitted

    def history_rows(self, pk: Any) -> QuerySet[Any]:
        rows = super().history_rows(pk)
        return rows.exclude(status=Status.DRAFT).exclude(submitted_at=None)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if "priority" in form.changed_data:
            priority = Priority(obj.priority)
            triage.set_priority(case=obj, by=request.user, priority=priority)  # type: ignore[arg-type]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.path)

    def view_on_site(self, obj: Case) -> str:
        """Return the URL of the triage page, which admins may read."""
        return reverse("triage:case", args=[obj.reference])

    @admin.display(description=_("related records"))
    def more(self, obj: Case) -> SafeString:
        links = [
            (
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
                obj.pk,
                capfirst(model._meta.verbose_name_plural),
            )
            for model in _RELATED_MODELS
        ]
        return format_html_join(" · ", '<a href="{}?case__id__exact={}">{}</a>', links)


class CaseRelatedAdmin(ReadOnlyAdmin):
    """Base class for objects of a case, which ``case_lookup`` leads to. Objects of drafts are hidden."""

    case_lookup = "case"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(**{f"{self.case_lookup}__submitted_at": None})

    def history_rows(self, pk: Any) -> QuerySet[Any]:
        """Exclude history from before the case was submitted."""
        rows = super().history_rows(pk)
        if not is_tracked(self.model):
            return rows
        case = rows.values_list("case_id", flat=True).first()
        states = Case.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id=case, submitted_at__isnull=False
        )
        since = states.aggregate(first=Min("pgh_created_at"))["first"]
        return rows.filter(pgh_created_at__gte=since) if since else rows.none()


@admin.register(Listing)
class ListingAdmin(CaseRelatedAdmin):
    list_display = ("url", "case", "marketplace", "status", "outcome", "price", "currency")
    figures = ("price",)
    list_filter = ("marketplace",)
    list_select_related = ("case", "marketplace")
    exact_search = ((CASE, "case__reference"), (ANYTHING, "canonical_key"))
    search_help_text = _("Case reference (AP-…) or complete canonical key")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(HiddenLink)
class HiddenLinkAdmin(CaseRelatedAdmin):
    list_display = ("case", *HiddenLink.STATEMENTS)
    list_select_related = ("case",)
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(StatedIdentifier)
class StatedIdentifierAdmin(CaseRelatedAdmin):
    """Which cases state an identifier of a seller."""

    list_display = ("value", "kind", "case")
    list_select_related = ("case",)
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(CaseEvent)
class CaseEventAdmin(CaseRelatedAdmin):
    list_display = ("case", "sequence", "kind", "actor_label", "actor_role", "audience", "at")
    list_display_links = ("sequence",)
    list_select_related = ("case",)
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Evidence)
class EvidenceAdmin(CaseRelatedAdmin):
    """The file opens through the portal's own view, which records the read."""

    list_display = ("original_name", "case", "kind", "content_type", "size", "uploaded_at")
    figures = ("size",)
    list_select_related = ("case",)
    exact_search = ((CASE, "case__reference"), (SHA256, "sha256"), (UUID, "pk"))
    search_help_text = _("Case reference (AP-…) or SHA-256 hash of the file")
    ordering = ("-case_id", "-sha256")
    sortable_by = ()
    fields = (
        "original_name",
        "open_file",
        "case",
        "counter_notice",
        "kind",
        "content_type",
        "size",
        "sha256",
        "uploaded_by",
        "uploaded_at",
        "custody",
    )
    readonly_fields = ("open_file", "custody")

    @admin.display(description=_("file"))
    def open_file(self, obj: Evidence) -> SafeString:
        url = reverse("desk:evidence_file", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, _("Open (this is recorded)"))

    @admin.display(description=_("chain of custody"))
    def custody(self, obj: Evidence) -> SafeString:
        url = reverse("admin:cases_custodyentry_changelist")
        return format_html('<a href="{}?q={}">{}</a>', url, obj.pk, _("Show the chain of custody"))


@admin.register(CustodyEntry)
class CustodyEntryAdmin(ReadOnlyAdmin):
    list_display = ("evidence_id", "case_reference", "position", "action", "actor_label", "at")
    exact_search = ((UUID, "evidence_id"), (CASE, "case_reference"))
    search_help_text = _("File ID or case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustodyEntry]:
        """Exclude drafts by reference: an entry has no foreign key to its case."""
        drafts = Case.objects.filter(submitted_at=None, reference=OuterRef("case_reference"))
        rows: QuerySet[CustodyEntry] = super().get_queryset(request)
        return rows.exclude(Exists(drafts))


@admin.register(CustodyChain)
class CustodyChainAdmin(ReadOnlyAdmin):
    list_display = ("evidence_id", "case_reference", "length", "head")
    exact_search = ((UUID, "evidence_id"), (CASE, "case_reference"))
    search_help_text = _("File ID or case reference (AP-…)")
    ordering = ("-evidence_id",)
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustodyChain]:
        """Exclude drafts by reference, as for the entries."""
        drafts = Case.objects.filter(submitted_at=None, reference=OuterRef("case_reference"))
        rows: QuerySet[CustodyChain] = super().get_queryset(request)
        return rows.exclude(Exists(drafts))


@admin.register(Preview)
class PreviewAdmin(CaseRelatedAdmin):
    case_lookup = "evidence__case"
    list_display = ("evidence", "state", "attempts", "due_at")
    list_filter = ("state",)
    list_select_related = ("evidence",)
    exact_search = ((UUID, "pk"),)
    search_help_text = _("File ID")
    ordering = ("-evidence_id",)
    sortable_by = ()
    fields = ("evidence", "state", "attempts", "due_at", "width", "height", "pdq")


@admin.register(PictureReading)
class PictureReadingAdmin(CaseRelatedAdmin):
    case_lookup = "evidence__case"
    list_display = ("evidence", "state", "attempts", "due_at")
    list_filter = ("state",)
    list_select_related = ("evidence",)
    exact_search = ((UUID, "pk"),)
    search_help_text = _("File ID")
    ordering = ("-evidence_id",)
    sortable_by = ()


@admin.register(FoundContact)
class FoundContactAdmin(CaseRelatedAdmin):
    case_lookup = "evidence__case"
    list_display = ("value", "kind", "evidence", "state", "decided_by", "decided_at")
    list_select_related = ("evidence", "decided_by")
    exact_search = ((CASE, "evidence__case__reference"), (UUID, "evidence_id"))
    search_help_text = _("File ID or case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("case", "outcome", "reason", "decided_by", "decided_at", "superseded_at")
    list_filter = ("reason",)
    list_select_related = ("case", "reason", "decided_by")
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(CounterNotice)
class CounterNoticeAdmin(ReadOnlyAdmin):
    list_display = (
        "case",
        "status",
        "received_at",
        "answered_at",
        "due_at",
        "recorded_by",
        "resolved_by",
    )
    list_filter = ("status",)
    list_select_related = ("case", "recorded_by", "resolved_by")
    exact_search = ((CASE, "case__reference"),)
    search_help_text = _("Case reference (AP-…)")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Strike)
class StrikeAdmin(ReadOnlyAdmin):
    list_display = ("seller", "case", "points", "issued_at", "expires_at", "revoked_at")
    list_select_related = ("seller", "case")
    exact_search = ((CASE, "case__reference"), (ANYTHING, "seller__external_key"))
    search_help_text = _("Case reference (AP-…) or seller ID")
    ordering = ("-id",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Strike], search_term: str
    ) -> tuple[QuerySet[Strike], bool]:
        """Search by case reference or by seller ID in any spelling."""
        term = search_term.replace("\0", "").strip()
        if not term or re.fullmatch(CASE, term):
            return super().get_search_results(request, queryset, search_term)
        sellers = Seller.objects.filter(external_key__in=shops.search_keys(term))
        return queryset.filter(seller__in=sellers), False
