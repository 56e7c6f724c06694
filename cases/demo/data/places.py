"""Marketplaces, shops and agencies. Hosts are under the reserved domains .example and .test."""

from __future__ import annotations

from typing import NamedTuple


class Market(NamedTuple):
    """A marketplace. ``path`` is the format of listing URLs, ``tongue`` the language of shop names."""

    slug: str
    name: str
    local: str
    country: str
    host: str
    path: str
    pattern: str
    tongue: str
    serves: tuple[str, ...]
    currency: str


_EU = ("FR", "IT", "DE", "GR", "BG", "SE", "CH", "GB")
_WORLD = ("US", "GB", "FR", "DE", "IT", "SG", "AE", "JP", "KR", "HK")

MARKETS = (
    Market("bazarello", "Bazarello", "", "", "bazarello.example", "/item/{n}",
           r"/item/(?P<item>\d+)", "en", _WORLD, "USD"),
    Market("kartoona", "Kartoona", "", "US", "kartoona.example", "/dp/K{n}?ref=search",
           r"/dp/(?P<item>K\d+)", "en", ("US", "GB", "DE", "FR", "IT"), "USD"),
    Market("baijishi", "Baijishi", "百集市", "CN", "baijishi.example", "/item.htm?id={n}&spm=a1z10",
           r"[?&]id=(?P<item>\d+)", "zh", ("CN",), "CNY"),
    Market("yunbu", "Yunbu Wholesale", "云埠批发", "CN", "yunbu.example", "/offer/{n}.html",
           r"/offer/(?P<item>\d+)\.html", "zh", ("CN", "HK", "TW"), "CNY"),
    Market("liangbo", "Liangbo Live", "亮播好物", "CN", "liangbo.example", "/goods/{n}?share_id=77",
           r"/goods/(?P<item>\d+)", "zh", ("CN",), "CNY"),
    Market("erxianji", "Erxianji", "二闲集", "CN", "erxianji.example", "/t/{n}",
           r"/t/(?P<item>\d+)", "zh", ("CN",), "CNY"),
    Market("ichibako", "Ichibako", "いちばこ", "JP", "ichibako.example", "/shop/item/{n}/",
           r"/item/(?P<item>\d+)", "ja", ("JP",), "JPY"),
    Market("yuzuriya", "Yuzuriya", "譲り屋", "JP", "yuzuriya.example", "/items/m{n}",
           r"/items/(?P<item>m\d+)", "ja", ("JP",), "JPY"),
    Market("duremall", "Duremall", "두레몰", "KR", "duremall.example", "/products/{n}",
           r"/products/(?P<item>\d+)", "ko", ("KR",), "KRW"),
    Market("pikly", "Pikly", "", "US", "pikly.example", "/p/{n}/",
           r"/p/(?P<item>\w+)", "en", ("US", "GB", "SG", "AE", *_EU), "USD"),
    Market("chatterstalls", "Chatter Stalls", "", "GB", "chatterstalls.example", "/stall/item-{n}",
           r"/item-(?P<item>\d+)", "en", ("GB", "US", "SG"), "GBP"),
    Market("plaza-selat", "Plaza Selat", "", "SG", "plazaselat.example", "/product-i.{n}",
           r"-i\.(?P<item>\d+)", "ms", ("SG", "HK", "TW"), "SGD"),
    Market("souq-nahar", "Souq Nahar", "سوق نهار", "AE", "souqnahar.example", "/ar/p/{n}",
           r"/p/(?P<item>\d+)", "ar", ("AE",), "AED"),
    Market("ventolibre", "Ventolibre", "", "IT", "ventolibre.example", "/annuncio-{n}.html",
           r"/annuncio-(?P<item>\d+)", "it", ("IT", "FR", "GR"), "EUR"),
    Market("marktwinkel", "Marktwinkel", "", "DE", "marktwinkel.example", "/angebot/{n}",
           r"/angebot/(?P<item>\d+)", "de", ("DE", "CH", "FR", "SE"), "EUR"),
    Market("panigyri", "Panigyri", "Πανηγύρι · Панаир", "GR", "panigyri.example", "/product/{n}",
           r"/product/(?P<item>\d+)", "bg", ("GR", "BG"), "EUR"),
)  # fmt: skip

# Watch lists: name, name in Chinese, host. Then the entries: marketplace, list, years ago, change.
WATCH_LISTS = (
    ("Review of Markets for Counterfeit Goods", "假冒商品市场评估报告", "market-review.example"),
    ("Counterfeit Markets Watch List", "假冒市场观察名单", "watch-list.example"),
)
WATCHED = (
    ("baijishi", 0, 5, "listed"), ("baijishi", 0, 4, "listed"), ("baijishi", 0, 2, "removed"),
    ("yunbu", 0, 3, "listed"), ("yunbu", 0, 1, "listed"), ("yunbu", 1, 1, "listed"),
    ("liangbo", 1, 1, "listed"), ("plaza-selat", 0, 4, "listed"), ("plaza-selat", 0, 1, "removed"),
    ("chatterstalls", 1, 3, "listed"),
)  # fmt: skip

# Approximate exchange rates to yuan.
IN_YUAN = {
    "CNY": 1.0, "USD": 7.1, "EUR": 7.8, "GBP": 9.1, "JPY": 0.048, "KRW": 0.0052, "SGD": 5.4, "AED": 1.9,
}  # fmt: skip

# Shop names have one word from each string.
SHOP_WORDS = {
    "zh": ("潮尚 优趣 汇金 小鹿 云上 盛锦 名仕 星选 花漾 速达 悦购 臻惠 乐淘 阿强 海角 拾光",
           "名品折扣 优选店 工厂直营 专营店 精品馆 外贸尾单 源头批发 数码铺 美妆集 代购小栈"),
    "en": ("Lucky Mega Golden Urban Prime Happy Blue Smart Northern Sunny Rapid Cosy",
           "Deals Outlet Closet Depot Bargains Trading Gadgets Boutique Supply Corner"),
    "ja": ("激安 まごころ さくら ハッピー 富士見 きらら 東雲 なかよし",
           "倉庫 ブランド館 ショップ 本舗 アウトレット 雑貨店 セレクト"),
    "ko": ("해피 명품 착한 번개 우리 달콤 오늘 새롬",
           "창고 마켓 직구 아울렛 상회 셀렉트 몰"),
    "ms": ("Kedai Toko Gudang Pasar Warung",
           "Murah Jaya Maju Bintang Sentosa Cahaya"),
    "ar": ("متجر بيت ركن سوق",
           "الأناقة العروض الماركات الهدايا الجمال النخبة"),
    "it": ("Super Bella Gran Piccolo Nuovo",
           "Affare Bottega Risparmio Firme Mercatino"),
    "de": ("Schnäppchen Marken Restposten Lager Technik",
           "Kiste Eck Stube Scheune Kontor"),
    "bg": ("Мега Супер Евро Модни Златен",
           "Пазар Склад Марки Оферти Кът"),
}  # fmt: skip


class AgencyEntry(NamedTuple):
    """An agency. ``places`` are the places of its operations, ``weight`` its share of operations."""

    slug: str
    name: str
    local: str
    kind: str
    country: str
    violations: tuple[str, ...]
    hours: int
    places: tuple[str, ...]
    weight: int
    file_prefix: str


_GOODS = ("counterfeit", "trademark")

AGENCIES = (
    AgencyEntry("shanghai-online-goods", "Shanghai Online Goods Crime Desk", "上海网售商品犯罪侦查组", "police", "CN",
         (), 24, ("Beiliu District", "Jinqiang Town", "Hewan Warehouse Park"), 30, "SHW"),
    AgencyEntry("zhejiang-brand-crime", "Zhejiang Brand Crime Unit", "浙江品牌犯罪侦查组", "police", "CN",
         _GOODS, 24, ("Linxi Industrial Park", "Qingtan Town", "Shuangpu"), 22, "ZPF"),
    AgencyEntry("guangdong-counterfeits", "Guangdong Counterfeits Squad", "广东打假专案组", "police", "CN",
         _GOODS, 24, ("Dachong Village", "Xinhe Market", "Liantang Works"), 20, "GDJ"),
    AgencyEntry("fujian-goods-crime", "Fujian Goods Crime Unit", "福建商品犯罪侦查队", "police", "CN",
         _GOODS, 48, ("Haitang Bay", "Shigang Estate"), 12, "FSZ"),
    AgencyEntry("jiangsu-online-market", "Jiangsu Online Market Inspectorate", "江苏网络市场稽查处", "regulator", "CN",
         ("counterfeit", "trademark", "advertising", "patent"), 48, ("Yunhe New Area", "Beitang"), 9, "JWJ"),
    AgencyEntry("hangzhou-live-commerce", "Hangzhou Live Commerce Inspectorate", "杭州直播电商稽查组", "regulator", "CN",
         ("counterfeit", "advertising"), 24, ("Jiulian Studio Village",), 5, "HZB"),
    AgencyEntry("fujian-ip-prosecution", "South-East Intellectual Property Prosecution Office", "东南知识产权检察室",
         "prosecutor", "CN", _GOODS, 72, ("Haitang Bay",), 5, "DNJ"),
    AgencyEntry("hong-kong-harbour", "Hong Kong Harbour Goods Desk", "香港海港貨物查緝組", "customs", "HK",
         ("counterfeit", "trademark", "copyright"), 24, ("West Container Basin", "Lok Ma Yard"), 9, "HKH"),
    AgencyEntry("rotterdam-border", "Rotterdam Border Goods Desk", "", "customs", "NL",
         ("counterfeit", "trademark", "design"), 48, ("Maas Terminal Nine", "Harbour Bond 4"), 9, "RBG"),
    AgencyEntry("gulf-ports", "Gulf Ports Intellectual Property Desk", "", "customs", "US",
         _GOODS, 24, ("Pier 40", "Bayou Freight Yard"), 8, "GPD"),
    AgencyEntry("busan-false-goods", "Busan False Goods Team", "부산 위조상품 수사팀", "police", "KR",
         _GOODS, 24, ("Dongmyo Arcade",), 5, "BWS"),
)  # fmt: skip
