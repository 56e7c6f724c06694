"""The columns of a sheet of listings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.sheets.columns import Column, Form

COLUMNS = (
    Column(
        "url",
        gettext_lazy("Listing URL"),
        "https://item.taobao.com/item.htm?id=600000000101",
        gettext_lazy("One listing in each row. The same listing in two rows is filed once."),
        required=True,
        other_titles=(
            "url",
            "link",
            "listing",
            "product url",
            "item url",
            "链接",
            "商品链接",
            "网址",
        ),
    ),
    Column(
        "marketplace",
        gettext_lazy("Marketplace"),
        "Taobao",
        gettext_lazy("Leave empty: the URL contains it. If it is filled in, it must fit the URL."),
        other_titles=("platform", "平台", "电商平台"),
    ),
    Column(
        "shop",
        gettext_lazy("Shop ID or shop URL"),
        "https://shop10001.taobao.com",
        gettext_lazy(
            "The ID that the marketplace uses for the shop, or the URL of the shop. Needed unless the URL of the "
            "listing contains the shop, as on independent websites."
        ),
        form=Form.CODE,
        other_titles=(
            "shop",
            "shop id",
            "shop url",
            "seller",
            "seller id",
            "店铺",
            "店铺id",
            "店铺网址",
        ),
    ),
    Column(
        "shop_name",
        gettext_lazy("Shop name"),
        "Moonlight Boutique",
        gettext_lazy("As shown on the marketplace. One row of each shop is enough."),
        other_titles=("seller name", "store name", "店铺名称", "店铺名", "卖家名称"),
    ),
    Column(
        "title",
        gettext_lazy("Title of the listing"),
        "Leather bag, new",
        other_titles=("title", "product name", "item title", "标题", "商品标题", "商品名称"),
    ),
    Column(
        "price",
        pgettext_lazy("listing", "Price"),
        "199.00",
        gettext_lazy("For one unit."),
        other_titles=("price", "unit price", "价格", "单价", "售价"),
    ),
    Column(
        "currency",
        gettext_lazy("Currency"),
        "CNY",
        gettext_lazy("The code of the currency. Needed with a price."),
        other_titles=("币种", "货币"),
    ),
    Column(
        "units_sold",
        gettext_lazy("Units sold"),
        "1,250",
        other_titles=("sold", "sales", "quantity sold", "销量", "已售", "已售数量"),
    ),
    Column(
        "seen_on",
        gettext_lazy("Seen on"),
        "2026-11-28",
        gettext_lazy("The day on which you saw the listing."),
        form=Form.DATE,
        other_titles=("date seen", "date", "发现日期", "日期"),
    ),
    Column(
        "pictures",
        gettext_lazy("Pictures"),
        "bag-1.png, bag-2.png",
        gettext_lazy("Names of files in the ZIP file, separated by commas."),
        other_titles=("picture", "images", "screenshots", "files", "图片", "截图", "图片文件"),
    ),
)
