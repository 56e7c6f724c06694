"""What brand staff write. Each text is a pair: English, Chinese. Slots: brand, goods, shop, percent."""

from __future__ import annotations

Pair = tuple[str, str]

# What is offered, by violation.
OFFERED: dict[str, tuple[Pair, ...]] = {
    "counterfeit": (
        ("The shop “{shop}” offers a {goods} under the mark {brand} that we did not make.",
         "店铺“{shop}”以{brand}商标销售的{goods}并非我方生产。"),
        ("Each of these listings shows our mark {brand} on a {goods}; none of the batch numbers is ours.",
         "上述链接均在{goods}上使用{brand}商标，批号均非我方所有。"),
        ("Counterfeit {brand}: a {goods} at {percent} per cent of the price at which we sell to shops.",
         "假冒{brand}：{goods}售价仅为我方出厂价的{percent}%。"),
        ("The {goods} is announced as original {brand} “from the factory’s back door”.",
         "商品宣称为{brand}“工厂流出原单”{goods}。"),
        ("We have no record of having sold any {brand} {goods} to “{shop}”.",
         "我方从未向“{shop}”供应过{brand}{goods}。"),
    ),
    "trademark": (
        ("The mark {brand} stands in title and pictures of a {goods} of another make.",
         "他牌{goods}的标题与图片中使用了{brand}商标。"),
        ("“{shop}” calls itself an authorised {brand} outlet. It is none.",
         "“{shop}”自称{brand}授权店，实则并无授权。"),
        ("A spelling one letter away from {brand} is used for the same goods, in our lettering.",
         "卖家以与{brand}仅差一字母的标识及相同字体销售同类{goods}。"),
    ),
    "copyright": (
        ("Our catalogue photographs of the {goods} are used without a licence.",
         "未经许可使用我方{goods}的产品目录照片。"),
        ("The printed figure on the {goods} is our drawing, mirrored.",
         "{goods}上的图案系我方作品的镜像复制。"),
    ),
    "design": (
        ("The shape of the {goods} is that of our registered design, down to the clasp.",
         "该{goods}外形与我方注册外观设计一致，细至扣件。"),
        ("Without any mark, but the design of our {goods} line for line.",
         "虽未标注商标，但外观与我方{goods}逐线相同。"),
    ),
    "patent": (
        ("The {goods} uses the mechanism of claim 1; see the comparison attached.",
         "该{goods}采用了权利要求1所述的结构，详见所附对比。"),
    ),
    "advertising": (
        ("The {goods} is advertised with a prize and a test seal that were never awarded.",
         "该{goods}以从未获得的奖项与检测标志进行宣传。"),
        ("The stream promises that the {goods} cures; the mark {brand} is shown throughout.",
         "直播间宣称{goods}具有治疗功效，并全程展示{brand}商标。"),
    ),
}  # fmt: skip

# How it is known, by violation; the others share the last entry.
KNOWN: dict[str, tuple[Pair, ...]] = {
    "counterfeit": (
        ("The label is misspelt and sewn with four stitches to the centimetre; ours has seven.",
         "标签拼写有误，针距每厘米四针，正品为七针。"),
        ("A test purchase arrived without the sealed pouch, the certificate and the serial number.",
         "购买样品未附密封袋、证书与序列号。"),
        ("The hologram does not change when tilted, and its number was used on 31 other offers.",
         "防伪标倾斜时无变化，且同一编号出现在其他三十一个链接。"),
        ("The colour does not exist in our range.", "我方产品线并无此颜色。"),
        ("The weight stated is a third less than that of the genuine article.",
         "标称重量比正品轻三分之一。"),
        ("The barcode belongs to an article that we stopped making in 2019.",
         "条形码属于我方二〇一九年停产的商品。"),
        ("The pictures were taken from our shop; those in the reviews show other goods.",
         "商品图片取自我方官网，买家评价中的实物截然不同。"),
        ("Our laboratory found a substance in it that we do not use and that irritates the skin.",
         "我方实验室检出非我方使用且刺激皮肤的成分。"),
    ),
    "": (
        ("Screenshots with date and address are attached.", "附带有日期与网址的截图。"),
        ("The certificate of registration is on file with the alliance.", "权利证书已在联盟备案。"),
        ("A side-by-side comparison is attached.", "附并排对比图。"),
    ),
}  # fmt: skip

# What is asked for, or what else there is to know.
WISHES: tuple[Pair, ...] = (
    ("We ask that the listings be removed.", "请求下架上述商品。"),
    ("The seller was warned on the platform’s own form and did not answer.",
     "已通过平台向卖家发出警告，未获回应。"),
    ("Buyers have complained to our service desk about this shop.", "已有消费者就该店铺向我方投诉。"),
    ("The same pictures appear in other shops; we shall file those separately.",
     "相同图片亦见于其他店铺，我方将另行投诉。"),
    ("Several hundred are reported as sold.", "页面显示已售数百件。"),
    ("", ""),
    ("", ""),
)  # fmt: skip

ANSWERS: tuple[Pair, ...] = (
    ("Photos of both labels are attached; the differences are circled.", "已附两件商品标签照片，差异处已圈出。"),
    ("The report of the test purchase is attached. Order and parcel numbers are on page one.",
     "已附购买鉴定报告，首页列明订单号与运单号。"),
    ("Here is a screenshot of the whole page. The earlier one was cut off by the browser, sorry.",
     "现补充整页截图，此前的截图被浏览器截断，抱歉。"),
    ("Listings 1 to 3 use the mark; in the others it is the photographs that are ours.",
     "链接一至三使用了商标，其余链接盗用的是我方照片。"),
)  # fmt: skip

# Answers to a seller's counter-notice: it is wrong, or it is right.
OBJECTION_DISPUTED: tuple[Pair, ...] = (
    ("{brand} has never supplied this shop. Our list of dealers is attached.", "{brand}从未向该店铺供货，附经销商名单。"),
    ("The paper shown names other goods than those on offer.", "对方出示的单据所列商品与在售商品不符。"),
    ("We license neither the pictures nor the mark to anybody on this marketplace.",
     "我方未在该平台授权任何人使用图片或商标。"),
)  # fmt: skip
OBJECTION_CONCEDED: tuple[Pair, ...] = (
    ("We have checked: the shop buys from one of our dealers. Please reinstate the listings.",
     "经核实，该店铺从我方经销商进货，请恢复商品链接。"),
    ("The seller’s papers are in order. We were not aware of the contract.", "卖家材料属实，我方此前不知该合同。"),
)  # fmt: skip

WITHDRAWALS: tuple[Pair, ...] = (
    ("The seller has taken the listings down and signed an undertaking.", "卖家已自行下架并签署承诺书。"),
    ("Filed twice by mistake.", "误重复提交。"),
    ("The goods turned out to be from our own outlet.", "经核实，商品出自我方折扣店。"),
)  # fmt: skip
