import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import alliance.lib.clock
import alliance.lib.migrations
import members.models.product


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_applications"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        alliance.lib.migrations.LockTimeout(),
        migrations.CreateModel(
            name="BrandGuide",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=2000, verbose_name="introduction"),
                ),
                (
                    "disclosed_to",
                    models.CharField(
                        choices=[
                            ("nobody", "No agency"),
                            ("all", "All agencies"),
                            ("agencies", "Chosen agencies"),
                            ("countries", "Agencies of chosen countries or regions"),
                        ],
                        default="nobody",
                        max_length=10,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "disclosed_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="countries or regions",
                    ),
                ),
            ],
            options={
                "verbose_name": "brand guide",
                "verbose_name_plural": "brand guides",
                "ordering": ("brand",),
            },
        ),
        migrations.CreateModel(
            name="BrandGuideHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=2000, verbose_name="introduction"),
                ),
                (
                    "disclosed_to",
                    models.CharField(
                        choices=[
                            ("nobody", "No agency"),
                            ("all", "All agencies"),
                            ("agencies", "Chosen agencies"),
                            ("countries", "Agencies of chosen countries or regions"),
                        ],
                        default="nobody",
                        max_length=10,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "disclosed_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="countries or regions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_local",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="name in another script"
                    ),
                ),
                ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                (
                    "other_names",
                    models.JSONField(blank=True, default=dict, verbose_name="further names"),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="description"),
                ),
                (
                    "packaging",
                    models.TextField(blank=True, max_length=2000, verbose_name="packaging"),
                ),
                (
                    "production_places",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="places of production",
                    ),
                ),
                (
                    "nice_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(45),
                            ]
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Nice classes",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "disclosed_to",
                    models.CharField(
                        choices=[
                            ("brand", "As the brand guide"),
                            ("nobody", "No agency"),
                            ("all", "All agencies"),
                            ("agencies", "Chosen agencies"),
                            ("countries", "Agencies of chosen countries or regions"),
                        ],
                        default="brand",
                        max_length=10,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "disclosed_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="countries or regions",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
                ("search_text", members.models.product.ProductSearchField(editable=False)),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="ProductFeature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("genuine", "Genuine"), ("fake", "Fake")],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="feature")),
                (
                    "place",
                    models.CharField(blank=True, max_length=200, verbose_name="where to look"),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
            ],
            options={
                "verbose_name": "feature of a product",
                "verbose_name_plural": "features of products",
                "ordering": ("kind", "position", "id"),
            },
        ),
        migrations.CreateModel(
            name="ProductFeatureHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("genuine", "Genuine"), ("fake", "Fake")],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="feature")),
                (
                    "place",
                    models.CharField(blank=True, max_length=200, verbose_name="where to look"),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProductHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_local",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="name in another script"
                    ),
                ),
                ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                (
                    "other_names",
                    models.JSONField(blank=True, default=dict, verbose_name="further names"),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="description"),
                ),
                (
                    "packaging",
                    models.TextField(blank=True, max_length=2000, verbose_name="packaging"),
                ),
                (
                    "production_places",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="places of production",
                    ),
                ),
                (
                    "nice_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(45),
                            ]
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Nice classes",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "disclosed_to",
                    models.CharField(
                        choices=[
                            ("brand", "As the brand guide"),
                            ("nobody", "No agency"),
                            ("all", "All agencies"),
                            ("agencies", "Chosen agencies"),
                            ("countries", "Agencies of chosen countries or regions"),
                        ],
                        default="brand",
                        max_length=10,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "disclosed_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="countries or regions",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=alliance.lib.clock.now, verbose_name="created on"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProductPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alt",
                    models.CharField(max_length=300, verbose_name="description of the picture"),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
            ],
            options={
                "verbose_name": "picture of a product",
                "verbose_name_plural": "pictures of products",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="ProductPictureHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "alt",
                    models.CharField(max_length=300, verbose_name="description of the picture"),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("certificate", "Certificate"),
                    ("authorisation", "Authorisation"),
                    ("picture", "Picture of a product"),
                    ("registration", "Registration document"),
                    ("mandate", "Proof of authority"),
                ],
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="documenthistory",
            name="kind",
            field=models.CharField(
                choices=[
                    ("certificate", "Certificate"),
                    ("authorisation", "Authorisation"),
                    ("picture", "Picture of a product"),
                    ("registration", "Registration document"),
                    ("mandate", "Proof of authority"),
                ],
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="brandguide",
            name="brand",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guide",
                to="members.brand",
                verbose_name="brand",
            ),
        ),
        migrations.AddField(
            model_name="brandguidehistory",
            name="brand",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.brand",
                verbose_name="brand",
            ),
        ),
        migrations.AddField(
            model_name="brandguidehistory",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="brandguidehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.brandguide",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="members.brand",
                verbose_name="brand",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.member",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="productfeature",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="features",
                to="members.product",
                verbose_name="product",
            ),
        ),
        migrations.AddField(
            model_name="productfeaturehistory",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="productfeaturehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.productfeature",
            ),
        ),
        migrations.AddField(
            model_name="productfeaturehistory",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.product",
                verbose_name="product",
            ),
        ),
        migrations.AddField(
            model_name="producthistory",
            name="brand",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.brand",
                verbose_name="brand",
            ),
        ),
        migrations.AddField(
            model_name="producthistory",
            name="created_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="producthistory",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="producthistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.product",
            ),
        ),
        migrations.AddField(
            model_name="productpicture",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="product_picture",
                to="members.document",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="productpicture",
            name="feature",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="picture",
                to="members.productfeature",
                verbose_name="feature",
            ),
        ),
        migrations.AddField(
            model_name="productpicture",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pictures",
                to="members.product",
                verbose_name="product",
            ),
        ),
        migrations.AddField(
            model_name="productpicturehistory",
            name="document",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.document",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="productpicturehistory",
            name="feature",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.productfeature",
                verbose_name="feature",
            ),
        ),
        migrations.AddField(
            model_name="productpicturehistory",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="productpicturehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="members.productpicture",
            ),
        ),
        migrations.AddField(
            model_name="productpicturehistory",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="members.product",
                verbose_name="product",
            ),
        ),
        migrations.AddConstraint(
            model_name="brandguide",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("disclosed_to", "countries"),
                        models.Q(("disclosed_countries", []), _negated=True),
                    ),
                    models.Q(
                        models.Q(("disclosed_to", "countries"), _negated=True),
                        ("disclosed_countries", []),
                    ),
                    _connector="OR",
                ),
                name="guide_disclosed_with_its_countries",
            ),
        ),
        migrations.AddConstraint(
            model_name="brandguide",
            constraint=models.CheckConstraint(
                condition=models.Q(("disclosed_to", "brand"), _negated=True),
                name="guide_follows_nothing",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["member", "-id"], name="product_of_member"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["brand", "-id"], name="product_of_brand"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("is_active", True)),
                fields=["brand", "name", "id"],
                name="product_of_guide",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gtin", ""), _negated=True),
                fields=("member", "gtin"),
                name="product_gtin_once_per_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("gtin", ""), ("gtin__regex", "^[0-9]{14}$"), _connector="OR"),
                name="product_gtin_has_14_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(
                        models.F("other_names"),
                        function="jsonb_typeof",
                        output_field=models.CharField(),
                    ),
                    models.Value("object"),
                ),
                name="product_other_names_are_an_object",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("disclosed_to", "countries"),
                        models.Q(("disclosed_countries", []), _negated=True),
                    ),
                    models.Q(
                        models.Q(("disclosed_to", "countries"), _negated=True),
                        ("disclosed_countries", []),
                    ),
                    _connector="OR",
                ),
                name="product_disclosed_with_its_countries",
            ),
        ),
        migrations.AddIndex(
            model_name="productfeature",
            index=models.Index(
                fields=["product", "kind", "position", "id"], name="feature_of_product"
            ),
        ),
        migrations.AddConstraint(
            model_name="productfeature",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("genuine", "fake"))), name="feature_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="productfeature",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="feature_has_a_text"
            ),
        ),
        migrations.AddIndex(
            model_name="productpicture",
            index=models.Index(fields=["product", "position", "id"], name="picture_of_product"),
        ),
        migrations.AddConstraint(
            model_name="productpicture",
            constraint=models.CheckConstraint(
                condition=models.Q(("alt", ""), _negated=True), name="picture_has_a_description"
            ),
        ),
        alliance.lib.migrations.ChangeTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="brand",
                    trigger=pgtrigger.compiler.Trigger(
                        name="products_follow",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.member_id IS DISTINCT FROM NEW.member_id)",
                            func="UPDATE members_product SET member_id = NEW.member_id WHERE brand_id = NEW.id; RETURN NULL;",
                            hash="64011d1ac9d2371d2cbcb0b27a9e78a08b39c8bd",
                            operation='UPDATE OF "member_id"',
                            pgid="pgtrigger_products_follow_2fe11",
                            table="members_brand",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brandguide",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_brandguidehistory" ("brand_id", "disclosed_countries", "disclosed_to", "id", "introduction", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."disclosed_countries", NEW."disclosed_to", NEW."id", NEW."introduction", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="f3bd597e47e3f4b43a0dd2df2443d5b183889e54",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5002e",
                            table="members_brandguide",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brandguide",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_brandguidehistory" ("brand_id", "disclosed_countries", "disclosed_to", "id", "introduction", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."disclosed_countries", NEW."disclosed_to", NEW."id", NEW."introduction", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="34c1db94cab01e9351a4912e9165ec567fac1e09",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_56817",
                            table="members_brandguide",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brandguide",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_brandguidehistory" ("brand_id", "disclosed_countries", "disclosed_to", "id", "introduction", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."brand_id", OLD."disclosed_countries", OLD."disclosed_to", OLD."id", OLD."introduction", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="b7c90f6904d3bcc0c9180cd95280c0e4e73d0d99",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e740d",
                            table="members_brandguide",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="brandguidehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c5321412fbfe74cf289a75ca4225fb0aafa2961b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_46b91",
                            table="members_brandguidehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="member_of_brand",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.member_id = (SELECT member_id FROM members_brand WHERE id = NEW.brand_id); RETURN NEW;",
                            hash="dc4a5fb2d61f24b5be286e79752dac2dbad4ab2f",
                            operation='INSERT OR UPDATE OF "brand_id", "member_id"',
                            pgid="pgtrigger_member_of_brand_60399",
                            table="members_product",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_producthistory" ("brand_id", "created_at", "created_by_id", "description", "disclosed_countries", "disclosed_to", "gtin", "id", "is_active", "name", "name_local", "nice_classes", "other_names", "packaging", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "production_places") VALUES (NEW."brand_id", NEW."created_at", NEW."created_by_id", NEW."description", NEW."disclosed_countries", NEW."disclosed_to", NEW."gtin", NEW."id", NEW."is_active", NEW."name", NEW."name_local", NEW."nice_classes", NEW."other_names", NEW."packaging", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."production_places"); RETURN NULL;',
                            hash="71acec62c9706f1f37caaeac9db36ee22b21482e",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b1084",
                            table="members_product",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."disclosed_countries" IS DISTINCT FROM (NEW."disclosed_countries") OR OLD."disclosed_to" IS DISTINCT FROM (NEW."disclosed_to") OR OLD."gtin" IS DISTINCT FROM (NEW."gtin") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_local" IS DISTINCT FROM (NEW."name_local") OR OLD."nice_classes" IS DISTINCT FROM (NEW."nice_classes") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."packaging" IS DISTINCT FROM (NEW."packaging") OR OLD."production_places" IS DISTINCT FROM (NEW."production_places"))',
                            func='INSERT INTO "members_producthistory" ("brand_id", "created_at", "created_by_id", "description", "disclosed_countries", "disclosed_to", "gtin", "id", "is_active", "name", "name_local", "nice_classes", "other_names", "packaging", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "production_places") VALUES (NEW."brand_id", NEW."created_at", NEW."created_by_id", NEW."description", NEW."disclosed_countries", NEW."disclosed_to", NEW."gtin", NEW."id", NEW."is_active", NEW."name", NEW."name_local", NEW."nice_classes", NEW."other_names", NEW."packaging", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."production_places"); RETURN NULL;',
                            hash="6922a06173a0029253629abbfe67bf95a5722b43",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b7a85",
                            table="members_product",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_producthistory" ("brand_id", "created_at", "created_by_id", "description", "disclosed_countries", "disclosed_to", "gtin", "id", "is_active", "name", "name_local", "nice_classes", "other_names", "packaging", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "production_places") VALUES (OLD."brand_id", OLD."created_at", OLD."created_by_id", OLD."description", OLD."disclosed_countries", OLD."disclosed_to", OLD."gtin", OLD."id", OLD."is_active", OLD."name", OLD."name_local", OLD."nice_classes", OLD."other_names", OLD."packaging", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."production_places"); RETURN NULL;',
                            hash="4da6aa563c7632cc59e9b8d3480cffe4901814bb",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_60b61",
                            table="members_product",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productfeature",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_productfeaturehistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "product_id", "text") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."position", NEW."product_id", NEW."text"); RETURN NULL;',
                            hash="deceae682248a828526eecb25f658b894a20bf29",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_469ac",
                            table="members_productfeature",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productfeature",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_productfeaturehistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "product_id", "text") VALUES (NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."position", NEW."product_id", NEW."text"); RETURN NULL;',
                            hash="716ca8956a2a1c18aa85021783d86befe973a57d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f6fd3",
                            table="members_productfeature",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productfeature",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_productfeaturehistory" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "product_id", "text") VALUES (OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."position", OLD."product_id", OLD."text"); RETURN NULL;',
                            hash="79e53aaf13ecbaec90ed3c1682324980fe4f45fd",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_9f3a2",
                            table="members_productfeature",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productfeaturehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e94d2e21a0312091105dbfa7cba6fa5f7ddd538c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a502f",
                            table="members_productfeaturehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="producthistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="78383a651ed8f9529c30152f282d6865efaa251e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ea468",
                            table="members_producthistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productpicture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="product_of_feature",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.feature_id IS NOT NULL)",
                            func="NEW.product_id = (SELECT product_id FROM members_productfeature WHERE id = NEW.feature_id); RETURN NEW;",
                            hash="e2349de5730c4187935f2c432b88835c6e2b6271",
                            operation='INSERT OR UPDATE OF "product_id", "feature_id"',
                            pgid="pgtrigger_product_of_feature_ee522",
                            table="members_productpicture",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productpicture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_productpicturehistory" ("alt", "document_id", "feature_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id") VALUES (NEW."alt", NEW."document_id", NEW."feature_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."product_id"); RETURN NULL;',
                            hash="305f8695dead8eea39d42e1c1d12d7b8da077fa3",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_db5ba",
                            table="members_productpicture",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productpicture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "members_productpicturehistory" ("alt", "document_id", "feature_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id") VALUES (NEW."alt", NEW."document_id", NEW."feature_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."product_id"); RETURN NULL;',
                            hash="6f789d5df4be1fc05136a7f0ccb1ab33fe92453c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7734b",
                            table="members_productpicture",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productpicture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "members_productpicturehistory" ("alt", "document_id", "feature_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id") VALUES (OLD."alt", OLD."document_id", OLD."feature_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."product_id"); RETURN NULL;',
                            hash="1e75bd8191e05c24a96ac714e9c9c1d3b9a71e48",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_6bf43",
                            table="members_productpicture",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productpicturehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="14cf3c29e602a0959b4fe99f7751e6b305263461",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9b108",
                            table="members_productpicturehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
