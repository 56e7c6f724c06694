"""Relations, and what packages leave nameless, have names in the reader's language."""

import pytest
from django.apps import apps
from django.utils import translation

from cases.models import Case, Marketplace
from members.models import Member


@pytest.mark.parametrize(
    ("model", "field", "name"),
    [
        (Case, "member", "成员"),  # called what it points to
        (Case, "created_by", "创建人"),  # not “用户”: what the person did
        (Member, "industries", "行业"),  # many of them: the plural
    ],
)
def test_a_relation_without_a_name_of_its_own_is_named(model, field, name):
    with translation.override("zh-hans"):
        assert str(model._meta.get_field(field).verbose_name) == name


def test_models_of_packages_are_named():
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
def test_a_chinese_reader_sees_chinese_names_of_marketplaces(country, local, seen):
    marketplace = Marketplace(name="Ichibako", name_local=local, country=country)
    with translation.override("zh-hans"):
        assert str(marketplace) == seen
    assert str(marketplace) == "Ichibako"
