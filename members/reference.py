"""What every installation needs from the first day: the twelve industries.

Loaded by a migration, and again by whoever finds the tables empty (a test after a flush). Rows that are
there already stay as an admin left them.
"""

from __future__ import annotations

from typing import Any

# slug, name, name in Chinese, Nice classes that its goods and services fall into
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


def load(industry: Any) -> None:
    """Write the industries that are missing. ``industry`` is the model, today's or a migration's."""
    for position, (slug, name, name_zh, classes) in enumerate(INDUSTRIES, start=1):
        industry.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "name_zh": name_zh,
                "nice_classes": classes,
                "position": position,
            },
        )
