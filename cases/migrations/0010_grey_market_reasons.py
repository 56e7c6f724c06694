"""Adds the reason codes for grey-market goods and licence disputes. Existing rows are not changed."""

from typing import Any

from django.db import migrations

from alliance.lib.migrations import LockTimeout

# After "genuine-goods" and "contract-dispute" in the list of reasons for rejections.
REASONS = (
    {
        "code": "grey-market-goods",
        "label": "Grey-market goods: genuine, but meant for another market",
        "label_zh": "平行进口商品：正品，但非供应本地市场",
        "how_to_fix": "Genuine goods from another market are not counterfeits. File again only if your right lets you "
        "oppose their import at the place of infringement, or if the goods were altered: explain which batch, warning, "
        "warranty or packaging differs, and attach photos.",
        "how_to_fix_zh": "来自其他市场的正品不属于假冒商品。仅当您的权利在侵权发生地可禁止此类进口，或商品已被改动时，方可重新发起"
        "投诉：请说明批号、警示标识、质保或包装的差异，并附照片。",
        "position": 10,
    },
    {
        "code": "licence-dispute",
        "label": "A licence dispute: the seller states that it has a licence",
        "label_zh": "许可争议：卖家主张已获许可",
        "how_to_fix": "Settle with the licensee whether the licence covers these goods, this place and this time. If it "
        "does not, file again and attach the licence or its termination, and mark the clause on which you rely.",
        "how_to_fix_zh": "请先与被许可人确认许可是否涵盖该商品、地域和期间。如不涵盖，请附上许可合同或解除通知并标明所依据的条款，"
        "重新发起投诉。",
        "position": 11,
    },
)


def load(apps: Any, _schema_editor: Any) -> None:
    """Create missing rows."""
    reasons = apps.get_model("cases", "ReasonCode").objects
    for reason in REASONS:
        values = reason | {"use": "reject", "can_refile": True}
        reasons.get_or_create(code=reason["code"], defaults=values)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_teams_and_teamwork")]

    operations = [LockTimeout(), migrations.RunPython(load, migrations.RunPython.noop)]
