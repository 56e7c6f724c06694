"""Verbose names of relations and of third-party models are translated."""

import pytest
from django.apps import apps
from django.utils import translation

from cases.models import Case, Marketplace
from members.models import Member


@pytest.mark.parametrize(
    ("model", "field", "name"),
    [
        (Case, "member", "成员"),  # the name of the related model
        (Case, "created_by", "创建人"),  # the person's part, not “用户”
        (Member, "industries", "行业"),  # the plural of a many-to-many relation
    ],
)
def test_relations_have_translated_names(model, field, name):
    with translation.override("zh-hans"):
        assert str(model._meta.get_field(field).verbose_name) == name


def test_third_party_models_have_translated_names():
    with translation.override("zh-hans"):
        assert str(apps.get_model("usersessions.usersession")._meta.verbose_name) == "登录会话"


@pytest.mark.parametrize(
    ("country", "local", "seen"),
    [
        ("CN", "百集市", "百集市"),
        ("", "独立网站", "独立网站"),
        ("JP", "いちばこ", "Ichibako"),
        ("CN", "", "Ichibako"),
    ],
)
def test_marketplaces_have_chinese_names_for_chinese_readers(country, local, seen):
    marketplace = Marketplace(name="Ichibako", name_local=local, country=country)
    with translation.override("zh-hans"):
        assert str(marketplace) == seen
    assert str(marketplace) == "Ichibako"
