"""Create the twelve industries. Existing rows are not changed."""

from typing import Any

from django.db import migrations

# slug, name, name in Chinese, Nice classes of its goods and services
INDUSTRIES = (
    ("luxury", "Luxury goods", "奢侈品", [14, 16, 18, 25]),
    ("jewellery-watches", "Jewellery and watches", "珠宝与钟表", [14]),
    ("apparel", "Apparel", "服装", [18, 24, 25]),
    ("footwear-sports", "Footwear and sporting goods", "鞋类与运动用品", [12, 18, 25, 28]),
    ("consumer-electronics", "Consumer electronics", "消费电子", [9, 11]),
    ("smart-devices", "Smart devices", "智能设备", [9, 10, 12]),
    ("automotive", "Automotive", "汽车", [4, 7, 9, 11, 12]),
    ("personal-care", "Personal care and cosmetics", "个人护理与化妆品", [3, 21]),
    ("health", "Pharmaceuticals and health", "医药与健康", [5, 9, 10]),
    ("food-drink", "Food and drink", "食品与饮料", [29, 30, 31, 32, 33]),
    ("toys-games", "Toys and games", "玩具与游戏", [9, 16, 28]),
    ("home-tools", "Home and tools", "家居与工具", [7, 8, 11, 20, 21, 24]),
)


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Create the missing rows."""
    industries = apps.get_model("members", "Industry").objects
    for position, (slug, name, name_zh, classes) in enumerate(INDUSTRIES, start=1):
        values = {"name": name, "name_zh": name_zh, "nice_classes": classes, "position": position}
        industries.get_or_create(slug=slug, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
