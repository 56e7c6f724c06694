"""Goods by industry: name in English and Chinese, Nice class, and price of the genuine article in yuan."""

from __future__ import annotations

from typing import NamedTuple


class Good(NamedTuple):
    """A kind of goods. ``price`` is the price of the genuine article in yuan."""

    en: str
    zh: str
    nice: int
    price: int


GOODS = {
    "luxury": (
        Good("shoulder bag", "单肩包", 18, 15800),
        Good("card holder", "卡包", 18, 2900),
        Good("silk scarf", "真丝方巾", 25, 3400),
        Good("belt", "皮带", 25, 3900),
        Good("fountain pen", "钢笔", 16, 4200),
    ),
    "jewellery-watches": (
        Good("wristwatch", "腕表", 14, 32000),
        Good("bracelet", "手链", 14, 6800),
        Good("pendant", "吊坠", 14, 5200),
        Good("pair of earrings", "耳环", 14, 2600),
    ),
    "apparel": (
        Good("down jacket", "羽绒服", 25, 3200),
        Good("cashmere jumper", "羊绒衫", 25, 2400),
        Good("pair of jeans", "牛仔裤", 25, 1100),
        Good("rucksack", "双肩包", 18, 900),
    ),
    "footwear-sports": (
        Good("pair of running shoes", "跑鞋", 25, 1100),
        Good("pair of basketball shoes", "篮球鞋", 25, 1500),
        Good("pair of hiking boots", "登山靴", 25, 1900),
        Good("badminton racket", "羽毛球拍", 28, 1200),
        Good("bicycle frame", "自行车车架", 12, 9800),
    ),
    "consumer-electronics": (
        Good("pair of wireless earphones", "无线耳机", 9, 1299),
        Good("power bank", "移动电源", 9, 299),
        Good("fast charger", "快充充电器", 9, 199),
        Good("loudspeaker", "音箱", 9, 1599),
        Good("desk lamp", "台灯", 11, 499),
    ),
    "smart-devices": (
        Good("smart watch", "智能手表", 9, 1799),
        Good("door camera", "门铃摄像头", 9, 699),
        Good("blood-pressure monitor", "血压计", 10, 399),
        Good("scooter charger", "滑板车充电器", 9, 259),
    ),
    "automotive": (
        Good("set of brake pads", "刹车片", 12, 480),
        Good("oil filter", "机油滤清器", 7, 68),
        Good("headlamp", "前大灯", 11, 1350),
        Good("can of engine oil", "机油", 4, 388),
        Good("airbag module", "安全气囊", 12, 2600),
    ),
    "personal-care": (
        Good("serum", "精华液", 3, 690),
        Good("lipstick", "口红", 3, 320),
        Good("perfume", "香水", 3, 980),
        Good("sunscreen", "防晒霜", 3, 260),
        Good("face cream", "面霜", 3, 560),
    ),
    "health": (
        Good("bottle of eye drops", "滴眼液", 5, 78),
        Good("box of vitamins", "维生素", 5, 189),
        Good("pack of pain-relief patches", "镇痛贴", 5, 98),
        Good("blood-sugar test kit", "血糖检测盒", 10, 238),
    ),
    "food-drink": (
        Good("tin of tea", "罐装茶叶", 30, 420),
        Good("box of mooncakes", "月饼礼盒", 30, 328),
        Good("pack of roasted nuts", "坚果礼包", 29, 128),
        Good("bottle of spirits", "白酒", 33, 1280),
        Good("case of beer", "啤酒", 32, 168),
    ),
    "toys-games": (
        Good("building set", "积木套装", 28, 459),
        Good("plush figure", "毛绒公仔", 28, 159),
        Good("collectable figure", "收藏手办", 28, 899),
        Good("pack of trading cards", "集换式卡牌", 28, 89),
        Good("picture book", "绘本", 16, 68),
    ),
    "home-tools": (
        Good("cordless drill", "充电电钻", 7, 899),
        Good("kitchen knife", "菜刀", 8, 560),
        Good("table lamp", "护眼灯", 11, 369),
        Good("bamboo shelf", "竹制置物架", 20, 299),
        Good("tea set", "茶具", 21, 780),
    ),
}
