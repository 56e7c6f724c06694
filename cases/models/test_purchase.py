"""Test purchases: goods that a member buys to learn whether they are fake, and their history."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, ids
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from cases.models.seller import Marketplace, Seller
from cases.states import PURCHASE_ENDED, PURCHASE_TRANSITIONS, PurchaseStatus, Verdict
from members.models import Brand, Product, User, of_brand

# The column that each step sets first, in the order of the steps. A purchase with a status has the first of them.
REACHED = {
    PurchaseStatus.ORDERED: "ordered_on",
    PurchaseStatus.RECEIVED: "received_on",
    PurchaseStatus.EXAMINED: "examined_on",
    PurchaseStatus.STORED: "stored_on",
    PurchaseStatus.DISPOSAL_PROPOSED: "disposal_proposed_at",
    PurchaseStatus.DISPOSED: "disposed_at",
}
# The facts that people enter with each step, and can correct later.
FACTS = {
    "plan": ("note",),
    "order": (
        *("ordered_on", "order_number", "price", "currency", "quantity", "variant", "deliver_to"),
    ),
    "receive": ("received_on", "carrier", "tracking_number", "sender_address", "condition"),
    "examine": ("examined_on", "verdict", "indicators", "examiner"),
    "store": ("stored_on", "storage_place", "seal_number", "keep_until"),
}


def _facts_fit_the_status() -> Q:
    """Return the condition that a purchase has the facts of the steps that its status implies, and no others."""
    columns = list(REACHED.values())
    condition = Q(
        status=PurchaseStatus.CANCELLED.value,
        cancelled_at__isnull=False,
        **dict.fromkeys(columns[1:]),
    )
    for count, status in enumerate((PurchaseStatus.PLANNED, *REACHED)):
        facts = {f"{name}__isnull": count <= place for place, name in enumerate(columns)}
        condition |= Q(status=status.value, cancelled_at=None, **facts)
    return condition


class TestPurchaseQuerySet(models.QuerySet["TestPurchase"]):
    def examined(self) -> TestPurchaseQuerySet:
        """Return purchases that the brand has examined, whatever became of them."""
        return self.filter(examined_on__isnull=False)


@tracked(exclude=("member", "updated_at"))
class TestPurchase(of_brand.OfBrand):
    """A test purchase from a shop. Only :mod:`cases.services.purchases` changes it.

    ``seller_name`` and ``shop_url`` are the member's own words for the shop: other members see nothing of a purchase.
    ``version`` is the number of the last event. Dates are the days on which things happened; the events say when they
    were recorded, and by whom. ``keep_until`` is the last day on which the goods must be kept. Disposal needs two
    people: one proposes it, another one confirms it.
    """

    __test__ = False  # not a test, in spite of its name

    class DisposalMethod(models.TextChoices):
        DESTROYED = "destroyed", pgettext_lazy("disposal", "Destroyed")
        HANDED_OVER = (
            "handed_over",
            pgettext_lazy("disposal", "Handed over to an agency or a court"),
        )
        RETURNED = "returned", pgettext_lazy("disposal", "Given back to the brand")

    reference = models.CharField(
        _("reference"), max_length=14, unique=True, default=ids.purchase_reference, editable=False
    )
    # One for each opened form, so that a double click plans one purchase.
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(
        Brand, models.PROTECT, related_name="test_purchases", verbose_name=_("brand")
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="test_purchases",
        verbose_name=_("product"),
    )
    marketplace = models.ForeignKey(
        Marketplace, models.PROTECT, related_name="+", verbose_name=_("marketplace")
    )
    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="test_purchases", verbose_name=_("seller")
    )
    seller_name = models.CharField(_("shop name"), max_length=200)
    shop_url = models.URLField(_("shop URL"), max_length=1000, blank=True)
    listing_url = models.URLField(_("listing URL"), max_length=2000)
    canonical_key = models.CharField(_("canonical key"), max_length=500)
    status = models.CharField(
        _("status"),
        max_length=17,
        choices=PurchaseStatus.choices,
        default=PurchaseStatus.PLANNED,
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    planned_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("planned by")
    )
    planned_at = models.DateTimeField(_("planned on"), default=clock.now)
    note = models.TextField(_("what to buy, and why"), max_length=1000, blank=True)

    ordered_on = models.DateField(_("ordered on"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=80, blank=True)
    price = models.DecimalField(
        _("price paid"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    variant = models.CharField(_("variant"), max_length=200, blank=True)
    deliver_to = models.TextField(_("delivery address"), max_length=500, blank=True)

    received_on = models.DateField(_("received on"), null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    sender_address = models.TextField(
        _("sender’s address as on the parcel"), max_length=500, blank=True
    )
    condition = models.TextField(_("condition of the parcel"), max_length=500, blank=True)

    examined_on = models.DateField(_("examined on"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True)
    indicators = models.TextField(_("indicators"), max_length=3000, blank=True)
    examiner = models.CharField(_("examiner"), max_length=200, blank=True)
    keep_until = models.DateField(_("keep until"), null=True, blank=True)

    stored_on = models.DateField(_("stored on"), null=True, blank=True)
    storage_place = models.CharField(_("place in the evidence store"), max_length=200, blank=True)
    seal_number = models.CharField(_("seal number"), max_length=80, blank=True)

    disposal_method = models.CharField(
        _("method of disposal"), max_length=11, choices=DisposalMethod.choices, blank=True
    )
    disposal_note = models.TextField(_("note on the disposal"), max_length=500, blank=True)
    disposal_proposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("disposal proposed by"),
    )
    disposal_proposed_at = models.DateTimeField(_("disposal proposed on"), null=True, blank=True)
    disposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("disposal confirmed by"),
    )
    disposed_at = models.DateTimeField(_("disposal confirmed on"), null=True, blank=True)
    disposed_on = models.DateField(_("disposed of on"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cancelled by"),
    )
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=500, blank=True)

    objects = TestPurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("test purchase")
        verbose_name_plural = _("test purchases")
        indexes = [
            models.Index(fields=("member", "-id"), name="purchase_of_member"),
            models.Index(fields=("member", "status", "-id"), name="purchase_by_status"),
            models.Index(fields=("member", "marketplace", "-id"), name="purchase_on_marketplace"),
            models.Index(fields=("member", "seller", "-id"), name="purchase_of_seller"),
            models.Index(fields=("member", "order_number"), name="purchase_by_order"),
            # For the dashboard: goods that may be disposed of, and parcels that have not come.
            models.Index(
                fields=("member", "keep_until", "id"),
                name="purchase_kept",
                condition=Q(status="stored"),
            ),
            models.Index(
                fields=("member", "ordered_on", "id"),
                name="purchase_on_its_way",
                condition=Q(status="ordered"),
            ),
            # For an index-only scan by the page of results.
            models.Index(
                fields=("member", "-examined_on", "-id"),
                include=("marketplace", "seller", "verdict"),
                name="purchase_results",
                condition=Q(examined_on__isnull=False),
            ),
        ]
        triggers = of_brand.triggers("brand_id", "product_id", "status", "version")
        constraints = [
            models.CheckConstraint(
                name="purchase_facts_fit_the_status", condition=_facts_fit_the_status()
            ),
            models.CheckConstraint(
                name="purchase_order_is_complete",
                condition=Q(ordered_on=None, order_number="", price=None, currency="")
                & Q(quantity=None, variant="", deliver_to="")
                | Q(ordered_on__isnull=False, price__gte=0, quantity__gte=1)
                & ~Q(order_number="")
                & ~Q(currency=""),
            ),
            models.CheckConstraint(
                name="purchase_parcel_belongs_to_its_receipt",
                condition=Q(received_on__isnull=False)
                | Q(carrier="", tracking_number="", sender_address="", condition=""),
            ),
            models.CheckConstraint(
                name="purchase_examination_is_complete",
                condition=Q(examined_on=None, verdict="", indicators="", examiner="")
                & Q(keep_until=None)
                | Q(examined_on__isnull=False, keep_until__gte=F("examined_on"))
                & Q(verdict__in=Verdict.values)
                & ~Q(examiner=""),
            ),
            models.CheckConstraint(
                name="purchase_place_belongs_to_its_storage",
                condition=Q(stored_on=None, storage_place="", seal_number="")
                | Q(stored_on__isnull=False) & ~Q(storage_place=""),
            ),
            models.CheckConstraint(
                name="purchase_steps_are_in_order",
                condition=(Q(received_on=None) | Q(received_on__gte=F("ordered_on")))
                & (Q(examined_on=None) | Q(examined_on__gte=F("received_on")))
                & (Q(stored_on=None) | Q(stored_on__gte=F("received_on")))
                & (Q(disposed_on=None) | Q(disposed_on__gte=F("stored_on"))),
            ),
            models.CheckConstraint(
                name="purchase_disposal_proposed_by_and_at_go_together",
                condition=together("disposal_proposed_by", "disposal_proposed_at")
                & (
                    Q(disposal_proposed_at=None, disposal_method="", disposal_note="")
                    | Q(disposal_proposed_at__isnull=False) & ~Q(disposal_method="")
                ),
            ),
            models.CheckConstraint(
                name="purchase_disposed_by_and_at_go_together",
                condition=together("disposed_by", "disposed_at", "disposed_on"),
            ),
            models.CheckConstraint(
                name="purchase_disposal_needs_two_people",
                condition=Q(disposed_by=None) | ~Q(disposed_by=F("disposal_proposed_by")),
            ),
            models.CheckConstraint(
                name="purchase_cancelled_by_and_at_go_together",
                condition=together("cancelled_by", "cancelled_at")
                & (
                    Q(cancelled_at=None, cancel_reason="")
                    | Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the URL of the page for the member's people, who alone have one."""
        return reverse("purchases:detail", args=[self.member.slug, self.reference])

    @property
    def has_ended(self) -> bool:
        """Whether nothing can be changed any more."""
        return self.status in PURCHASE_ENDED

    def has_done(self, step: str) -> bool:
        """Whether the facts of ``step`` (a key of :data:`FACTS`) are recorded."""
        if step == "plan":
            return True
        target = PURCHASE_TRANSITIONS[step][1]
        return getattr(self, REACHED[target]) is not None


class TestPurchaseEvent(models.Model):
    """An entry in the history of a test purchase. Append-only.

    ``sequence`` counts within the purchase. The actor is copied as text, so that the entry outlives the account.
    ``data`` has facts that depend on the kind.
    """

    __test__ = False

    class Kind(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("test purchase event", "Planned")
        ORDERED = "ordered", pgettext_lazy("test purchase event", "Ordered")
        RECEIVED = "received", pgettext_lazy("test purchase event", "Received")
        EXAMINED = "examined", pgettext_lazy("test purchase event", "Examined")
        STORED = "stored", pgettext_lazy("test purchase event", "Put into the evidence store")
        DISPOSAL_PROPOSED = (
            "disposal_proposed",
            pgettext_lazy("test purchase event", "Disposal proposed"),
        )
        KEPT = "kept", pgettext_lazy("test purchase event", "Disposal rejected; goods stay stored")
        DISPOSED = "disposed", pgettext_lazy("test purchase event", "Disposal confirmed")
        CANCELLED = "cancelled", pgettext_lazy("test purchase event", "Cancelled")
        CORRECTED = "corrected", pgettext_lazy("test purchase event", "Corrected")
        FILE_ADDED = "file_added", pgettext_lazy("test purchase event", "File received and hashed")
        FILE_READ = "file_read", pgettext_lazy("test purchase event", "File accessed")
        CASE_ADDED = "case_added", pgettext_lazy("test purchase event", "Added to a case")

    purchase = models.ForeignKey(
        TestPurchase, models.PROTECT, related_name="events", verbose_name=_("test purchase")
    )
    sequence = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("event"), max_length=17, choices=Kind.choices)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    actor_id = models.BigIntegerField(_("user ID"))
    actor_label = models.CharField(_("person"), max_length=300)
    at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("test purchase event")
        verbose_name_plural = _("test purchase events")
        ordering = ("purchase", "sequence")
        constraints = [
            models.UniqueConstraint(
                fields=("purchase", "sequence"), name="purchase_event_sequence"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.get_kind_display()}"
