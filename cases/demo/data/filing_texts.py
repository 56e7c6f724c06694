"""Texts of brand staff, as pairs of English and Chinese. Placeholders: brand, goods, shop, percent."""

from __future__ import annotations

Pair = tuple[str, str]

# What the listings offer, by violation type.
OFFERED: dict[str, tuple[Pair, ...]] = {
    "counterfeit": (
        ("The shop “{shop}” offers a {goods} under the trademark {brand} that we did not make.",
         "店铺“{shop}”以{brand}商标销售的{goods}并非我方生产。"),
        ("Each of these listings shows our trademark {brand} on a {goods}. The batch numbers are not ours.",
         "上述链接均在{goods}上使用{brand}商标，批号均非我方所有。"),
        ("Counterfeit {brand}: a {goods} at {percent}% of our wholesale price.",
         "假冒{brand}：{goods}售价仅为我方出厂价的{percent}%。"),
        ("The {goods} is advertised as original {brand} “from the factory’s back door”.",
         "商品宣称为{brand}“工厂流出原单”{goods}。"),
        ("We have no record of having sold any {brand} {goods} to “{shop}”.",
         "我方从未向“{shop}”供应过{brand}{goods}。"),
    ),
    "trademark": (
        ("The title and pictures of a {goods} of another make use the trademark {brand}.",
         "他牌{goods}的标题与图片中使用了{brand}商标。"),
        ("“{shop}” claims to be an authorised {brand} shop. It is not authorised.",
         "“{shop}”自称{brand}授权店，实则并无授权。"),
        ("A name one letter away from {brand} is used for the same goods, in our typeface.",
         "卖家以与{brand}仅差一字母的标识及相同字体销售同类{goods}。"),
    ),
    "copyright": (
        ("Our catalogue photographs of the {goods} are used without a licence.",
         "未经许可使用我方{goods}的产品目录照片。"),
        ("The picture on the {goods} is a mirrored copy of our drawing.",
         "{goods}上的图案系我方作品的镜像复制。"),
    ),
    "design": (
        ("The shape of the {goods} is that of our registered design, down to the clasp.",
         "该{goods}外形与我方注册外观设计一致，细至扣件。"),
        ("The goods have no trademark but copy the design of our {goods} line for line.",
         "虽未标注商标，但外观与我方{goods}逐线相同。"),
    ),
    "patent": (
        ("The {goods} uses the mechanism of claim 1; see the comparison attached.",
         "该{goods}采用了权利要求1所述的结构，详见所附对比。"),
    ),
    "advertising": (
        ("The {goods} is advertised with a prize and a test seal that were never awarded.",
         "该{goods}以从未获得的奖项与检测标志进行宣传。"),
        ("The live stream claims that the {goods} cures diseases; the trademark {brand} is shown throughout.",
         "直播间宣称{goods}具有治疗功效，并全程展示{brand}商标。"),
    ),
}  # fmt: skip

# How the filer knows, by violation type. The others share the last entry.
# The statements about a hidden link.
ADVERTISED: Pair = (
    "In a live stream of the shop “{shop}”, and in a chat group for customers who ask for {brand}.",
    "店铺“{shop}”在直播间及买家群中宣传可购买{brand}商品。",
)
ORDERED: Pair = (
    "Order the variant “Other” and write “the one from the live stream” in the chat.",
    "选择规格“其他”，并在聊天中注明“直播间同款”。",
)
ARRIVED: Pair = (
    "A {goods} with our trademark {brand}. The page shows a plain {goods} without a brand.",
    "收到的是带有{brand}商标的{goods}，而页面展示的是无品牌{goods}。",
)

KNOWN: dict[str, tuple[Pair, ...]] = {
    "counterfeit": (
        ("The label is misspelt and sewn with four stitches to the centimetre; ours has seven.",
         "标签拼写有误，针距每厘米 4 针，正品为 7 针。"),
        ("A test purchase arrived without the sealed pouch, the certificate and the serial number.",
         "购买样品未附密封袋、证书与序列号。"),
        ("The hologram does not change when tilted, and its number was used on 31 other offers.",
         "防伪标倾斜时无变化，且同一编号出现在其他 31 个链接。"),
        ("The colour does not exist in our range.", "我方产品线并无此颜色。"),
        ("The stated weight is one third below that of the genuine article.",
         "标称重量比正品轻三分之一。"),
        ("The barcode belongs to an article that we stopped making in 2019.",
         "条形码属于我方2019年停产的商品。"),
        ("The pictures are from our shop. Pictures in the reviews show different goods.",
         "商品图片取自我方官网，买家评价中的实物截然不同。"),
        ("Our laboratory found a skin irritant in it that we do not use.",
         "我方实验室检出非我方使用且刺激皮肤的成分。"),
    ),
    "": (
        ("Screenshots with date and URL are attached.", "附带有日期与网址的截图。"),
        ("The registration certificate is on file with the alliance.", "权利证书已在联盟备案。"),
        ("A side-by-side comparison is attached.", "附并排对比图。"),
    ),
}  # fmt: skip

# Requests and other information.
WISHES: tuple[Pair, ...] = (
    ("Please remove these listings.", "请求下架上述商品链接。"),
    ("We warned the seller through the marketplace and got no answer.",
     "已通过电商平台警告卖家，未获回应。"),
    ("Buyers have complained to our customer service about this shop.", "已有消费者就该店铺向我方投诉。"),
    ("Other shops use the same pictures. We will file separate cases.",
     "相同图片亦见于其他店铺，我方将另行投诉。"),
    ("The listing shows several hundred units sold.", "页面显示已售数百件。"),
    ("", ""),
    ("", ""),
)  # fmt: skip

ANSWERS: tuple[Pair, ...] = (
    ("Photos of both labels are attached with the differences circled.", "已附两件商品标签照片，差异处已圈出。"),
    ("The test-purchase report is attached. Order and parcel numbers are on the first page.",
     "已附购买鉴定报告，首页列明订单号与运单号。"),
    ("Here is a screenshot of the whole page. The browser had cut off the earlier one.",
     "现补充整页截图，此前的截图被浏览器截断。"),
    ("Listings 1 to 3 use the trademark. The others use our photographs.",
     "链接 1 至 3 使用了商标，其余链接盗用的是我方照片。"),
)  # fmt: skip

# Answers to a counter-notice that the member disputes or concedes.
COUNTER_NOTICE_DISPUTED: tuple[Pair, ...] = (
    ("{brand} has never supplied this shop. Our list of dealers is attached.", "{brand}从未向该店铺供货，附经销商名单。"),
    ("The document is for other goods than those on offer.", "对方出示的单据所列商品与在售商品不符。"),
    ("We have not licensed the pictures or the trademark to any seller on this marketplace.",
     "我方未授权该电商平台上的任何卖家使用图片或商标。"),
)  # fmt: skip
COUNTER_NOTICE_CONCEDED: tuple[Pair, ...] = (
    ("We have confirmed that the shop buys from one of our dealers. Please reinstate the listings.",
     "经核实，该店铺从我方经销商进货，请恢复商品链接。"),
    ("The seller’s documents are in order. We were not aware of the contract.", "卖家材料属实，我方此前不知该合同。"),
)  # fmt: skip

WITHDRAWALS: tuple[Pair, ...] = (
    ("The seller has removed the listings and signed an undertaking.", "卖家已自行下架商品链接并签署承诺书。"),
    ("Filed twice by mistake.", "重复发起投诉，系操作失误。"),
    ("The goods turned out to be from our own outlet.", "经核实，商品出自我方折扣店。"),
)  # fmt: skip
