import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django_countries.fields
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.ids
import alliance.lib.migrations
import alliance.lib.two_scripts
import cases.letters
import cases.marketplaces.shop_names
import cases.marketplaces.shops
import cases.models.evidence
import cases.models.preview
import cases.models.purchase_evidence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0001_initial"),
        ("members", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Marketplace",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("slug", models.SlugField(unique=True, verbose_name="slug")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="name in its own script"
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                blank=True, max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "hosts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                blank=True,
                                default=list,
                                help_text="Host names without www. Subdomains are included.",
                                size=None,
                                verbose_name="hosts",
                            ),
                        ),
                        (
                            "listing_pattern",
                            models.CharField(
                                blank=True,
                                help_text="A regular expression for path and query. Its group “item” is the listing’s number, as in /item/(?P<item>\\d+).",
                                max_length=300,
                                verbose_name="listing pattern",
                            ),
                        ),
                        (
                            "shop_pages",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                help_text="URLs that identify a shop, such as social.example/{name} or video.example/channel/{code}. A {name} ignores case, a {code} is case-sensitive. A page without either identifies no shop. For independent websites, list the sites that many shops share.",
                                size=None,
                                verbose_name="shop pages",
                            ),
                        ),
                        (
                            "shop_ids_are_case_sensitive",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Cannot be changed once the marketplace has sellers.",
                                verbose_name="shop IDs are case-sensitive",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "marketplace",
                        "verbose_name_plural": "marketplaces",
                        "ordering": ("name",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("shop_ids_are_case_sensitive", True),
                                    models.Q(
                                        django.db.models.lookups.Contains(
                                            django.db.models.functions.comparison.Cast(
                                                "shop_pages", models.TextField()
                                            ),
                                            models.Value("{code}"),
                                        ),
                                        _negated=True,
                                    ),
                                    _connector="OR",
                                ),
                                name="shop_pages_with_codes_are_case_sensitive",
                                violation_error_message="Shop pages with a {code} require case-sensitive shop IDs.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_marketplacehistory" ("country", "hosts", "id", "is_active", "listing_pattern", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop_ids_are_case_sensitive", "shop_pages", "slug") VALUES (NEW."country", NEW."hosts", NEW."id", NEW."is_active", NEW."listing_pattern", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."shop_ids_are_case_sensitive", NEW."shop_pages", NEW."slug"); RETURN NULL;',
                                    hash="99d1122780c358f8a51280a243d655aeed1b5b11",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_c6282",
                                    table="cases_marketplace",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_marketplacehistory" ("country", "hosts", "id", "is_active", "listing_pattern", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop_ids_are_case_sensitive", "shop_pages", "slug") VALUES (NEW."country", NEW."hosts", NEW."id", NEW."is_active", NEW."listing_pattern", NEW."name", NEW."name_local", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."shop_ids_are_case_sensitive", NEW."shop_pages", NEW."slug"); RETURN NULL;',
                                    hash="1defad8139f43989b364a4cf894e9461e42f00a7",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_78ca8",
                                    table="cases_marketplace",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_marketplacehistory" ("country", "hosts", "id", "is_active", "listing_pattern", "name", "name_local", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop_ids_are_case_sensitive", "shop_pages", "slug") VALUES (OLD."country", OLD."hosts", OLD."id", OLD."is_active", OLD."listing_pattern", OLD."name", OLD."name_local", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."shop_ids_are_case_sensitive", OLD."shop_pages", OLD."slug"); RETURN NULL;',
                                    hash="a30e1dec0c6f7e35b04ebbbe5fe267d75b9c4a99",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_f4a16",
                                    table="cases_marketplace",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                    bases=(alliance.lib.two_scripts.NamedInTwoScripts, models.Model),
                ),
                migrations.CreateModel(
                    name="Seller",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sellers",
                                to="cases.marketplace",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, verbose_name="seller ID")),
                        ("external_key", cases.marketplaces.shops.ShopKeyField(of="external_id")),
                        ("name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "name_key",
                            cases.marketplaces.shop_names.NameKeyField(default="", editable=False),
                        ),
                        (
                            "name_pieces",
                            cases.marketplaces.shop_names.NamePiecesField(
                                base_field=models.CharField(max_length=2),
                                default=list,
                                editable=False,
                                size=None,
                            ),
                        ),
                        (
                            "shop_url",
                            models.URLField(blank=True, max_length=1000, verbose_name="shop URL"),
                        ),
                        (
                            "address_key",
                            cases.marketplaces.shops.ShopKeyField(blank=True, of="shop_url"),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                blank=True, max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "first_seen_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="first seen on"),
                        ),
                    ],
                    options={
                        "verbose_name": "seller",
                        "verbose_name_plural": "sellers",
                        "indexes": [
                            models.Index(fields=["external_key"], name="seller_by_key"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name_pieces"], name="seller_by_pieces"
                            ),
                            models.Index(
                                django.contrib.postgres.indexes.OpClass(
                                    django.db.models.functions.text.Upper("name"),
                                    "text_pattern_ops",
                                ),
                                name="seller_by_name",
                            ),
                            models.Index(
                                condition=models.Q(("address_key", ""), _negated=True),
                                fields=["address_key"],
                                name="seller_by_address",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_key", ""), _negated=True),
                                fields=("marketplace", "external_key"),
                                name="seller_key_once_per_marketplace",
                                violation_error_message="The marketplace already has a seller with this ID.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_sellerhistory" ("address_key", "country", "external_id", "external_key", "first_seen_at", "id", "marketplace_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop_url") VALUES (NEW."address_key", NEW."country", NEW."external_id", NEW."external_key", NEW."first_seen_at", NEW."id", NEW."marketplace_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."shop_url"); RETURN NULL;',
                                    hash="b95b2e3d753b3848990b494af74cd52eb25c484e",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_220f2",
                                    table="cases_seller",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."address_key" IS DISTINCT FROM (NEW."address_key") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."first_seen_at" IS DISTINCT FROM (NEW."first_seen_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."marketplace_id" IS DISTINCT FROM (NEW."marketplace_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."shop_url" IS DISTINCT FROM (NEW."shop_url"))',
                                    func='INSERT INTO "cases_sellerhistory" ("address_key", "country", "external_id", "external_key", "first_seen_at", "id", "marketplace_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop_url") VALUES (NEW."address_key", NEW."country", NEW."external_id", NEW."external_key", NEW."first_seen_at", NEW."id", NEW."marketplace_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."shop_url"); RETURN NULL;',
                                    hash="fe0c44ff4ecedc37a85f707744064f33e3db1570",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_09914",
                                    table="cases_seller",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_sellerhistory" ("address_key", "country", "external_id", "external_key", "first_seen_at", "id", "marketplace_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop_url") VALUES (OLD."address_key", OLD."country", OLD."external_id", OLD."external_key", OLD."first_seen_at", OLD."id", OLD."marketplace_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."shop_url"); RETURN NULL;',
                                    hash="d5f0db9b1c5667b4dd89c527cdc74578324029d5",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_0ceae",
                                    table="cases_seller",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "violation",
                            models.CharField(
                                choices=[
                                    ("counterfeit", "Counterfeit goods"),
                                    ("trademark", "Trademark infringement"),
                                    ("copyright", "Copyright infringement"),
                                    ("design", "Design infringement"),
                                    ("patent", "Patent infringement"),
                                    ("advertising", "Illegal advertising"),
                                ],
                                max_length=12,
                                verbose_name="violation type",
                            ),
                        ),
                        (
                            "jurisdiction",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="place of infringement"
                            ),
                        ),
                        (
                            "goods_class",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(45),
                                ],
                                verbose_name="class of goods (Nice)",
                            ),
                        ),
                        (
                            "infringement_in",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("product", "Product"),
                                        ("packaging", "Packaging"),
                                        ("picture", "Pictures"),
                                        ("text", "Title or description"),
                                        ("name", "Shop or brand name"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                db_default=[],
                                default=list,
                                size=None,
                                verbose_name="where the infringement is",
                            ),
                        ),
                        (
                            "explanation",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="explanation"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.case_reference,
                                editable=False,
                                max_length=14,
                                unique=True,
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "draft_token",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refilings",
                                to="cases.case",
                                verbose_name="earlier case",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="members.member",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "right",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="members.ipright",
                                verbose_name="IP right",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="cases.seller",
                                verbose_name="seller",
                            ),
                        ),
                        (
                            "seller_name",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="shop name in the draft"
                            ),
                        ),
                        (
                            "shop_url",
                            models.URLField(
                                blank=True, max_length=1000, verbose_name="shop URL in the draft"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("in_review", "In review"),
                                    ("information_requested", "Information requested"),
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("removed", "Listings removed"),
                                    ("counter_noticed", "Counter-notice received"),
                                    ("reinstated", "Reinstated"),
                                    ("closed", "Closed"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=22,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("reinstated", "Reinstated"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                                default=2,
                                verbose_name="priority",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="assignee",
                            ),
                        ),
                        (
                            "lease_until",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="claimed until"
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                editable=False,
                            ),
                        ),
                        (
                            "good_faith_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "good_faith_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="good faith confirmed on"
                            ),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="submitted on"
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "asked_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="information requested on"
                            ),
                        ),
                        (
                            "answer_due_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="member’s answer due"
                            ),
                        ),
                        (
                            "answer_reminded_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="member reminded on"
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed on"),
                        ),
                    ],
                    options={
                        "verbose_name": "case",
                        "verbose_name_plural": "cases",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("submitted", "in_review"))),
                                fields=["due_at", "id"],
                                name="case_triage",
                            ),
                            models.Index(
                                fields=["member", "-created_at", "-id"], name="case_of_member"
                            ),
                            models.Index(
                                fields=["member", "updated_at", "id"], name="case_updated_of_member"
                            ),
                            models.Index(fields=["member", "status"], name="case_member_status"),
                            models.Index(
                                condition=models.Q(("submitted_at__isnull", False)),
                                fields=["updated_at"],
                                name="case_updated",
                            ),
                            models.Index(
                                fields=["status", "-submitted_at", "-id"], name="case_by_status"
                            ),
                            models.Index(fields=["-submitted_at", "-id"], name="case_recent"),
                            models.Index(
                                condition=models.Q(("status", "information_requested")),
                                fields=["answer_due_at", "id"],
                                name="case_awaits_answer",
                            ),
                            models.Index(
                                condition=models.Q(("decided_at__isnull", False)),
                                fields=["-decided_at", "-id"],
                                name="case_decided",
                            ),
                            models.Index(
                                condition=models.Q(("decided_at__isnull", False)),
                                fields=["member", "-decided_at"],
                                include=("outcome",),
                                name="case_member_decided",
                            ),
                            models.Index(
                                condition=models.Q(("submitted_at__isnull", False)),
                                fields=["member", "-submitted_at"],
                                name="case_member_filed",
                            ),
                            models.Index(
                                condition=models.Q(("seller_name", ""), _negated=True),
                                fields=["member"],
                                name="case_draft_shop",
                            ),
                            models.Index(
                                fields=["seller", "-submitted_at", "-id"], name="case_of_seller"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("submitted_at__isnull", False),
                                    models.Q(("status", "withdrawn"), _negated=True),
                                    models.Q(
                                        ("outcome__in", ("rejected", "reinstated")), _negated=True
                                    ),
                                ),
                                fields=["seller", "member"],
                                name="case_seller_members",
                            ),
                            models.Index(
                                condition=models.Q(("assignee__isnull", False)),
                                fields=["assignee", "lease_until"],
                                name="case_held",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("assignee", None), ("lease_until", None)),
                                    models.Q(
                                        ("assignee__isnull", False), ("lease_until__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="case_assignee_and_lease_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("good_faith_at", None), ("good_faith_by", None)),
                                    models.Q(
                                        ("good_faith_at__isnull", False),
                                        ("good_faith_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_good_faith_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ("draft", "withdrawn")),
                                    models.Q(
                                        ("due_at__isnull", False),
                                        ("good_faith_at__isnull", False),
                                        ("seller__isnull", False),
                                        ("submitted_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_submitted_is_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer_due_at__isnull", False),
                                        ("asked_at__isnull", False),
                                        ("status", "information_requested"),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("status", "information_requested"), _negated=True
                                        ),
                                        ("answer_due_at", None),
                                        ("answer_reminded_at", None),
                                        ("asked_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_answer_is_due_while_requested",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(
                                            (
                                                "status__in",
                                                [
                                                    "upheld",
                                                    "rejected",
                                                    "removed",
                                                    "counter_noticed",
                                                    "reinstated",
                                                    "closed",
                                                ],
                                            ),
                                            _negated=True,
                                        ),
                                        ("outcome", ""),
                                    ),
                                    models.Q(("outcome__in", ["upheld"]), ("status", "upheld")),
                                    models.Q(("outcome__in", ["rejected"]), ("status", "rejected")),
                                    models.Q(("outcome__in", ["upheld"]), ("status", "removed")),
                                    models.Q(
                                        ("outcome__in", ["upheld"]), ("status", "counter_noticed")
                                    ),
                                    models.Q(
                                        ("outcome__in", ["reinstated"]), ("status", "reinstated")
                                    ),
                                    models.Q(
                                        ("outcome__in", ["upheld", "reinstated"]),
                                        ("status", "closed"),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_outcome_fits_the_status",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "infringement_in__contained_by",
                                        ["product", "packaging", "picture", "text", "name"],
                                    )
                                ),
                                name="case_infringement_in_known_parts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("assignee", None), ("status", "in_review"), _connector="OR"
                                ),
                                name="case_held_only_in_review",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "infringement_in", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."answer_due_at", NEW."answer_reminded_at", NEW."asked_at", NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."follows_id", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."infringement_in", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                                    hash="965028b7d980466f863654726041eb9daa594337",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_0b483",
                                    table="cases_case",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."answer_due_at" IS DISTINCT FROM (NEW."answer_due_at") OR OLD."answer_reminded_at" IS DISTINCT FROM (NEW."answer_reminded_at") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."draft_token" IS DISTINCT FROM (NEW."draft_token") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."explanation" IS DISTINCT FROM (NEW."explanation") OR OLD."follows_id" IS DISTINCT FROM (NEW."follows_id") OR OLD."good_faith_at" IS DISTINCT FROM (NEW."good_faith_at") OR OLD."good_faith_by_id" IS DISTINCT FROM (NEW."good_faith_by_id") OR OLD."goods_class" IS DISTINCT FROM (NEW."goods_class") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."infringement_in" IS DISTINCT FROM (NEW."infringement_in") OR OLD."jurisdiction" IS DISTINCT FROM (NEW."jurisdiction") OR OLD."lease_until" IS DISTINCT FROM (NEW."lease_until") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."right_id" IS DISTINCT FROM (NEW."right_id") OR OLD."seller_id" IS DISTINCT FROM (NEW."seller_id") OR OLD."seller_name" IS DISTINCT FROM (NEW."seller_name") OR OLD."shop_url" IS DISTINCT FROM (NEW."shop_url") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."violation" IS DISTINCT FROM (NEW."violation"))',
                                    func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "infringement_in", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (NEW."answer_due_at", NEW."answer_reminded_at", NEW."asked_at", NEW."assignee_id", NEW."brand_id", NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."draft_token", NEW."due_at", NEW."explanation", NEW."follows_id", NEW."good_faith_at", NEW."good_faith_by_id", NEW."goods_class", NEW."id", NEW."infringement_in", NEW."jurisdiction", NEW."lease_until", NEW."member_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."reference", NEW."right_id", NEW."seller_id", NEW."seller_name", NEW."shop_url", NEW."status", NEW."submitted_at", NEW."version", NEW."violation"); RETURN NULL;',
                                    hash="3f6f994d338244884e7948b49b00bbb8bf5dd1b4",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f5146",
                                    table="cases_case",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_casehistory" ("answer_due_at", "answer_reminded_at", "asked_at", "assignee_id", "brand_id", "closed_at", "created_at", "created_by_id", "decided_at", "draft_token", "due_at", "explanation", "follows_id", "good_faith_at", "good_faith_by_id", "goods_class", "id", "infringement_in", "jurisdiction", "lease_until", "member_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reference", "right_id", "seller_id", "seller_name", "shop_url", "status", "submitted_at", "version", "violation") VALUES (OLD."answer_due_at", OLD."answer_reminded_at", OLD."asked_at", OLD."assignee_id", OLD."brand_id", OLD."closed_at", OLD."created_at", OLD."created_by_id", OLD."decided_at", OLD."draft_token", OLD."due_at", OLD."explanation", OLD."follows_id", OLD."good_faith_at", OLD."good_faith_by_id", OLD."goods_class", OLD."id", OLD."infringement_in", OLD."jurisdiction", OLD."lease_until", OLD."member_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."priority", OLD."reference", OLD."right_id", OLD."seller_id", OLD."seller_name", OLD."shop_url", OLD."status", OLD."submitted_at", OLD."version", OLD."violation"); RETURN NULL;',
                                    hash="92874aa959074c5d9ba71d080a62c3c709bb1e0f",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_8d49e",
                                    table="cases_case",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustodyEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("evidence_id", models.UUIDField(verbose_name="evidence")),
                        ("case_reference", models.CharField(max_length=14, verbose_name="case")),
                        ("position", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("received", "Received and hashed"),
                                    ("viewed", "Preview viewed"),
                                    ("read", "Accessed"),
                                    ("removed", "Removed from the draft"),
                                    ("disposed", "Disposed of with the discarded draft"),
                                ],
                                max_length=10,
                                verbose_name="action",
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("actor_id", models.BigIntegerField(null=True, verbose_name="user ID")),
                        ("actor_label", models.CharField(max_length=300, verbose_name="person")),
                        (
                            "at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="time"
                            ),
                        ),
                        (
                            "previous_hash",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="hash of the previous entry"
                            ),
                        ),
                        (
                            "hash",
                            models.CharField(max_length=64, verbose_name="hash of this entry"),
                        ),
                    ],
                    options={
                        "verbose_name": "custody entry",
                        "verbose_name_plural": "custody entries",
                        "ordering": ("at", "id"),
                        "indexes": [
                            models.Index(fields=["case_reference", "id"], name="custody_of_case")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evidence_id", "position"), name="custody_position_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("position", 1), ("previous_hash", "")),
                                    models.Q(
                                        ("position__gt", 1),
                                        models.Q(("previous_hash", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="custody_entry_follows_another",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="68698b25e70a98bdf988901a9ec6930bf684d35e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a882b",
                                    table="cases_custodyentry",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReasonCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.SlugField(unique=True, verbose_name="code")),
                        (
                            "use",
                            models.CharField(
                                choices=[
                                    ("uphold", "Uphold"),
                                    ("reject", "Reject"),
                                    ("request", "Request information"),
                                    ("decline", "Agency declines"),
                                ],
                                max_length=10,
                                verbose_name="used for",
                            ),
                        ),
                        ("label", models.CharField(max_length=120, verbose_name="label")),
                        (
                            "label_zh",
                            models.CharField(max_length=120, verbose_name="label in Chinese"),
                        ),
                        (
                            "how_to_fix",
                            models.TextField(blank=True, verbose_name="how to fix and refile"),
                        ),
                        (
                            "how_to_fix_zh",
                            models.TextField(
                                blank=True, verbose_name="how to fix and refile, in Chinese"
                            ),
                        ),
                        (
                            "facts",
                            models.TextField(
                                blank=True,
                                help_text="Proposed as the facts of a decision with this reason. It can be edited.",
                                max_length=5000,
                                verbose_name="standard text",
                            ),
                        ),
                        (
                            "facts_zh",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="standard text in Chinese"
                            ),
                        ),
                        (
                            "can_refile",
                            models.BooleanField(
                                default=True,
                                help_text="Members can file a rejected case again.",
                                verbose_name="can be fixed and filed again",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "reason code",
                        "verbose_name_plural": "reason codes",
                        "ordering": ("use", "position", "code"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_reasoncodehistory" ("can_refile", "code", "facts", "facts_zh", "how_to_fix", "how_to_fix_zh", "id", "is_active", "label", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "use") VALUES (NEW."can_refile", NEW."code", NEW."facts", NEW."facts_zh", NEW."how_to_fix", NEW."how_to_fix_zh", NEW."id", NEW."is_active", NEW."label", NEW."label_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."use"); RETURN NULL;',
                                    hash="9f4b50bc1b53d66a610c6d1d505926ed119e091c",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1db00",
                                    table="cases_reasoncode",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_reasoncodehistory" ("can_refile", "code", "facts", "facts_zh", "how_to_fix", "how_to_fix_zh", "id", "is_active", "label", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "use") VALUES (NEW."can_refile", NEW."code", NEW."facts", NEW."facts_zh", NEW."how_to_fix", NEW."how_to_fix_zh", NEW."id", NEW."is_active", NEW."label", NEW."label_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."use"); RETURN NULL;',
                                    hash="3e66fa15a1f1b2a31adcd5761814509e43857667",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_1beb6",
                                    table="cases_reasoncode",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_reasoncodehistory" ("can_refile", "code", "facts", "facts_zh", "how_to_fix", "how_to_fix_zh", "id", "is_active", "label", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "use") VALUES (OLD."can_refile", OLD."code", OLD."facts", OLD."facts_zh", OLD."how_to_fix", OLD."how_to_fix_zh", OLD."id", OLD."is_active", OLD."label", OLD."label_zh", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."use"); RETURN NULL;',
                                    hash="54f7900fa90cfdbde821afe258c693c59b4ba356",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_72837",
                                    table="cases_reasoncode",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="cases.case",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("reinstated", "Reinstated"),
                                ],
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.reasoncode",
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "left_up_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.reasoncode",
                                verbose_name="reason for listings left up",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("illegal_content", "Illegal content"),
                                    ("incompatible_content", "Incompatible with the terms"),
                                ],
                                max_length=25,
                                verbose_name="ground",
                            ),
                        ),
                        (
                            "facts",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="facts and circumstances"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="decided on"
                            ),
                        ),
                        (
                            "superseded_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="superseded on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "decision",
                        "verbose_name_plural": "decisions",
                        "ordering": ("case", "decided_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at", None)),
                                fields=("case",),
                                name="one_decision_in_force_per_case",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_decisionhistory" ("case_id", "decided_at", "decided_by_id", "facts", "ground", "id", "left_up_reason_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "superseded_at") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."facts", NEW."ground", NEW."id", NEW."left_up_reason_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason_id", NEW."superseded_at"); RETURN NULL;',
                                    hash="8b107f3e59be48af8dd0a87815f961290eae9c0d",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_5e7ef",
                                    table="cases_decision",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_decisionhistory" ("case_id", "decided_at", "decided_by_id", "facts", "ground", "id", "left_up_reason_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "superseded_at") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."facts", NEW."ground", NEW."id", NEW."left_up_reason_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason_id", NEW."superseded_at"); RETURN NULL;',
                                    hash="dfc11bacf84f26aa9e93ade61256d33efc6a0a8a",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_19250",
                                    table="cases_decision",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_decisionhistory" ("case_id", "decided_at", "decided_by_id", "facts", "ground", "id", "left_up_reason_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "superseded_at") VALUES (OLD."case_id", OLD."decided_at", OLD."decided_by_id", OLD."facts", OLD."ground", OLD."id", OLD."left_up_reason_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason_id", OLD."superseded_at"); RETURN NULL;',
                                    hash="2559e4346fd49473cbea2a021caad124e98b6555",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_ae3e6",
                                    table="cases_decision",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.decision",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("reinstated", "Reinstated"),
                                ],
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.reasoncode",
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "left_up_reason",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.reasoncode",
                                verbose_name="reason for listings left up",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("illegal_content", "Illegal content"),
                                    ("incompatible_content", "Incompatible with the terms"),
                                ],
                                max_length=25,
                                verbose_name="ground",
                            ),
                        ),
                        (
                            "facts",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="facts and circumstances"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="decided on"
                            ),
                        ),
                        (
                            "superseded_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="superseded on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b0a483f187503c8aa3806a99e4261696d348f93f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_63009",
                                    table="cases_decisionhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CounterNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="counter_notices",
                                to="cases.case",
                            ),
                        ),
                        (
                            "statement",
                            models.TextField(
                                max_length=5000, verbose_name="the seller’s statement"
                            ),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="received on"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="decision due")),
                        (
                            "answer",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="the member’s answer"
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered on"),
                        ),
                        (
                            "answer_due_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="member’s answer due"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("refused", "Rejected"),
                                    ("accepted", "Accepted"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "resolved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resolved_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="resolved on"),
                        ),
                    ],
                    options={
                        "verbose_name": "counter-notice",
                        "verbose_name_plural": "counter-notices",
                        "ordering": ("case", "received_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("case",),
                                name="one_open_counter_notice_per_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("resolved_at", None),
                                        ("resolved_by", None),
                                        ("status", "open"),
                                    ),
                                    models.Q(
                                        models.Q(("status", "open"), _negated=True),
                                        ("resolved_at__isnull", False),
                                        ("resolved_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="counter_notice_resolved_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""), ("answered_at", None), ("answered_by", None)
                                    ),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="counter_notice_answer_by_and_at_go_together",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_counternoticehistory" ("answer", "answer_due_at", "answered_at", "answered_by_id", "case_id", "due_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "recorded_by_id", "resolved_at", "resolved_by_id", "statement", "status") VALUES (NEW."answer", NEW."answer_due_at", NEW."answered_at", NEW."answered_by_id", NEW."case_id", NEW."due_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_at", NEW."recorded_by_id", NEW."resolved_at", NEW."resolved_by_id", NEW."statement", NEW."status"); RETURN NULL;',
                                    hash="fba1282492db0132155f9f853f2472cd66628056",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_fed4b",
                                    table="cases_counternotice",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_counternoticehistory" ("answer", "answer_due_at", "answered_at", "answered_by_id", "case_id", "due_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "recorded_by_id", "resolved_at", "resolved_by_id", "statement", "status") VALUES (NEW."answer", NEW."answer_due_at", NEW."answered_at", NEW."answered_by_id", NEW."case_id", NEW."due_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_at", NEW."recorded_by_id", NEW."resolved_at", NEW."resolved_by_id", NEW."statement", NEW."status"); RETURN NULL;',
                                    hash="b0994504723e571822734931770cb224d65b7018",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f2421",
                                    table="cases_counternotice",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_counternoticehistory" ("answer", "answer_due_at", "answered_at", "answered_by_id", "case_id", "due_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "recorded_by_id", "resolved_at", "resolved_by_id", "statement", "status") VALUES (OLD."answer", OLD."answer_due_at", OLD."answered_at", OLD."answered_by_id", OLD."case_id", OLD."due_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."received_at", OLD."recorded_by_id", OLD."resolved_at", OLD."resolved_by_id", OLD."statement", OLD."status"); RETURN NULL;',
                                    hash="7fa67bca417033251cc5e13245414aa0e09d05cd",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_6d368",
                                    table="cases_counternotice",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evidence",
                                to="cases.case",
                            ),
                        ),
                        (
                            "counter_notice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="cases.counternotice",
                                verbose_name="counter-notice",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("screenshot", "Screenshot"),
                                    ("test_purchase", "Test purchase"),
                                    ("comparison", "Comparison with the genuine article"),
                                    ("document", "Document"),
                                ],
                                default="screenshot",
                                max_length=15,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                storage=cases.models.evidence.evidence_storage,
                                upload_to=cases.models.evidence.evidence_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "shows_url",
                            models.URLField(blank=True, max_length=2000, verbose_name="URL shown"),
                        ),
                        (
                            "captured_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="taken on"),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "evidence",
                        "verbose_name_plural": "evidence",
                        "ordering": ("uploaded_at",),
                        "indexes": [models.Index(fields=["sha256"], name="evidence_hash")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "sha256"), name="evidence_once_per_case"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_evidencehistory" ("captured_at", "case_id", "content_type", "counter_notice_id", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "shows_url", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."captured_at", NEW."case_id", NEW."content_type", NEW."counter_notice_id", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sha256", NEW."shows_url", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                                    hash="40adcab5ece64a625a12949958d11629aba66025",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_86f80",
                                    table="cases_evidence",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_evidencehistory" ("captured_at", "case_id", "content_type", "counter_notice_id", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "shows_url", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."captured_at", NEW."case_id", NEW."content_type", NEW."counter_notice_id", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sha256", NEW."shows_url", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                                    hash="71d2efa45e27b3368762e47fe38abad127f89f77",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_78b20",
                                    table="cases_evidence",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_evidencehistory" ("captured_at", "case_id", "content_type", "counter_notice_id", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "shows_url", "size", "uploaded_at", "uploaded_by_id") VALUES (OLD."captured_at", OLD."case_id", OLD."content_type", OLD."counter_notice_id", OLD."file", OLD."id", OLD."kind", OLD."original_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sha256", OLD."shows_url", OLD."size", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;',
                                    hash="860bfa37dc926a992f0c20ffcd1af180f230bae3",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_930c3",
                                    table="cases_evidence",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvidenceHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.evidence",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "id",
                            models.UUIDField(default=uuid.uuid4, editable=False, serialize=False),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "counter_notice",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.counternotice",
                                verbose_name="counter-notice",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("screenshot", "Screenshot"),
                                    ("test_purchase", "Test purchase"),
                                    ("comparison", "Comparison with the genuine article"),
                                    ("document", "Document"),
                                ],
                                default="screenshot",
                                max_length=15,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                storage=cases.models.evidence.evidence_storage,
                                upload_to=cases.models.evidence.evidence_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "shows_url",
                            models.URLField(blank=True, max_length=2000, verbose_name="URL shown"),
                        ),
                        (
                            "captured_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="taken on"),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="8e4366d9b9a7223fe2aad99eac3baf2f5394908e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_47158",
                                    table="cases_evidencehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HiddenLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hidden_link",
                                to="cases.case",
                            ),
                        ),
                        (
                            "advertised_in",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="where it is advertised"
                            ),
                        ),
                        (
                            "how_to_order",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="how to order"
                            ),
                        ),
                        (
                            "what_arrives",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="what arrives"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hidden link",
                        "verbose_name_plural": "hidden links",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_hiddenlinkhistory" ("advertised_in", "case_id", "how_to_order", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "what_arrives") VALUES (NEW."advertised_in", NEW."case_id", NEW."how_to_order", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."what_arrives"); RETURN NULL;',
                                    hash="c2f74b71ad9f038d3c9e65769e58f83a6b569fa8",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_5c06a",
                                    table="cases_hiddenlink",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_hiddenlinkhistory" ("advertised_in", "case_id", "how_to_order", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "what_arrives") VALUES (NEW."advertised_in", NEW."case_id", NEW."how_to_order", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."what_arrives"); RETURN NULL;',
                                    hash="6647d73c4f2dfc568fea15c1c344908a7a542984",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_72ac6",
                                    table="cases_hiddenlink",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_hiddenlinkhistory" ("advertised_in", "case_id", "how_to_order", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "what_arrives") VALUES (OLD."advertised_in", OLD."case_id", OLD."how_to_order", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."what_arrives"); RETURN NULL;',
                                    hash="5d6bde63497e1121a9cb6d067312a746d3596bac",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_2da4c",
                                    table="cases_hiddenlink",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HiddenLinkHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.hiddenlink",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "advertised_in",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="where it is advertised"
                            ),
                        ),
                        (
                            "how_to_order",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="how to order"
                            ),
                        ),
                        (
                            "what_arrives",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="what arrives"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="11dba1b4b86c2a0aa1ff4e486c04222300801ba5",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_c8001",
                                    table="cases_hiddenlinkhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeyRebuild",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("rules", models.CharField(max_length=64, verbose_name="rules")),
                        (
                            "started_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="started on"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                        ),
                        (
                            "is_superseded",
                            models.BooleanField(default=False, verbose_name="superseded"),
                        ),
                        (
                            "last_listing",
                            models.BigIntegerField(default=0, verbose_name="last listing"),
                        ),
                        (
                            "checked",
                            models.PositiveBigIntegerField(
                                default=0, verbose_name="listings checked"
                            ),
                        ),
                        (
                            "changed",
                            models.PositiveBigIntegerField(default=0, verbose_name="keys changed"),
                        ),
                        (
                            "merged",
                            models.PositiveBigIntegerField(
                                default=0, verbose_name="merged in drafts"
                            ),
                        ),
                        (
                            "clashes",
                            models.PositiveBigIntegerField(default=0, verbose_name="clashes"),
                        ),
                    ],
                    options={
                        "verbose_name": "rebuild of listing keys",
                        "verbose_name_plural": "rebuilds of listing keys",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("finished_at", None), ("is_superseded", False)),
                                fields=("is_superseded",),
                                name="one_key_rebuild_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_superseded", False), ("finished_at", None), _connector="OR"
                                ),
                                name="superseded_key_rebuild_is_not_finished",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Listing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="listings",
                                to="cases.case",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.brand",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.marketplace",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(verbose_name="number")),
                        ("url", models.URLField(max_length=2000, verbose_name="URL")),
                        (
                            "canonical_key",
                            models.CharField(max_length=500, verbose_name="canonical key"),
                        ),
                        (
                            "variant",
                            models.CharField(
                                blank=True, db_default="", max_length=200, verbose_name="variant"
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=300, verbose_name="title"),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="price",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(blank=True, max_length=3, verbose_name="currency"),
                        ),
                        (
                            "units_sold",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="units sold"
                            ),
                        ),
                        (
                            "seen_on",
                            models.DateField(blank=True, null=True, verbose_name="seen on"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("live", "Live"),
                                    ("removal_requested", "Removal requested"),
                                    ("removed", "Removed"),
                                    ("left_up", "Left up"),
                                ],
                                default="live",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Undecided"),
                                    ("remove", "Remove"),
                                    ("leave_up", "Leave up"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        ("is_open", models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        "verbose_name": "listing",
                        "verbose_name_plural": "listings",
                        "ordering": ("case", "position"),
                        "indexes": [models.Index(fields=["canonical_key"], name="listing_key")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "canonical_key"), name="listing_once_per_case"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_open", True)),
                                fields=("brand", "canonical_key"),
                                name="listing_one_open_case_per_brand",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("currency", ""), ("price", None)),
                                    models.Q(
                                        ("price__isnull", False),
                                        models.Q(("currency", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="listing_price_and_currency_go_together",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_listinghistory" ("brand_id", "canonical_key", "case_id", "currency", "id", "is_open", "marketplace_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "price", "seen_on", "status", "title", "units_sold", "url", "variant") VALUES (NEW."brand_id", NEW."canonical_key", NEW."case_id", NEW."currency", NEW."id", NEW."is_open", NEW."marketplace_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."price", NEW."seen_on", NEW."status", NEW."title", NEW."units_sold", NEW."url", NEW."variant"); RETURN NULL;',
                                    hash="c30948f1f3e76d8cdb197f8bb85154e123e39792",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_9e789",
                                    table="cases_listing",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_listinghistory" ("brand_id", "canonical_key", "case_id", "currency", "id", "is_open", "marketplace_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "price", "seen_on", "status", "title", "units_sold", "url", "variant") VALUES (OLD."brand_id", OLD."canonical_key", OLD."case_id", OLD."currency", OLD."id", OLD."is_open", OLD."marketplace_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."price", OLD."seen_on", OLD."status", OLD."title", OLD."units_sold", OLD."url", OLD."variant"); RETURN NULL;',
                                    hash="ef4d861eb8c097baf048afb37170dea7039a877c",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_12ad8",
                                    table="cases_listing",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeyClash",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "rebuild",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="found",
                                to="cases.keyrebuild",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("same_case", "Twice in one case"),
                                    ("two_cases", "In two open cases of the brand"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "listing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.listing",
                                verbose_name="listing",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.listing",
                                verbose_name="same as",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clash of listing keys",
                        "verbose_name_plural": "clashes of listing keys",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rebuild", "listing"),
                                name="clash_once_per_rebuild_and_listing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListingHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.listing",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.brand",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.marketplace",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(verbose_name="number")),
                        ("url", models.URLField(max_length=2000, verbose_name="URL")),
                        (
                            "canonical_key",
                            models.CharField(max_length=500, verbose_name="canonical key"),
                        ),
                        (
                            "variant",
                            models.CharField(
                                blank=True, db_default="", max_length=200, verbose_name="variant"
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=300, verbose_name="title"),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="price",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(blank=True, max_length=3, verbose_name="currency"),
                        ),
                        (
                            "units_sold",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="units sold"
                            ),
                        ),
                        (
                            "seen_on",
                            models.DateField(blank=True, null=True, verbose_name="seen on"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("live", "Live"),
                                    ("removal_requested", "Removal requested"),
                                    ("removed", "Removed"),
                                    ("left_up", "Left up"),
                                ],
                                default="live",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Undecided"),
                                    ("remove", "Remove"),
                                    ("leave_up", "Leave up"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        ("is_open", models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ea36de6ec070cb5b4086a3a01bcdb26eef066226",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a862e",
                                    table="cases_listinghistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MarketplaceExample",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="examples",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        ("url", models.CharField(max_length=2000, verbose_name="URL")),
                        (
                            "expected",
                            models.CharField(
                                choices=[
                                    ("item", "Listing"),
                                    ("shop", "Page of a shop"),
                                    ("live", "Live stream"),
                                    ("video", "Video"),
                                    ("ad", "Advertisement"),
                                    ("short", "Short link"),
                                    ("page", "Other page"),
                                    ("refused", "Not accepted"),
                                ],
                                max_length=10,
                                verbose_name="expected",
                            ),
                        ),
                        (
                            "item",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="item number"
                            ),
                        ),
                        (
                            "shop",
                            models.CharField(blank=True, max_length=200, verbose_name="shop ID"),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "example",
                        "verbose_name_plural": "examples",
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("marketplace", "url"),
                                name="example_once_per_marketplace",
                                violation_error_message="The marketplace already has an example with this URL.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_marketplaceexamplehistory" ("expected", "id", "item", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop", "url") VALUES (NEW."expected", NEW."id", NEW."item", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."shop", NEW."url"); RETURN NULL;',
                                    hash="79513401add97cbd7c98ccb70a2926d388de7535",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_41ed8",
                                    table="cases_marketplaceexample",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_marketplaceexamplehistory" ("expected", "id", "item", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop", "url") VALUES (NEW."expected", NEW."id", NEW."item", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."shop", NEW."url"); RETURN NULL;',
                                    hash="9d244781ce42a48c8a226b2fca30588c5d19704d",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_8ea71",
                                    table="cases_marketplaceexample",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_marketplaceexamplehistory" ("expected", "id", "item", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shop", "url") VALUES (OLD."expected", OLD."id", OLD."item", OLD."marketplace_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."shop", OLD."url"); RETURN NULL;',
                                    hash="1e50a440c04f4a38c99d0c92278a482d3dbba3b0",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9355a",
                                    table="cases_marketplaceexample",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MarketplaceExampleHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.marketplaceexample",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "marketplace",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        ("url", models.CharField(max_length=2000, verbose_name="URL")),
                        (
                            "expected",
                            models.CharField(
                                choices=[
                                    ("item", "Listing"),
                                    ("shop", "Page of a shop"),
                                    ("live", "Live stream"),
                                    ("video", "Video"),
                                    ("ad", "Advertisement"),
                                    ("short", "Short link"),
                                    ("page", "Other page"),
                                    ("refused", "Not accepted"),
                                ],
                                max_length=10,
                                verbose_name="expected",
                            ),
                        ),
                        (
                            "item",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="item number"
                            ),
                        ),
                        (
                            "shop",
                            models.CharField(blank=True, max_length=200, verbose_name="shop ID"),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1e0600a1c80f0775e3fd07f4bde87638737ecce3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_264af",
                                    table="cases_marketplaceexamplehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MarketplaceHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.marketplace",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("slug", models.SlugField(db_index=False, verbose_name="slug")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "name_local",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="name in its own script"
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                blank=True, max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "hosts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                blank=True,
                                default=list,
                                help_text="Host names without www. Subdomains are included.",
                                size=None,
                                verbose_name="hosts",
                            ),
                        ),
                        (
                            "listing_pattern",
                            models.CharField(
                                blank=True,
                                help_text="A regular expression for path and query. Its group “item” is the listing’s number, as in /item/(?P<item>\\d+).",
                                max_length=300,
                                verbose_name="listing pattern",
                            ),
                        ),
                        (
                            "shop_pages",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                help_text="URLs that identify a shop, such as social.example/{name} or video.example/channel/{code}. A {name} ignores case, a {code} is case-sensitive. A page without either identifies no shop. For independent websites, list the sites that many shops share.",
                                size=None,
                                verbose_name="shop pages",
                            ),
                        ),
                        (
                            "shop_ids_are_case_sensitive",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Cannot be changed once the marketplace has sellers.",
                                verbose_name="shop IDs are case-sensitive",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e5437f091be4b99187b914458c8a60728095f008",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1f426",
                                    table="cases_marketplacehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutgoingMail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "next_attempt_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next attempt",
                            ),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent on"),
                        ),
                        (
                            "failed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="failed on"),
                        ),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=300, verbose_name="last error"),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="read on"),
                        ),
                        (
                            "digest",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="members.digest",
                                verbose_name="daily digest",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.case",
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="about")),
                        (
                            "event_sequence",
                            models.PositiveIntegerField(verbose_name="event number"),
                        ),
                    ],
                    options={
                        "verbose_name": "outgoing email",
                        "verbose_name_plural": "outgoing emails",
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("failed_at", None), ("sent_at", None)),
                                fields=["next_attempt_at"],
                                name="mail_waiting",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    ("failed_at__isnull", False),
                                    _connector="OR",
                                ),
                                fields=["created_at"],
                                name="mail_age",
                            ),
                            models.Index(
                                fields=["user", "-created_at", "-id"],
                                name="notifications_of_person",
                            ),
                            models.Index(
                                condition=models.Q(("read_at", None)),
                                fields=["user", "-created_at", "-id"],
                                name="notifications_unread",
                            ),
                            models.Index(
                                condition=models.Q(("digest__isnull", False)),
                                fields=["digest"],
                                name="mail_in_digest",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "case", "event_sequence"),
                                name="mail_once_per_step_and_person",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlannedCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="planned_cases",
                                to="members.importjob",
                                verbose_name="import",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "To be filed"),
                                    ("filed", "Filed"),
                                    ("left_out", "Filed already"),
                                    ("refused", "Cannot be filed"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        ("shop", models.CharField(max_length=120, verbose_name="seller ID")),
                        ("shop_name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "shop_url",
                            models.CharField(blank=True, max_length=1000, verbose_name="shop URL"),
                        ),
                        (
                            "rows",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveIntegerField(),
                                default=list,
                                size=None,
                                verbose_name="rows",
                            ),
                        ),
                        (
                            "filed_already",
                            models.PositiveIntegerField(default=0, verbose_name="filed already"),
                        ),
                        (
                            "filed_in",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=14),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "values",
                            models.JSONField(blank=True, default=dict, verbose_name="value"),
                        ),
                        ("problem", models.TextField(blank=True, verbose_name="problem")),
                        (
                            "case",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="planned",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "case of a sheet",
                        "verbose_name_plural": "cases of sheets",
                        "ordering": ("job", "number"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("job", "number"), name="planned_case_once_per_number"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("case__isnull", False), ("state", "filed")),
                                    models.Q(
                                        models.Q(("state", "filed"), _negated=True),
                                        ("case__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="planned_case_filed_has_its_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "refused"),
                                        models.Q(("problem", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "refused"), _negated=True),
                                        ("problem", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="planned_case_refused_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestPurchase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                editable=False,
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.purchase_reference,
                                editable=False,
                                max_length=14,
                                unique=True,
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "token",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_purchases",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_purchases",
                                to="members.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_purchases",
                                to="cases.seller",
                                verbose_name="seller",
                            ),
                        ),
                        ("seller_name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "shop_url",
                            models.URLField(blank=True, max_length=1000, verbose_name="shop URL"),
                        ),
                        (
                            "listing_url",
                            models.URLField(max_length=2000, verbose_name="listing URL"),
                        ),
                        (
                            "canonical_key",
                            models.CharField(max_length=500, verbose_name="canonical key"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("ordered", "Ordered"),
                                    ("received", "Received"),
                                    ("examined", "Examined"),
                                    ("stored", "In the evidence store"),
                                    ("disposal_proposed", "Disposal proposed"),
                                    ("disposed", "Disposed of"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=17,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                        (
                            "planned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="planned by",
                            ),
                        ),
                        (
                            "planned_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="planned on"
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="what to buy, and why"
                            ),
                        ),
                        (
                            "ordered_on",
                            models.DateField(blank=True, null=True, verbose_name="ordered on"),
                        ),
                        (
                            "order_number",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="order number"
                            ),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="price paid",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(blank=True, max_length=3, verbose_name="currency"),
                        ),
                        (
                            "quantity",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="quantity"
                            ),
                        ),
                        (
                            "variant",
                            models.CharField(blank=True, max_length=200, verbose_name="variant"),
                        ),
                        (
                            "deliver_to",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="delivery address"
                            ),
                        ),
                        (
                            "received_on",
                            models.DateField(blank=True, null=True, verbose_name="received on"),
                        ),
                        (
                            "carrier",
                            models.CharField(blank=True, max_length=100, verbose_name="carrier"),
                        ),
                        (
                            "tracking_number",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="tracking number"
                            ),
                        ),
                        (
                            "sender_address",
                            models.TextField(
                                blank=True,
                                max_length=500,
                                verbose_name="sender’s address as on the parcel",
                            ),
                        ),
                        (
                            "condition",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="condition of the parcel"
                            ),
                        ),
                        (
                            "examined_on",
                            models.DateField(blank=True, null=True, verbose_name="examined on"),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("genuine", "Genuine"),
                                    ("fake", "Fake"),
                                    ("unclear", "Cannot tell"),
                                ],
                                max_length=8,
                                verbose_name="verdict",
                            ),
                        ),
                        (
                            "indicators",
                            models.TextField(
                                blank=True, max_length=3000, verbose_name="indicators"
                            ),
                        ),
                        (
                            "examiner",
                            models.CharField(blank=True, max_length=200, verbose_name="examiner"),
                        ),
                        (
                            "keep_until",
                            models.DateField(blank=True, null=True, verbose_name="keep until"),
                        ),
                        (
                            "stored_on",
                            models.DateField(blank=True, null=True, verbose_name="stored on"),
                        ),
                        (
                            "storage_place",
                            models.CharField(
                                blank=True,
                                max_length=200,
                                verbose_name="place in the evidence store",
                            ),
                        ),
                        (
                            "seal_number",
                            models.CharField(blank=True, max_length=80, verbose_name="seal number"),
                        ),
                        (
                            "disposal_method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("destroyed", "Destroyed"),
                                    ("handed_over", "Handed over to an agency or a court"),
                                    ("returned", "Given back to the brand"),
                                ],
                                max_length=11,
                                verbose_name="method of disposal",
                            ),
                        ),
                        (
                            "disposal_note",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="note on the disposal"
                            ),
                        ),
                        (
                            "disposal_proposed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="disposal proposed by",
                            ),
                        ),
                        (
                            "disposal_proposed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="disposal proposed on"
                            ),
                        ),
                        (
                            "disposed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="disposal confirmed by",
                            ),
                        ),
                        (
                            "disposed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="disposal confirmed on"
                            ),
                        ),
                        (
                            "disposed_on",
                            models.DateField(blank=True, null=True, verbose_name="disposed of on"),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="cancelled by",
                            ),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="cancelled on"
                            ),
                        ),
                        (
                            "cancel_reason",
                            models.CharField(
                                blank=True,
                                max_length=500,
                                verbose_name="reason of the cancellation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "test purchase",
                        "verbose_name_plural": "test purchases",
                        "indexes": [
                            models.Index(fields=["member", "-id"], name="purchase_of_member"),
                            models.Index(
                                fields=["member", "status", "-id"], name="purchase_by_status"
                            ),
                            models.Index(
                                fields=["member", "marketplace", "-id"],
                                name="purchase_on_marketplace",
                            ),
                            models.Index(
                                fields=["member", "seller", "-id"], name="purchase_of_seller"
                            ),
                            models.Index(
                                fields=["member", "order_number"], name="purchase_by_order"
                            ),
                            models.Index(
                                condition=models.Q(("status", "stored")),
                                fields=["member", "keep_until", "id"],
                                name="purchase_kept",
                            ),
                            models.Index(
                                condition=models.Q(("status", "ordered")),
                                fields=["member", "ordered_on", "id"],
                                name="purchase_on_its_way",
                            ),
                            models.Index(
                                condition=models.Q(("examined_on__isnull", False)),
                                fields=["member", "-examined_on", "-id"],
                                include=("marketplace", "seller", "verdict"),
                                name="purchase_results",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("cancelled_at__isnull", False),
                                        ("disposal_proposed_at", None),
                                        ("disposed_at", None),
                                        ("examined_on", None),
                                        ("received_on", None),
                                        ("status", "cancelled"),
                                        ("stored_on", None),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", True),
                                        ("disposed_at__isnull", True),
                                        ("examined_on__isnull", True),
                                        ("ordered_on__isnull", True),
                                        ("received_on__isnull", True),
                                        ("status", "planned"),
                                        ("stored_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", True),
                                        ("disposed_at__isnull", True),
                                        ("examined_on__isnull", True),
                                        ("ordered_on__isnull", False),
                                        ("received_on__isnull", True),
                                        ("status", "ordered"),
                                        ("stored_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", True),
                                        ("disposed_at__isnull", True),
                                        ("examined_on__isnull", True),
                                        ("ordered_on__isnull", False),
                                        ("received_on__isnull", False),
                                        ("status", "received"),
                                        ("stored_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", True),
                                        ("disposed_at__isnull", True),
                                        ("examined_on__isnull", False),
                                        ("ordered_on__isnull", False),
                                        ("received_on__isnull", False),
                                        ("status", "examined"),
                                        ("stored_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", True),
                                        ("disposed_at__isnull", True),
                                        ("examined_on__isnull", False),
                                        ("ordered_on__isnull", False),
                                        ("received_on__isnull", False),
                                        ("status", "stored"),
                                        ("stored_on__isnull", False),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", False),
                                        ("disposed_at__isnull", True),
                                        ("examined_on__isnull", False),
                                        ("ordered_on__isnull", False),
                                        ("received_on__isnull", False),
                                        ("status", "disposal_proposed"),
                                        ("stored_on__isnull", False),
                                    ),
                                    models.Q(
                                        ("cancelled_at", None),
                                        ("disposal_proposed_at__isnull", False),
                                        ("disposed_at__isnull", False),
                                        ("examined_on__isnull", False),
                                        ("ordered_on__isnull", False),
                                        ("received_on__isnull", False),
                                        ("status", "disposed"),
                                        ("stored_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_facts_fit_the_status",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("currency", ""),
                                        ("order_number", ""),
                                        ("ordered_on", None),
                                        ("price", None),
                                        ("deliver_to", ""),
                                        ("quantity", None),
                                        ("variant", ""),
                                    ),
                                    models.Q(
                                        ("ordered_on__isnull", False),
                                        ("price__gte", 0),
                                        ("quantity__gte", 1),
                                        models.Q(("order_number", ""), _negated=True),
                                        models.Q(("currency", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_order_is_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("received_on__isnull", False),
                                    models.Q(
                                        ("carrier", ""),
                                        ("condition", ""),
                                        ("sender_address", ""),
                                        ("tracking_number", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_parcel_belongs_to_its_receipt",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("examined_on", None),
                                        ("examiner", ""),
                                        ("indicators", ""),
                                        ("verdict", ""),
                                        ("keep_until", None),
                                    ),
                                    models.Q(
                                        ("examined_on__isnull", False),
                                        ("keep_until__gte", models.F("examined_on")),
                                        ("verdict__in", ["genuine", "fake", "unclear"]),
                                        models.Q(("examiner", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_examination_is_complete",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("seal_number", ""),
                                        ("storage_place", ""),
                                        ("stored_on", None),
                                    ),
                                    models.Q(
                                        ("stored_on__isnull", False),
                                        models.Q(("storage_place", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_place_belongs_to_its_storage",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("received_on", None),
                                        ("received_on__gte", models.F("ordered_on")),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("examined_on", None),
                                        ("examined_on__gte", models.F("received_on")),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("stored_on", None),
                                        ("stored_on__gte", models.F("received_on")),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("disposed_on", None),
                                        ("disposed_on__gte", models.F("stored_on")),
                                        _connector="OR",
                                    ),
                                ),
                                name="purchase_steps_are_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(
                                            ("disposal_proposed_at", None),
                                            ("disposal_proposed_by", None),
                                        ),
                                        models.Q(
                                            ("disposal_proposed_at__isnull", False),
                                            ("disposal_proposed_by__isnull", False),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("disposal_method", ""),
                                            ("disposal_note", ""),
                                            ("disposal_proposed_at", None),
                                        ),
                                        models.Q(
                                            ("disposal_proposed_at__isnull", False),
                                            models.Q(("disposal_method", ""), _negated=True),
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                name="purchase_disposal_proposed_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("disposed_at", None),
                                        ("disposed_by", None),
                                        ("disposed_on", None),
                                    ),
                                    models.Q(
                                        ("disposed_at__isnull", False),
                                        ("disposed_by__isnull", False),
                                        ("disposed_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_disposed_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("disposed_by", None),
                                    models.Q(
                                        ("disposed_by", models.F("disposal_proposed_by")),
                                        _negated=True,
                                    ),
                                    _connector="OR",
                                ),
                                name="purchase_disposal_needs_two_people",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("cancelled_at", None), ("cancelled_by", None)),
                                        models.Q(
                                            ("cancelled_at__isnull", False),
                                            ("cancelled_by__isnull", False),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        models.Q(("cancel_reason", ""), ("cancelled_at", None)),
                                        models.Q(
                                            ("cancelled_at__isnull", False),
                                            models.Q(("cancel_reason", ""), _negated=True),
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                name="purchase_cancelled_by_and_at_go_together",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="touched",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."brand_id" IS DISTINCT FROM NEW."brand_id" OR OLD."product_id" IS DISTINCT FROM NEW."product_id" OR OLD."status" IS DISTINCT FROM NEW."status" OR OLD."version" IS DISTINCT FROM NEW."version")',
                                    func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
                                    hash="17d6173954f54366730fddf692fd8c14349ecff1",
                                    operation="UPDATE",
                                    pgid="pgtrigger_touched_7ab03",
                                    table="cases_testpurchase",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="member_of_brand",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                                    hash="d6a10648d8abbbfcb7a38120cea54754c1a8b233",
                                    operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                                    pgid="pgtrigger_member_of_brand_02b43",
                                    table="cases_testpurchase",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_testpurchasehistory" ("brand_id", "cancel_reason", "cancelled_at", "cancelled_by_id", "canonical_key", "carrier", "condition", "currency", "deliver_to", "disposal_method", "disposal_note", "disposal_proposed_at", "disposal_proposed_by_id", "disposed_at", "disposed_by_id", "disposed_on", "examined_on", "examiner", "id", "indicators", "keep_until", "listing_url", "marketplace_id", "note", "order_number", "ordered_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "planned_by_id", "price", "product_id", "quantity", "received_on", "reference", "seal_number", "seller_id", "seller_name", "sender_address", "shop_url", "status", "storage_place", "stored_on", "token", "tracking_number", "variant", "verdict", "version") VALUES (NEW."brand_id", NEW."cancel_reason", NEW."cancelled_at", NEW."cancelled_by_id", NEW."canonical_key", NEW."carrier", NEW."condition", NEW."currency", NEW."deliver_to", NEW."disposal_method", NEW."disposal_note", NEW."disposal_proposed_at", NEW."disposal_proposed_by_id", NEW."disposed_at", NEW."disposed_by_id", NEW."disposed_on", NEW."examined_on", NEW."examiner", NEW."id", NEW."indicators", NEW."keep_until", NEW."listing_url", NEW."marketplace_id", NEW."note", NEW."order_number", NEW."ordered_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_at", NEW."planned_by_id", NEW."price", NEW."product_id", NEW."quantity", NEW."received_on", NEW."reference", NEW."seal_number", NEW."seller_id", NEW."seller_name", NEW."sender_address", NEW."shop_url", NEW."status", NEW."storage_place", NEW."stored_on", NEW."token", NEW."tracking_number", NEW."variant", NEW."verdict", NEW."version"); RETURN NULL;',
                                    hash="426fcc550e60315fcdf87c650172201a28b57104",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_af425",
                                    table="cases_testpurchase",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."cancel_reason" IS DISTINCT FROM (NEW."cancel_reason") OR OLD."cancelled_at" IS DISTINCT FROM (NEW."cancelled_at") OR OLD."cancelled_by_id" IS DISTINCT FROM (NEW."cancelled_by_id") OR OLD."canonical_key" IS DISTINCT FROM (NEW."canonical_key") OR OLD."carrier" IS DISTINCT FROM (NEW."carrier") OR OLD."condition" IS DISTINCT FROM (NEW."condition") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."deliver_to" IS DISTINCT FROM (NEW."deliver_to") OR OLD."disposal_method" IS DISTINCT FROM (NEW."disposal_method") OR OLD."disposal_note" IS DISTINCT FROM (NEW."disposal_note") OR OLD."disposal_proposed_at" IS DISTINCT FROM (NEW."disposal_proposed_at") OR OLD."disposal_proposed_by_id" IS DISTINCT FROM (NEW."disposal_proposed_by_id") OR OLD."disposed_at" IS DISTINCT FROM (NEW."disposed_at") OR OLD."disposed_by_id" IS DISTINCT FROM (NEW."disposed_by_id") OR OLD."disposed_on" IS DISTINCT FROM (NEW."disposed_on") OR OLD."examined_on" IS DISTINCT FROM (NEW."examined_on") OR OLD."examiner" IS DISTINCT FROM (NEW."examiner") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indicators" IS DISTINCT FROM (NEW."indicators") OR OLD."keep_until" IS DISTINCT FROM (NEW."keep_until") OR OLD."listing_url" IS DISTINCT FROM (NEW."listing_url") OR OLD."marketplace_id" IS DISTINCT FROM (NEW."marketplace_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."order_number" IS DISTINCT FROM (NEW."order_number") OR OLD."ordered_on" IS DISTINCT FROM (NEW."ordered_on") OR OLD."planned_at" IS DISTINCT FROM (NEW."planned_at") OR OLD."planned_by_id" IS DISTINCT FROM (NEW."planned_by_id") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."quantity" IS DISTINCT FROM (NEW."quantity") OR OLD."received_on" IS DISTINCT FROM (NEW."received_on") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."seal_number" IS DISTINCT FROM (NEW."seal_number") OR OLD."seller_id" IS DISTINCT FROM (NEW."seller_id") OR OLD."seller_name" IS DISTINCT FROM (NEW."seller_name") OR OLD."sender_address" IS DISTINCT FROM (NEW."sender_address") OR OLD."shop_url" IS DISTINCT FROM (NEW."shop_url") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."storage_place" IS DISTINCT FROM (NEW."storage_place") OR OLD."stored_on" IS DISTINCT FROM (NEW."stored_on") OR OLD."token" IS DISTINCT FROM (NEW."token") OR OLD."tracking_number" IS DISTINCT FROM (NEW."tracking_number") OR OLD."variant" IS DISTINCT FROM (NEW."variant") OR OLD."verdict" IS DISTINCT FROM (NEW."verdict") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                                    func='INSERT INTO "cases_testpurchasehistory" ("brand_id", "cancel_reason", "cancelled_at", "cancelled_by_id", "canonical_key", "carrier", "condition", "currency", "deliver_to", "disposal_method", "disposal_note", "disposal_proposed_at", "disposal_proposed_by_id", "disposed_at", "disposed_by_id", "disposed_on", "examined_on", "examiner", "id", "indicators", "keep_until", "listing_url", "marketplace_id", "note", "order_number", "ordered_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "planned_by_id", "price", "product_id", "quantity", "received_on", "reference", "seal_number", "seller_id", "seller_name", "sender_address", "shop_url", "status", "storage_place", "stored_on", "token", "tracking_number", "variant", "verdict", "version") VALUES (NEW."brand_id", NEW."cancel_reason", NEW."cancelled_at", NEW."cancelled_by_id", NEW."canonical_key", NEW."carrier", NEW."condition", NEW."currency", NEW."deliver_to", NEW."disposal_method", NEW."disposal_note", NEW."disposal_proposed_at", NEW."disposal_proposed_by_id", NEW."disposed_at", NEW."disposed_by_id", NEW."disposed_on", NEW."examined_on", NEW."examiner", NEW."id", NEW."indicators", NEW."keep_until", NEW."listing_url", NEW."marketplace_id", NEW."note", NEW."order_number", NEW."ordered_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_at", NEW."planned_by_id", NEW."price", NEW."product_id", NEW."quantity", NEW."received_on", NEW."reference", NEW."seal_number", NEW."seller_id", NEW."seller_name", NEW."sender_address", NEW."shop_url", NEW."status", NEW."storage_place", NEW."stored_on", NEW."token", NEW."tracking_number", NEW."variant", NEW."verdict", NEW."version"); RETURN NULL;',
                                    hash="0155611624029104d26379291814fa34d81e2b97",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_ba0e8",
                                    table="cases_testpurchase",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_testpurchasehistory" ("brand_id", "cancel_reason", "cancelled_at", "cancelled_by_id", "canonical_key", "carrier", "condition", "currency", "deliver_to", "disposal_method", "disposal_note", "disposal_proposed_at", "disposal_proposed_by_id", "disposed_at", "disposed_by_id", "disposed_on", "examined_on", "examiner", "id", "indicators", "keep_until", "listing_url", "marketplace_id", "note", "order_number", "ordered_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "planned_by_id", "price", "product_id", "quantity", "received_on", "reference", "seal_number", "seller_id", "seller_name", "sender_address", "shop_url", "status", "storage_place", "stored_on", "token", "tracking_number", "variant", "verdict", "version") VALUES (OLD."brand_id", OLD."cancel_reason", OLD."cancelled_at", OLD."cancelled_by_id", OLD."canonical_key", OLD."carrier", OLD."condition", OLD."currency", OLD."deliver_to", OLD."disposal_method", OLD."disposal_note", OLD."disposal_proposed_at", OLD."disposal_proposed_by_id", OLD."disposed_at", OLD."disposed_by_id", OLD."disposed_on", OLD."examined_on", OLD."examiner", OLD."id", OLD."indicators", OLD."keep_until", OLD."listing_url", OLD."marketplace_id", OLD."note", OLD."order_number", OLD."ordered_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_at", OLD."planned_by_id", OLD."price", OLD."product_id", OLD."quantity", OLD."received_on", OLD."reference", OLD."seal_number", OLD."seller_id", OLD."seller_name", OLD."sender_address", OLD."shop_url", OLD."status", OLD."storage_place", OLD."stored_on", OLD."token", OLD."tracking_number", OLD."variant", OLD."verdict", OLD."version"); RETURN NULL;',
                                    hash="6bec1b972f5e519127617655beec2d8d54609bec",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_5048f",
                                    table="cases_testpurchase",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseInCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "purchase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="in_cases",
                                to="cases.testpurchase",
                                verbose_name="test purchase",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_purchases",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="added by",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "test purchase in a case",
                        "verbose_name_plural": "test purchases in cases",
                        "ordering": ("added_at", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("purchase", "case"), name="purchase_once_per_case"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_purchaseincasehistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purchase_id"); RETURN NULL;',
                                    hash="483ebea30e1442657804db30d80021ff67237fb3",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_20d5b",
                                    table="cases_purchaseincase",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_purchaseincasehistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purchase_id"); RETURN NULL;',
                                    hash="e64130d8cb697f9aae0d32ab358c0bd99b95d3cf",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f5771",
                                    table="cases_purchaseincase",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_purchaseincasehistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purchase_id"); RETURN NULL;',
                                    hash="5006fd3c579c82ba7e066bc33ade71315e7958eb",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_dafb5",
                                    table="cases_purchaseincase",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseInCaseHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.purchaseincase",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "purchase",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.testpurchase",
                                verbose_name="test purchase",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="added by",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b1d52f942bac387f9e45f2c8593274327f2c4480",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a12dc",
                                    table="cases_purchaseincasehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReasonCodeHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.reasoncode",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, verbose_name="code")),
                        (
                            "use",
                            models.CharField(
                                choices=[
                                    ("uphold", "Uphold"),
                                    ("reject", "Reject"),
                                    ("request", "Request information"),
                                    ("decline", "Agency declines"),
                                ],
                                max_length=10,
                                verbose_name="used for",
                            ),
                        ),
                        ("label", models.CharField(max_length=120, verbose_name="label")),
                        (
                            "label_zh",
                            models.CharField(max_length=120, verbose_name="label in Chinese"),
                        ),
                        (
                            "how_to_fix",
                            models.TextField(blank=True, verbose_name="how to fix and refile"),
                        ),
                        (
                            "how_to_fix_zh",
                            models.TextField(
                                blank=True, verbose_name="how to fix and refile, in Chinese"
                            ),
                        ),
                        (
                            "facts",
                            models.TextField(
                                blank=True,
                                help_text="Proposed as the facts of a decision with this reason. It can be edited.",
                                max_length=5000,
                                verbose_name="standard text",
                            ),
                        ),
                        (
                            "facts_zh",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="standard text in Chinese"
                            ),
                        ),
                        (
                            "can_refile",
                            models.BooleanField(
                                default=True,
                                help_text="Members can file a rejected case again.",
                                verbose_name="can be fixed and filed again",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c09ccd086de994a0d4f899710bd4347b91838316",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a7e45",
                                    table="cases_reasoncodehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SellerHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.seller",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "marketplace",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.marketplace",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, verbose_name="seller ID")),
                        ("external_key", cases.marketplaces.shops.ShopKeyField(of="external_id")),
                        ("name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "shop_url",
                            models.URLField(blank=True, max_length=1000, verbose_name="shop URL"),
                        ),
                        (
                            "address_key",
                            cases.marketplaces.shops.ShopKeyField(blank=True, of="shop_url"),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                blank=True, max_length=2, verbose_name="country or region"
                            ),
                        ),
                        (
                            "first_seen_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="first seen on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="33a5cfdc63de8eaaffb76cc5abf273a582b05321",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1ea0b",
                                    table="cases_sellerhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SellerIdentifier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identifiers",
                                to="cases.seller",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "Telephone"),
                                    ("email", "Email"),
                                    ("payment", "Payment account"),
                                    ("address", "Postal address"),
                                    ("licence", "Business licence"),
                                    ("social", "Social media account"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                    ],
                    options={
                        "verbose_name": "seller identifier",
                        "verbose_name_plural": "seller identifiers",
                        "indexes": [
                            models.Index(fields=["kind", "value"], name="identifier_lookup")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "kind", "value"),
                                name="identifier_once_per_seller",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_selleridentifierhistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seller_id", "value") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."seller_id", NEW."value"); RETURN NULL;',
                                    hash="074a39f08598aff68db482b71a058cd7979f6f28",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_67a93",
                                    table="cases_selleridentifier",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_selleridentifierhistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seller_id", "value") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."seller_id", NEW."value"); RETURN NULL;',
                                    hash="e1250496023114255f85b2e909467cc6fdcbd68b",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_062b5",
                                    table="cases_selleridentifier",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_selleridentifierhistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seller_id", "value") VALUES (OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."seller_id", OLD."value"); RETURN NULL;',
                                    hash="7fa6d005d1e02eddbc261f9f91f7504c2e9768f1",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_43149",
                                    table="cases_selleridentifier",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SellerIdentifierHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.selleridentifier",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "seller",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.seller",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "Telephone"),
                                    ("email", "Email"),
                                    ("payment", "Payment account"),
                                    ("address", "Postal address"),
                                    ("licence", "Business licence"),
                                    ("social", "Social media account"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="39ad360a508fa40a15586d0d42b9dcff64ef2683",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1f7e3",
                                    table="cases_selleridentifierhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SellerName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="other_names",
                                to="cases.seller",
                                verbose_name="seller",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="recorded"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "other name of a seller",
                        "verbose_name_plural": "other names of sellers",
                        "ordering": ("seller", "-recorded_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "name"), name="seller_name_once"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_sellernamehistory" ("case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "seller_id") VALUES (NEW."case_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."seller_id"); RETURN NULL;',
                                    hash="ebd9c7aa1fd410ba26c7b5d6562303362aad088c",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_69a9b",
                                    table="cases_sellername",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_sellernamehistory" ("case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "seller_id") VALUES (NEW."case_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."seller_id"); RETURN NULL;',
                                    hash="8724c473b1a9c1be7a3fa1ccd4ca816d02aa4223",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_80d4e",
                                    table="cases_sellername",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_sellernamehistory" ("case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "seller_id") VALUES (OLD."case_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."seller_id"); RETURN NULL;',
                                    hash="db97063fa96e3cca1653a75eea4d00604ffb0e17",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_2efb8",
                                    table="cases_sellername",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SellerNameHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.sellername",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "seller",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.seller",
                                verbose_name="seller",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="recorded"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="3e9d8f27bc93350b5fe3e376f8335d535cac8fac",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_cd36e",
                                    table="cases_sellernamehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatedIdentifier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stated_identifiers",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "Telephone"),
                                    ("email", "Email"),
                                    ("payment", "Payment account"),
                                    ("address", "Postal address"),
                                    ("licence", "Business licence"),
                                    ("social", "Social media account"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                    ],
                    options={
                        "verbose_name": "identifier stated in a case",
                        "verbose_name_plural": "identifiers stated in cases",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "kind", "value"), name="stated_once_per_case"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_statedidentifierhistory" ("case_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") VALUES (NEW."case_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."value"); RETURN NULL;',
                                    hash="41c5bbbdeb0d4d9247de22af5b9af79c3cf40332",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_e0ee5",
                                    table="cases_statedidentifier",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_statedidentifierhistory" ("case_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") VALUES (NEW."case_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."value"); RETURN NULL;',
                                    hash="ce614724c487c3be6b9b164e8d219a85f89da3f5",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_5fb5b",
                                    table="cases_statedidentifier",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_statedidentifierhistory" ("case_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") VALUES (OLD."case_id", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."value"); RETURN NULL;',
                                    hash="b58206d6f5fa2b4ddb440b23e69724b3c1475b0b",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_77d46",
                                    table="cases_statedidentifier",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatedIdentifierHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.statedidentifier",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "Telephone"),
                                    ("email", "Email"),
                                    ("payment", "Payment account"),
                                    ("address", "Postal address"),
                                    ("licence", "Business licence"),
                                    ("social", "Social media account"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="127c379e4f50e61e72c875889bde32cade7f1d38",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_86afe",
                                    table="cases_statedidentifierhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StorageUse",
                    fields=[
                        (
                            "member",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "used_bytes",
                            models.PositiveBigIntegerField(
                                default=0, editable=False, verbose_name="used, in bytes"
                            ),
                        ),
                        (
                            "quota_mb",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Leave empty for the quota that applies to every member.",
                                null=True,
                                verbose_name="quota in MB",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member storage",
                        "verbose_name_plural": "member storage",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_storageusehistory" ("member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota_mb") VALUES (NEW."member_id", _pgh_attach_context(), NOW(), \'insert\', NEW."member_id", NEW."quota_mb"); RETURN NULL;',
                                    hash="6eb4d9d81bdf8a8de7b9f2cb056e5f474c76921f",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_0d1ff",
                                    table="cases_storageuse",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."quota_mb" IS DISTINCT FROM (NEW."quota_mb"))',
                                    func='INSERT INTO "cases_storageusehistory" ("member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota_mb") VALUES (NEW."member_id", _pgh_attach_context(), NOW(), \'update\', NEW."member_id", NEW."quota_mb"); RETURN NULL;',
                                    hash="cd7d630925f7f9138428e291bc9824de4c3acf18",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_6db28",
                                    table="cases_storageuse",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_storageusehistory" ("member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota_mb") VALUES (OLD."member_id", _pgh_attach_context(), NOW(), \'delete\', OLD."member_id", OLD."quota_mb"); RETURN NULL;',
                                    hash="cdde71eebfe5d8dc04c01b29dd9c26c3b97badc5",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_ee35f",
                                    table="cases_storageuse",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StorageUseHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.storageuse",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                serialize=False,
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "quota_mb",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Leave empty for the quota that applies to every member.",
                                null=True,
                                verbose_name="quota in MB",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="239c4aaeca9ed53e6f90ef3d7cb4c79c07479eba",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_01800",
                                    table="cases_storageusehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Strike",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="strike",
                                to="cases.case",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="strikes",
                                to="cases.seller",
                            ),
                        ),
                        ("points", models.PositiveSmallIntegerField(verbose_name="points")),
                        (
                            "issued_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires on")),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked on"),
                        ),
                    ],
                    options={
                        "verbose_name": "strike",
                        "verbose_name_plural": "strikes",
                        "ordering": ("-issued_at",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("revoked_at", None)),
                                fields=["seller", "expires_at"],
                                include=("issued_at", "points"),
                                name="strike_live",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("issued_at"))),
                                name="strike_expires_after_issue",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_strikehistory" ("case_id", "expires_at", "id", "issued_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "revoked_at", "seller_id") VALUES (NEW."case_id", NEW."expires_at", NEW."id", NEW."issued_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."points", NEW."revoked_at", NEW."seller_id"); RETURN NULL;',
                                    hash="2f518f733c47a5d3c516007a61f7f697139f3d72",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_d8b34",
                                    table="cases_strike",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_strikehistory" ("case_id", "expires_at", "id", "issued_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "revoked_at", "seller_id") VALUES (NEW."case_id", NEW."expires_at", NEW."id", NEW."issued_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."points", NEW."revoked_at", NEW."seller_id"); RETURN NULL;',
                                    hash="12f33281421bb6d0115e074ba2b8976ced46d468",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_96ee1",
                                    table="cases_strike",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_strikehistory" ("case_id", "expires_at", "id", "issued_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "revoked_at", "seller_id") VALUES (OLD."case_id", OLD."expires_at", OLD."id", OLD."issued_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."points", OLD."revoked_at", OLD."seller_id"); RETURN NULL;',
                                    hash="bdfbfaae39ebb9037adb0de94b4eb10d0b0ee363",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_3f706",
                                    table="cases_strike",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StrikeHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.strike",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.seller",
                            ),
                        ),
                        ("points", models.PositiveSmallIntegerField(verbose_name="points")),
                        (
                            "issued_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires on")),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b59de88165927b68cfb54dec333439478d5573c9",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f3147",
                                    table="cases_strikehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestPurchaseEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "purchase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="cases.testpurchase",
                                verbose_name="test purchase",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("ordered", "Ordered"),
                                    ("received", "Received"),
                                    ("examined", "Examined"),
                                    ("stored", "Put into the evidence store"),
                                    ("disposal_proposed", "Disposal proposed"),
                                    ("kept", "Disposal rejected; goods stay stored"),
                                    ("disposed", "Disposal confirmed"),
                                    ("cancelled", "Cancelled"),
                                    ("corrected", "Corrected"),
                                    ("file_added", "File received and hashed"),
                                    ("file_read", "File accessed"),
                                    ("case_added", "Added to a case"),
                                ],
                                max_length=17,
                                verbose_name="event",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
                        ("actor_id", models.BigIntegerField(verbose_name="user ID")),
                        ("actor_label", models.CharField(max_length=300, verbose_name="person")),
                        (
                            "at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="time"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "test purchase event",
                        "verbose_name_plural": "test purchase events",
                        "ordering": ("purchase", "sequence"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("purchase", "sequence"), name="purchase_event_sequence"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="251bf6c06a64a4005476377057d484e98717fd07",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_9f057",
                                    table="cases_testpurchaseevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestPurchaseFile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        (
                            "purchase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="cases.testpurchase",
                                verbose_name="test purchase",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("order", "Listing and order"),
                                    ("parcel", "Parcel"),
                                    ("unboxing", "Unboxing"),
                                    ("examination", "Examination report"),
                                ],
                                max_length=11,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                storage=cases.models.purchase_evidence.purchase_storage,
                                upload_to=cases.models.purchase_evidence.purchase_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of a test purchase",
                        "verbose_name_plural": "files of test purchases",
                        "ordering": ("uploaded_at", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("purchase", "sha256"),
                                name="purchase_file_once_per_purchase",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_testpurchasefilehistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purchase_id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                                    hash="feeee57ac256bba414402b54e4792a64b8722b28",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1b5dc",
                                    table="cases_testpurchasefile",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_testpurchasefilehistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."kind", NEW."original_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purchase_id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;',
                                    hash="af5dfdda400be25a1e87d113c04fe479238a80ff",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f94f7",
                                    table="cases_testpurchasefile",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_testpurchasefilehistory" ("content_type", "file", "id", "kind", "original_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (OLD."content_type", OLD."file", OLD."id", OLD."kind", OLD."original_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purchase_id", OLD."sha256", OLD."size", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;',
                                    hash="b4b0b1a4bc18d0ed80802cac4511d2677d2a619b",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_0cbe3",
                                    table="cases_testpurchasefile",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestPurchaseFileHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.testpurchasefile",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "id",
                            models.UUIDField(default=uuid.uuid4, editable=False, serialize=False),
                        ),
                        (
                            "original_name",
                            models.CharField(max_length=200, verbose_name="file name"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "uploaded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="uploaded on"
                            ),
                        ),
                        (
                            "purchase",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.testpurchase",
                                verbose_name="test purchase",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("order", "Listing and order"),
                                    ("parcel", "Parcel"),
                                    ("unboxing", "Unboxing"),
                                    ("examination", "Examination report"),
                                ],
                                max_length=11,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                storage=cases.models.purchase_evidence.purchase_storage,
                                upload_to=cases.models.purchase_evidence.purchase_path,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="39e9cbdec3a207e275d487d7e8a40d5ed57b56f0",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_577d7",
                                    table="cases_testpurchasefilehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestPurchaseHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.testpurchase",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.purchase_reference,
                                editable=False,
                                max_length=14,
                                verbose_name="reference",
                            ),
                        ),
                        ("token", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "brand",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.seller",
                                verbose_name="seller",
                            ),
                        ),
                        ("seller_name", models.CharField(max_length=200, verbose_name="shop name")),
                        (
                            "shop_url",
                            models.URLField(blank=True, max_length=1000, verbose_name="shop URL"),
                        ),
                        (
                            "listing_url",
                            models.URLField(max_length=2000, verbose_name="listing URL"),
                        ),
                        (
                            "canonical_key",
                            models.CharField(max_length=500, verbose_name="canonical key"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("ordered", "Ordered"),
                                    ("received", "Received"),
                                    ("examined", "Examined"),
                                    ("stored", "In the evidence store"),
                                    ("disposal_proposed", "Disposal proposed"),
                                    ("disposed", "Disposed of"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=17,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                        (
                            "planned_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="planned by",
                            ),
                        ),
                        (
                            "planned_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="planned on"
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="what to buy, and why"
                            ),
                        ),
                        (
                            "ordered_on",
                            models.DateField(blank=True, null=True, verbose_name="ordered on"),
                        ),
                        (
                            "order_number",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="order number"
                            ),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="price paid",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(blank=True, max_length=3, verbose_name="currency"),
                        ),
                        (
                            "quantity",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="quantity"
                            ),
                        ),
                        (
                            "variant",
                            models.CharField(blank=True, max_length=200, verbose_name="variant"),
                        ),
                        (
                            "deliver_to",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="delivery address"
                            ),
                        ),
                        (
                            "received_on",
                            models.DateField(blank=True, null=True, verbose_name="received on"),
                        ),
                        (
                            "carrier",
                            models.CharField(blank=True, max_length=100, verbose_name="carrier"),
                        ),
                        (
                            "tracking_number",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="tracking number"
                            ),
                        ),
                        (
                            "sender_address",
                            models.TextField(
                                blank=True,
                                max_length=500,
                                verbose_name="sender’s address as on the parcel",
                            ),
                        ),
                        (
                            "condition",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="condition of the parcel"
                            ),
                        ),
                        (
                            "examined_on",
                            models.DateField(blank=True, null=True, verbose_name="examined on"),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("genuine", "Genuine"),
                                    ("fake", "Fake"),
                                    ("unclear", "Cannot tell"),
                                ],
                                max_length=8,
                                verbose_name="verdict",
                            ),
                        ),
                        (
                            "indicators",
                            models.TextField(
                                blank=True, max_length=3000, verbose_name="indicators"
                            ),
                        ),
                        (
                            "examiner",
                            models.CharField(blank=True, max_length=200, verbose_name="examiner"),
                        ),
                        (
                            "keep_until",
                            models.DateField(blank=True, null=True, verbose_name="keep until"),
                        ),
                        (
                            "stored_on",
                            models.DateField(blank=True, null=True, verbose_name="stored on"),
                        ),
                        (
                            "storage_place",
                            models.CharField(
                                blank=True,
                                max_length=200,
                                verbose_name="place in the evidence store",
                            ),
                        ),
                        (
                            "seal_number",
                            models.CharField(blank=True, max_length=80, verbose_name="seal number"),
                        ),
                        (
                            "disposal_method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("destroyed", "Destroyed"),
                                    ("handed_over", "Handed over to an agency or a court"),
                                    ("returned", "Given back to the brand"),
                                ],
                                max_length=11,
                                verbose_name="method of disposal",
                            ),
                        ),
                        (
                            "disposal_note",
                            models.TextField(
                                blank=True, max_length=500, verbose_name="note on the disposal"
                            ),
                        ),
                        (
                            "disposal_proposed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="disposal proposed by",
                            ),
                        ),
                        (
                            "disposal_proposed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="disposal proposed on"
                            ),
                        ),
                        (
                            "disposed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="disposal confirmed by",
                            ),
                        ),
                        (
                            "disposed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="disposal confirmed on"
                            ),
                        ),
                        (
                            "disposed_on",
                            models.DateField(blank=True, null=True, verbose_name="disposed of on"),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="cancelled by",
                            ),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="cancelled on"
                            ),
                        ),
                        (
                            "cancel_reason",
                            models.CharField(
                                blank=True,
                                max_length=500,
                                verbose_name="reason of the cancellation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="50bcd3ba4cdafc4e94f4f018bfab90c12d6f9cf0",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7008b",
                                    table="cases_testpurchasehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(max_length=150, unique=True, verbose_name="name"),
                        ),
                        (
                            "name_zh",
                            models.CharField(
                                blank=True, max_length=150, verbose_name="name in Chinese"
                            ),
                        ),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="web page"),
                        ),
                    ],
                    options={
                        "verbose_name": "watch list",
                        "verbose_name_plural": "watch lists",
                        "ordering": ("name",),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_watchlisthistory" ("id", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (NEW."id", NEW."name", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."url"); RETURN NULL;',
                                    hash="2234e4c730eafa15901785b32c77c7ce9decd2e5",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a91cf",
                                    table="cases_watchlist",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_watchlisthistory" ("id", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (NEW."id", NEW."name", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."url"); RETURN NULL;',
                                    hash="a119ddab37d0484c1ff6e2169712180a5416c1ea",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_4f4ae",
                                    table="cases_watchlist",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_watchlisthistory" ("id", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (OLD."id", OLD."name", OLD."name_zh", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."url"); RETURN NULL;',
                                    hash="43a4c27d86775234e03ffe266ac17c93afe818b9",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_05b06",
                                    table="cases_watchlist",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchListEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="watch_list_entries",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        (
                            "watch_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="cases.watchlist",
                                verbose_name="watch list",
                            ),
                        ),
                        (
                            "year",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1990)],
                                verbose_name="year",
                            ),
                        ),
                        (
                            "change",
                            models.CharField(
                                choices=[
                                    ("listed", "Listed"),
                                    ("removed", "Removed from the list"),
                                ],
                                default="listed",
                                max_length=10,
                                verbose_name="change",
                            ),
                        ),
                        ("source_url", models.URLField(max_length=1000, verbose_name="source")),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                help_text="For admins. Not published.",
                                max_length=300,
                                verbose_name="note",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "watch list entry",
                        "verbose_name_plural": "watch list entries",
                        "ordering": ("marketplace__name", "-year", "watch_list__name"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("marketplace", "watch_list", "year"),
                                name="watch_list_entry_once_per_year",
                                violation_error_message="The marketplace already has an entry of this list and year.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_watchlistentryhistory" ("change", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_url", "watch_list_id", "year") VALUES (NEW."change", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source_url", NEW."watch_list_id", NEW."year"); RETURN NULL;',
                                    hash="ad2b72b11052c0f0d5d2ff8532d831ca1831b2e6",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_42ad9",
                                    table="cases_watchlistentry",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_watchlistentryhistory" ("change", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_url", "watch_list_id", "year") VALUES (NEW."change", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source_url", NEW."watch_list_id", NEW."year"); RETURN NULL;',
                                    hash="70ad7c9d9beb6c14bdc4a080a787151beaf7ad2e",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_13e20",
                                    table="cases_watchlistentry",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_watchlistentryhistory" ("change", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_url", "watch_list_id", "year") VALUES (OLD."change", OLD."id", OLD."marketplace_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source_url", OLD."watch_list_id", OLD."year"); RETURN NULL;',
                                    hash="a57a0c3cb674b798342e737c137dba38c900f31c",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_5256a",
                                    table="cases_watchlistentry",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchListEntryHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.watchlistentry",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "marketplace",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.marketplace",
                                verbose_name="marketplace",
                            ),
                        ),
                        (
                            "watch_list",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.watchlist",
                                verbose_name="watch list",
                            ),
                        ),
                        (
                            "year",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1990)],
                                verbose_name="year",
                            ),
                        ),
                        (
                            "change",
                            models.CharField(
                                choices=[
                                    ("listed", "Listed"),
                                    ("removed", "Removed from the list"),
                                ],
                                default="listed",
                                max_length=10,
                                verbose_name="change",
                            ),
                        ),
                        ("source_url", models.URLField(max_length=1000, verbose_name="source")),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                help_text="For admins. Not published.",
                                max_length=300,
                                verbose_name="note",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b16595b6eeb1b62df7172ab95c1cf6bdad577820",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7b641",
                                    table="cases_watchlistentryhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchListHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.watchlist",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        (
                            "name_zh",
                            models.CharField(
                                blank=True, max_length=150, verbose_name="name in Chinese"
                            ),
                        ),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="web page"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e007321b8695156b0e5e6620077e260ea465d056",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_51009",
                                    table="cases_watchlisthistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorisedSeller",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                default=alliance.lib.clock.now,
                                editable=False,
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authorised_sellers",
                                to="members.brand",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.marketplace",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, verbose_name="seller ID")),
                        ("external_key", cases.marketplaces.shops.ShopKeyField(of="external_id")),
                        (
                            "valid_from",
                            models.DateField(blank=True, null=True, verbose_name="valid from"),
                        ),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
                        ),
                    ],
                    options={
                        "verbose_name": "authorised seller",
                        "verbose_name_plural": "authorised sellers",
                        "indexes": [
                            models.Index(fields=["brand", "-id"], name="authorised_of_brand"),
                            models.Index(fields=["member", "-id"], name="authorised_of_member"),
                            models.Index(
                                fields=["member", "marketplace", "-id"],
                                name="authorised_on_marketplace",
                            ),
                            models.Index(
                                condition=models.Q(("ended_at__isnull", False)),
                                fields=["member", "-id"],
                                name="authorised_ended",
                            ),
                            models.Index(
                                fields=["member", "updated_at", "id"],
                                name="authorised_updated_of_member",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_key", ""), _negated=True),
                                fields=("brand", "marketplace", "external_key"),
                                name="authorised_key_once_per_brand",
                                violation_error_message="The brand has already authorised this shop.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="authorised_seller_ends_after_it_starts",
                                violation_error_message="The last day cannot be before the first day.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    models.Q(
                                        ("ended_at__isnull", False), ("ended_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="authorised_seller_ended_by_and_at_go_together",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="touched",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."brand_id" IS DISTINCT FROM NEW."brand_id" OR OLD."marketplace_id" IS DISTINCT FROM NEW."marketplace_id" OR OLD."external_id" IS DISTINCT FROM NEW."external_id" OR OLD."valid_from" IS DISTINCT FROM NEW."valid_from" OR OLD."valid_until" IS DISTINCT FROM NEW."valid_until" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."ended_at" IS DISTINCT FROM NEW."ended_at")',
                                    func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
                                    hash="f37e21032c9257624dbc01fc1c84a9b05ebefe92",
                                    operation="UPDATE",
                                    pgid="pgtrigger_touched_0c07a",
                                    table="cases_authorisedseller",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="member_of_brand",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                                    hash="2fdb474ef3b3551706f8b9a8ebda1f0e0ade6de9",
                                    operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                                    pgid="pgtrigger_member_of_brand_57e26",
                                    table="cases_authorisedseller",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."brand_id", NEW."ended_at", NEW."ended_by_id", NEW."external_id", NEW."external_key", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                                    hash="4a3a5ae52e2b1db86d2272b1b278c784cb4fe95d",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_bb6b2",
                                    table="cases_authorisedseller",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."marketplace_id" IS DISTINCT FROM (NEW."marketplace_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))',
                                    func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."brand_id", NEW."ended_at", NEW."ended_by_id", NEW."external_id", NEW."external_key", NEW."id", NEW."marketplace_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                                    hash="6561dd00420a3a88df14dc7d68aca434c2b6e84c",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_bbec7",
                                    table="cases_authorisedseller",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_authorisedsellerhistory" ("brand_id", "ended_at", "ended_by_id", "external_id", "external_key", "id", "marketplace_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (OLD."brand_id", OLD."ended_at", OLD."ended_by_id", OLD."external_id", OLD."external_key", OLD."id", OLD."marketplace_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                                    hash="0d4a07c7bb7667c9e7586088bfa06a5942694a34",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_2c65f",
                                    table="cases_authorisedseller",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorisedSellerHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.authorisedseller",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "brand",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.brand",
                            ),
                        ),
                        (
                            "marketplace",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.marketplace",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, verbose_name="seller ID")),
                        ("external_key", cases.marketplaces.shops.ShopKeyField(of="external_id")),
                        (
                            "valid_from",
                            models.DateField(blank=True, null=True, verbose_name="valid from"),
                        ),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1c6652f841ef68bd9152575f50bda92fcf8f63b7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_d21fa",
                                    table="cases_authorisedsellerhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DiscardedDraft",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="cases.case",
                            ),
                        ),
                        (
                            "discarded_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="discarded on"
                            ),
                        ),
                        (
                            "disposed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="files deleted on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "discarded draft",
                        "verbose_name_plural": "discarded drafts",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("disposed_at", None)),
                                fields=["discarded_at"],
                                name="discarded_waiting",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="cases.case",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("submitted", "Case submitted"),
                                    ("claimed", "Review started"),
                                    ("assigned", "Assigned to a moderator"),
                                    ("released", "Released to the queue"),
                                    ("information_requested", "Information requested"),
                                    ("member_reminded", "Reminder: reply needed"),
                                    ("answered", "Information provided"),
                                    ("evidence_added", "Evidence added"),
                                    ("listings_described", "Prices and sales updated"),
                                    ("upheld", "Complaint upheld"),
                                    ("rejected", "Complaint rejected"),
                                    ("reopened", "Reopened by late evidence"),
                                    ("listings_removed", "Listings removed"),
                                    ("counter_noticed", "Counter-notice received"),
                                    ("counter_notice_answered", "Counter-notice answered"),
                                    (
                                        "upheld_again",
                                        "Counter-notice rejected; listings stay removed",
                                    ),
                                    ("reinstated", "Counter-notice accepted; listings reinstated"),
                                    ("closed", "Case closed"),
                                    ("withdrawn", "Withdrawn by the member"),
                                    ("decision_confirmed", "Confirmed by a second moderator"),
                                    ("decision_sent_back", "Sent back by a second moderator"),
                                    ("priority_changed", "Priority changed"),
                                    ("strike_issued", "Strike added to the seller"),
                                    ("identifier_added", "Identifier added to the seller"),
                                    ("commented", "Internal note"),
                                    ("referred", "Referred to law enforcement"),
                                    ("referral_offered", "Referred to the agency"),
                                    ("referral_acknowledged", "Acknowledged by the agency"),
                                    ("referral_accepted", "Accepted by the agency"),
                                    ("referral_declined", "Declined by the agency"),
                                    ("referral_investigating", "Investigation opened"),
                                    ("referral_concluded", "Investigation concluded"),
                                    ("referral_withdrawn", "Referral withdrawn"),
                                    ("agency_reminded", "Agency reminded of an overdue step"),
                                    ("operation_reported", "Operation reported"),
                                    ("operation_verified", "Operation verified"),
                                    ("operation_retracted", "Operation report retracted"),
                                ],
                                max_length=30,
                                verbose_name="event",
                            ),
                        ),
                        (
                            "audience",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("member", "Member"),
                                        ("moderator", "Moderators"),
                                        ("liaison", "Law enforcement"),
                                    ],
                                    max_length=10,
                                ),
                                size=None,
                                verbose_name="audience",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
                        (
                            "referral_id",
                            models.BigIntegerField(blank=True, null=True, verbose_name="referral"),
                        ),
                        (
                            "actor_id",
                            models.BigIntegerField(blank=True, null=True, verbose_name="user ID"),
                        ),
                        (
                            "actor_role",
                            models.CharField(
                                choices=[
                                    ("member", "Member"),
                                    ("moderator", "Moderators"),
                                    ("liaison", "Law enforcement"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        ("actor_label", models.CharField(max_length=300, verbose_name="person")),
                        (
                            "at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="time"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "case event",
                        "verbose_name_plural": "case events",
                        "ordering": ("case", "sequence"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "sequence"), name="event_sequence_per_case"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="65b17c5dc231aae95e4a5d286bcd92a634f3ebd3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_320b9",
                                    table="cases_caseevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.case",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "violation",
                            models.CharField(
                                choices=[
                                    ("counterfeit", "Counterfeit goods"),
                                    ("trademark", "Trademark infringement"),
                                    ("copyright", "Copyright infringement"),
                                    ("design", "Design infringement"),
                                    ("patent", "Patent infringement"),
                                    ("advertising", "Illegal advertising"),
                                ],
                                max_length=12,
                                verbose_name="violation type",
                            ),
                        ),
                        (
                            "jurisdiction",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="place of infringement"
                            ),
                        ),
                        (
                            "goods_class",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(45),
                                ],
                                verbose_name="class of goods (Nice)",
                            ),
                        ),
                        (
                            "infringement_in",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("product", "Product"),
                                        ("packaging", "Packaging"),
                                        ("picture", "Pictures"),
                                        ("text", "Title or description"),
                                        ("name", "Shop or brand name"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                db_default=[],
                                default=list,
                                size=None,
                                verbose_name="where the infringement is",
                            ),
                        ),
                        (
                            "explanation",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="explanation"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                default=alliance.lib.ids.case_reference,
                                editable=False,
                                max_length=14,
                                verbose_name="reference",
                            ),
                        ),
                        ("draft_token", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "follows",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="earlier case",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.member",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.brand",
                                verbose_name="brand",
                            ),
                        ),
                        (
                            "right",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.ipright",
                                verbose_name="IP right",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.seller",
                                verbose_name="seller",
                            ),
                        ),
                        (
                            "seller_name",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="shop name in the draft"
                            ),
                        ),
                        (
                            "shop_url",
                            models.URLField(
                                blank=True, max_length=1000, verbose_name="shop URL in the draft"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("in_review", "In review"),
                                    ("information_requested", "Information requested"),
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("removed", "Listings removed"),
                                    ("counter_noticed", "Counter-notice received"),
                                    ("reinstated", "Reinstated"),
                                    ("closed", "Closed"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=22,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("reinstated", "Reinstated"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                                default=2,
                                verbose_name="priority",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="assignee",
                            ),
                        ),
                        (
                            "lease_until",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="claimed until"
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "good_faith_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "good_faith_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="good faith confirmed on"
                            ),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="submitted on"
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "asked_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="information requested on"
                            ),
                        ),
                        (
                            "answer_due_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="member’s answer due"
                            ),
                        ),
                        (
                            "answer_reminded_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="member reminded on"
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="81390c1f956b512da9abead14717d653b632e133",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_40a51",
                                    table="cases_casehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "violation",
                            models.CharField(
                                choices=[
                                    ("counterfeit", "Counterfeit goods"),
                                    ("trademark", "Trademark infringement"),
                                    ("copyright", "Copyright infringement"),
                                    ("design", "Design infringement"),
                                    ("patent", "Patent infringement"),
                                    ("advertising", "Illegal advertising"),
                                ],
                                max_length=12,
                                verbose_name="violation type",
                            ),
                        ),
                        (
                            "jurisdiction",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="place of infringement"
                            ),
                        ),
                        (
                            "goods_class",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(45),
                                ],
                                verbose_name="class of goods (Nice)",
                            ),
                        ),
                        (
                            "infringement_in",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("product", "Product"),
                                        ("packaging", "Packaging"),
                                        ("picture", "Pictures"),
                                        ("text", "Title or description"),
                                        ("name", "Shop or brand name"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                db_default=[],
                                default=list,
                                size=None,
                                verbose_name="where the infringement is",
                            ),
                        ),
                        (
                            "explanation",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="explanation"
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaint_templates",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "right",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.ipright",
                                verbose_name="IP right",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "complaint template",
                        "verbose_name_plural": "complaint templates",
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "name"),
                                name="template_name_once_per_member",
                                violation_error_message="The member already has a template with this name.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "infringement_in__contained_by",
                                        ["product", "packaging", "picture", "text", "name"],
                                    )
                                ),
                                name="template_infringement_in_known_parts",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_complainttemplatehistory" ("created_at", "created_by_id", "explanation", "goods_class", "id", "infringement_in", "jurisdiction", "member_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right_id", "violation") VALUES (NEW."created_at", NEW."created_by_id", NEW."explanation", NEW."goods_class", NEW."id", NEW."infringement_in", NEW."jurisdiction", NEW."member_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."right_id", NEW."violation"); RETURN NULL;',
                                    hash="73e1058becdcdde0e3545ee5d303df8565b57105",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2da03",
                                    table="cases_complainttemplate",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_complainttemplatehistory" ("created_at", "created_by_id", "explanation", "goods_class", "id", "infringement_in", "jurisdiction", "member_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right_id", "violation") VALUES (NEW."created_at", NEW."created_by_id", NEW."explanation", NEW."goods_class", NEW."id", NEW."infringement_in", NEW."jurisdiction", NEW."member_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."right_id", NEW."violation"); RETURN NULL;',
                                    hash="9a1abd33c80d0888e22f0df505ab7515a76ae79c",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_34d2b",
                                    table="cases_complainttemplate",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_complainttemplatehistory" ("created_at", "created_by_id", "explanation", "goods_class", "id", "infringement_in", "jurisdiction", "member_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right_id", "violation") VALUES (OLD."created_at", OLD."created_by_id", OLD."explanation", OLD."goods_class", OLD."id", OLD."infringement_in", OLD."jurisdiction", OLD."member_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."right_id", OLD."violation"); RETURN NULL;',
                                    hash="5a86cb2cc9e6867e5424102cacbb8833cf0dd49c",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_14325",
                                    table="cases_complainttemplate",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintTemplateHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.complainttemplate",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "violation",
                            models.CharField(
                                choices=[
                                    ("counterfeit", "Counterfeit goods"),
                                    ("trademark", "Trademark infringement"),
                                    ("copyright", "Copyright infringement"),
                                    ("design", "Design infringement"),
                                    ("patent", "Patent infringement"),
                                    ("advertising", "Illegal advertising"),
                                ],
                                max_length=12,
                                verbose_name="violation type",
                            ),
                        ),
                        (
                            "jurisdiction",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="place of infringement"
                            ),
                        ),
                        (
                            "goods_class",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(45),
                                ],
                                verbose_name="class of goods (Nice)",
                            ),
                        ),
                        (
                            "infringement_in",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("product", "Product"),
                                        ("packaging", "Packaging"),
                                        ("picture", "Pictures"),
                                        ("text", "Title or description"),
                                        ("name", "Shop or brand name"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                db_default=[],
                                default=list,
                                size=None,
                                verbose_name="where the infringement is",
                            ),
                        ),
                        (
                            "explanation",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="explanation"
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.member",
                                verbose_name="member",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "right",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="members.ipright",
                                verbose_name="IP right",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="400e1fbab6dd166b4368889d56e2b48cc91ec1c7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_28d07",
                                    table="cases_complainttemplatehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CounterNoticeHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.counternotice",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "statement",
                            models.TextField(
                                max_length=5000, verbose_name="the seller’s statement"
                            ),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="received on"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="decision due")),
                        (
                            "answer",
                            models.TextField(
                                blank=True, max_length=5000, verbose_name="the member’s answer"
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered on"),
                        ),
                        (
                            "answer_due_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="member’s answer due"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("refused", "Rejected"),
                                    ("accepted", "Accepted"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "resolved_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resolved_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="resolved on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="07afb4b8960988df18aa01334507df49475bc60f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_bc637",
                                    table="cases_counternoticehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustodyChain",
                    fields=[
                        (
                            "evidence_id",
                            models.UUIDField(
                                primary_key=True, serialize=False, verbose_name="evidence"
                            ),
                        ),
                        ("case_reference", models.CharField(max_length=14, verbose_name="case")),
                        ("length", models.PositiveIntegerField(default=0, verbose_name="entries")),
                        (
                            "head",
                            models.CharField(blank=True, max_length=64, verbose_name="last hash"),
                        ),
                    ],
                    options={
                        "verbose_name": "chain of custody",
                        "verbose_name_plural": "chains of custody",
                        "indexes": [
                            models.Index(fields=["case_reference"], name="custody_chain_of_case")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("head", ""), ("length", 0)),
                                    models.Q(
                                        ("length__gt", 0), models.Q(("head", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="custody_chain_has_head",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="never_deleted",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="cc608fc05d38ab960d055fe4e32651bac0d0474b",
                                    operation="DELETE",
                                    pgid="pgtrigger_never_deleted_0c03f",
                                    table="cases_custodychain",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Preview",
                    fields=[
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="next attempt"
                            ),
                        ),
                        (
                            "evidence",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="preview",
                                serialize=False,
                                to="cases.evidence",
                                verbose_name="file",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting for a worker"),
                                    ("made", "Made"),
                                    ("impossible", "Not possible"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "image",
                            models.FileField(
                                blank=True,
                                storage=cases.models.preview.storage,
                                upload_to=cases.models.preview.image_path,
                                verbose_name="preview",
                            ),
                        ),
                        (
                            "thumbnail",
                            models.FileField(
                                blank=True,
                                storage=cases.models.preview.storage,
                                upload_to=cases.models.preview.thumbnail_path,
                                verbose_name="thumbnail",
                            ),
                        ),
                        ("width", models.PositiveIntegerField(default=0, verbose_name="width")),
                        ("height", models.PositiveIntegerField(default=0, verbose_name="height")),
                        (
                            "pdq",
                            models.CharField(blank=True, max_length=64, verbose_name="PDQ hash"),
                        ),
                        (
                            "forms",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=64),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="PDQ hashes of the eight forms",
                            ),
                        ),
                        (
                            "bands",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.IntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="bands of the PDQ hash",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "preview",
                        "verbose_name_plural": "previews",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["due_at"],
                                name="preview_waiting",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["bands"], name="preview_bands"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "made"),
                                        models.Q(("image", ""), _negated=True),
                                        models.Q(("thumbnail", ""), _negated=True),
                                        ("width__gt", 0),
                                    ),
                                    models.Q(
                                        models.Q(("state", "made"), _negated=True),
                                        ("image", ""),
                                        ("thumbnail", ""),
                                        ("width", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="preview_made_has_files",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("bands__len", 0), ("forms__len", 0), ("pdq", "")),
                                    models.Q(
                                        models.Q(("pdq", ""), _negated=True),
                                        ("bands__len", 16),
                                        ("forms__len", 8),
                                    ),
                                    _connector="OR",
                                ),
                                name="preview_hash_has_forms_and_bands",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkJob",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        ("verb", models.CharField(max_length=30, verbose_name="action")),
                        (
                            "values",
                            models.JSONField(blank=True, default=dict, verbose_name="values"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Waiting for your confirmation"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("stopped", "Stopped"),
                                    ("undoing", "Being undone"),
                                    ("undone", "Undone"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10)),
                        ("back", models.CharField(blank=True, max_length=2000)),
                        ("row_count", models.PositiveIntegerField(verbose_name="cases")),
                        (
                            "was_capped",
                            models.BooleanField(default=False, verbose_name="more cases matched"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="confirmed on"
                            ),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                        ),
                        (
                            "undone_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="undone on"),
                        ),
                    ],
                    options={
                        "verbose_name": "bulk action",
                        "verbose_name_plural": "bulk actions",
                        "ordering": ("-created_at", "-id"),
                        "indexes": [
                            models.Index(
                                fields=["person", "-created_at", "-id"], name="bulk_of_person"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("checking", "running", "undoing"))
                                ),
                                fields=["created_at"],
                                name="bulk_active",
                            ),
                            models.Index(fields=["created_at", "id"], name="bulk_age"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("confirmed_at", None),
                                        ("finished_at", None),
                                        ("state__in", ("checking", "checked")),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("finished_at", None),
                                        ("state", "running"),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("finished_at__isnull", False),
                                        ("state__in", ("done", "stopped", "undoing")),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("finished_at__isnull", False),
                                        ("state", "undone"),
                                        ("undone_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="bulk_state_has_its_dates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("undone_at", None), ("state", "undone"), _connector="OR"
                                ),
                                name="bulk_undone_at_only_if_undone",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_bulkjobhistory" ("back", "confirmed_at", "created_at", "finished_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "state", "undone_at", "values", "verb", "was_capped") VALUES (NEW."back", NEW."confirmed_at", NEW."created_at", NEW."finished_at", NEW."id", NEW."language", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."row_count", NEW."state", NEW."undone_at", NEW."values", NEW."verb", NEW."was_capped"); RETURN NULL;',
                                    hash="8fbda4e37ae54ec37174f48ce29539c0e0b4c8c0",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_f48b7",
                                    table="cases_bulkjob",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_bulkjobhistory" ("back", "confirmed_at", "created_at", "finished_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "state", "undone_at", "values", "verb", "was_capped") VALUES (NEW."back", NEW."confirmed_at", NEW."created_at", NEW."finished_at", NEW."id", NEW."language", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."row_count", NEW."state", NEW."undone_at", NEW."values", NEW."verb", NEW."was_capped"); RETURN NULL;',
                                    hash="935f472691f871e74ae23ff0f6b5183dda05edc0",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_a9d7d",
                                    table="cases_bulkjob",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_bulkjobhistory" ("back", "confirmed_at", "created_at", "finished_at", "id", "language", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_count", "state", "undone_at", "values", "verb", "was_capped") VALUES (OLD."back", OLD."confirmed_at", OLD."created_at", OLD."finished_at", OLD."id", OLD."language", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."row_count", OLD."state", OLD."undone_at", OLD."values", OLD."verb", OLD."was_capped"); RETURN NULL;',
                                    hash="3728f91b471f3f04907fc088c986a2cdb90485f3",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_e3251",
                                    table="cases_bulkjob",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkJobHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.bulkjob",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "id",
                            models.UUIDField(default=uuid.uuid4, editable=False, serialize=False),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        ("verb", models.CharField(max_length=30, verbose_name="action")),
                        (
                            "values",
                            models.JSONField(blank=True, default=dict, verbose_name="values"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Waiting for your confirmation"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("stopped", "Stopped"),
                                    ("undoing", "Being undone"),
                                    ("undone", "Undone"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10)),
                        ("back", models.CharField(blank=True, max_length=2000)),
                        ("row_count", models.PositiveIntegerField(verbose_name="cases")),
                        (
                            "was_capped",
                            models.BooleanField(default=False, verbose_name="more cases matched"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="confirmed on"
                            ),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished on"),
                        ),
                        (
                            "undone_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="undone on"),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="982061962713ec367d2ca364a47e4c3132c8dafe",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_19e4e",
                                    table="cases_bulkjobhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="cases.bulkjob",
                                verbose_name="bulk action",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "expected_version",
                            models.PositiveIntegerField(verbose_name="version when chosen"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("unchecked", "Not checked yet"),
                                    ("ready", "Can be done"),
                                    ("impossible", "Left out"),
                                    ("done", "Done"),
                                    ("refused", "Not done"),
                                    ("undone", "Undone"),
                                    ("kept", "Not undone"),
                                ],
                                default="unchecked",
                                max_length=10,
                                verbose_name="result",
                            ),
                        ),
                        (
                            "message",
                            models.CharField(blank=True, max_length=1000, verbose_name="message"),
                        ),
                        (
                            "version_after",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="version afterwards"
                            ),
                        ),
                        ("before", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "verbose_name": "case of a bulk action",
                        "verbose_name_plural": "cases of bulk actions",
                        "ordering": ("position",),
                        "indexes": [
                            models.Index(
                                fields=["job", "state", "position"], name="bulk_row_by_state"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("job", "position"), name="bulk_position_once_per_job"
                            ),
                            models.UniqueConstraint(
                                fields=("job", "case"), name="bulk_case_once_per_job"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ("done", "undone", "kept")),
                                        ("version_after__isnull", False),
                                    ),
                                    models.Q(
                                        (
                                            "state__in",
                                            ("unchecked", "ready", "impossible", "refused"),
                                        ),
                                        ("version_after", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="bulk_row_done_has_its_version",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_to",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_from",
                                to="cases.case",
                                verbose_name="other case",
                            ),
                        ),
                        ("note", models.CharField(max_length=200, verbose_name="note")),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="added by",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "link between cases",
                        "verbose_name_plural": "links between cases",
                        "ordering": ("pk",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("first", "second"), name="cases_linked_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))),
                                name="linked_cases_are_in_order",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_caselinkhistory" ("added_at", "added_by_id", "first_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."first_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."second_id"); RETURN NULL;',
                                    hash="585771b392405f249fa33761144cf51485d2c517",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2b4de",
                                    table="cases_caselink",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_caselinkhistory" ("added_at", "added_by_id", "first_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."first_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."second_id"); RETURN NULL;',
                                    hash="2785e8730fe16999d256f8d2dd566cfa5684c47e",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_15f08",
                                    table="cases_caselink",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_caselinkhistory" ("added_at", "added_by_id", "first_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."first_id", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."second_id"); RETURN NULL;',
                                    hash="9780c05694e9086639838500b531dcadee1e4f3e",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_99dd1",
                                    table="cases_caselink",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseLinkHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.caselink",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "first",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="other case",
                            ),
                        ),
                        ("note", models.CharField(max_length=200, verbose_name="note")),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="added by",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="47cc2304dbbe7e25747c2517bc891697b640fe13",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0d008",
                                    table="cases_caselinkhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "tone",
                            models.CharField(
                                choices=[
                                    ("neutral", "Grey"),
                                    ("info", "Blue"),
                                    ("success", "Green"),
                                    ("warning", "Yellow"),
                                    ("danger", "Red"),
                                ],
                                default="neutral",
                                max_length=10,
                                verbose_name="colour",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tag",
                        "verbose_name_plural": "tags",
                        "ordering": ("name",),
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"),
                                name="tag_name_once_in_any_case",
                                violation_error_message="There is already a tag with this name.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_taghistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tone") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tone"); RETURN NULL;',
                                    hash="230c93760cc027c9cca30b2c7d8872c4e8c6aa86",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_9dd63",
                                    table="cases_tag",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_taghistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tone") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tone"); RETURN NULL;',
                                    hash="cb35e215dda4992e39210631bd25f83274d138e3",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_5f72c",
                                    table="cases_tag",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_taghistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tone") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tone"); RETURN NULL;',
                                    hash="a27296dcdc839e104d00a4fd88d70a391738ac38",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_6b684",
                                    table="cases_tag",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseTag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tagged",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="cases.tag",
                                verbose_name="tag",
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="added by",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tag of a case",
                        "verbose_name_plural": "tags of cases",
                        "ordering": ("case", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "tag"), name="tag_once_per_case"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_casetaghistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tag_id"); RETURN NULL;',
                                    hash="3e1e420373b35563d3a5bad31106009e2cb4e969",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_d579f",
                                    table="cases_casetag",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_casetaghistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tag_id"); RETURN NULL;',
                                    hash="2eba94817bfa097dc4cc71abe844ed35857e550b",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_e0565",
                                    table="cases_casetag",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_casetaghistory" ("added_at", "added_by_id", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tag_id"); RETURN NULL;',
                                    hash="e93c4c8363106e982e42f9a3937b7cabc7ae7541",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_337dc",
                                    table="cases_casetag",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseTagHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.casetag",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.tag",
                                verbose_name="tag",
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="added by",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="added on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="8858ca6fd8c9734314dd4205b847a16a24e6cd9a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_dbae4",
                                    table="cases_casetaghistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FoundContact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "evidence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="found_contacts",
                                to="cases.evidence",
                                verbose_name="file",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "Telephone"),
                                    ("email", "Email"),
                                    ("payment", "Payment account"),
                                    ("address", "Postal address"),
                                    ("licence", "Business licence"),
                                    ("social", "Social media account"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                        (
                            "text",
                            models.CharField(max_length=300, verbose_name="text in the picture"),
                        ),
                        ("confidence", models.FloatField(verbose_name="confidence")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "Suggested"),
                                    ("confirmed", "Confirmed"),
                                    ("rejected", "Not the seller’s"),
                                ],
                                default="proposed",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided on"),
                        ),
                        (
                            "found_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="found on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "contact found in a picture",
                        "verbose_name_plural": "contacts found in pictures",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evidence", "kind", "value"),
                                name="contact_found_once_per_picture",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                                name="found_contact_confidence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("state", "proposed"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "proposed"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="found_contact_decided_by_a_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeldDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="next attempt"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="held_decisions",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "verb",
                            models.CharField(
                                choices=[
                                    ("uphold", "Uphold the complaint"),
                                    ("reject", "Reject the complaint"),
                                    (
                                        "reject_unanswered",
                                        "Reject because the member did not answer",
                                    ),
                                    ("request_information", "Request information"),
                                    ("record_removal", "Record the removal"),
                                    ("record_counter_notice", "Record the counter-notice"),
                                    ("uphold_again", "Reject the counter-notice"),
                                    ("reinstate", "Accept the counter-notice"),
                                    ("close", "Close the case"),
                                    ("refer", "Refer the case to an agency"),
                                    ("withdraw_referral", "Withdraw the referral"),
                                ],
                                max_length=22,
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "values",
                            models.JSONField(blank=True, default=dict, verbose_name="values"),
                        ),
                        (
                            "expected_version",
                            models.PositiveIntegerField(verbose_name="version of the case"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="decided on"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Can be undone"),
                                    ("second", "Waiting for a second moderator"),
                                    ("done", "Took effect"),
                                    ("undone", "Undone"),
                                    ("refused", "No longer possible"),
                                    ("sent_back", "Sent back"),
                                    ("replaced", "Decided otherwise"),
                                    ("impossible", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("message", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
                        ),
                        (
                            "dismissed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="notice dismissed on"
                            ),
                        ),
                        (
                            "rule_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="review rule"
                            ),
                        ),
                        (
                            "second_due_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="second decision due"
                            ),
                        ),
                        (
                            "second_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="second moderator",
                            ),
                        ),
                        (
                            "second_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="second decision on"
                            ),
                        ),
                        (
                            "replaces",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="cases.helddecision",
                                verbose_name="replaces",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "held decision",
                        "verbose_name_plural": "held decisions",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["due_at"],
                                name="held_due",
                            ),
                            models.Index(
                                condition=models.Q(("state", "second")),
                                fields=["second_due_at", "id"],
                                name="held_second",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("waiting", "second")),
                                    models.Q(
                                        ("dismissed_at", None),
                                        (
                                            "state__in",
                                            ("refused", "sent_back", "replaced", "impossible"),
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                fields=["by", "-created_at"],
                                name="held_of_person",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("waiting", "second"))),
                                fields=("case",),
                                name="one_held_decision_per_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("second_at", None), ("second_by", None)),
                                    models.Q(
                                        ("second_at__isnull", False), ("second_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="held_decision_second_by_and_at_go_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("second_by", None),
                                    models.Q(("second_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="held_decision_second_is_another_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("rule_name", ""), ("second_due_at", None)),
                                    models.Q(
                                        models.Q(("rule_name", ""), _negated=True),
                                        ("second_due_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="held_decision_rule_has_a_deadline",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("rule_name", ""),
                                    ("second_by__isnull", False),
                                    models.Q(("state__in", ("waiting", "done")), _negated=True),
                                    _connector="OR",
                                ),
                                name="held_decision_rule_needs_a_second",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "second"), _negated=True),
                                    models.Q(
                                        ("second_by", None),
                                        models.Q(("rule_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="held_decision_waits_for_nobody_twice",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at", None), ("state__in", ("waiting", "second"))
                                    ),
                                    ("state", "impossible"),
                                    models.Q(
                                        models.Q(
                                            ("state__in", ("waiting", "second")), _negated=True
                                        ),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="held_decision_ends_when_it_is_not_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListLayout",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("priority", "Priority"),
                                        ("status", "Status"),
                                        ("deadline", "Age and deadline"),
                                        ("brand", "Brand"),
                                        ("violation", "Violation type"),
                                        ("seller", "Seller"),
                                        ("listings", "Listings"),
                                        ("claimed_by", "Claimed by"),
                                    ],
                                    max_length=10,
                                ),
                                size=None,
                                verbose_name="columns",
                            ),
                        ),
                        (
                            "density",
                            models.CharField(
                                choices=[("compact", "Compact"), ("comfortable", "Comfortable")],
                                max_length=11,
                                verbose_name="density",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "layout of the triage list",
                        "verbose_name_plural": "layouts of the triage list",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "columns__contained_by",
                                        [
                                            "priority",
                                            "status",
                                            "deadline",
                                            "brand",
                                            "violation",
                                            "seller",
                                            "listings",
                                            "claimed_by",
                                        ],
                                    ),
                                    ("density__in", ["compact", "comfortable"]),
                                ),
                                name="layout_is_known",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_listlayouthistory" ("columns", "density", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."columns", NEW."density", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
                                    hash="fc27296bd47c5f9d54ee190308daf5167f057494",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_97c8b",
                                    table="cases_listlayout",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_listlayouthistory" ("columns", "density", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."columns", NEW."density", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
                                    hash="589f9671c74353b1dbf9c85fec060a271cf1df83",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_7cb41",
                                    table="cases_listlayout",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_listlayouthistory" ("columns", "density", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."columns", OLD."density", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
                                    hash="5c11668ed29d5303167a62fad23935ab1af91456",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_bc87c",
                                    table="cases_listlayout",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListLayoutHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.listlayout",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("priority", "Priority"),
                                        ("status", "Status"),
                                        ("deadline", "Age and deadline"),
                                        ("brand", "Brand"),
                                        ("violation", "Violation type"),
                                        ("seller", "Seller"),
                                        ("listings", "Listings"),
                                        ("claimed_by", "Claimed by"),
                                    ],
                                    max_length=10,
                                ),
                                size=None,
                                verbose_name="columns",
                            ),
                        ),
                        (
                            "density",
                            models.CharField(
                                choices=[("compact", "Compact"), ("comfortable", "Comfortable")],
                                max_length=11,
                                verbose_name="density",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="37a80d699ab938f3c36d655ca269ee8d8cf5883d",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a8be5",
                                    table="cases_listlayouthistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "moderators",
                            models.ManyToManyField(
                                related_name="teams",
                                through="cases.TeamMember",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderators",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "team",
                        "verbose_name_plural": "teams",
                        "ordering": ("name",),
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"),
                                name="team_name_once",
                                violation_error_message="There is already a team with this name.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_teamhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                                    hash="521c89afd8c79beddfb2955ca002d52e1ac07b73",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_3573e",
                                    table="cases_team",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_teamhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                                    hash="abe589e260879638b6a481e10ed0eb63053984df",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_e10b1",
                                    table="cases_team",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_teamhistory" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                                    hash="e8dec68830904bb9a8df240679beccf1409b576e",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_73538",
                                    table="cases_team",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Macro",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                help_text="Without a team, every moderator can use the macro.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="macros",
                                to="cases.team",
                                verbose_name="team",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "key",
                            models.CharField(
                                help_text="A capital letter. It fills in the form on the page of a case.",
                                max_length=1,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]$", "Choose a capital letter from A to Z."
                                    )
                                ],
                                verbose_name="key",
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("uphold", "Uphold"),
                                    ("reject", "Reject"),
                                    ("request_information", "Request information"),
                                ],
                                max_length=20,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.reasoncode",
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("illegal_content", "Illegal content"),
                                    ("incompatible_content", "Incompatible with the terms"),
                                ],
                                max_length=25,
                                verbose_name="ground",
                            ),
                        ),
                        (
                            "removes_all",
                            models.BooleanField(
                                default=False,
                                help_text="Only for macros that uphold a complaint.",
                                verbose_name="mark all listings for removal",
                            ),
                        ),
                        (
                            "text",
                            models.TextField(
                                blank=True,
                                max_length=2000,
                                validators=[cases.letters.check_placeholders],
                                verbose_name="text in English",
                            ),
                        ),
                        (
                            "text_zh",
                            models.TextField(
                                blank=True,
                                max_length=2000,
                                validators=[cases.letters.check_placeholders],
                                verbose_name="text in Chinese",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "macro",
                        "verbose_name_plural": "macros",
                        "ordering": ("position", "name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("team", "key"),
                                name="macro_key_once_per_team",
                                nulls_distinct=False,
                                violation_error_message="Another macro of the team has this key.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("key__regex", "^[A-Z]$")),
                                name="macro_key_is_not_one_of_the_pages",
                                violation_error_message="Choose a capital letter from A to Z.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), ("text_zh", ""), _negated=True),
                                name="macro_has_a_text",
                                violation_error_message="Enter the text in at least one language.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("action", "uphold"),
                                        models.Q(("ground", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("action", "uphold"), _negated=True),
                                        ("ground", ""),
                                        ("removes_all", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="macro_ground_and_outcome_go_with_uphold",
                                violation_error_message="A macro that upholds a complaint has a ground. Other macros have neither a ground nor an outcome.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_macrohistory" ("action", "ground", "id", "is_active", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason_id", "removes_all", "team_id", "text", "text_zh") VALUES (NEW."action", NEW."ground", NEW."id", NEW."is_active", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."reason_id", NEW."removes_all", NEW."team_id", NEW."text", NEW."text_zh"); RETURN NULL;',
                                    hash="b828d4a49346c023b4bcd243f33e87dcc6e9eb65",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a6b9a",
                                    table="cases_macro",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_macrohistory" ("action", "ground", "id", "is_active", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason_id", "removes_all", "team_id", "text", "text_zh") VALUES (NEW."action", NEW."ground", NEW."id", NEW."is_active", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."reason_id", NEW."removes_all", NEW."team_id", NEW."text", NEW."text_zh"); RETURN NULL;',
                                    hash="de1e6a74775ef39aaf8e368e33c6f103d6bbe3b6",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_e9213",
                                    table="cases_macro",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_macrohistory" ("action", "ground", "id", "is_active", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reason_id", "removes_all", "team_id", "text", "text_zh") VALUES (OLD."action", OLD."ground", OLD."id", OLD."is_active", OLD."key", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."reason_id", OLD."removes_all", OLD."team_id", OLD."text", OLD."text_zh"); RETURN NULL;',
                                    hash="c5d2d44bc6f67404ffb445877e781359cd092286",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_91a3a",
                                    table="cases_macro",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MacroHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.macro",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Without a team, every moderator can use the macro.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.team",
                                verbose_name="team",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "key",
                            models.CharField(
                                help_text="A capital letter. It fills in the form on the page of a case.",
                                max_length=1,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]$", "Choose a capital letter from A to Z."
                                    )
                                ],
                                verbose_name="key",
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("uphold", "Uphold"),
                                    ("reject", "Reject"),
                                    ("request_information", "Request information"),
                                ],
                                max_length=20,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.reasoncode",
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("illegal_content", "Illegal content"),
                                    ("incompatible_content", "Incompatible with the terms"),
                                ],
                                max_length=25,
                                verbose_name="ground",
                            ),
                        ),
                        (
                            "removes_all",
                            models.BooleanField(
                                default=False,
                                help_text="Only for macros that uphold a complaint.",
                                verbose_name="mark all listings for removal",
                            ),
                        ),
                        (
                            "text",
                            models.TextField(
                                blank=True,
                                max_length=2000,
                                validators=[cases.letters.check_placeholders],
                                verbose_name="text in English",
                            ),
                        ),
                        (
                            "text_zh",
                            models.TextField(
                                blank=True,
                                max_length=2000,
                                validators=[cases.letters.check_placeholders],
                                verbose_name="text in Chinese",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f6510efc65bbafc5903b04958df9b9820d5bd081",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_787b8",
                                    table="cases_macrohistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PictureReading",
                    fields=[
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="next attempt"
                            ),
                        ),
                        (
                            "evidence",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="reading",
                                serialize=False,
                                to="cases.evidence",
                                verbose_name="file",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting for a worker"),
                                    ("read", "Read"),
                                    ("impossible", "Not possible"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reading of a picture",
                        "verbose_name_plural": "readings of pictures",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["due_at"],
                                name="reading_waiting",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                default=100,
                                help_text="The rule with the lowest number applies first.",
                                verbose_name="rank",
                            ),
                        ),
                        (
                            "verbs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("uphold", "Uphold the complaint"),
                                        ("reject", "Reject the complaint"),
                                        (
                                            "reject_unanswered",
                                            "Reject because the member did not answer",
                                        ),
                                        ("request_information", "Request information"),
                                        ("record_removal", "Record the removal"),
                                        ("record_counter_notice", "Record the counter-notice"),
                                        ("uphold_again", "Reject the counter-notice"),
                                        ("reinstate", "Accept the counter-notice"),
                                        ("close", "Close the case"),
                                        ("refer", "Refer the case to an agency"),
                                        ("withdraw_referral", "Withdraw the referral"),
                                    ],
                                    max_length=22,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="decisions",
                            ),
                        ),
                        (
                            "violations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("counterfeit", "Counterfeit goods"),
                                        ("trademark", "Trademark infringement"),
                                        ("copyright", "Copyright infringement"),
                                        ("design", "Design infringement"),
                                        ("patent", "Patent infringement"),
                                        ("advertising", "Illegal advertising"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="violations",
                            ),
                        ),
                        (
                            "more_than_listings",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="more listings to remove than"
                            ),
                        ),
                        (
                            "active_strikes",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                verbose_name="active strikes of the seller, at least",
                            ),
                        ),
                        (
                            "authorised_seller",
                            models.BooleanField(
                                default=False, verbose_name="authorised seller of the member"
                            ),
                        ),
                        (
                            "referral_abroad",
                            models.BooleanField(default=False, verbose_name="referral abroad"),
                        ),
                        (
                            "hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(336),
                                ],
                                verbose_name="hours for the second decision",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "review rule",
                        "verbose_name_plural": "review rules",
                        "ordering": ("rank", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("hours__gte", 1), ("hours__lte", 336)),
                                name="review_rule_hours_are_bounded",
                                violation_error_message="Enter between 1 and 336 hours.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_reviewrulehistory" ("active_strikes", "authorised_seller", "hours", "id", "is_active", "more_than_listings", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "referral_abroad", "verbs", "violations") VALUES (NEW."active_strikes", NEW."authorised_seller", NEW."hours", NEW."id", NEW."is_active", NEW."more_than_listings", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rank", NEW."referral_abroad", NEW."verbs", NEW."violations"); RETURN NULL;',
                                    hash="4f2e4f52f27ec402f6985c69c0eaf8435b143c8a",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_ab9cd",
                                    table="cases_reviewrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_reviewrulehistory" ("active_strikes", "authorised_seller", "hours", "id", "is_active", "more_than_listings", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "referral_abroad", "verbs", "violations") VALUES (NEW."active_strikes", NEW."authorised_seller", NEW."hours", NEW."id", NEW."is_active", NEW."more_than_listings", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rank", NEW."referral_abroad", NEW."verbs", NEW."violations"); RETURN NULL;',
                                    hash="935b09bf6d29655d15a9aae53ab9fb9c85d9ddbe",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_7a3ed",
                                    table="cases_reviewrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_reviewrulehistory" ("active_strikes", "authorised_seller", "hours", "id", "is_active", "more_than_listings", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "referral_abroad", "verbs", "violations") VALUES (OLD."active_strikes", OLD."authorised_seller", OLD."hours", OLD."id", OLD."is_active", OLD."more_than_listings", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rank", OLD."referral_abroad", OLD."verbs", OLD."violations"); RETURN NULL;',
                                    hash="dc1942d830ce8b1b5706df0addde9cd7cc6101c0",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_d85f5",
                                    table="cases_reviewrule",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewRuleHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.reviewrule",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                default=100,
                                help_text="The rule with the lowest number applies first.",
                                verbose_name="rank",
                            ),
                        ),
                        (
                            "verbs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("uphold", "Uphold the complaint"),
                                        ("reject", "Reject the complaint"),
                                        (
                                            "reject_unanswered",
                                            "Reject because the member did not answer",
                                        ),
                                        ("request_information", "Request information"),
                                        ("record_removal", "Record the removal"),
                                        ("record_counter_notice", "Record the counter-notice"),
                                        ("uphold_again", "Reject the counter-notice"),
                                        ("reinstate", "Accept the counter-notice"),
                                        ("close", "Close the case"),
                                        ("refer", "Refer the case to an agency"),
                                        ("withdraw_referral", "Withdraw the referral"),
                                    ],
                                    max_length=22,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="decisions",
                            ),
                        ),
                        (
                            "violations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("counterfeit", "Counterfeit goods"),
                                        ("trademark", "Trademark infringement"),
                                        ("copyright", "Copyright infringement"),
                                        ("design", "Design infringement"),
                                        ("patent", "Patent infringement"),
                                        ("advertising", "Illegal advertising"),
                                    ],
                                    max_length=12,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="violations",
                            ),
                        ),
                        (
                            "more_than_listings",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="more listings to remove than"
                            ),
                        ),
                        (
                            "active_strikes",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                verbose_name="active strikes of the seller, at least",
                            ),
                        ),
                        (
                            "authorised_seller",
                            models.BooleanField(
                                default=False, verbose_name="authorised seller of the member"
                            ),
                        ),
                        (
                            "referral_abroad",
                            models.BooleanField(default=False, verbose_name="referral abroad"),
                        ),
                        (
                            "hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(336),
                                ],
                                verbose_name="hours for the second decision",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="d67de1f8a7afe79e9c1b742c927efe7e7a609418",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_958eb",
                                    table="cases_reviewrulehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "is_shared",
                            models.BooleanField(
                                default=False,
                                help_text="All moderators and administrators see it.",
                                verbose_name="shared",
                            ),
                        ),
                        (
                            "query",
                            models.CharField(blank=True, max_length=500, verbose_name="filters"),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="Views with a lower number come first.",
                                validators=[django.core.validators.MaxValueValidator(999)],
                                verbose_name="position",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved view",
                        "verbose_name_plural": "saved views",
                        "ordering": ("position", "name", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_shared", True)),
                                fields=["position", "name", "id"],
                                name="shared_views",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("owner", "name"),
                                name="view_name_once_per_owner",
                                violation_error_message="You already have a view with this name.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_savedviewhistory" ("created_at", "id", "is_shared", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "query") VALUES (NEW."created_at", NEW."id", NEW."is_shared", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."query"); RETURN NULL;',
                                    hash="0cb91d8580c52df988158dddf1df2d709949e644",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_0347a",
                                    table="cases_savedview",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_savedviewhistory" ("created_at", "id", "is_shared", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "query") VALUES (NEW."created_at", NEW."id", NEW."is_shared", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."query"); RETURN NULL;',
                                    hash="f110e4f544735c621509399a2ed20f05439bf18a",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_c10de",
                                    table="cases_savedview",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_savedviewhistory" ("created_at", "id", "is_shared", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "query") VALUES (OLD."created_at", OLD."id", OLD."is_shared", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."query"); RETURN NULL;',
                                    hash="af3928641576af0d8bb0adc4ee74858a8b88db97",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_812a2",
                                    table="cases_savedview",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedViewHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.savedview",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "owner",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "is_shared",
                            models.BooleanField(
                                default=False,
                                help_text="All moderators and administrators see it.",
                                verbose_name="shared",
                            ),
                        ),
                        (
                            "query",
                            models.CharField(blank=True, max_length=500, verbose_name="filters"),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="Views with a lower number come first.",
                                validators=[django.core.validators.MaxValueValidator(999)],
                                verbose_name="position",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="12f94fea75e755910bca01c41d9e062ee317e36a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_ff5f3",
                                    table="cases_savedviewhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TagHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.tag",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "tone",
                            models.CharField(
                                choices=[
                                    ("neutral", "Grey"),
                                    ("info", "Blue"),
                                    ("success", "Green"),
                                    ("warning", "Yellow"),
                                    ("danger", "Red"),
                                ],
                                default="neutral",
                                max_length=10,
                                verbose_name="colour",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1eeacc55fbe976dcd07016d851d2d2c88edf9cb3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_5a49a",
                                    table="cases_taghistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.team",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="d32e6c8d552e75abd92d642550c793a42533672a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_78944",
                                    table="cases_teamhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="places",
                                to="cases.team",
                                verbose_name="team",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                limit_choices_to={"is_moderator": True},
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="team_places",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="since"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "moderator of a team",
                        "verbose_name_plural": "moderators of teams",
                        "ordering": ("team", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "user"),
                                name="moderator_once_per_team",
                                violation_error_message="This moderator is already in the team.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_teammemberhistory" ("added_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") VALUES (NEW."added_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."team_id", NEW."user_id"); RETURN NULL;',
                                    hash="d12528f4158cf33bf1db28c8c169daced0599276",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_9b06a",
                                    table="cases_teammember",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_teammemberhistory" ("added_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") VALUES (NEW."added_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."team_id", NEW."user_id"); RETURN NULL;',
                                    hash="e380b87b83b4f48f0cb64044b97b0d2038cba700",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d1657",
                                    table="cases_teammember",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_teammemberhistory" ("added_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") VALUES (OLD."added_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."team_id", OLD."user_id"); RETURN NULL;',
                                    hash="e334ef0a3c7ab71538c2394551143c9b9ff5b7d1",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_5fc1f",
                                    table="cases_teammember",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMemberHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.teammember",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.team",
                                verbose_name="team",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                limit_choices_to={"is_moderator": True},
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="since"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="501c67fbfeabeb54972aca3f8ac32e1f4778294c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_5b164",
                                    table="cases_teammemberhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ViewSubscription",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "view",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subscriptions",
                                to="cases.savedview",
                                verbose_name="saved view",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("at_once", "At once"),
                                    ("daily", "Daily"),
                                    ("weekly", "Weekly"),
                                    ("above", "When more cases wait than"),
                                ],
                                max_length=10,
                                verbose_name="when",
                            ),
                        ),
                        (
                            "threshold",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                                verbose_name="number of cases",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="subscribed on"
                            ),
                        ),
                        ("looked_at", models.DateTimeField(default=alliance.lib.clock.now)),
                        (
                            "next_look_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="next look"
                            ),
                        ),
                        ("is_above", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "subscription to a view",
                        "verbose_name_plural": "subscriptions to views",
                        "indexes": [models.Index(fields=["next_look_at"], name="subscription_due")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("view", "user"), name="one_subscription_per_view"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("how", "above"), ("threshold__range", (1, 1000))),
                                    models.Q(
                                        models.Q(("how", "above"), _negated=True),
                                        ("threshold", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="subscription_threshold_only_above",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_viewsubscriptionhistory" ("created_at", "how", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "user_id", "view_id") VALUES (NEW."created_at", NEW."how", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."threshold", NEW."user_id", NEW."view_id"); RETURN NULL;',
                                    hash="18e76e1b364d412eec3b12f8648802f30005bbfc",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a3bbc",
                                    table="cases_viewsubscription",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."how" IS DISTINCT FROM (NEW."how") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."threshold" IS DISTINCT FROM (NEW."threshold") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."view_id" IS DISTINCT FROM (NEW."view_id"))',
                                    func='INSERT INTO "cases_viewsubscriptionhistory" ("created_at", "how", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "user_id", "view_id") VALUES (NEW."created_at", NEW."how", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."threshold", NEW."user_id", NEW."view_id"); RETURN NULL;',
                                    hash="f8881d6ed7b6c6f0878109d9ee8b6b20b2edb1d9",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_4bc3f",
                                    table="cases_viewsubscription",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_viewsubscriptionhistory" ("created_at", "how", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "user_id", "view_id") VALUES (OLD."created_at", OLD."how", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."threshold", OLD."user_id", OLD."view_id"); RETURN NULL;',
                                    hash="020e6c9fcbe967d64bd92266346dd330f1585015",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_daab3",
                                    table="cases_viewsubscription",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ViewMail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="created on"
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "next_attempt_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next attempt",
                            ),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent on"),
                        ),
                        (
                            "failed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="failed on"),
                        ),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=300, verbose_name="last error"),
                        ),
                        (
                            "key",
                            models.CharField(max_length=160, unique=True, verbose_name="about"),
                        ),
                        ("to", models.EmailField(max_length=254, verbose_name="to")),
                        ("language", models.CharField(default="en", max_length=10)),
                        ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
                        (
                            "subscription",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.viewsubscription",
                                verbose_name="subscription to a view",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "email about a view",
                        "verbose_name_plural": "emails about views",
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("failed_at", None), ("sent_at", None)),
                                fields=["next_attempt_at"],
                                name="view_mail_waiting",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    ("failed_at__isnull", False),
                                    _connector="OR",
                                ),
                                fields=["created_at", "id"],
                                name="view_mail_age",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ViewSubscriptionHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.viewsubscription",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                        (
                            "view",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.savedview",
                                verbose_name="saved view",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("at_once", "At once"),
                                    ("daily", "Daily"),
                                    ("weekly", "Weekly"),
                                    ("above", "When more cases wait than"),
                                ],
                                max_length=10,
                                verbose_name="when",
                            ),
                        ),
                        (
                            "threshold",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                                verbose_name="number of cases",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="subscribed on"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ad3340740c0d29941a586beefaac48100e73acdd",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_be6e4",
                                    table="cases_viewsubscriptionhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watches",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="since"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "watcher of a case",
                        "verbose_name_plural": "watchers of cases",
                        "ordering": ("case", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "user"), name="watcher_once_per_case"
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_watchhistory" ("added_at", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."added_at", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
                                    hash="1a83e884244012bd9b3d706c0479fc72c148a712",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_8f340",
                                    table="cases_watch",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "cases_watchhistory" ("added_at", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."added_at", NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
                                    hash="debe83f606eccee798b647b214255e96d694d00f",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_7a1f5",
                                    table="cases_watch",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "cases_watchhistory" ("added_at", "case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."added_at", OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
                                    hash="461da0261a885666fc159333e8e7f24bfe7750e7",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_aa95d",
                                    table="cases_watch",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchHistory",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="history",
                                to="cases.watch",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                default=alliance.lib.clock.now, verbose_name="since"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="39d74fa59480438ed8d843baff8d8cbfe40b968b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_edbc0",
                                    table="cases_watchhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
        alliance.lib.migrations.InstallTriggers(),
    ]
